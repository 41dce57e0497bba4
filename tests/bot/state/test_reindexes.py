"""Reindexes outlive the process that ran them, and are decided once."""

import threading

from bot.state.reindexes import Reindex
from bot.state.retention import DAY_S, sweep


def test_a_reindex_is_kept_from_its_beginning_to_its_end(open_state, state, clock):
    row = state.reindexes.begin("U1", "T1")
    began = Reindex(row, clock.now, "T1", "U1", "", "", "running", "", {})
    assert state.reindexes.find(row) == began
    state.reindexes.tell_at(row, "D1", "1.5")
    state.reindexes.end(row, "blocked", generation="g", report={"lost": ["é"]})
    found = open_state().reindexes.find(row)
    assert (found.channel, found.message_ts, found.status) == ("D1", "1.5", "blocked")
    assert (found.generation, found.report) == ("g", {"lost": ["é"]})
    state.reindexes.end(row, "published")
    found = open_state().reindexes.find(row)
    assert (found.status, found.generation, found.report) == ("published", "g", {"lost": ["é"]})


def test_of_many_who_claim_a_status_one_does(open_state, state):
    row = state.reindexes.begin("U1")
    state.reindexes.end(row, "blocked")
    claimed = []
    opened = [open_state() for _ in range(8)]

    def claim(one):
        claimed.append(one.reindexes.claim(row, "blocked", "publishing"))

    threads = [threading.Thread(target=claim, args=(one,)) for one in opened]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(claimed) == [False] * 7 + [True]


def test_they_are_found_by_status_and_newest_first(state):
    first, second, third = (state.reindexes.begin(f"U{number}") for number in range(3))
    state.reindexes.end(second, "failed", report={"error": "no"})
    assert [one.id for one in state.reindexes.with_status("running")] == [third, first]
    assert [one.id for one in state.reindexes.with_status("failed", "blocked")] == [second]
    assert [one.id for one in state.reindexes.recent(2)] == [third, second]
    assert state.reindexes.find(99) is None


def test_old_ones_are_deleted_because_they_name_questions(state, clock):
    state.reindexes.begin("U1")
    clock.passes(89 * DAY_S)
    young = state.reindexes.begin("U2")
    clock.passes(2 * DAY_S)
    assert sweep(state).reindexes == 1
    assert [one.id for one in state.reindexes.recent()] == [young]
