"""`pmrole serve`: answer in Slack."""

import argparse
import queue
import signal
import sys

from bot.answering.answerer import Answerer
from bot.cli import FAILED, OK
from bot.cli.asking import open_answerer
from bot.settings import Settings, SettingsError
from bot.slack.app import create_app
from bot.slack.connecting import SlackError, SocketConnection
from bot.slack.work import Work

# Procfile platforms kill what has not ended ten seconds after SIGTERM.
_HANG_UP_S, _FINISH_S = 5.0, 4.0
_SIGNALS = (signal.SIGTERM, signal.SIGINT)


def serve(_options: argparse.Namespace, settings: Settings) -> int:
    """Answer in Slack until SIGTERM or Ctrl-C, then finish the questions at hand."""
    _tokens(settings)
    # While starting there is nothing to finish: SIGTERM ends it as Ctrl-C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    return serve_with(open_answerer(settings), settings)


def serve_with(answerer: Answerer, settings: Settings) -> int:
    """Answer in Slack with an answerer that is open already; from the main thread only."""
    bot_token, app_token = _tokens(settings)
    work = Work()
    app = create_app(bot_token, settings.slack_api_url, answerer=answerer, work=work)
    connection = SocketConnection(app, app_token)
    # A queue whose `put` may interrupt its own `get`; an Event's `set` may not.
    stop: queue.SimpleQueue[int] = queue.SimpleQueue()
    try:
        name = connection.open()
        for one in _SIGNALS:
            signal.signal(one, lambda number, _frame: stop.put(number))
        print(f"PM Role answers as {name}. Ctrl-C stops it.", file=sys.stderr, flush=True)
        stop.get()
        print("pmrole: stopping", file=sys.stderr, flush=True)
    except SlackError as error:
        print(f"pmrole: {error}", file=sys.stderr)
        return FAILED
    finally:
        # A second signal ends the process at once.
        for one in _SIGNALS:
            signal.signal(one, signal.SIG_DFL)
        connection.close(_HANG_UP_S)
        work.close(_FINISH_S)
    return OK


def _tokens(settings: Settings) -> tuple[str, str]:
    """Return the bot's and the app's token.

    Raises:
        SettingsError: naming what is missing and where it comes from.
    """
    if settings.slack_bot_token and settings.slack_app_token:
        return settings.slack_bot_token, settings.slack_app_token
    missing = [
        name
        for name, value in (
            ("SLACK_BOT_TOKEN=xoxb-...", settings.slack_bot_token),
            ("SLACK_APP_TOKEN=xapp-...", settings.slack_app_token),
        )
        if not value
    ]
    raise SettingsError(
        f"to answer in Slack, set {' and '.join(missing)} in .env: make an app from "
        "slack-manifest.json at https://api.slack.com/apps, install it (that gives the bot "
        "token) and create an app-level token with connections:write. "
        "Without Slack, `make chat` answers in this terminal"
    )
