"""A question that turns on words which no article holds is not answered by what is near it."""

import pytest

from bot.answering.answerer import CLOSEST, NOT_KNOWN, Answerer
from bot.domain import Answer, NoAnswer
from tests.bot.answering.conftest import AnswersFrom

CHEFS = {
    "chef.md": "# Head chef\n\nA head chef writes the menu, orders the goods and answers for food "
    "cost.\n\n## Who runs the service?\n\nThe sous chef runs the service when the head chef is "
    "away. A commis learns at one station after another.\n"
}


@pytest.mark.parametrize(
    "question",
    [
        "best laptop for product managers",
        "product manager horoscope",
        "senior PM gym membership",
        "VP of product birthday gift",
        "head of product returns warehouse",
        "how often does a product guild meet",
    ],
)
def test_a_word_that_carries_the_question_and_is_in_no_article_refuses_it(
    question: str, answerer: Answerer
) -> None:
    reply = answerer.ask(question).reply

    assert isinstance(reply, NoAnswer)
    assert reply.message in {CLOSEST, NOT_KNOWN}


@pytest.mark.parametrize(
    "question",
    ["project manager software licences", "how do project managers compute earned value"],
)
def test_of_another_trade_the_words_must_stand_in_the_passages(
    question: str, answerer: Answerer
) -> None:
    assert isinstance(answerer.ask(question).reply, NoAnswer)


@pytest.mark.parametrize(
    "question",
    [
        "tell me what product managers are accountable for in plain english",
        "when is it ok for a product manager to say no",
        "is product just project work with a fancier name",
        "rookie mistakes in a new PM job",
    ],
)
def test_a_word_that_only_colours_the_question_does_not(question: str, answerer: Answerer) -> None:
    assert isinstance(answerer.ask(question).reply, Answer)


@pytest.mark.parametrize("question", ["how much does a PM make in berlin", "PM salary in Lyon"])
def test_pay_may_be_asked_of_any_place(question: str, answerer: Answerer) -> None:
    assert isinstance(answerer.ask(question).reply, Answer)


def test_it_holds_for_articles_on_another_subject(answers_from: AnswersFrom) -> None:
    chefs = answers_from(CHEFS)

    assert isinstance(chefs.ask("what does a head chef do").reply, Answer)
    assert isinstance(chefs.ask("head chef knife recommendations").reply, NoAnswer)
