"""Conversations are remembered across restarts, and the bot knows who speaks in them."""

import threading

import pytest

from bot.domain import Message
from bot.state.threads import MESSAGES, Place, ThreadState

THREAD = Place("T1", "C1", "1.5")
TOP_LEVEL = Place("T1", "D1")


def exchange(question, answer):
    return (Message("user", question), Message("bot", answer))


def test_a_place_where_nothing_was_said_is_empty(state):
    assert state.threads.recall(THREAD) == ()
    assert state.threads.speakers(THREAD) is None


def test_what_was_said_is_recalled_in_order_by_another_process(state, open_state):
    state.threads.remember(THREAD, "U1", "CPO?", "One.")
    state.threads.remember(THREAD, "U2", "and VP?", "Two.")
    said = (*exchange("CPO?", "One."), *exchange("and VP?", "Two."))
    assert open_state().threads.recall(THREAD) == said


@pytest.mark.parametrize(
    "other", [Place("T2", "C1", "1.5"), Place("T1", "C2", "1.5"), Place("T1", "C1", "1.6")]
)
def test_places_are_kept_apart(state, other):
    state.threads.remember(THREAD, "U1", "CPO?", "One.")
    assert state.threads.recall(other) == ()
    assert state.threads.speakers(other) is None


def test_the_last_twenty_messages_are_kept(state):
    for number in range(15):
        state.threads.remember(THREAD, "U1", f"question {number}", f"answer {number}")
    said = state.threads.recall(THREAD)
    assert len(said) == MESSAGES == 20
    assert said[0] == Message("user", "question 5")
    assert said[-1] == Message("bot", "answer 14")


def test_a_thread_is_recalled_days_later(state, clock):
    state.threads.remember(THREAD, "U1", "CPO?", "One.")
    clock.passes(3 * 86_400)
    assert len(state.threads.recall(THREAD)) == 2


def test_the_top_level_of_a_direct_message_is_recalled_for_an_hour(state, clock):
    state.threads.remember(TOP_LEVEL, "U1", "CPO?", "One.")
    clock.passes(1800)
    state.threads.remember(TOP_LEVEL, "U1", "VP?", "Two.")
    clock.passes(1800)
    assert len(state.threads.recall(TOP_LEVEL)) == 4
    clock.passes(1)
    assert state.threads.recall(TOP_LEVEL) == exchange("VP?", "Two.")


def test_the_asker_alone_has_the_thread(state):
    state.threads.remember(THREAD, "U1", "CPO?", "One.")
    state.threads.heard(THREAD, "U1")
    assert state.threads.speakers(THREAD) == ThreadState("U1", others=False)


def test_someone_else_is_noticed_until_the_bot_answers_again(state):
    state.threads.remember(THREAD, "U1", "CPO?", "One.")
    state.threads.heard(THREAD, "U2")
    state.threads.heard(THREAD, "U1")
    assert state.threads.speakers(THREAD) == ThreadState("U1", others=True)
    state.threads.remember(THREAD, "U2", "VP?", "Two.")
    assert state.threads.speakers(THREAD) == ThreadState("U2", others=False)


def test_talk_where_the_bot_never_answered_is_not_noted(state):
    state.threads.heard(THREAD, "U2")
    assert state.threads.speakers(THREAD) is None


def test_an_edited_question_and_its_answer_take_the_place_of_the_last_that_read_so(state):
    for question, answer in (("CPO?", "One."), ("CPO?", "Two."), ("VP?", "Three.")):
        state.threads.remember(THREAD, "U1", question, answer)
    state.threads.amend(THREAD, "CPO?", "GPM?", "Four.")
    assert state.threads.recall(THREAD) == (
        *exchange("CPO?", "One."),
        *exchange("GPM?", "Four."),
        *exchange("VP?", "Three."),
    )


def test_an_edit_of_what_is_not_remembered_changes_nothing(state):
    state.threads.remember(THREAD, "U1", "CPO?", "VP?")
    state.threads.amend(THREAD, "VP?", "GPM?", "Four.")
    state.threads.amend(TOP_LEVEL, "CPO?", "GPM?", "Four.")
    assert state.threads.recall(THREAD) == exchange("CPO?", "VP?")
    assert state.threads.recall(TOP_LEVEL) == ()


def test_signs_that_no_database_takes_are_replaced(state):
    state.threads.remember(THREAD, "U1", "nul \0 and half \ud83d", "🙂")
    assert state.threads.recall(THREAD) == exchange("nul \ufffd and half ?", "🙂")


def test_answers_at_the_same_moment_are_all_remembered_as_pairs(state):
    threads = [
        threading.Thread(
            target=state.threads.remember, args=[THREAD, "U1", f"q{number}", f"a{number}"]
        )
        for number in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    texts = [one.text for one in state.threads.recall(THREAD)]
    assert [answer.replace("a", "q") for answer in texts[1::2]] == texts[::2]
    assert len(texts) == 16
