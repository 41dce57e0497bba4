"""The connection to Slack over Socket Mode: no public address is needed."""

import threading
from http.client import HTTPException

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk.errors import SlackApiError, SlackClientError

# With the default of 10 a connection that was cut is noticed after a minute, half a core busy
# meanwhile; with 1, after 5 seconds.
_PING_S = 2


class SlackError(Exception):
    """Slack cannot be used; the text says why and what to do."""


class SocketConnection:
    """One connection; Bolt's client renews it whenever Slack asks or it breaks."""

    def __init__(self, app: App, app_token: str) -> None:
        """Connect nothing yet."""
        self._app, self._app_token = app, app_token
        self._handler: SocketModeHandler | None = None

    def open(self) -> str:
        """Connect, and return the bot's name and workspace.

        Raises:
            SlackError: if a token is refused or Slack cannot be reached.
        """
        setting = "SLACK_BOT_TOKEN"
        try:
            bot = self._app.client.auth_test()
            setting = "SLACK_APP_TOKEN"
            self._handler = SocketModeHandler(self._app, self._app_token, ping_interval=_PING_S)
            self._handler.client.connect()
        except SlackApiError as error:
            refusal = error.response.get("error")
            raise SlackError(
                f"Slack refused {setting}: {refusal}. Copy it again from the app's page at "
                "https://api.slack.com/apps"
            ) from error
        except (SlackClientError, OSError, HTTPException) as error:
            raise SlackError(
                f"cannot reach Slack at {self._app.client.base_url}: {error}"
            ) from error
        if not self._handler.client.is_connected():
            raise SlackError("cannot open a socket to Slack; does a firewall forbid wss://?")
        return f"@{bot.get('user')} in {bot.get('team')}"

    def close(self, within_s: float) -> None:
        """Hear no more. Bolt's client may take 3 seconds; what is queued here goes on meanwhile."""
        if self._handler is None:
            return
        closing = threading.Thread(target=self._handler.close, name="closing", daemon=True)
        closing.start()
        closing.join(within_s)
