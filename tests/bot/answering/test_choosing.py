"""Which sentences of the hits are chosen."""

import pytest

from bot.answering.choosing import rank_sentences
from bot.answering.evidence import Evidence, Signals
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


def test_the_way_to_a_title_comes_before_the_way_from_it_to_another(reader: TitleReader) -> None:
    best, *_, worst = ranked(
        "How do I become a group product manager?",
        "To become a director of product, a group product manager must grow other managers.",
        "Every group product manager likes to see a good plan from each of the managers.",
        "A senior PM may be promoted to group product manager once some PMs report to them.",
        reader=reader,
    )

    assert best.startswith("A senior PM may be promoted to group product manager")
    assert worst.startswith("To become a director of product")


def test_sentences_under_a_heading_on_the_way_come_first(reader: TitleReader) -> None:
    question = understand("How do I become a VP of product?", (), reader.vocabulary)
    away = hit("Show that other leaders grow under you.", heading=("How do I become a CPO?",))
    near = hit(
        "Prove that you can build a team.", heading=("How do I become VP of product?",), rank=2
    )

    best, *_ = rank_sentences(
        question, [away, near], Evidence(NO_SIGNALS, ((0.5,), (0.5,))), reader, str.split
    )

    assert best.hit is near


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


def test_a_comparison_is_led_by_what_sets_the_titles_against_each_other(
    reader: TitleReader,
) -> None:
    best, *_ = ranked(
        "CPO vs VP of product",
        "Large companies know the CPO and the VP of product as standard roles.",
        "The VP of product leads a function, while the CPO shares the whole business.",
        reader=reader,
    )

    assert best.startswith("The VP of product leads")


def test_where_a_rank_is_asked_what_ranks_the_titles_leads(reader: TitleReader) -> None:
    best, *_ = ranked(
        "is a head of product higher than a VP of product",
        "A head of product and a VP of product share their sources, but few agree.",
        "A head of product ranks above a VP of product in many accounts here.",
        reader=reader,
    )

    assert best.startswith("A head of product ranks above")
