"""The connection to Slack over Socket Mode: no public address is needed."""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any, ParamSpec, TypeVar

from slack_bolt import App, BoltResponse
from slack_bolt.adapter.socket_mode.internals import run_bolt_app, send_response
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientNotConnectedError
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.builtin.connection import Connection
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.slack.clients import SlackError
from bot.slack.hearing import Hearing
from bot.slack.refusals import UNREACHABLE

# A connection that was cut without a word is noticed after five pings, one whose other end fell
# silent after four: 5 seconds with 1, a minute and half a core with Bolt's 10.
PING_S = 1
# Nearly every envelope in one piece; with slack_sdk's 1,024 most come in several.
_BUFFER_BYTES = 65_536
# Each mostly waits for its turn at the state database; as many as slack_sdk has by itself.
_HEARING_THREADS = 10

P = ParamSpec("P")
T = TypeVar("T")

logger = logging.getLogger(__name__)


class _Client(SocketModeClient):
    """slack_sdk's client, which leaves no connection open that nobody reads."""

    def connect(self) -> None:
        """Open a connection, then close the old one."""
        old = self.current_session
        if old is not None:
            # Its reader may close it in the same moment; the error would lose the new connection,
            # to which Slack would go on delivering.
            old.close = partial(_close, old)  # type: ignore[method-assign] # of this one alone
        super().connect()

    def close(self) -> None:
        """Close for good."""
        self.closed = True
        # Wakes what waits for a message, for up to a second, and is none itself.
        self.message_queue.put(None)
        super().close()
        # One that was being opened meanwhile.
        if self.is_connected():
            self.disconnect()

    def run_message_listeners(self, message: dict[str, Any], raw_message: str) -> None:
        """Hear an envelope; one without a payload, on which slack_sdk fails, is acknowledged."""
        envelope_id = message.get("envelope_id")
        if isinstance(envelope_id, str) and not isinstance(message.get("payload"), dict):
            logger.warning("Slack sent an envelope without a payload")
            self.send_socket_mode_response({"envelope_id": envelope_id})
            return
        super().run_message_listeners(message, raw_message)


class _Workers(ThreadPoolExecutor):
    """The threads that hear what came over a connection, and acknowledge it."""

    def __init__(self, hearing: Hearing) -> None:
        super().__init__(_HEARING_THREADS, thread_name_prefix="hearing")
        self._hearing = hearing

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Queue what hears an envelope."""
        self._hearing.begin()
        try:
            future = super().submit(fn, *args, **kwargs)
        except RuntimeError:  # closed meanwhile
            self._hearing.end()
            raise
        future.add_done_callback(lambda _: self._hearing.end())
        return future


def _close(session: Connection) -> None:
    with suppress(AttributeError):
        session.disconnect()


def _hear(app: App, client: BaseSocketModeClient, request: SocketModeRequest) -> None:
    """Let the app hear an envelope, and acknowledge it if the app does."""
    started = time.time()
    try:
        response = run_bolt_app(app, request)
    except Exception as error:  # noqa: BLE001 - Bolt expects objects within objects
        # What listeners raise is reported elsewhere; this Bolt itself could not read, and it would
        # be no better the second time.
        logger.warning("Slack sent what cannot be read: %s", type(error).__name__)
        response = BoltResponse(status=200)
    try:
        send_response(client, request, response, started)
    except (SlackClientNotConnectedError, OSError) as error:
        # The connection ended meanwhile. What was heard is kept, and dropped when it comes again.
        logger.info("not acknowledged, so Slack delivers it again: %s", type(error).__name__)


class SocketConnection:
    """One connection or several; Bolt's clients renew them when Slack asks or they break."""

    def __init__(
        self,
        app: App,
        app_token: str,
        *,
        connections: int = 1,
        hearing: Hearing | None = None,
    ) -> None:
        """Connect nothing yet.

        Args:
            app: What hears the events.
            app_token: The app-level token, xapp-...
            connections: How many, 1 to 10; Slack delivers each event to one of them.
            hearing: Told of every event, from its coming to its acknowledgement.
        """
        self._hearing = hearing or Hearing()
        self._app, self._app_token = app, app_token
        self._connections = connections
        self._clients: list[_Client] = []

    def open(self) -> str:
        """Connect, and return the bot's name and workspace.

        Raises:
            SlackError: if a token is refused or Slack cannot be reached.
        """
        name = name_of_bot(self._app.client)
        try:
            for _ in range(self._connections):
                client = self._client()
                self._clients.append(client)
                client.connect()
        except SlackApiError as error:
            raise _refused("SLACK_APP_TOKEN", error) from error
        except UNREACHABLE as error:
            raise _unreachable(self._app.client, error) from error
        if not all(one.is_connected() for one in self._clients):
            raise SlackError("cannot open a socket to Slack; does a firewall forbid wss://?")
        return name

    @property
    def is_open(self) -> bool:
        """Whether events can come in over one of them."""
        return any(one.is_connected() for one in self._clients)

    def close(self, within_s: float) -> None:
        """Hear no more. Bolt's client may take 3 seconds; what is queued here goes on meanwhile."""
        clients, self._clients = self._clients, []
        closing = [
            threading.Thread(target=_end, args=(one,), name="closing", daemon=True)
            for one in clients
        ]
        end = time.monotonic() + within_s
        for thread in closing:
            thread.start()
        for thread in closing:
            thread.join(max(0.0, end - time.monotonic()))

    def _client(self) -> _Client:
        slack = self._app.client
        client = _Client(
            self._app_token,
            logger=self._app.logger,
            web_client=slack,
            ping_interval=PING_S,
            receive_buffer_size=_BUFFER_BYTES,
            proxy=slack.proxy,
        )
        client.message_workers = _Workers(self._hearing)
        client.socket_mode_request_listeners.append(partial(_hear, self._app))
        return client


def _end(client: _Client) -> None:
    try:
        client.close()
    except Exception as error:  # noqa: BLE001 - its own threads may close the socket meanwhile
        logger.debug("while closing the socket: %s", error)


def name_of_bot(client: WebClient) -> str:
    """Return the bot's name and workspace, having tried its token.

    Raises:
        SlackError: if the token is refused or Slack cannot be reached.
    """
    try:
        bot = client.auth_test()
    except SlackApiError as error:
        raise _refused("SLACK_BOT_TOKEN", error) from error
    except UNREACHABLE as error:
        raise _unreachable(client, error) from error
    return f"@{bot.get('user')} in {bot.get('team')}"


def _refused(setting: str, error: SlackApiError) -> SlackError:
    return SlackError(
        f"Slack refused {setting}: {error.response.get('error')}. Copy it again from the app's "
        "page at https://api.slack.com/apps"
    )


def _unreachable(client: WebClient, error: Exception) -> SlackError:
    return SlackError(f"cannot reach Slack at {client.base_url}: {error}")
