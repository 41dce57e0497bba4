"""However often Slack tells of a question, and however many bots hear it, it is answered once."""

import pytest

from bot.slack.connecting import SocketConnection
from tests.scenarios.breaking import CPO, BotProcess, by_bot, held_answerer
from tests.scenarios.conftest import VP, office_in


@pytest.fixture
def answerer(library):
    held = held_answerer(library)
    yield held
    held.gate.set()


@pytest.fixture
def colleague(slack, answerer, settings, office):  # noqa: ARG001 - the first one
    """Give a second bot on the same state, in the same workspace."""
    second = office_in(slack, answerer, **settings)
    second.start()
    assert slack.connections == 2
    yield second
    second.stop()


def events_of(slack, ts):
    """Return the payloads that tell of a message."""
    payloads = [one.payload for one in slack.deliveries if one.kind == "events_api"]
    return [one for one in payloads if one["event"].get("ts") == ts]


def test_a_mention_and_the_message_it_stands_in_count_once(office, answerer):
    asked = office.ann.says("#careers", f"{office.mention} {VP}")
    office.settle()
    told = events_of(office.slack, asked.ts)
    assert sorted(one["event"]["type"] for one in told) == ["app_mention", "message"]
    assert len(office.replies(office.ann, asked)) == 1
    assert answerer.asked == [VP]


def test_an_event_that_is_delivered_again_is_dropped(office, answerer):
    asked = office.gus.writes(VP)
    office.direct_replies(office.gus)
    for _ in range(5):
        office.slack.sends(events_of(office.slack, asked.ts)[0], retry_attempt=1)
    office.settle()
    assert len(office.direct_replies(office.gus)) == 1
    assert answerer.asked == [VP]


def test_one_message_under_many_event_ids_is_answered_once(office, answerer):
    asked = office.ann.says("#careers", f"{office.mention} {VP}")
    payload = events_of(office.slack, asked.ts)[0]
    for number in range(8):
        office.slack.sends({**payload, "event_id": f"EvX{number}"})
    office.settle()
    assert len(office.replies(office.ann, asked)) == 1
    assert answerer.asked == [VP]


def test_the_same_words_in_another_message_are_another_question(office):
    first, second = (office.ann.says("#careers", f"{office.mention} {VP}") for _ in range(2))
    assert len(office.replies(office.ann, first)) == 1
    assert len(office.replies(office.ann, second)) == 1


def test_an_event_over_two_connections_is_answered_once(office, answerer):
    second = SocketConnection(office.bot.app.bolt, office.settings.slack_app_token)
    second.open()
    asked = office.ann.says("#careers", f"{office.mention} {VP}")
    payload = events_of(office.slack, asked.ts)[0]
    for _ in range(6):
        office.slack.sends(payload)
    office.settle()
    heard = {one.tries[-1].via for one in office.slack.deliveries if one.tries}
    assert len(heard) == 2
    assert len(office.replies(office.ann, asked)) == 1
    assert answerer.asked == [VP]
    second.close(4.0)


def test_two_bots_on_one_state_answer_every_question_once(office, colleague, answerer):
    asked = [office.ann.says("#careers", f"{office.mention} {VP}") for _ in range(6)]
    for one in asked:
        for payload in events_of(office.slack, one.ts):
            office.slack.sends(payload)
    office.settle()
    colleague.settle()
    assert [len(office.replies(office.ann, one)) for one in asked] == [1] * 6
    assert len(answerer.asked) == 6


def test_a_follow_up_is_understood_by_whichever_bot_hears_it(office, colleague):
    asked = office.ann.says("#careers", f"{office.mention} {CPO}")
    office.replies(office.ann, asked)
    office.settle()
    colleague.settle()
    for turn in range(2, 4):
        office.ann.says("#careers", "whom do they report to?", asked)
        found = office.replies(office.ann, asked, turn)
        assert "Understood as" in str(found[-1].blocks)
        office.settle()
        colleague.settle()


def test_an_event_that_was_answered_before_a_restart_is_dropped_after_it(office, answerer):
    asked = office.gus.writes(VP)
    office.direct_replies(office.gus)
    office.settle()
    office.restart()
    office.slack.sends(
        events_of(office.slack, asked.ts)[0], retry_attempt=2, retry_reason="timeout"
    )
    office.settle()
    assert len(office.direct_replies(office.gus)) == 1
    assert answerer.asked == [VP]


def test_what_was_asked_while_the_bot_was_down_is_answered_when_it_is_back(office):
    office.stop()
    office.slack.redeliver_after = (0.0, *(0.1,) * 100)
    asked = office.ann.says("#careers", f"{office.mention} {VP}")
    office.wait(lambda: office.slack.deliveries[-1].attempts >= 2, "a retry that nobody hears")
    told = events_of(office.slack, asked.ts)
    office.start()
    office.settle()
    assert len(office.replies(office.ann, asked)) == 1
    heard = [one for one in office.slack.deliveries if one.payload in told]
    assert [one.tries[-1].number > 0 for one in heard] == [True] * 2


def test_two_processes_on_one_state_answer_every_question_once(slack, tmp_path):
    database = tmp_path / "state.db"
    processes = [BotProcess(slack, database) for _ in range(2)]
    ann = slack.person("ann")
    try:
        for process in processes:
            process.wait_until_it_answers()
        asked = [ann.says("#careers", f"<@{slack.bot_user}> {VP}") for _ in range(6)]
        for one in asked:
            for payload in events_of(slack, one.ts):
                slack.sends(payload)

        def answers():
            return [len(by_bot(slack, ann.sees("#careers", one))) for one in asked]

        slack.wait_for(lambda: all(one.is_over for one in slack.deliveries), "acks", 20)
        slack.wait_for(lambda: min(answers()) >= 1, "answers", 20)
        heard = {one.tries[-1].via for one in slack.deliveries if one.tries}
        assert len(heard) == 2
    finally:
        ended = [process.stop() for process in processes]
    assert answers() == [1] * 6
    assert [status for status, _ in ended] == [0, 0]
    assert "Traceback" not in "".join(written for _, written in ended)
