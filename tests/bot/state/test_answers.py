"""Answers are kept, found again by their buttons or their question, and mended."""

from dataclasses import replace

import pytest

from bot.state.answers import KeptAnswer, new_id

ANSWER = KeptAnswer(
    id="a1",
    team="T1",
    channel="C1",
    question_ts="1.5",
    message_ts="",
    root="1.5",
    asker="U1",
    surface="mention",
    reference="Ev1",
    text="What does a CPO do?",
    reply={"text": "He or she ...", "blocks": [{"type": "divider"}], "passages": []},
)


def test_an_answer_is_found_as_it_was_kept_after_a_restart(state, open_state, clock):
    state.answers.keep(ANSWER)
    assert open_state().answers.find("a1") == replace(ANSWER, kept_at=clock.now)


def test_what_was_never_kept_is_not_found(state):
    assert state.answers.find("a1") is None
    assert state.answers.of_question("T1", "C1", "1.5") is None


def test_ids_cannot_be_guessed_and_fit_a_button():
    ids = {new_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(len(one) == 16 for one in ids)


def test_the_last_answer_to_a_message_is_found(state, clock):
    state.answers.keep(ANSWER)
    clock.passes(1)
    state.answers.keep(replace(ANSWER, id="a2"))
    found = state.answers.of_question("T1", "C1", "1.5")
    assert found is not None
    assert found.id == "a2"


@pytest.mark.parametrize("place", [("T2", "C1", "1.5"), ("T1", "C2", "1.5"), ("T1", "C1", "1.6")])
def test_answers_to_other_messages_are_not_found(state, place):
    state.answers.keep(ANSWER)
    assert state.answers.of_question(*place) is None


def test_an_answer_learns_where_its_message_stands(state):
    state.answers.keep(ANSWER)
    assert state.answers.placed("a1", "2.5")
    found = state.answers.find("a1")
    assert found is not None
    assert found.message_ts == "2.5"


def test_an_answer_to_an_edited_question_takes_the_place_of_the_first(state, clock):
    state.answers.keep(ANSWER)
    mended = replace(ANSWER, reference="Ev2", text="And a VP?", reply={"text": "new"})
    state.answers.keep(mended)
    assert state.answers.find("a1") == replace(mended, kept_at=clock.now)


def test_what_is_gone_cannot_be_mended(state):
    state.answers.keep(ANSWER)
    state.answers.forget("a1")
    assert state.answers.find("a1") is None
    assert not state.answers.placed("a1", "2.5")


def test_keeping_it_again_after_a_crash_leaves_one(state):
    state.answers.keep(ANSWER)
    state.answers.keep(replace(ANSWER, text="again"))
    found = state.answers.find("a1")
    assert found is not None
    assert found.text == "again"
