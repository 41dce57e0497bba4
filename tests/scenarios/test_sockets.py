"""The connection to Slack breaks in every way it can; the bot is back by itself."""

import logging

import pytest

from bot.slack.connecting import SocketConnection
from tests.scenarios.breaking import held_answerer
from tests.scenarios.conftest import VP, office_in

# slack_sdk drops the socket of a handshake that Slack refuses; it is closed when it is collected.
pytestmark = pytest.mark.filterwarnings(
    "ignore:.*socket.socket:pytest.PytestUnraisableExceptionWarning",
)


@pytest.fixture(scope="module", autouse=True)
def _in_haste():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.slack.connecting.PING_S", 0.2)
        yield


@pytest.fixture(scope="module")
def answerer(library):
    return held_answerer(library)


@pytest.fixture
def office(shared_office, answerer):
    answerer.begin()
    shared_office.wait(lambda: shared_office.slack.connections == 1, "a connection")
    shared_office.slack.redeliver_after = (0.0, *(0.2,) * 100)
    return shared_office


def is_answered_once(office, answerer):
    """Ask, and see one answer to it."""
    asked = office.ann.says("#careers", f"{office.mention} {VP}")
    office.replies(office.ann, asked)
    office.settle()
    assert len(office.replies(office.ann, asked)) == 1
    assert answerer.asked == [VP]


@pytest.mark.parametrize("clean", [True, False], ids=["with a close frame", "without"])
def test_a_cut_connection_is_opened_again(office, answerer, clean):
    office.slack.cut_sockets(clean=clean)
    office.wait(lambda: office.slack.connections == 1, "another connection")
    is_answered_once(office, answerer)


def test_a_silent_peer_is_given_up(office, answerer):
    office.slack.silence_sockets()
    assert office.slack.connections == 0
    is_answered_once(office, answerer)
    assert office.slack.connections == 1


@pytest.mark.parametrize("reason", ["refresh_requested", "warning"])
def test_slack_asks_for_a_new_connection_while_questions_come(office, answerer, reason):
    office.slack.ask_to_reconnect(reason)
    is_answered_once(office, answerer)
    office.wait(lambda: office.slack.connections == 1, "one connection")


def test_slack_lets_nobody_in_for_a_while(office, answerer):
    office.slack.refuse_sockets(1.5)
    office.slack.cut_sockets()
    office.wait(lambda: office.slack.connections == 0, "the end of the connection")
    assert not office.connection.is_open or office.slack.connections == 0
    is_answered_once(office, answerer)


def test_slack_refuses_to_tell_an_address_for_a_while(office, answerer):
    office.slack.refuse("apps.connections.open", 500)
    office.slack.refuse("apps.connections.open", "internal_error")
    office.slack.cut_sockets()
    is_answered_once(office, answerer)


def test_a_connection_that_is_cut_under_a_question_loses_nothing(office, answerer, caplog):
    caplog.set_level(logging.INFO)
    office.slack.ack_within_s = 0.5
    asked = [office.ann.says("#careers", f"{office.mention} {VP}") for _ in range(4)]
    office.slack.cut_sockets()
    answers = [office.replies(office.ann, one) for one in asked]
    office.slack.ack_within_s = 15.0
    office.settle()
    assert [len(office.replies(office.ann, one)) for one in asked] == [1] * 4
    assert len(answers) == len(answerer.asked) == 4
    assert "Traceback" not in caplog.text


def test_an_acknowledgement_that_cannot_be_sent_is_one_line_in_the_log(
    slack, answerer, settings, caplog
):
    caplog.set_level(logging.INFO, "bot")
    answerer.begin()
    slack.ack_within_s, slack.redeliver_after = 0.5, (0.1,) * 60
    office = office_in(slack, answerer, **settings)
    office.start()
    connection = office.connection
    assert connection
    with office.state.transactions.writing():  # the listener has to wait
        office.gus.writes(VP)
        office.wait(lambda: connection._hearing._count, "the event to be heard")
        connection.close(0.2)
        office.wait(lambda: slack.connections == 0, "the end of the connection")
    office.wait(lambda: "so Slack delivers it again" in caplog.text, "the line")
    office.wait(lambda: answerer.asked == [VP], "the question")
    office.restart()
    slack.ack_within_s = 15.0
    office.settle()
    assert len(office.direct_replies(office.gus)) == 1
    assert answerer.asked == [VP]
    assert "Traceback" not in caplog.text
    office.stop()


def test_several_connections_share_the_events_and_any_of_them_is_enough(slack, answerer, settings):
    answerer.begin()
    office = office_in(slack, answerer, **settings)
    office.start()
    assert office.bot
    more = SocketConnection(office.bot.app.bolt, slack.app_token, connections=3)
    more.open()
    office.wait(lambda: slack.connections == 4, "four connections")
    asked = [office.ann.says("#careers", f"{office.mention} {VP}") for _ in range(8)]
    office.settle()
    assert [len(office.replies(office.ann, one)) for one in asked] == [1] * 8
    assert len({one.tries[-1].via for one in slack.deliveries if one.tries}) == 4
    more.close(4.0)
    office.wait(lambda: slack.connections == 1, "the last connection")
    is_answered_once_more = office.ann.says("#careers", f"{office.mention} {VP}")
    assert office.replies(office.ann, is_answered_once_more)
    office.stop()
