"""Each question is kept until it is answered, and answered by one process."""

import threading
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.state.database import StateError
from bot.state.inbox import KEYS_KEPT_S, LEASE_S
from bot.state.schema import inbox
from tests.bot.state.child import children, lines_of, wait_for
from tests.bot.state.conftest import on_sqlite

ASKED = {"channel": "C1", "message_ts": "1.5", "text": "What does a VP of Product do?"}


def rows(state):
    with state.transactions.reading() as connection:
        return connection.execute(inbox.select()).all()


def test_a_question_is_kept_as_it_was_asked(state, clock):
    receipt = state.inbox.accept(["C1 1.5", "Ev1"], ASKED)
    assert receipt.asked == ASKED
    assert (receipt.attempts, receipt.received_at) == (0, clock.now)
    assert [row.asked for row in rows(state)] == [ASKED]


@pytest.mark.parametrize("keys", [["C1 1.5", "Ev1"], ["C1 1.5", "Ev2"], ["Ev1"], ["Ev3", "Ev1"]])
def test_one_key_seen_before_is_enough_to_drop_it(state, keys):
    state.inbox.accept(["C1 1.5", "Ev1"], ASKED)
    assert state.inbox.accept(keys, ASKED) is None
    assert len(rows(state)) == 1


def test_the_keys_of_what_is_dropped_are_remembered_too(state):
    state.inbox.accept(["C1 1.5", "Ev1"], ASKED)
    state.inbox.accept(["C1 1.5", "Ev2"], ASKED)
    assert state.inbox.accept(["Ev2"], ASKED) is None


def test_the_same_key_twice_is_one_key(state):
    assert state.inbox.accept(["Ev1", "Ev1"], ASKED) is not None
    assert state.inbox.accept(["Ev1", "Ev1"], ASKED) is None


def test_what_has_no_key_is_always_new(state):
    assert state.inbox.accept([], ASKED) is not None
    assert state.inbox.accept([], ASKED) is not None
    assert state.inbox.seen([])


def test_keys_outlive_the_answer_and_the_process(state, open_state):
    state.inbox.finish(state.inbox.accept(["Ev1"], ASKED))
    assert state.inbox.accept(["Ev1"], ASKED) is None
    assert open_state().inbox.accept(["Ev1"], ASKED) is None


def test_keys_are_kept_for_an_hour(state, clock):
    state.inbox.accept(["Ev1"], ASKED)
    clock.passes(KEYS_KEPT_S)
    assert state.inbox.accept(["Ev1"], ASKED) is None
    clock.passes(1)
    assert state.inbox.accept(["Ev1"], ASKED) is not None
    assert state.inbox.accept(["Ev1"], ASKED) is None


def test_an_event_without_work_is_remembered(state):
    assert state.inbox.seen(["Ev1", "C1 1.5"])
    assert not state.inbox.seen(["Ev1"])
    assert state.inbox.accept(["C1 1.5"], ASKED) is None
    assert rows(state) == []


def test_an_event_that_could_not_be_dealt_with_may_come_again(state):
    state.inbox.seen(["share a1", "share a2"])
    state.inbox.unsee(["share a1", "never seen"])
    assert state.inbox.seen(["share a1"])
    assert not state.inbox.seen(["share a2"])


@on_sqlite
def test_a_finished_question_leaves_no_trace_in_the_file(state, tmp_path):
    receipt = state.inbox.accept(["Ev1"], {"text": "may my manager know"})
    state.inbox.finish(receipt)
    state.close()  # the last connection writes the log back into the file
    for file in tmp_path.iterdir():
        assert b"may my manager know" not in file.read_bytes()


def test_finishing_twice_harms_no_other_question(state):
    first = state.inbox.accept([], ASKED)
    state.inbox.finish(first)
    second = state.inbox.accept([], ASKED)
    state.inbox.finish(first)
    assert [row.id for row in rows(state)] == [second.id]


@on_sqlite
def test_what_could_not_be_finished_is_finished_later(state, monkeypatch):
    monkeypatch.setattr("bot.state.transactions.BUSY_TIMEOUT_S", 0.01)
    receipt = state.inbox.accept([], ASKED)
    with state.transactions.writing():
        thread = threading.Thread(target=_try_to_finish, args=[state, receipt])
        thread.start()
        thread.join()
    assert len(rows(state)) == 1
    state.inbox.renew()
    assert rows(state) == []


def _try_to_finish(state, receipt):
    with pytest.raises(StateError):
        state.inbox.finish(receipt)


def test_what_is_worked_on_is_due_for_nobody(state, open_state, clock):
    state.inbox.accept(["Ev1"], ASKED)
    clock.passes(LEASE_S - 1)
    assert open_state().inbox.due() == []
    assert state.inbox.due() == []


def test_a_question_whose_process_fell_silent_is_taken_up_once(state, open_state, clock):
    kept = state.inbox.accept(["Ev1"], ASKED)
    clock.passes(LEASE_S)
    (taken,) = open_state().inbox.due()
    assert (taken.id, taken.asked, taken.attempts) == (kept.id, ASKED, 1)
    assert taken.received_at == kept.received_at
    assert open_state().inbox.due() == []


