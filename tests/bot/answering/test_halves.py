"""A question that asks two things is answered on both."""

import pytest

from bot.answering.answerer import Answerer
from bot.answering.halves import halves
from bot.domain import Answer, NoAnswer


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        (
            "what does a GPM do and who do they report to?",
            "what does a GPM do?",
            "who do they report to?",
        ),
        ("what is a PO? do I need a degree?", "what is a PO?", "do I need a degree?"),
        ("when do we hire a PM, and where?", None, None),
        ("how do PMs and engineers work together", None, None),
        ("what is a PM", None, None),
        ("what is a PM and what is a PO and what is a GPM", None, None),
        ("", None, None),
    ],
)
def test_a_text_is_split_where_a_second_question_begins(
    text: str, first: str | None, second: str | None
) -> None:
    assert halves(text) == ((first, second) if first else None)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("what does a CPO earn and who do they report to?", ("pay figure", "reports to the CEO")),
        (
            "what is a product owner? do I need a certificate for it?",
            ("role in a Scrum team", "certificate rarely decides"),
        ),
        (
            "when should we hire our first PM and what should we look for",
            ("product/market fit", "Look for a product manager"),
        ),
    ],
)
def test_both_halves_are_answered_in_five_sentences_each_with_its_citation(
    question: str, wanted: tuple[str, str], answerer: Answerer
) -> None:
    reply = answerer.ask(question).reply

    assert isinstance(reply, Answer)
    shown = " ".join(one.text for one in reply.sentences)
    assert all(words in shown for words in wanted)
    assert len(reply.sentences) <= 5
    quotes = {one.number: one.quote for one in reply.citations}
    assert [one.text for one in reply.sentences] == [
        quotes[one.citation] for one in reply.sentences
    ]
    assert list(quotes) == list(range(1, len(quotes) + 1))
    assert reply.question.text == question


def test_a_half_that_is_not_known_does_not_lend_its_words(answerer: Answerer) -> None:
    assert isinstance(answerer.ask("what is a PM and what is the weather in Paris").reply, NoAnswer)
