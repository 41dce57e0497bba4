"""Approved answers are kept, found by their workspace, and end."""

from dataclasses import replace

from bot.state.pins import FRESH_S, Pin

PIN = Pin(
    team="T1",
    question="What does a CPO do?",
    vector=b"encoder\0\1\2\3\4",
    answer="Ask Ada.",
    source_url="https://example.slack.com/archives/C1/p1",
    approved_by="U1",
    articles={"roles/cpo.md": "ab12"},
)


def test_a_pin_is_found_as_it_was_kept_after_a_restart(state, open_state, clock):
    kept = state.pins.add(PIN)
    (found,) = open_state().pins.shown("T1")
    assert [getattr(found, name) for name in Pin.__slots__] == [
        getattr(kept, name) for name in Pin.__slots__
    ]
    assert kept.approved_at == clock.now
    assert kept.vector == PIN.vector
    assert kept.articles == {"roles/cpo.md": "ab12"}


def test_other_workspaces_do_not_see_it(state):
    state.pins.add(PIN)
    assert state.pins.shown("T2") == ()
    assert state.pins.listed("T2") == ()
    assert state.pins.teams() == {"T1"}


def test_it_ends_once_and_says_why(state, clock):
    kept = state.pins.add(PIN)
    clock.passes(60)
    assert state.pins.end("T1", kept.id, "roles/cpo.md changed")
    assert not state.pins.end("T1", kept.id, "removed by an admin")
    assert state.pins.shown("T1") == ()
    (ended,) = state.pins.listed("T1")
    assert (ended.ended_why, ended.ended_at) == ("roles/cpo.md changed", clock.now)


def test_no_other_workspace_ends_it(state):
    kept = state.pins.add(PIN)
    assert not state.pins.end("T2", kept.id, "removed by an admin")
    assert len(state.pins.shown("T1")) == 1


def test_other_processes_hear_of_it_within_seconds(state, open_state, clock):
    other = open_state()
    assert other.pins.shown("T1") == ()
    kept = state.pins.add(PIN)
    clock.passes(FRESH_S)
    assert [one.id for one in other.pins.shown("T1")] == [kept.id]
    state.pins.end("T1", kept.id, "removed by an admin")
    clock.passes(FRESH_S)
    assert other.pins.shown("T1") == ()


def test_the_newest_are_listed_first_with_those_that_ended(state):
    first = state.pins.add(PIN)
    second = state.pins.add(replace(PIN, question="What does a VP do?"))
    state.pins.end("T1", first.id, "removed by an admin")
    assert [one.id for one in state.pins.listed("T1")] == [second.id, first.id]
