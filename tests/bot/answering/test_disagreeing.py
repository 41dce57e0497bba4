"""Sources that order the same two titles differently are shown side by side."""

import pytest

from bot.answering.choosing import Choice
from bot.answering.disagreeing import find_disagreement
from bot.answering.reading import TitleReader
from bot.answering.understanding import understand
from bot.domain import Answer, Comparison
from tests.bot.answering.conftest import AnswersFrom
from tests.replies import hit

ABOVE = "The head of product ranks above the VP of product."
BELOW = "A head of product reports to a VP of product."
SAME = "Head of product and VP of product are two names for the same job."
OTHER = "A head of product ranks above a director of product."


def disagreement(
    reader: TitleReader, *texts: str, question: str = "Head of product vs VP of product?"
) -> list[str]:
    asked = understand(question, (), reader.vocabulary)
    choices = []
    for text in texts:
        one = hit(text)
        titles = frozenset(mention.readings[0] for mention in reader.ours(text))
        choices.append(Choice(one, one.sentences[0], 0, 1.0, titles, frozenset()))
    return [one.sentence.text for one in find_disagreement(asked, choices, reader)]


@pytest.mark.parametrize(
    "pair",
    [(ABOVE, BELOW), (BELOW, ABOVE), (ABOVE, SAME), (SAME, BELOW)],
    ids=["above, below", "below, above", "above, same", "same, below"],
)
def test_contradicting_claims_are_found_best_first(
    pair: tuple[str, str], reader: TitleReader
) -> None:
    assert disagreement(reader, *pair) == [*pair]


@pytest.mark.parametrize(
    "second",
    [
        "The VP of product is below the head of product.",
        "The VP of product ranks lower than the head of product.",
        "A VP of product reports to a head of product.",
        "A head of product outranks a VP of product.",
        "A head of product is senior to a VP of product.",
    ],
)
def test_the_same_order_said_otherwise_is_no_disagreement(second: str, reader: TitleReader) -> None:
    assert disagreement(reader, ABOVE, second) == []


def test_an_order_with_an_exception_is_still_an_order(reader: TitleReader) -> None:
    hedged = "The VP of product is below the head of product, though some use them interchangeably."

    assert disagreement(reader, hedged, SAME) == [hedged, SAME]
    assert disagreement(reader, hedged, ABOVE) == []


def test_of_each_claim_the_best_sentence_is_shown(reader: TitleReader) -> None:
    again = "The head of product sits above the VP of product."

    assert disagreement(reader, ABOVE, again, BELOW) == [ABOVE, BELOW]


def test_claims_on_other_titles_do_not_count(reader: TitleReader) -> None:
    other = "The VP of product ranks above the director of product, and the head of product leads."

    assert disagreement(reader, ABOVE, OTHER) == []
    assert disagreement(reader, BELOW, other) == []


@pytest.mark.parametrize(
    "question",
    ["What does a head of product do?", "CPO vs head of product vs VP of product", "What is pay?"],
    ids=["one title", "three titles", "none"],
)
def test_only_questions_on_two_titles_are_looked_at(question: str, reader: TitleReader) -> None:
    assert disagreement(reader, ABOVE, BELOW, question=question) == []


def test_nothing_disagrees_with_one_sentence(reader: TitleReader) -> None:
    assert disagreement(reader, ABOVE) == []
    assert disagreement(reader) == []


def test_both_sources_are_shown_and_cited(answers_from: AnswersFrom) -> None:
    answers = answers_from(
        {
            "one.md": f"# Head of product and VP of product\n\n{ABOVE} Both lead the team.\n",
            "two.md": "# Titles of product leaders\n\nIn larger firms the order is another. "
            f"{BELOW}\n",
        }
    )

    reply = answers.ask("Is a head of product above a VP of product?").reply

    assert isinstance(reply, Answer | Comparison)
    cited = [reply.citations[one.citation - 1] for one in reply.disagreement]
    assert {one.text for one in reply.disagreement} == {ABOVE, BELOW}
    assert {one.article for one in cited} == {"one.md", "two.md"}


def test_whom_one_title_reports_to_and_whom_it_manages_are_told_apart(reader: TitleReader) -> None:
    reports = "A VP of product typically reports to the CPO, and the CPO to the CEO."
    manages = "The CPO reports to the CEO, and manages leaders up to VP of product."

    assert disagreement(reader, reports, manages, question="CPO vs VP of product") == []
