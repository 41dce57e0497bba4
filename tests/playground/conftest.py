"""A local Slack for each test, and real clients of slack_sdk and Bolt that talk to it."""

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.response import SocketModeResponse

from playground.local_slack import LocalSlack


@pytest.fixture(autouse=True)
def clean_environ(monkeypatch):
    """slack_sdk and Bolt read these by themselves."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "SLACK_BOT_TOKEN", "SLACK_CLIENT_ID"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


class FakeClock:
    """Goes on only when told to."""

    def __init__(self):
        self.now = 1_700_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def slack(clock):
    with LocalSlack(clock=clock) as one:
        yield one


@pytest.fixture
def ann(slack):
    return slack.person("ann")


@pytest.fixture
def web(slack):
    return WebClient(slack.bot_token, base_url=slack.api_url)


@pytest.fixture
def error_of():
    """Give the error that a call is refused with, and the whole answer."""

    def error_of(call, **fields):
        with pytest.raises(SlackApiError) as caught:
            call(**fields)
        return caught.value.response.data["error"]

    return error_of


class Listener:
    """A Socket Mode client that notes what it hears, and acknowledges if told to."""

    def __init__(self, slack, *, acks=True, answers=None):
        self.slack, self.acks, self.answers = slack, acks, answers or {}
        self.heard = []
        web = WebClient(slack.bot_token, base_url=slack.api_url)
        self.client = SocketModeClient(
            app_token=slack.app_token, web_client=web, ping_interval=1, auto_reconnect_enabled=True
        )
        self.client.socket_mode_request_listeners.append(self._hear)
        before = slack.connections
        self.client.connect()
        slack.wait_for(lambda: slack.connections > before, "the socket")

    def _hear(self, client, request):
        self.heard.append(request)
        if self.acks:
            payload = self.answers.get(request.type)
            client.send_socket_mode_response(SocketModeResponse(request.envelope_id, payload))

    def close(self):
        self.client.auto_reconnect_enabled = self.client.default_auto_reconnect_enabled = False
        try:
            self.client.close()
        except AttributeError:  # its own threads closed the socket meanwhile
            self.client.close()


@pytest.fixture
def listen(slack):
    """Connect a client that listens; it is closed at the end."""
    made = []

    def listen(**kind):
        made.append(Listener(slack, **kind))
        return made[-1]

    yield listen
    for one in made:
        one.close()


class Bolted:
    """A real Bolt app, connected when it is told to."""

    def __init__(self, slack):
        self.slack = slack
        self.app = App(client=WebClient(slack.bot_token, base_url=slack.api_url))
        self.handler: SocketModeHandler | None = None

    def connect(self):
        self.handler = SocketModeHandler(self.app, self.slack.app_token)
        self.handler.client.web_client.base_url = self.slack.api_url
        self.handler.connect()
        self.slack.wait_for(lambda: self.slack.connections, "the socket")

    def close(self):
        if self.handler:
            self.handler.close()


@pytest.fixture
def bolt(slack):
    """Give a Bolt app that is not connected yet."""
    app = Bolted(slack)
    yield app
    app.close()
