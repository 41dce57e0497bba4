"""Comparison cards."""

from collections.abc import Sequence

import pytest

from bot.answering.answerer import Answerer
from bot.answering.comparing import DIMENSIONS, Comparer
from bot.answering.composing import Quotations
from bot.answering.quotable import is_first_person, is_table_row, leans
from bot.answering.reading import TitleReader
from bot.domain import Answer, Comparison
from index.embedding import Matrix
from index.opening import LiveIndex
from index.retrieval import Retriever
from tests.bot.answering.conftest import AnswersFrom

QUESTIONS = [
    "CPO vs VP of product",
    "What is the difference between a product owner and a product manager?",
    "compare senior PM and principal PM",
    "director of product vs head of product",
    "CPO vs head of product vs VP of product",
    "how do a PM and a project manager differ?",
    "APM vs PM",
    "pm vs pmm",
]


def card(answerer: Answerer, question: str) -> Comparison:
    reply = answerer.ask(question).reply
    assert isinstance(reply, Comparison), question
    return reply


@pytest.mark.parametrize("question", QUESTIONS)
def test_two_or_three_titles_are_set_side_by_side(question: str, answerer: Answerer) -> None:
    reply = card(answerer, question)

    assert 2 <= len(reply.titles) <= 3
    assert len(reply.titles) == len(reply.question.titles)
    assert all(len(row.cells) == len(reply.titles) for row in reply.rows)
    assert 1 <= len(reply.sentences) <= 3


@pytest.mark.parametrize("question", QUESTIONS)
def test_rows_come_in_one_order_and_none_is_empty(question: str, answerer: Answerer) -> None:
    rows = card(answerer, question).rows

    names = [row.dimension for row in rows]
    assert names == [one.name for one in DIMENSIONS if one.name in names]
    assert all(any(row.cells) for row in rows)


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_cell_speaks_of_its_own_title_first(
    question: str, answerer: Answerer, reader: TitleReader
) -> None:
    reply = card(answerer, question)

    for row in reply.rows:
        for title, cell in zip(reply.question.titles, row.cells, strict=True):
            if cell is not None:
                assert reader.ours(cell.text)[0].readings[0] == title


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_cell_is_a_plain_sentence_that_stands_alone(
    question: str, answerer: Answerer
) -> None:
    cells = [cell for row in card(answerer, question).rows for cell in row.cells if cell]

    for cell in cells:
        assert not leans(cell.text)
        assert not is_first_person(cell.text)
        assert not is_table_row(cell.text)


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_sentence_fills_two_cells(question: str, answerer: Answerer) -> None:
    cells = [cell.text for row in card(answerer, question).rows for cell in row.cells if cell]

    assert len(cells) == len(set(cells))


def test_the_columns_stand_in_the_order_asked(answerer: Answerer) -> None:
    assert card(answerer, "CPO vs VP of product").question.titles == (
        "chief product officer",
        "vp of product",
    )
    assert card(answerer, "VP of product vs CPO").question.titles == (
        "vp of product",
        "chief product officer",
    )


def test_a_cell_the_articles_do_not_fill_is_empty_and_an_empty_row_left_out(
    answers_from: AnswersFrom,
) -> None:
    answers = answers_from(
        {
            "a.md": "# Head of product and VP of product\n\n"
            "A head of product reports to the chief executive of the company.\n"
            "A VP of product is responsible for the strategy of several product lines.\n"
            "A VP of product and a head of product differ in scope.\n"
        }
    )

    reply = card(answers, "head of product vs VP of product")

    cells = {
        row.dimension: [cell.text if cell else None for cell in row.cells] for row in reply.rows
    }
    assert cells["Reports to"] == [
        "A head of product reports to the chief executive of the company.",
        None,
    ]
    assert cells["Scope"] == [
        None,
        "A VP of product is responsible for the strategy of several product lines.",
    ]
    assert "Decides" not in cells


@pytest.mark.parametrize(
    "question",
    [
        "what does a head of product do?",
        "CPO vs VP vs head of product vs director of product",
        "is a head of product above a VP of product?",
    ],
    ids=["one title", "four titles", "which is higher"],
)
def test_other_questions_get_an_answer_without_a_card(question: str, answerer: Answerer) -> None:
    assert isinstance(answerer.ask(question).reply, Answer)


def test_the_cells_of_a_card_are_embedded_together_and_each_but_once(
    library: LiveIndex, reader: TitleReader
) -> None:
    live, passes = library.retriever(), list[int]()

    def embed_queries(texts: Sequence[str]) -> Matrix:
        passes.append(len(texts))
        return live.embed_queries(texts)

    retriever = Retriever(live.generation, live.embed_query, embed_queries=embed_queries)
    comparer = Comparer(reader)

    first, again = (
        comparer.rows(["chief product officer", "vp of product"], retriever, Quotations())
        for _ in range(2)
    )
    comparer.rows(["head of product", "vp of product"], retriever, Quotations())

    assert first == again
    assert passes == [2 * len(DIMENSIONS), len(DIMENSIONS)]


def test_a_card_is_the_same_whatever_was_compared_before(
    library: LiveIndex, reader: TitleReader
) -> None:
    used, titles = Comparer(reader), ["head of product", "vp of product"]
    for pair in (["vp of product", "head of product"], ["vp of product", "product manager"]):
        used.rows(pair, library.retriever(), Quotations())

    fresh = Comparer(reader).rows(titles, library.retriever(), Quotations())

    assert used.rows(titles, library.retriever(), Quotations()) == fresh
