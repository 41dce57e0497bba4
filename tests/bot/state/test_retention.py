"""What is old is deleted, and what is not stays."""

import threading
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from slack_sdk.oauth.state_store.sqlalchemy import SQLAlchemyOAuthStateStore
from sqlalchemy import func, select, update

from bot.state.channels import ChannelSettings
from bot.state.feedback import Tally
from bot.state.retention import DAY_S, Swept, sweep
from bot.state.schema import (
    inbox_keys,
    metadata,
    slack_oauth_states,
    thread_messages,
    threads,
)
from bot.state.threads import Place
from tests.bot.state.test_answers import ANSWER
from tests.bot.state.test_pins import PIN
from tests.bot.state.test_questions import RECORD

NOTHING = Swept(0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
SPOKEN = replace(ANSWER, text="may Sarah see this")


def count(state, table):
    with state.transactions.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_a_new_database_has_nothing_to_sweep(state):
    assert sweep(state) == NOTHING


def fill(state, clock):
    """Leave a trace in every table."""
    state.inbox.accept(["Ev1"], {"text": "waits"})
    state.threads.remember(Place("T1", "C1", "1.5"), "U1", "may Sarah see this", "yes")
    state.questions.record(replace(RECORD, asked_at=clock.now))
    state.answers.keep(SPOKEN)
    state.feedback.explain("a1", "U1", "wrong", "ask Sarah")
    state.channels.put("T1", "C1", ChannelSettings(auto_answer=True))
    at = datetime.fromtimestamp(clock.now + 600, UTC).replace(tzinfo=None)
    with state.transactions.writing() as connection:
        connection.execute(slack_oauth_states.insert(), {"state": "s1", "expire_at": at})


@pytest.mark.parametrize(
    ("days", "swept"),
    [
        (0.0, NOTHING),
        (0.04, replace(NOTHING, oauth_states=1)),
        (0.05, replace(NOTHING, oauth_states=1, keys=1)),
        (1.1, replace(NOTHING, oauth_states=1, keys=1, texts=1)),
        (7.1, replace(NOTHING, oauth_states=1, keys=1, texts=1, threads=1, unanswered=1)),
        (89.9, replace(NOTHING, oauth_states=1, keys=1, texts=1, threads=1, unanswered=1)),
        (90.1, Swept(1, 1, 1, 1, 1, 0, 1, 0, 0, 1)),
    ],
)
def test_everything_goes_at_its_time(state, clock, days, swept):
    fill(state, clock)
    clock.passes(days * DAY_S)
    assert sweep(state) == swept
    assert sweep(state) == NOTHING


def test_a_day_later_an_answers_question_is_what_the_log_may_hold(open_state, clock):
    left = {}
    for policy in ("full", "redacted", "off"):
        state = open_state(policy=policy)
        state.answers.keep(SPOKEN)
        clock.passes(DAY_S + 1)
        sweep(state)
        found = state.answers.find("a1")
        assert found is not None
        assert found.reply == SPOKEN.reply
        left[policy] = (found.text, found.asker)
    assert left == {
        "full": (SPOKEN.text, "U1"),
        "redacted": ("may [name] see this", ""),
        "off": ("", ""),
    }


def test_without_a_log_threads_are_kept_for_a_day(open_state, clock):
    state = open_state(policy="off")
    fill(state, clock)
    clock.passes(DAY_S + 1)
    assert sweep(state).threads == 1
    assert count(state, thread_messages) == 0


def test_a_thread_where_people_still_talk_stays(state, clock):
    place = Place("T1", "C1", "1.5")
    state.threads.remember(place, "U1", "CPO?", "One.")
    for _ in range(3):
        clock.passes(6 * DAY_S)
        state.threads.heard(place, "U2")
    assert sweep(state).threads == 0
    assert len(state.threads.recall(place)) == 2


def test_a_thread_where_somebody_speaks_while_it_is_swept_stays(state, open_state, clock):
    place = Place("T1", "C1", "1.5")
    state.threads.remember(place, "U1", "CPO?", "One.")
    clock.passes(8 * DAY_S)
    sweeping = threading.Thread(target=sweep, args=[open_state()])
    with state.transactions.writing() as connection:
        connection.execute(update(threads).values(spoken_at=clock.now))
        sweeping.start()
        sweeping.join(0.3)  # long enough to come to the thread
    sweeping.join()
    assert len(state.threads.recall(place)) == 2


def test_of_sweeps_at_once_each_row_goes_once(open_state, clock):
    states = [open_state() for _ in range(3)]
    for number in range(60):
        states[0].threads.remember(Place("T1", "C1", str(number)), "U1", "CPO?", "One.")
        states[0].feedback.explain(f"a{number}", "U1", "wrong", "bad")
    clock.passes(91 * DAY_S)
    swept: list[Swept] = []
    start = threading.Barrier(3)

    def work(state):
        start.wait()
        swept.append(sweep(state))

    sweeping = [threading.Thread(target=work, args=[one]) for one in states]
    for one in sweeping:
        one.start()
    for one in sweeping:
        one.join()
    assert sum(one.threads for one in swept) == sum(one.comments for one in swept) == 60


def test_the_days_of_retention_are_a_setting(open_state, clock):
    state = open_state(retention_days=2)
    fill(state, clock)
    clock.passes(2 * DAY_S + 1)
    swept = sweep(state)
    assert (swept.questions, swept.answers, swept.comments) == (1, 1, 1)


def test_verdicts_reasons_and_settings_outlive_it_all(state, clock):
    fill(state, clock)
    clock.passes(1000 * DAY_S)
    sweep(state)
    assert state.feedback.tally() == Tally(0, 1, {"wrong": 1})
    assert [one.comment for one in state.feedback.recent()] == [""]
    assert state.channels.get("T1", "C1").auto_answer
    emptied = {table.name for table in metadata.tables.values() if not count(state, table)}
    assert emptied >= {"inbox", "inbox_keys", "threads", "thread_messages", "questions", "answers"}


def test_nothing_of_what_was_swept_is_left_in_the_file(state, clock, tmp_path):
    fill(state, clock)
    clock.passes(91 * DAY_S)
    sweep(state)
    state.close()
    for file in tmp_path.iterdir():
        assert b"Sarah" not in file.read_bytes()


def test_many_rows_go_in_small_transactions(state, clock):
    with state.transactions.writing() as connection:
        keys = [{"key": f"Ev{number}", "seen_at": clock.now} for number in range(1201)]
        connection.execute(inbox_keys.insert(), keys)
    clock.passes(3601)
    state.inbox.seen(["Ev new"])
    assert sweep(state).keys == 1201
    assert count(state, inbox_keys) == 1


def test_many_texts_are_taken_out(state, clock):
    for number in range(501):
        state.answers.keep(replace(SPOKEN, id=f"a{number}"))
    clock.passes(DAY_S + 1)
    assert sweep(state).texts == 501
    assert sweep(state) == NOTHING


def test_a_time_can_be_given(state, clock):
    fill(state, clock)
    assert sweep(state, clock.now + 8 * DAY_S).threads == 1
    assert count(state, threads) == 0


def test_slack_sdks_own_states_are_understood(state):
    store = SQLAlchemyOAuthStateStore(expiration_seconds=600, engine=state.engine)
    fresh = store.issue()
    with state.transactions.writing() as connection:
        past = datetime(2020, 1, 1, tzinfo=UTC).replace(tzinfo=None)
        connection.execute(slack_oauth_states.insert(), {"state": "old", "expire_at": past})
    now = datetime.now(UTC).timestamp()
    assert sweep(state, now).oauth_states == 1
    assert sweep(state, now + 601).oauth_states == 1
    assert not store.consume(fresh)


@pytest.mark.parametrize(("days", "left"), [(89.9, 1), (90.1, 0)])
def test_who_waits_in_vain_is_forgotten_with_the_questions(state, clock, days, left):
    state.waiting.add("T1", "U1", "is there tea?", "r1")
    clock.passes(days * DAY_S)
    assert sweep(state).waiting == 1 - left
    assert len(state.waiting.untold()) == left


def test_a_wish_that_a_dead_process_took_up_is_forgotten_after_a_day(state, clock):
    state.waiting.add("T1", "U1", "is there tea?", "r1")
    (waiter,) = state.waiting.untold()
    state.waiting.claim(waiter.id)
    clock.passes(0.9 * DAY_S)
    assert sweep(state).waiting == 0
    clock.passes(0.2 * DAY_S)
    assert sweep(state).waiting == 1


def test_a_pin_goes_long_after_it_ended_and_never_before(state, clock):
    shown, ended = state.pins.add(PIN), state.pins.add(PIN)
    clock.passes(100 * DAY_S)
    state.pins.end("T1", ended.id, "removed by an admin")
    clock.passes(89 * DAY_S)
    assert sweep(state).pins == 0
    clock.passes(2 * DAY_S)
    assert sweep(state).pins == 1
    assert [one.id for one in state.pins.listed("T1")] == [shown.id]