def test_a_process_that_renews_keeps_its_questions(state, open_state, clock):
    state.inbox.accept(["Ev1"], ASKED)
    for _ in range(10):
        clock.passes(5)
        state.inbox.renew()
    assert open_state().inbox.due() == []


def test_a_process_that_slept_does_not_take_up_what_it_still_works_on(state, clock):
    state.inbox.accept(["Ev1"], ASKED)
    clock.passes(LEASE_S * 100)
    assert state.inbox.due() == []


def test_what_another_took_over_is_renewed_by_that_one_only(state, open_state, clock):
    state.inbox.accept(["Ev1"], ASKED)
    clock.passes(LEASE_S)
    open_state().inbox.due()
    state.inbox.renew()
    clock.passes(LEASE_S)
    assert [one.attempts for one in open_state().inbox.due()] == [2]


def test_what_is_put_off_comes_back_after_its_delay_to_anyone(state, open_state, clock):
    receipt = state.inbox.accept(["Ev1"], ASKED)
    state.inbox.retry_later(receipt, 30)
    clock.passes(29)
    assert state.inbox.due() == open_state().inbox.due() == []
    clock.passes(1)
    (again,) = state.inbox.due()
    assert (again.id, again.attempts) == (receipt.id, 1)
    state.inbox.retry_later(again, 5)
    clock.passes(5)
    assert [one.attempts for one in open_state().inbox.due()] == [2]


def test_what_another_took_over_cannot_be_put_off(state, open_state, clock):
    receipt = state.inbox.accept(["Ev1"], ASKED)
    clock.passes(LEASE_S)
    open_state().inbox.due()
    state.inbox.retry_later(receipt, 0)
    assert state.inbox.due() == []


def test_what_is_handed_back_is_free_at_once_and_not_counted(state, open_state):
    for number in range(3):
        state.inbox.accept([f"Ev{number}"], ASKED)
    state.inbox.hand_back()
    assert [one.attempts for one in open_state().inbox.due()] == [0, 0, 0]


def test_others_questions_are_not_handed_back(state, open_state):
    state.inbox.accept(["Ev1"], ASKED)
    open_state().inbox.hand_back()
    assert open_state().inbox.due() == []


def test_the_oldest_come_first_and_no_more_than_wanted(state, open_state, clock):
    for number in range(5):
        state.inbox.accept([], {"number": number})
        clock.passes(1)
    state.inbox.hand_back()
    other = open_state().inbox
    assert [one.asked["number"] for one in other.due(limit=3)] == [0, 1, 2]
    assert [one.asked["number"] for one in other.due(limit=3)] == [3, 4]


def test_a_message_waits_until_its_question_is_finished(state):
    receipt = state.inbox.accept(["Ev1"], ASKED)
    assert state.inbox.is_waiting("C1", "1.5")
    assert not state.inbox.is_waiting("C1", "1.6")
    assert not state.inbox.is_waiting("C2", "1.5")
    state.inbox.retry_later(receipt, 60)
    assert state.inbox.is_waiting("C1", "1.5")
    state.inbox.finish(receipt)
    assert not state.inbox.is_waiting("C1", "1.5")


def test_nothing_is_kept_of_what_json_cannot_hold(state):
    with pytest.raises(Exception, match="not JSON serializable"):
        state.inbox.accept(["Ev1"], {"text": object()})
    assert state.inbox.accept(["Ev1"], ASKED) is not None


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    keys=st.lists(st.text(), max_size=3),
    asked=st.dictionaries(st.text(), st.text() | st.none() | st.booleans() | st.integers()),
)
def test_whatever_slack_delivers_is_kept(state, keys, asked):
    receipt = state.inbox.accept([*keys], asked)
    if receipt is not None:
        assert receipt.asked == asked
        state.inbox.finish(receipt)
    assert state.inbox.accept(keys, asked) is None or not keys


def test_of_64_threads_one_gets_each_question(state):
    start = threading.Barrier(64)
    got = []

    def work(number):
        start.wait()
        for message in range(10):
            keys = [f"C1 {message}", f"Ev{number}-{message}"]
            if state.inbox.accept(keys, {"message": message}):
                got.append(message)

    threads = [threading.Thread(target=work, args=[number]) for number in range(64)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(got) == dict.fromkeys(range(10), 1)


def test_of_several_processes_one_gets_each_question(url):
    messages = range(100)
    calls = []
    for process in range(4):
        order = messages if process % 2 else reversed(messages)
        calls.append(("accept", url, *(f"C1 {one}+Ev{process}-{one}" for one in order)))
    with children(*calls) as processes:
        got = [line.split("+")[0] for one in processes for line in lines_of(one)]
    assert Counter(got) == {f"C1 {one}": 1 for one in messages}


def test_a_killed_process_leaves_its_questions_to_another(url):
    keys = [f"C1 {number}" for number in range(20)]
    with children(("accept_and_wait", url, *keys)) as (process,):
        wait_for(process, "waiting")
        process.kill()
        assert process.wait() == -9
        with children(("take_due", url, "0")) as (early,):
            assert lines_of(early) == []
        with children(*[("take_due", url, str(LEASE_S + 1))] * 2) as others:
            taken = [line for one in others for line in lines_of(one)]
    assert Counter(taken) == {f"{key} 1": 1 for key in keys}
    with children(("accept", url, *keys)) as (later,):
        assert lines_of(later) == []
