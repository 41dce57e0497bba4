"""Passages of articles on the very titles and kind of answer come first."""

import pytest

from bot.answering.answerer import Answerer
from bot.answering.reading import TitleReader
from bot.answering.searching import Searcher
from bot.answering.understanding import understand
from bot.domain import Intent
from index.opening import LiveIndex
from tests.replies import hit


def articles_of(hits):
    """Return the articles of some hits in their order, each once."""
    return list(dict.fromkeys(hit.article for hit in hits))


@pytest.mark.parametrize(
    ("question", "article"),
    [
        ("what does a VP of product do?", "roles/vp-of-product.md"),
        ("what is a growth PM?", "roles/growth-product-manager.md"),
        ("PO vs PM", "comparisons/product-owner-vs-product-manager.md"),
        ("first 90 days as a product manager", "careers/first-90-days.md"),
        ("what should a PM's resume look like?", "hiring/product-cv-and-resume.md"),
        ("how much does a product manager earn?", "hiring/product-salaries.md"),
        ("what does ABM... I mean APM stand for?", "roles/associate-product-manager.md"),
    ],
)
def test_the_article_on_the_subject_comes_first(
    question: str, article: str, answerer: Answerer
) -> None:
    assert article in articles_of(answerer.search(question))[:2]


def test_hits_are_ranked_from_one_and_their_scores_never_rise(answerer: Answerer) -> None:
    hits = answerer.search("what does a head of product do?", k=20)

    assert [one.rank for one in hits] == [*range(1, 21)]
    scores = [one.score for one in hits]
    assert scores == sorted(scores, reverse=True)
    assert len({one.row for one in hits}) == 20


@pytest.mark.parametrize("k", [1, 3, 10])
def test_as_many_hits_come_as_are_wanted(k: int, answerer: Answerer) -> None:
    assert len(answerer.search("roadmap", k=k)) == k


@pytest.mark.parametrize("text", ["", "hi", ":wave:"])
def test_no_question_finds_nothing(text: str, answerer: Answerer) -> None:
    assert answerer.search(text) == ()


def test_an_articles_title_tells_its_subject(reader: TitleReader) -> None:
    searcher = Searcher(reader)

    assert searcher.subject("Product salaries") == (frozenset(), Intent.PAY)
    assert searcher.subject("CPO vs VP of product") == (
        frozenset({"chief product officer", "vp of product"}),
        Intent.COMPARISON,
    )
    assert searcher.subject("Head of product")[0] == {"head of product"}


def test_an_article_on_the_title_asked_about_gains_and_no_other(
    library: LiveIndex, reader: TitleReader
) -> None:
    question = understand("what does a head of product do?", (), reader.vocabulary)
    vector = library.embed_query(question.query)
    searcher, retriever = Searcher(reader), library.retriever()
    plain = {one.row: one.score for one in retriever.search_vector(question.query, vector, 30)}

    gains = {
        hit: hit.score - plain[hit.row] for hit in searcher.search(question, vector, retriever, 10)
    }

    for found, gain in gains.items():
        named = "head of product" in searcher.subject(found.title)[0]
        assert (gain > 0) == named, found.title


def test_a_long_article_leaves_room_for_two_others(answerer: Answerer) -> None:
    assert len(articles_of(answerer.search("who is a principal PM's boss", k=10))) >= 3


def test_a_section_that_gives_the_kind_of_answer_gains(reader: TitleReader) -> None:
    question = understand("who does a VP of product report to?", (), reader.vocabulary)
    searcher = Searcher(reader)
    gains = [
        searcher.bonus(question, hit("Some text is here.", title="VP of product", heading=(one,)))
        for one in (
            "Whom does a VP of product report to?",
            "What does a VP of product do?",
            "Whom does a CPO report to?",
        )
    ]

    assert gains[0] > gains[1] == gains[2]


def test_articles_are_named_once_each_in_the_order_of_their_hits(answerer: Answerer) -> None:
    hits = answerer.search("what does a head of product do?", k=10)

    articles = articles_of(hits)

    assert articles[0] == hits[0].article
    assert len(articles) == len(set(articles)) == len({one.article for one in hits})
