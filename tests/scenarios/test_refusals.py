"""Slack refuses an answer, or its own answer is lost: people are told, nothing lost or doubled."""

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from bot.slack.delivering import REPEATED
from index.errors import StoreUnavailableError
from tests.scenarios.breaking import CPO, held_answerer
from tests.scenarios.conftest import VP, text_of

SENSITIVE = "how do I tell my manager that I want to quit"
# What Slack does not answer for 10 seconds it does not answer: shorter here.
PATIENCE_OF_THE_BOT_S = 0.5


@pytest.fixture(autouse=True)
def _in_haste(monkeypatch):
    monkeypatch.setattr("bot.slack.desk.RETRIES_S", (0.1,) * 7)
    monkeypatch.setattr("bot.slack.clients.TIMEOUT_S", PATIENCE_OF_THE_BOT_S)


@pytest.fixture(scope="module")
def answerer(library):
    return held_answerer(library)


@pytest.fixture
def office(shared_office, answerer):
    answerer.begin()
    shared_office.bot.app.recovery.looks.every_s = 0.05
    yield shared_office
    shared_office.wait(lambda: not waiting(shared_office), "an empty inbox")


def waiting(office):
    """Return how many questions are not settled."""
    with office.state.transactions.reading() as connection:
        return connection.exec_driver_sql("SELECT count(*) FROM inbox").scalar()


def ask(office):
    return office.ann.says("#careers", f"{office.mention} {VP}")


def done(office):
    office.settle()
    office.wait(lambda: not waiting(office), "an empty inbox")


@pytest.mark.parametrize(
    "refusal", ["not_in_channel", "channel_not_found", "is_archived", "restricted_action"]
)
def test_where_the_bot_may_not_write_the_asker_gets_a_direct_message(office, refusal):
    office.slack.refuse("chat.postMessage", refusal)
    ask(office)
    (answer,) = office.direct_replies(office.ann)
    assert "VP of product" in answer.text
    done(office)
    assert office.posted("#careers", 0) == []
    assert len(office.direct_replies(office.ann)) == 1


def test_a_bot_that_was_removed_meanwhile_answers_by_direct_message(office, answerer):
    answerer.gate.clear()
    office.ann.says("#general", f"{office.mention} {VP}")
    office.wait(lambda: answerer.asked, "the question")
    office.ole.removes_bot("#general")
    answerer.gate.set()
    assert "VP of product" in office.direct_replies(office.ann)[0].text
    office.ole.invites_bot("#general")


def test_a_private_answer_to_somebody_who_left_comes_by_direct_message(office):
    office.slack.refuse("chat.postEphemeral", "user_not_in_channel")
    office.ann.says("#careers", f"{office.mention} {SENSITIVE}")
    assert office.direct_replies(office.ann)
    done(office)
    assert office.posted("#careers", 0) == []


def test_a_direct_message_that_is_refused_is_in_the_log_and_given_up(office, caplog):
    office.slack.refuse("chat.postMessage", "messages_tab_disabled")
    office.gus.writes(VP)
    done(office)
    assert "not delivered: Slack answered messages_tab_disabled" in caplog.text
    assert office.direct_replies(office.gus, 0) == []


def test_a_used_up_response_address_is_replaced_by_a_direct_message(office):
    office.slack.refuse("response_url", "used_url")
    office.ann.commands("/pmrole", VP)
    (answer,) = office.direct_replies(office.ann)
    assert "VP of product" in answer.text


@pytest.mark.parametrize("refusal", ["token_revoked", "account_inactive", "invalid_auth"])
def test_a_token_that_is_renewed_loses_no_question(office, refusal):
    office.slack.refuse("chat.postMessage", refusal, times=2)
    asked = ask(office)
    office.replies(office.ann, asked)
    done(office)
    assert len(office.replies(office.ann, asked)) == 1
    assert office.direct_replies(office.ann, 0) == []


def test_a_token_that_stays_revoked_ends_in_the_log(office, caplog):
    office.slack.refuse("chat.postMessage", "token_revoked", times=9)
    ask(office)
    done(office)
    assert "given up: Slack answered token_revoked" in caplog.text
    assert "the asker could not be told" in caplog.text


def test_retry_after_is_waited_out(office):
    office.slack.refuse("chat.postMessage", 429, retry_after=1)
    asked = ask(office)
    office.replies(office.ann, asked)
    done(office)
    first, second = [one.at for one in office.called("chat.postMessage")]
    assert second - first >= 1.0
    assert len(office.replies(office.ann, asked)) == 1


def test_more_rate_limits_than_a_call_waits_for_delay_the_answer(office):
    office.slack.refuse("chat.postMessage", 429, times=4)
    asked = ask(office)
    assert office.replies(office.ann, asked)
    done(office)
    assert len(office.replies(office.ann, asked)) == 1


