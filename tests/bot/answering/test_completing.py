"""What is added to the best sentences of an answer."""

from dataclasses import replace

import pytest

from bot.answering.choosing import Choice
from bot.answering.completing import complete
from tests.bot.answering.likeness import by_words
from tests.replies import hit

VP = "a vp of product leads every product team"
BUDGET = "the yearly budget is settled with finance partners"
VISION = "vision and culture follow from long planning"


def choice(
    words: str,
    score: float,
    *,
    article: str = "vp.md",
    heading: str = "Duties",
    rank: int = 1,
    near: float = 1.0,
) -> Choice:
    one = replace(hit(words, article=article, heading=(heading,), rank=rank), score=near)
    return Choice(one, one.sentences[0], 0, score, frozenset(), frozenset(words.split()))


def words_of(choices: list[Choice]) -> list[str]:
    return [one.sentence.text for one in choices]


def test_a_further_point_of_the_section_is_added_however_low_it_scores() -> None:
    best, further = choice(VP, 2.0), choice(BUDGET, 0.1, rank=2)

    assert words_of(complete([best], [best, further], 5, by_words([best, further]))) == [VP, BUDGET]


def test_a_near_point_of_another_section_comes_after_those_of_the_best() -> None:
    best, further = choice(VP, 2.0), choice(BUDGET, 0.1, rank=3)
    elsewhere = choice(VISION, 1.9, heading="Pay", rank=2, near=0.95)
    all_three = [best, elsewhere, further]

    assert words_of(complete([best], all_three, 5, by_words(all_three))) == [VP, BUDGET, VISION]
    assert words_of(complete([best], all_three, 2, by_words(all_three))) == [VP, BUDGET]


@pytest.mark.parametrize(("score", "near"), [(1.6, 1.0), (1.9, 0.85)])
def test_a_far_point_of_another_section_is_not_added(score: float, near: float) -> None:
    best = choice(VP, 2.0)
    elsewhere = choice(BUDGET, score, heading="Pay", rank=2, near=near)

    assert words_of(complete([best], [best, elsewhere], 5, by_words([best, elsewhere]))) == [VP]


def test_what_brings_no_new_words_is_not_added() -> None:
    best, again = choice(VP, 2.0), choice("every product team a vp leads well", 1.9, rank=2)

    assert words_of(complete([best], [best, again], 5, by_words([best, again]))) == [VP]


def test_what_cannot_stand_alone_is_not_added_to_the_section() -> None:
    best = choice(VP, 2.0)
    leaning = choice("They settle the yearly budget with finance", 1.9, rank=2)
    personal = choice("I settle the yearly budget with finance", 1.9, rank=2)

    assert words_of(
        complete([best], [best, leaning, personal], 5, by_words([best, leaning, personal]))
    ) == [VP]


def test_a_near_article_has_its_say_before_further_points() -> None:
    best, further = choice(VP, 2.0), choice(BUDGET, 1.9)
    other = choice(VISION, 1.6, article="head.md", rank=2, near=0.9)

    assert words_of(
        complete([best], [best, further, other], 2, by_words([best, further, other]))
    ) == [VP, VISION]


def test_an_article_that_is_far_behind_has_no_say() -> None:
    best, other = choice(VP, 2.0), choice(VISION, 1.9, article="head.md", rank=2, near=0.5)

    assert words_of(complete([best], [best, other], 5, by_words([best, other]))) == [VP]


def test_the_nearest_article_has_its_say_where_all_sentences_came_from_another() -> None:
    taken = choice(VP, 2.0, rank=2, near=0.95)
    nearest = choice(VISION, 1.6, article="head.md", rank=1, near=1.0)

    assert words_of(complete([taken], [taken, nearest], 5, by_words([taken, nearest]))) == [
        VP,
        VISION,
    ]


def test_no_more_than_wanted_is_returned_and_nothing_for_nothing() -> None:
    best, further = choice(VP, 2.0), choice(BUDGET, 1.9)

    assert words_of(complete([best], [best, further], 1, by_words([best, further]))) == [VP]
    assert complete([], [], 5, by_words([])) == []


def test_further_points_come_in_the_order_of_the_section() -> None:
    best = choice(VP, 2.0)
    later = replace(choice(VISION, 1.9, rank=2), sentence=hit(VISION, start=500).sentences[0])
    first = replace(choice(BUDGET, 1.0, rank=3), sentence=hit(BUDGET, start=90).sentences[0])

    assert words_of(complete([best], [best, later, first], 2, by_words([best, later, first]))) == [
        VP,
        BUDGET,
    ]
