"""Chosen sentences to an answer: verbatim, in reading order, none that hangs in the air."""

import pytest

from bot.answering.choosing import Choice
from bot.answering.composing import (
    ONE_PERSON,
    Quotations,
    closest_articles,
    in_reading_order,
    quote_all,
)
from bot.answering.quotable import is_first_person, leans
from bot.cli.evaluating import Outcome
from bot.domain import Answer, Comparison
from bot.machine import shown_sentences
from index.hits import Hit
from index.opening import LiveIndex
from index.sentences import sentences
from tests.replies import hit

# Characters of an answer's own sentences, and the most that one sentence more may add.
LIMIT, OVER = 1_200, 600


def choose(one: Hit, place: int, score: float = 1.0) -> Choice:
    return Choice(one, one.sentences[place], place, score, frozenset(), frozenset())


def test_a_sentence_is_quoted_as_it_stands() -> None:
    one = hit("A VP answers for results. Directors report to the VP.", start=7)
    quotations = Quotations()

    quoted = quotations.quote_choice(choose(one, 1))

    assert quoted is not None
    assert (quoted.text, quoted.citation) == ("Directors report to the VP.", 1)
    assert quotations.citations[0].span == one.sentences[1].span


def test_a_leaning_sentence_is_quoted_with_the_one_before() -> None:
    one = hit("A VP answers for results. They report to the CEO.")

    quoted = Quotations().quote_choice(choose(one, 1))

    assert quoted is not None
    assert quoted.text == "A VP answers for results. They report to the CEO."


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("They play a crucial role in the culture.", 0),
        ("It helps them grow. They play a crucial role in the culture.", 1),
    ],
    ids=["none before", "the one before leans too"],
)
def test_a_leaning_sentence_that_nothing_names_is_not_quoted(text: str, place: int) -> None:
    quotations = Quotations()

    assert quotations.quote_choice(choose(hit(text), place)) is None
    assert quotations.citations == ()


@pytest.mark.parametrize("text", ["I lead three teams here.", "My own role is coordination."])
def test_first_person_is_introduced_as_one_persons_account(text: str) -> None:
    quoted = Quotations().quote_choice(choose(hit(text), 0))

    assert quoted is not None
    assert quoted.introduction == ONE_PERSON
    assert ONE_PERSON not in quoted.text


def test_the_same_sentence_keeps_its_number() -> None:
    one, other = hit("A VP leads all of it."), hit("A head leads some.", article="b.md")
    quotations = Quotations()

    numbers = [
        quotations.quote(each, each.sentences[0].span).citation for each in (one, other, one)
    ]

    assert numbers == [1, 2, 1]
    assert [each.number for each in quotations.citations] == [1, 2]


def test_the_best_comes_first_then_its_articles_in_the_order_of_the_text() -> None:
    best = hit("One is best. Two is next. Three is last.", rank=2, article="a.md")
    other = hit("Four is elsewhere.", rank=1, article="b.md")

    ordered = in_reading_order(
        [choose(best, 1), choose(other, 0), choose(best, 2), choose(best, 0)]
    )

    assert [one.sentence.text for one in ordered] == [
        "Two is next.",
        "One is best.",
        "Three is last.",
        "Four is elsewhere.",
    ]


def test_no_sentence_is_quoted_twice() -> None:
    one = hit("A VP answers for results. They report to the CEO.")

    quoted = quote_all([choose(one, 1), choose(one, 0), choose(one, 1)], Quotations())

    assert [each.text for each in quoted] == ["A VP answers for results. They report to the CEO."]


def test_quoting_stops_at_the_length_of_one_message() -> None:
    hits = [
        hit(f"Sentence number {number} says {'very ' * 60}much.", article=f"{number}.md")
        for number in range(8)
    ]

    quoted = quote_all([choose(one, 0) for one in hits], Quotations())

    assert 1 < len(quoted) < 8
    assert sum(len(one.text) for one in quoted) <= LIMIT


