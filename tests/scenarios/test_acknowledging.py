"""Slack is told at once that an event arrived, and only when it is kept."""

import pytest
from sqlalchemy import event

from bot.slack.desk import BUSY
from bot.slack.work import THREADS as ANSWERING
from bot.slack.work import WAITING
from tests.scenarios.breaking import held_answerer, locked
from tests.scenarios.conftest import VP, office_in


@pytest.fixture
def answerer(library):
    held = held_answerer(library)
    yield held
    held.gate.set()


def test_slow_questions_do_not_hold_up_the_next_acknowledgement(office, answerer):
    answerer.gate.clear()
    asked = [office.ann.says("#careers", f"{office.mention} {VP}") for _ in range(ANSWERING + 4)]
    command = office.gus.commands("/pmrole", VP)
    office.wait(lambda: all(one.is_over for one in office.slack.deliveries), "acknowledgements")
    assert len(answerer.asked) <= ANSWERING
    assert office.posted("#careers", 0) == []
    answerer.gate.set()
    for one in asked:
        assert len(office.replies(office.ann, one)) == 1
    assert len(office.whispers(office.gus, command.channel)) == 1


def test_a_full_queue_says_so_to_whoever_asks_next(office, answerer):
    answerer.gate.clear()
    for _ in range(ANSWERING + WAITING):
        office.ada.commands("/pmrole", VP)
    office.wait(lambda: office.bot.unfinished == ANSWERING + WAITING, "a full queue")
    mention = office.ann.says("#careers", f"{office.mention} {VP}")
    office.gus.writes(VP)
    office.ole.commands("/pmrole", VP)
    assert [one.text for one in office.replies(office.ann, mention)] == [BUSY]
    assert [one.text for one in office.direct_replies(office.gus)] == [BUSY]
    assert [one.text for one in office.whispers(office.ole, "#careers")] == [BUSY]
    # Where the bot may not write, it says so by direct message.
    office.slack.refuse("chat.postMessage", "not_in_channel")
    office.ada.says("#careers", f"{office.mention} {VP}")
    assert [one.text for one in office.direct_replies(office.ada)] == [BUSY]
    answerer.gate.set()
    office.wait(lambda: not office.bot.unfinished, "the queue to empty")
    assert len(office.whispers(office.ada, "#careers")) == ANSWERING + WAITING


def test_what_a_locked_database_cannot_keep_comes_again_and_is_answered_once(
    slack, answerer, settings, tmp_path, monkeypatch
):
    monkeypatch.setattr("bot.state.database.BUSY_TIMEOUT_S", 0.1)
    slack.ack_within_s, slack.redeliver_after = 0.4, (0.2,) * 20
    office = office_in(slack, answerer, **settings)
    office.start()
    with locked(tmp_path / "state.db"):
        office.gus.writes(VP)
        office.wait(lambda: slack.deliveries[0].attempts >= 2, "a second delivery")
        assert not slack.deliveries[0].is_over
    slack.ack_within_s = 15.0
    office.settle()
    assert len(office.direct_replies(office.gus)) == 1
    assert answerer.asked == [VP]
    office.stop()


def test_what_a_failing_disk_cannot_keep_comes_again_and_is_answered_once(office, answerer):
    def fail(connection, *_):
        connection.execute("PRAGMA query_only = 1")

    def recover(connection, *_):
        connection.execute("PRAGMA query_only = 0")

    office.slack.ack_within_s, office.slack.redeliver_after = 0.3, (0.1,) * 30
    event.listen(office.state.engine, "checkout", fail)
    office.gus.writes(VP)
    office.wait(lambda: office.slack.deliveries[0].attempts >= 2, "a second delivery")
    assert answerer.asked == []
    event.remove(office.state.engine, "checkout", fail)
    event.listen(office.state.engine, "checkout", recover)
    office.slack.ack_within_s = 15.0
    office.settle()
    assert len(office.direct_replies(office.gus)) == 1
    assert len(answerer.asked) == 1


def test_a_command_that_cannot_be_kept_says_so_at_once(office, caplog):
    def fail(connection, *_):
        connection.execute("PRAGMA query_only = 1")

    event.listen(office.state.engine, "checkout", fail)
    office.ann.commands("/pmrole", VP)
    (told,) = office.whispers(office.ann, "#careers")
    event.remove(office.state.engine, "checkout", fail)
    reference = told.text.rpartition("reference ")[2].rstrip(").")
    assert told.text == f"Something went wrong, and it is in the log (reference {reference})."
    assert f"{reference}: a listener failed" in caplog.text
    assert "readonly" in caplog.text
