"""People wait for answers, and each is told at most once."""

import threading

import pytest

from bot.state.waiting import MOST_A_PERSON
from tests.bot.state.child import children, lines_of
from tests.bot.state.conftest import on_sqlite


def add(state, text="what is a CPO's cat called?", user="U1", team="T1"):
    return state.waiting.add(team, user, text, "ref1")


def test_who_waits_is_found_after_a_restart(state, open_state, clock):
    assert add(state)
    (waiter,) = open_state().waiting.untold()
    assert (waiter.team, waiter.user, waiter.reference) == ("T1", "U1", "ref1")
    assert waiter.text == "what is a CPO's cat called?"
    assert waiter.asked_at == clock.now


def test_asked_twice_one_person_waits_once(state):
    assert add(state)
    assert add(state)
    assert len(state.waiting.untold()) == 1


def test_others_wait_for_the_same_too(state):
    add(state)
    add(state, user="U2")
    add(state, team="T2")
    assert len(state.waiting.untold()) == 3


def test_nobody_waits_for_any_number_of_answers(state):
    for number in range(MOST_A_PERSON):
        assert add(state, f"question {number}")
    assert not add(state, "one more")
    assert add(state, "one more", user="U2")


def test_only_one_of_two_bots_tells(state, open_state):
    add(state)
    (waiter,) = state.waiting.untold()
    assert state.waiting.claim(waiter.id)
    assert not open_state().waiting.claim(waiter.id)
    assert open_state().waiting.untold() == ()


def test_of_many_threads_exactly_one_tells(open_state):
    states = [open_state() for _ in range(3)]
    add(states[0])
    (waiter,) = states[0].waiting.untold()
    won: list[bool] = []
    threads = [
        threading.Thread(target=lambda state=state: won.append(state.waiting.claim(waiter.id)))
        for state in states * 4
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(won) == [False] * 11 + [True]


def test_one_person_who_asks_twice_of_two_processes_waits_once(url, state):
    texts = [f"question {number}" for number in range(MOST_A_PERSON)]
    with children(*[("wish", url, *texts)] * 3) as processes:
        for one in processes:
            assert lines_of(one) == []
    assert sorted(one.text for one in state.waiting.untold()) == sorted(texts)


def test_what_several_processes_claim_one_gets(url, state):
    for number in range(20):
        add(state, f"question {number}")
        state.reindexes.end(state.reindexes.begin("U1"), "blocked")
    with children(*[("claim", url)] * 3) as processes:
        got = [line for one in processes for line in lines_of(one)]
    assert len(got) == len(set(got)) == 60


def test_what_was_claimed_before_a_crash_is_not_told_after_it(state, open_state):
    add(state)
    (waiter,) = state.waiting.untold()
    state.waiting.claim(waiter.id)
    state.close()
    assert open_state().waiting.untold() == ()


def test_what_slack_surely_did_not_take_is_told_another_time(state):
    add(state)
    (waiter,) = state.waiting.untold()
    state.waiting.claim(waiter.id)
    state.waiting.release(waiter.id)
    assert state.waiting.untold() == (waiter,)
    assert state.waiting.claim(waiter.id)


@pytest.mark.parametrize("claimed", [True, False])
@on_sqlite
def test_nothing_is_kept_of_who_was_told(state, tmp_path, claimed):
    add(state, "does Zimmerfrau know?", user="U024BE7LH")
    (waiter,) = state.waiting.untold()
    if claimed:
        state.waiting.claim(waiter.id)
    state.waiting.forget(waiter.id)
    state.close()
    database = (tmp_path / "state.db").read_bytes()
    assert b"Zimmerfrau" not in database
    assert b"U024BE7LH" not in database