def test_a_leaning_sentence_counts_with_the_one_quoted_before_it() -> None:
    hits = [
        hit(f"VP {number} says {'very ' * 60}much. They agree.", article=f"{number}.md")
        for number in range(8)
    ]

    quoted = quote_all([choose(one, 1) for one in hits], Quotations())

    assert 1 < len(quoted) < 8
    assert sum(len(one.text) for one in quoted) <= LIMIT


def test_a_sentence_quoted_before_is_not_quoted_again_in_front_of_one_that_leans() -> None:
    one = hit("A VP answers for results. They report to the CEO.")
    quotations = Quotations()

    quoted = quote_all([choose(one, 0), choose(one, 1)], quotations)

    assert [one.text for one in quoted] == ["A VP answers for results."]
    assert len(quotations.citations) == 1


def test_one_long_sentence_is_quoted_whole() -> None:
    text = f"A VP answers for {'very ' * 500}much."

    assert [one.text for one in quote_all([choose(hit(text), 0)], Quotations())] == [text]


def test_closest_articles_are_named_once_each_best_first() -> None:
    hits = [hit("Some text is here.", article=name) for name in ("b.md", "a.md", "b.md", "c.md")]

    assert [one.article for one in closest_articles([*hits, hits[0]])] == ["b.md", "a.md", "c.md"]


@pytest.fixture(scope="module")
def answered(outcomes: list[Outcome]) -> list[Outcome]:
    return [one for one in outcomes if one.answered]


def test_every_sentence_shown_is_in_its_article_word_for_word_where_it_is_cited(
    answered: list[Outcome], library: LiveIndex
) -> None:
    passages = library.retriever().generation.passages
    assert len(answered) > 80
    for outcome in answered:
        reply = outcome.exchange.reply
        assert isinstance(reply, Answer | Comparison)
        assert [one.number for one in reply.citations] == [*range(1, len(reply.citations) + 1)]
        for one in reply.citations:
            article = passages.text_of(one.article)
            assert article[one.span.start : one.span.end] == one.quote
        for shown in shown_sentences(outcome.exchange):
            assert shown.text == reply.citations[shown.citation - 1].quote


def test_only_whole_sentences_are_shown(answered: list[Outcome], library: LiveIndex) -> None:
    passages = library.retriever().generation.passages
    known: dict[str, list[str]] = {}
    for outcome in answered:
        reply = outcome.exchange.reply
        assert isinstance(reply, Answer | Comparison)
        for one in reply.citations:
            if one.article not in known:
                known[one.article] = [
                    sentence
                    for passage in passages.of_article(one.article)
                    for sentence in passage.chunk.sentence_texts()
                ]
            assert all(part in known[one.article] for part in _parts(one.quote, known[one.article]))


def _parts(quote: str, known: list[str]) -> list[str]:
    return [quote] if quote in known else [*sentences(quote)]


def test_no_sentence_shown_begins_without_its_subject(answered: list[Outcome]) -> None:
    leaning = [
        shown.text
        for outcome in answered
        for shown in shown_sentences(outcome.exchange)
        if leans(sentences(shown.text)[0])
    ]

    assert leaning == []


def test_every_first_person_sentence_shown_is_introduced(answered: list[Outcome]) -> None:
    bare = [
        shown.text
        for outcome in answered
        for shown in shown_sentences(outcome.exchange)
        if is_first_person(shown.text) and not shown.introduction
    ]

    assert bare == []


def test_no_answer_shows_a_sentence_twice_or_more_than_a_message_holds(
    answered: list[Outcome],
) -> None:
    for outcome in answered:
        reply = outcome.exchange.reply
        assert isinstance(reply, Answer | Comparison)
        texts = [one.text for one in reply.sentences]
        assert len(texts) == len(set(texts))
        assert sum(map(len, texts)) <= LIMIT + OVER


def test_an_answer_has_one_to_seven_sentences(answered: list[Outcome]) -> None:
    counts = {
        len(one.exchange.reply.sentences)
        for one in answered
        if isinstance(one.exchange.reply, Answer)
    }

    assert counts <= set(range(1, 8))
