"""Feedback is counted once a person, and does not say who the person is."""

import pytest

from bot.state.feedback import Tally
from bot.state.schema import votes
from bot.state.store import State
from tests.bot.state.child import children, lines_of


def stored(state):
    with state.transactions.reading() as connection:
        return connection.execute(votes.select()).all()


def test_votes_are_counted_by_answer(state):
    state.feedback.vote("a1", "U1", "up")
    state.feedback.vote("a1", "U2", "down")
    state.feedback.vote("a2", "U1", "up")
    assert state.feedback.tally("a1") == Tally(1, 1)
    assert state.feedback.tally() == Tally(2, 1)
    assert state.feedback.tally("a3") == Tally()


def test_the_last_vote_of_a_person_counts(state, open_state):
    for verdict in ("up", "down", "up"):
        open_state().feedback.vote("a1", "U1", verdict)
    assert state.feedback.tally("a1") == Tally(1, 0)


def test_a_reason_counts_as_a_vote_against(state):
    state.feedback.explain("a1", "U1", "off topic", "not what I asked")
    assert state.feedback.tally("a1") == Tally(0, 1, {"off topic": 1})


def test_a_reason_stays_with_a_second_thumb_down_and_goes_with_a_thumb_up(state):
    state.feedback.explain("a1", "U1", "off topic", "not what i asked")
    state.feedback.vote("a1", "U1", "down")
    assert state.feedback.tally("a1").reasons == {"off topic": 1}
    state.feedback.vote("a1", "U1", "up")
    assert state.feedback.tally("a1") == Tally(1, 0)
    assert [(one.verdict, one.reason, one.comment) for one in state.feedback.recent()] == [
        ("up", "", "")
    ]


def test_old_votes_can_be_left_out(state, clock):
    state.feedback.vote("a1", "U1", "up")
    clock.passes(10)
    state.feedback.vote("a1", "U2", "up")
    assert state.feedback.tally(since=clock.now) == Tally(1, 0)


@pytest.mark.parametrize(
    ("policy", "comment"),
    [("full", "ask Sarah"), ("redacted", "ask [name]"), ("off", "")],
)
def test_a_comment_is_kept_as_the_setting_says(open_state, policy, comment):
    state = open_state(policy=policy)
    state.feedback.explain("a1", "U1", "wrong", "ask Sarah")
    (opinion,) = state.feedback.recent()
    assert (opinion.answer, opinion.reason, opinion.comment) == ("a1", "wrong", comment)


def test_nobody_can_be_recognised_in_what_is_stored(state):
    for answer in ("a1", "a2"):
        state.feedback.vote(answer, "U024BE7LH", "up")
    first, second = stored(state)
    assert "U024BE7LH" not in str((first, second))
    assert first.voter != second.voter


def test_another_database_knows_the_same_person_by_another_name(state, tmp_path, clock):
    state.feedback.vote("a1", "U1", "up")
    other = State.open(f"sqlite:///{tmp_path}/other.db", clock=clock)
    other.feedback.vote("a1", "U1", "up")
    assert stored(state)[0].voter != stored(other)[0].voter
    other.close()


def test_processes_that_vote_first_agree_on_the_salt(url, state):
    with children(*[("vote", url, "a1", "U1")] * 4) as processes:
        for one in processes:
            assert lines_of(one) == []
    assert state.feedback.tally("a1") == Tally(1, 0)