def test_trouble_at_slack_delays_the_answer(office):
    office.slack.refuse("chat.postMessage", 500, times=2)
    office.slack.refuse("chat.postMessage", 503)
    office.slack.refuse("chat.postMessage", "internal_error")
    asked = ask(office)
    office.replies(office.ann, asked)
    done(office)
    assert len(office.replies(office.ann, asked)) == 1


@pytest.mark.parametrize("wrong", ["timeout", "cut"])
def test_an_answer_that_did_not_arrive_is_sent_again(office, wrong):
    office.slack.refuse("chat.postMessage", wrong)
    asked = ask(office)
    office.replies(office.ann, asked)
    done(office)
    assert len(office.replies(office.ann, asked)) == 1


@pytest.mark.parametrize("wrong", ["timeout", "cut", 500])
def test_an_answer_that_arrived_is_not_sent_again_when_slack_does_not_say_so(office, wrong):
    office.slack.refuse("chat.postMessage", wrong, after=True)
    asked, direct = ask(office), None
    done(office)
    (answer,) = office.replies(office.ann, asked)
    assert "VP of product" in answer.text
    office.slack.refuse("chat.postMessage", wrong, after=True)
    direct = office.gus.writes(CPO)
    done(office)
    assert len(office.direct_replies(office.gus)) == 1
    assert direct.channel == office.gus.direct_channel


def test_an_answer_whose_arrival_was_found_out_later_can_be_followed_up(office):
    office.slack.refuse("chat.postMessage", "cut", after=True)
    asked = office.ann.says("#careers", f"{office.mention} {CPO}")
    done(office)
    office.ann.says("#careers", "whom do they report to?", asked)
    _, second = office.replies(office.ann, asked, 2)
    assert "chief product officer" in text_of(second).lower()


def test_a_search_for_the_own_answer_that_fails_is_made_again(office):
    office.slack.refuse("chat.postMessage", "cut", after=True)
    office.slack.refuse("conversations.replies", 500)
    office.slack.refuse("conversations.replies", "cut")
    asked = ask(office)
    done(office)
    assert len(office.replies(office.ann, asked)) == 1


@pytest.mark.parametrize("wrong", ["timeout", "cut", 500])
def test_a_private_answer_that_did_not_arrive_is_sent_again(office, wrong):
    office.slack.refuse("response_url", wrong)
    office.ann.commands("/pmrole", VP)
    office.whispers(office.ann, "#careers")
    done(office)
    assert len(office.whispers(office.ann, "#careers")) == 1


@pytest.mark.parametrize("wrong", ["timeout", "cut"])
def test_a_private_answer_that_may_have_arrived_says_so_when_it_comes_again(office, wrong):
    office.slack.refuse("response_url", wrong, after=True)
    office.ann.commands("/pmrole", VP)
    first, second = office.whispers(office.ann, "#careers", 2)
    assert (REPEATED in text_of(first), REPEATED in text_of(second)) == (False, True)
    done(office)
    assert len(office.whispers(office.ann, "#careers")) == 2


def test_the_address_of_a_command_that_was_used_up_meanwhile_is_no_loss(office):
    office.slack.refuse("response_url", 503, times=3)
    office.slack.refuse("response_url", "expired_url")
    office.ann.commands("/pmrole", VP)
    assert len(office.direct_replies(office.ann)) == 1


def test_a_refused_answer_itself_is_in_the_log_and_nobody_waits(office, caplog):
    office.slack.refuse("chat.postMessage", "msg_too_long")
    ask(office)
    done(office)
    assert "not delivered: Slack answered msg_too_long" in caplog.text


def test_a_database_that_fails_in_the_middle_delays_the_answer(office):
    failures = iter(range(2))

    def fail(_connection, _cursor, statement, *_):
        if "thread_messages" in statement and next(failures, None) is not None:
            raise OperationalError(statement, None, Exception("disk I/O error"))

    event.listen(office.state.engine, "before_cursor_execute", fail)
    asked = ask(office)
    assert "VP of product" in office.replies(office.ann, asked)[0].text
    done(office)
    event.remove(office.state.engine, "before_cursor_execute", fail)
    assert len(office.replies(office.ann, asked)) == 1


def test_a_comparison_whose_table_is_refused_is_sent_as_lists(office):
    office.slack.refuse("chat.postMessage", "msg_blocks_too_long")
    asked = office.ann.says("#careers", f"{office.mention} CPO vs head of product")
    (reply,) = office.replies(office.ann, asked)
    assert "table" not in {one["type"] for one in reply.blocks}
    assert "Reports to" in text_of(reply)


def test_a_question_waits_while_the_database_of_the_index_is_away(office, answerer):
    answerer.failures["VP"] = StoreUnavailableError("Postgres at host/name failed")
    asked = ask(office)
    office.wait(lambda: len(answerer.asked) >= 2, "another try")
    assert office.posted("#careers", 0) == []
    answerer.failures.clear()
    office.replies(office.ann, asked)
    done(office)
    assert len(office.replies(office.ann, asked)) == 1
