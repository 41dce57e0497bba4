"""`pmrole serve`: answer in Slack, over Socket Mode or over HTTP."""

import argparse
from dataclasses import replace

from bot.settings import Settings, SettingsError

_PAGE = "from the app's page Basic Information at https://api.slack.com/apps"


def serve(options: argparse.Namespace, settings: Settings) -> int:
    """Answer in Slack until SIGTERM or Ctrl-C, then finish the questions at hand.

    Raises:
        SettingsError: naming what is missing and where it comes from.
    """
    if options.or_play and not (settings.slack_bot_token or settings.slack_app_token):
        from bot.cli.playing import play

        return play(options, settings)
    # Imported here: in HTTP mode this is the master process, which needs nothing that answers.
    if options.http:
        settings = checked_for_http(settings)
        from bot.cli.http_mode import serve_http

        return serve_http(settings)
    settings = checked_for_socket(settings)
    from bot.cli.socket_mode import serve_socket

    return serve_socket(settings)


def checked_for_socket(settings: Settings) -> Settings:
    """Return the settings of Socket Mode: one workspace, even where a client id is set too.

    Raises:
        SettingsError: naming what is missing and where it comes from.
    """
    wanted = {
        "SLACK_BOT_TOKEN=xoxb-...": settings.slack_bot_token,
        "SLACK_APP_TOKEN=xapp-...": settings.slack_app_token,
    }
    missing = [name for name, value in wanted.items() if not value]
    if missing:
        raise SettingsError(
            f"to answer in Slack, set {' and '.join(missing)} in .env: make an app from "
            "slack-manifest.json at https://api.slack.com/apps, install it (that gives the bot "
            "token) and create an app-level token with connections:write. "
            "Without Slack, `make chat` answers in this terminal"
        )
    return replace(settings, slack_client_id=None, slack_client_secret=None)


def checked_for_http(settings: Settings) -> Settings:
    """Return the settings of HTTP mode: with a client id and secret, or else with a bot token.

    Raises:
        SettingsError: naming what is missing and where it comes from.
    """
    if not settings.slack_signing_secret:
        raise SettingsError(f"to answer over HTTP, set SLACK_SIGNING_SECRET, {_PAGE}")
    if bool(settings.slack_client_id) != bool(settings.slack_client_secret):
        raise SettingsError(f"set both SLACK_CLIENT_ID and SLACK_CLIENT_SECRET, {_PAGE}, or none")
    if settings.slack_client_id:
        # Every workspace, the first one too, has the token that its installation brought.
        return replace(settings, slack_bot_token=None)
    if not settings.slack_bot_token:
        raise SettingsError(
            "to answer over HTTP, set SLACK_BOT_TOKEN for one workspace, or SLACK_CLIENT_ID and "
            "SLACK_CLIENT_SECRET so that workspaces can install the bot"
        )
    return settings
