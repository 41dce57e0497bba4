"""Follow-up questions are proved on the very index that suggests them."""

import pytest

from bot.answering.answerer import Answerer
from bot.answering.quotable import leans
from bot.domain import Answer, Comparison, NoAnswer, Reply
from tests.bot.answering.conftest import AnswersFrom

QUESTIONS = [
    "What does a head of product do?",
    "CPO vs VP of product",
    "how do I become a director of product",
    "what skills does a senior PM need",
    "what is product discovery?",
    "how do product interviews go?",
    "when does a start-up need its first PM?",
    "what does a product owner do",
    "first 90 days as a head of product",
    "do I need a degree to be a PM?",
]


def suggestions_of(reply: Reply) -> tuple[str, ...]:
    assert isinstance(reply, Answer | Comparison)
    return reply.suggestions


def quoted(reply: Reply) -> set[tuple[str, int]]:
    assert isinstance(reply, Answer | Comparison)
    return {(one.article, one.span.start) for one in reply.citations}


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_suggestion_is_answered_and_shows_what_was_not_shown(
    question: str, answerer: Answerer
) -> None:
    reply = answerer.ask(question).reply

    for suggestion in suggestions_of(reply):
        assert quoted(answerer.ask(suggestion).reply) - quoted(reply), suggestion


@pytest.mark.parametrize("question", QUESTIONS)
def test_up_to_three_different_questions_are_suggested(question: str, answerer: Answerer) -> None:
    suggested = suggestions_of(answerer.ask(question).reply)

    assert 1 <= len(suggested) <= 3
    assert len(set(suggested)) == len(suggested)
    assert all(one.endswith("?") and not leans(one) for one in suggested)


def test_the_question_just_asked_is_not_suggested(answerer: Answerer) -> None:
    for suggestion in suggestions_of(answerer.ask(QUESTIONS[0]).reply):
        assert suggestion not in suggestions_of(answerer.ask(suggestion).reply)


def test_asking_again_suggests_the_same(answerer: Answerer) -> None:
    first, second = (answerer.ask(QUESTIONS[0]).reply for _ in range(2))

    assert suggestions_of(first) == suggestions_of(second)


def test_a_refusal_suggests_nothing(answerer: Answerer) -> None:
    reply = answerer.ask("What does a VP of sales do?").reply

    assert isinstance(reply, NoAnswer)
    assert reply.suggestions == ()


def test_articles_without_headings_that_ask_suggest_nothing(answers_from: AnswersFrom) -> None:
    answers = answers_from(
        {
            "a.md": "# Head of product\n\nA head of product leads every product team.\n\n"
            "## Scope\n\nThe head of product sets the product strategy.\n"
        }
    )

    assert suggestions_of(answers.ask("What does a head of product do?").reply) == ()
