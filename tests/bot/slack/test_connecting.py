"""Socket Mode: opened, renewed when it breaks, closed."""

import gc
import json
import time

import pytest

from bot.settings import Settings
from bot.slack.clients import SlackError
from bot.slack.connecting import SocketConnection
from bot.slack.installing import bolt_app
from bot.state.database import open_database
from playground.local_slack import LocalSlack


@pytest.fixture
def slack():
    with LocalSlack() as slack:
        yield slack


@pytest.fixture
def heard():
    """The texts that were heard."""
    return []


@pytest.fixture
def app(slack, tmp_path, heard):
    engine = open_database(f"sqlite:///{tmp_path / 'state.db'}")
    settings = Settings(slack_bot_token=slack.bot_token, slack_api_url=slack.api_url)
    app = bolt_app(settings, engine)

    @app.event("app_mention")
    def mention(event):
        heard.append(event["text"])

    @app.event("message")
    def message():
        pass

    yield app
    engine.dispose()


@pytest.fixture
def connect(slack, app):
    """Connect, with as many sockets as asked for; closed at the end."""
    opened = []

    def open_connection(connections=1):
        opened.append(SocketConnection(app, slack.app_token, connections=connections))
        assert opened[-1].open() == "@pmrole in Local"
        return opened[-1]

    yield open_connection
    for one in opened:
        one.close(0.5)  # enough to be closed; Bolt's threads end later


def ask(slack, text):
    return slack.person("ann").says("#careers", f"<@{slack.bot_user}> {text}")


def is_heard(heard, text):
    return any(one.endswith(text) for one in heard)


def test_it_is_open_from_open_to_close(app, slack):
    connection = SocketConnection(app, slack.app_token)
    assert not connection.is_open
    connection.open()
    slack.wait_for(lambda: connection.is_open, "the socket")
    connection.close(5.0)
    assert not connection.is_open
    slack.wait_for(lambda: slack.connections == 0, "the end of the socket")


def test_what_is_said_over_several_connections_is_heard_once(connect, slack, heard):
    connect(connections=3)
    slack.wait_for(lambda: slack.connections == 3, "three sockets")
    for number in range(9):
        ask(slack, f"question {number}")
    slack.wait_for(lambda: len(heard) == 9, "nine questions")
    assert len({one[-1] for one in heard}) == 9
    assert all(one.attempts == 1 for one in slack.deliveries)


@pytest.mark.parametrize("clean", [True, False], ids=["closed", "cut"])
def test_after_a_break_it_connects_again_and_nothing_is_lost(connect, slack, heard, clean):
    slack.redeliver_after = (1.0,) * 20
    connection = connect()
    slack.cut_sockets(clean=clean)
    ask(slack, "meanwhile")
    slack.wait_for(lambda: is_heard(heard, "meanwhile"), "the question", timeout_s=20)
    assert connection.is_open
    ask(slack, "afterwards")
    slack.wait_for(lambda: is_heard(heard, "afterwards"), "the later question")


def test_a_peer_gone_silent_is_left(connect, slack, heard):
    connect()
    ask(slack, "hello")
    slack.wait_for(lambda: heard, "the first question")
    slack.silence_sockets()
    slack.wait_for(lambda: slack.connections == 1, "a new socket", timeout_s=20)
    ask(slack, "again")
    slack.wait_for(lambda: is_heard(heard, "again"), "the question", timeout_s=15)


def test_when_slack_wants_to_renew_a_connection_nothing_is_lost(connect, slack, heard):
    slack.redeliver_after = (1.0,) * 20
    connect()
    slack.ask_to_reconnect()
    for number in range(5):
        ask(slack, f"question {number}")
    slack.wait_for(lambda: len(heard) >= 5, "five questions", timeout_s=20)


# slack_sdk leaves such a socket to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_new_connection_is_not_lost_when_the_old_one_closes_itself(connect, slack, heard):
    def close():
        del session.close  # the next call is the real one
        session.disconnect()
        raise AttributeError("'NoneType' object has no attribute 'close'")

    slack.redeliver_after = (1.0,) * 20
    connection = connect()
    client = connection._clients[0]
    session = client.current_session
    session.close = close
    client.connect_to_new_endpoint(force=True)
    gc.collect()
    assert connection.is_open
    slack.wait_for(lambda: slack.connections == 1, "one socket", timeout_s=10)
    ask(slack, "again")
    slack.wait_for(lambda: is_heard(heard, "again"), "the question", timeout_s=10)


# slack_sdk leaves the socket of a refused handshake to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_while_slack_lets_nobody_in_it_is_not_open_and_goes_on_trying(connect, slack, heard):
    connection = connect()
    slack.refuse_sockets(2.0)
    slack.cut_sockets(clean=True)
    slack.wait_for(lambda: not connection.is_open, "the end of the socket", timeout_s=10)
    slack.wait_for(lambda: connection.is_open, "a new socket", timeout_s=15)
    ask(slack, "again")
    slack.wait_for(lambda: is_heard(heard, "again"), "the question", timeout_s=10)


@pytest.mark.parametrize(
    "payload",
    [
        {"type": "event_callback", "authorizations": 5},
        {"type": "event_callback", "authorizations": [5]},
    ],
    ids=json.dumps,
)
def test_what_cannot_be_read_is_acknowledged_so_that_it_comes_but_once(connect, slack, payload):
    connect()
    delivery = slack.sends(payload)
    slack.wait_for(lambda: slack.delivery(delivery.id).acked_at, "the acknowledgement")
    assert slack.delivery(delivery.id).attempts == 1


@pytest.mark.parametrize(
    ("method", "setting"),
    [("auth.test", "SLACK_BOT_TOKEN"), ("apps.connections.open", "SLACK_APP_TOKEN")],
)
def test_a_refused_token_is_named(app, slack, method, setting):
    slack.refuse(method, "invalid_auth")
    connection = SocketConnection(app, slack.app_token)
    with pytest.raises(SlackError, match=f"Slack refused {setting}: invalid_auth"):
        connection.open()
    connection.close(5.0)


def test_closing_takes_no_longer_than_it_may(connect):
    connection = connect(connections=2)
    started = time.monotonic()
    connection.close(0.0)
    assert time.monotonic() - started < 2
