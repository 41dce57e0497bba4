"""Whoever waits is told once the articles answer, by whichever process published them."""

from bot.domain import Answer
from bot.insights.telling import Telling
from tests.bot.insights.conftest import PETS

DOGS = "May product managers bring dogs to the office?"


def test_nobody_is_told_before_the_articles_answer(folder, state):
    state.waiting.add("T1", "U1", DOGS, "r1")
    telling = Telling(folder.answerer, state.waiting)
    assert list(telling.due()) == []


def test_a_generation_published_by_another_process_makes_it_due(folder, state):
    state.waiting.add("T1", "U1", DOGS, "r1")
    telling = Telling(folder.answerer, state.waiting)
    assert list(telling.due()) == []
    folder.write(pets=PETS)
    (due,) = telling.due()
    assert due.waiter.user == "U1"
    reply = due.exchange.reply
    assert isinstance(reply, Answer)
    assert "dogs" in reply.sentences[0].text


def test_one_published_while_no_bot_ran_makes_it_due_too(folder, state, open_state):
    state.waiting.add("T1", "U1", DOGS, "r1")
    folder.write(pets=PETS)
    assert len(list(Telling(folder.answerer, open_state().waiting).due())) == 1


def test_it_comes_up_once_a_generation(folder, state):
    state.waiting.add("T1", "U1", DOGS, "r1")
    folder.write(pets=PETS)
    telling = Telling(folder.answerer, state.waiting)
    assert len(list(telling.due())) == 1
    assert list(telling.due()) == []


def test_it_comes_up_again_where_that_is_wanted(folder, state):
    state.waiting.add("T1", "U1", DOGS, "r1")
    folder.write(pets=PETS)
    telling = Telling(folder.answerer, state.waiting)
    (due,) = telling.due()
    telling.again(due.waiter)
    assert len(list(telling.due())) == 1


def test_who_asks_to_be_told_after_the_generation_came_is_told_at_once(folder, state):
    folder.write(pets=PETS)
    telling = Telling(folder.answerer, state.waiting)
    assert list(telling.due()) == []
    state.waiting.add("T1", "U1", DOGS, "r1")
    assert len(list(telling.due())) == 1
