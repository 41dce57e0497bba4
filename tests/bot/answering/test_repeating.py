"""What repeats a sentence taken is not taken."""

from dataclasses import replace

import numpy as np

from bot.answering.answerer import Answerer
from bot.answering.choosing import Choice
from bot.answering.repeating import Likeness, without_repetition
from bot.domain import Answer
from index.opening import LiveIndex
from tests.bot.answering.conftest import AnswersFrom
from tests.bot.answering.likeness import by_words
from tests.replies import hit


def choices_of(*scored: tuple[str, float]) -> list[Choice]:
    return [
        Choice(
            replace(one := hit(words), row=row),
            one.sentences[0],
            0,
            score,
            frozenset(),
            frozenset(words.split()),
        )
        for row, (words, score) in enumerate(scored)
    ]


def words_of(choices: list[Choice]) -> list[str]:
    return [one.sentence.text for one in choices]


def test_the_best_is_taken_first_and_no_more_than_wanted() -> None:
    several = [(f"{letter}1 {letter}2 {letter}3 {letter}4.", 1.0) for letter in "abcdef"]
    choices = choices_of(*several, ("x tells something else.", 2.0))

    taken = without_repetition(choices, 3, 5.0, by_words(choices))

    assert words_of(taken)[0] == "x tells something else."
    assert len(taken) == 3


def test_what_repeats_a_sentence_taken_is_left_out() -> None:
    choices = choices_of(
        ("a head leads every product team of the firm", 1.0),
        ("a head leads every product team of the company", 0.99),
        ("directors report to somebody with another title", 0.95),
    )

    taken = without_repetition(choices, 5, 0.5, by_words(choices))

    assert taken == [choices[0], choices[2]]


def test_the_same_said_in_other_words_is_left_out_by_its_vector() -> None:
    choices = choices_of(
        ("TPM is an ambiguous abbreviation of two jobs", 1.0),
        ("TPM stands for either of two jobs", 0.99),
        ("TPM candidates read the whole text", 0.9),
    )
    vectors = np.asarray([[1.0, 0.0], [1.0, 0.0], [0.6, 0.8]], dtype=np.float32)
    likeness = Likeness(choices, vectors, lambda _: 1.0)

    assert without_repetition(choices, 5, 0.5, likeness) == [choices[0], choices[2]]


def test_what_two_sentences_share_counts_by_its_rarity() -> None:
    choices = one, other, third = choices_of(
        ("it counts acquisition and retention", 1.0),
        ("acquisition and retention matter", 0.9),
        ("it counts", 0.8),
    )
    vectors = np.ones((3, 1), dtype=np.float32)
    common = {"it", "counts", "and", "matter"}
    likeness = Likeness(choices, vectors, lambda word: 0.1 if word in common else 4.0)

    assert likeness.between(one, other) > likeness.between(one, third)


def test_of_two_equally_good_sentences_the_one_that_says_more_new_is_taken_first() -> None:
    choices = choices_of(
        ("a lead sets goals for all teams", 1.0),
        ("a lead sets goals with many other people in mind", 0.95),
        ("budgets are settled in the autumn by finance", 0.94),
    )

    taken = without_repetition(choices, 2, 0.5, by_words(choices))

    assert taken == [choices[0], choices[2]]


def test_what_scores_far_below_the_best_is_left_out() -> None:
    choices = choices_of(("one two three", 2.0), ("four five six", 0.1))

    assert without_repetition(choices, 5, 0.3, by_words(choices)) == choices[:1]


def test_of_nothing_nothing_is_taken() -> None:
    assert without_repetition([], 5, 0.3, by_words([])) == []


def test_an_ambiguous_abbreviation_is_called_ambiguous_once(library: LiveIndex) -> None:
    reply = Answerer.open(library, suggest=False).ask("TPM stands for?").reply

    assert isinstance(reply, Answer)
    both = [
        one.text
        for one in reply.sentences
        if "technical product manager" in one.text and "technical program manager" in one.text
    ]
    assert len(both) == 1


def test_an_answer_from_articles_of_another_kind_says_a_thing_once(
    answers_from: AnswersFrom,
) -> None:
    articles = {
        "kettle.md": "# Kettles\n\n## How long does a kettle take?\n\n"
        "A kettle boils a litre of water in about three minutes. "
        "About three minutes pass until a kettle has boiled a litre of water. "
        "Hard water leaves limescale, which vinegar removes.\n",
    }

    reply = answers_from(articles).ask("How long does a kettle take to boil water?").reply

    assert isinstance(reply, Answer)
    assert sum("three minutes" in one.text for one in reply.sentences) == 1
