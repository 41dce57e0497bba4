"""Which sentences of the hits are chosen."""

import pytest

from bot.answering.choosing import Choice, rank_sentences, without_repetition
from bot.answering.confidence import Evidence, Signals
from bot.answering.reading import TitleReader
from bot.answering.understanding import understand
from tests.replies import hit

NO_SIGNALS = Signals(passage=0, sentence=0, coverage=0, outside=0, doubt=0, news=0)


def ranked(question: str, *passages: str, reader: TitleReader) -> list[str]:
    """Rank sentences that are equally near the question, so that their form alone decides."""
    hits = [hit(text, rank=rank) for rank, text in enumerate(passages, 1)]
    coverages = tuple((0.5,) * len(one.sentences) for one in hits)
    chosen = rank_sentences(
        understand(question, (), reader.vocabulary),
        hits,
        Evidence(NO_SIGNALS, coverages),
        reader,
        str.split,
    )
    return [one.sentence.text for one in chosen]


def choice(words: str, score: float) -> Choice:
    one = hit(words)
    return Choice(one, one.sentences[0], 0, score, frozenset(), frozenset(words.split()))


def words_of(choices: list[Choice]) -> list[str]:
    return [one.sentence.text for one in choices]


def test_a_definition_comes_first_where_one_is_asked_for(reader: TitleReader) -> None:
    best, *_ = ranked(
        "What is a head of product?",
        "Many people like to work for a head of product in a large company.",
        "A head of product is the leader of the product function.",
        reader=reader,
    )

    assert best == "A head of product is the leader of the product function."


def test_a_sentence_on_the_title_asked_about_beats_one_on_a_neighbour(reader: TitleReader) -> None:
    best, *_ = ranked(
        "Whom does a VP of product manage?",
        "A director of product manages the managers of several teams.",
        "A VP of product manages the managers of several product lines.",
        reader=reader,
    )

    assert best.startswith("A VP of product")


def test_a_sentence_that_leans_comes_after_one_that_stands(reader: TitleReader) -> None:
    best, *_ = ranked(
        "Who builds the team?",
        "They hire and train every person of the team.",
        "Leaders hire and train every person of the team.",
        reader=reader,
    )

    assert best.startswith("Leaders")


def test_what_comes_after_a_title_is_not_what_comes_after_another(reader: TitleReader) -> None:
    best, *_ = ranked(
        "What is next after senior product manager?",
        "The step after product manager is senior product manager.",
        "The step after senior product manager is group product manager.",
        reader=reader,
    )

    assert best.endswith("is group product manager.")


def test_a_number_is_preferred_where_one_is_asked_for(reader: TitleReader) -> None:
    best, *_ = ranked(
        "How many reports does a director have?",
        "The count of reports depends on the company and its age.",
        "The count of reports is usually between four and eight.",
        reader=reader,
    )

    assert best.endswith("four and eight.")


@pytest.mark.parametrize(
    "sentence", ["What does a head of product do?", "Head of product", "Product vision."]
)
def test_questions_and_scraps_are_never_chosen(sentence: str, reader: TitleReader) -> None:
    assert ranked("What does a head of product do?", sentence, reader=reader) == []


def test_the_best_is_taken_first_and_no_more_than_wanted() -> None:
    choices = [choice(f"{letter}1 {letter}2 {letter}3 {letter}4.", 1.0) for letter in "abcdef"]
    choices.append(choice("x tells something else.", 2.0))

    taken = without_repetition(choices, 3, 5.0)

    assert words_of(taken)[0] == "x tells something else."
    assert len(taken) == 3


def test_what_repeats_a_sentence_taken_is_left_out() -> None:
    first = choice("a head leads every product team of the firm", 1.0)
    again = choice("a head leads every product team of the company", 0.99)
    other = choice("directors report to somebody with another title", 0.95)

    assert words_of(without_repetition([first, again, other], 5, 0.5)) == words_of([first, other])


def test_what_scores_far_below_the_best_is_left_out() -> None:
    taken = without_repetition([choice("one two three", 2.0), choice("four five six", 0.1)], 5, 0.3)

    assert words_of(taken) == ["one two three"]


def test_of_nothing_nothing_is_taken() -> None:
    assert without_repetition([], 5, 0.3) == []
