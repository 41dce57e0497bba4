"""What Slack says of the tokens and of this machine's clock, for `pmrole doctor`."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.settings import Settings
from bot.slack.clients import SlackError, web_client
from bot.slack.installing import SCOPES
from bot.slack.refusals import UNREACHABLE

_APPS = "https://api.slack.com/apps"
_REMEDIES = {
    "invalid_auth": f"copy it again from the app's page at {_APPS}",
    "not_authed": f"copy it again from the app's page at {_APPS}",
    "not_allowed_token_type": "it is a token of another kind: SLACK_BOT_TOKEN begins with xoxb-, "
    "SLACK_APP_TOKEN with xapp-",
    "token_revoked": 'install the app again under "Install App" and copy the new token',
    "token_expired": 'install the app again under "Install App" and copy the new token',
    "account_inactive": "the app was taken out of the workspace: install it again",
    "missing_scope": 'make a new app-level token with connections:write under "Basic Information"',
    "not_in_channel": "invite the bot there: /invite @PM Role",
    "channel_not_found": "name a channel of this workspace by its id; if it is private, invite the "
    "bot there first",
    "is_archived": "name a channel that is not archived",
}


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the bot is, as Slack says.

    Attributes:
        name: The bot and its workspace.
        lacking: Scopes that the bot needs and does not have; None if Slack does not say.
        ahead_s: How many seconds this machine's clock is ahead of Slack's; None if Slack does not
            say.
    """

    name: str
    lacking: tuple[str, ...] | None
    ahead_s: float | None


def who_is(settings: Settings, clock: Callable[[], float] = time.time) -> Identity:
    """Ask Slack who the bot token belongs to.

    Args:
        settings: With the token.
        clock: Of this machine, seconds since 1970.

    Raises:
        SlackError: if Slack refuses the token, or cannot be reached.
    """
    client = web_client(settings, settings.slack_bot_token)
    answer = _called(client, "auth.test", "SLACK_BOT_TOKEN", {})
    headers = {name.lower(): value for name, value in answer.headers.items()}
    granted = headers.get("x-oauth-scopes")
    return Identity(
        name=f"@{answer.get('user')} in {answer.get('team')}",
        lacking=None if granted is None else _lacking(str(granted)),
        ahead_s=_ahead(headers.get("date"), clock()),
    )


def try_app_token(settings: Settings) -> None:
    """See whether the app-level token may open a socket; none is opened.

    Raises:
        SlackError: if it may not, or Slack cannot be reached.
    """
    client = web_client(settings, settings.slack_app_token)
    _called(client, "apps.connections.open", "SLACK_APP_TOKEN", {})


def try_channel(settings: Settings, setting: str, channel: str) -> None:
    """See whether the bot is in a channel.

    Raises:
        SlackError: if it is not, or Slack cannot be reached.
    """
    client = web_client(settings, settings.slack_bot_token)
    wanted = {"channel": channel, "limit": "1"}
    _called(client, "conversations.history", f"{setting}={channel}", wanted)


def _called(client: WebClient, method: str, what: str, params: dict[str, str]) -> SlackResponse:
    try:
        return client.api_call(method, params=params)
    except SlackApiError as error:
        raise _refused(what, error.response) from error
    except UNREACHABLE as error:
        reason = getattr(error, "reason", None) or error
        raise SlackError(
            f"Slack cannot be reached at {client.base_url} ({reason}); look for a firewall, a "
            "proxy (HTTPS_PROXY) or a wrong SLACK_API_URL"
        ) from error


def _refused(what: str, response: SlackResponse) -> SlackError:
    status, code = response.status_code, str(response.get("error"))
    if status == 429 or status >= 500:
        return SlackError(f"Slack answered {status} to {what}: it is busy; try again later")
    if not re.fullmatch(r"[a-z_]+", code):
        return SlackError(
            f"something else than Slack answers {what}, with no JSON: look for a proxy that wants "
            "a login, or a wrong SLACK_API_URL"
        )
    remedy = _REMEDIES.get(code, "see that name in Slack's documentation, or try again later")
    return SlackError(f"Slack refused {what}: {code}; {remedy}")


def _lacking(granted: str) -> tuple[str, ...]:
    have = {one.strip() for one in granted.split(",")}
    return tuple(one for one in SCOPES if one not in have)


def _ahead(date: object, now: float) -> float | None:
    try:
        return now - parsedate_to_datetime(str(date)).timestamp()
    except ValueError:
        return None
