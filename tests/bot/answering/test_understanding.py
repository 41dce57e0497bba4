"""A message, with its thread, to a question."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.question_words import content_stems
from bot.answering.titles import Vocabulary, load_vocabulary
from bot.answering.understanding import understand
from bot.domain import Intent, Message, Question

VOCABULARY = load_vocabulary(Path(__file__).parents[3] / "knowledge" / "titles.toml")

PM = "product manager"
SENIOR = "senior product manager"
HEAD = "head of product"
VP = "vp of product"
CPO = "chief product officer"


def asked(text: str, *earlier: str, vocabulary: Vocabulary = VOCABULARY) -> Question:
    """Understand a message after earlier ones of the same person, each answered by the bot."""
    thread = [
        message
        for one in earlier
        for message in (Message("user", one), Message("bot", "A VP of sales leads. [1]"))
    ]
    return understand(text, thread, vocabulary)


@pytest.mark.parametrize(
    ("text", "titles", "query"),
    [
        pytest.param(
            "<@U1> hey, can someone tell me what a CPO does? :smile:",
            (CPO,),
            "what a CPO (chief product officer) does?",
            id="mention, padding, letters",
        ),
        pytest.param(
            "whats a senoir prodcut manger",
            (SENIOR,),
            "whats a senior product manager",
            id="mistyped",
        ),
        pytest.param(
            "are gpm's managers?",
            ("group product manager",),
            "are gpm's (group product manager) managers?",
            id="possessive letters",
        ),
        pytest.param(
            "senior or lead pm, which is better",
            (SENIOR, "lead product manager"),
            "senior (senior product manager) or lead pm (lead product manager), which is better",
            id="shared noun",
        ),
        pytest.param("what is a roadmap?", (), "what is a roadmap?", id="no title"),
    ],
)
def test_titles_are_named_and_letters_spelt_out(
    text: str, titles: tuple[str, ...], query: str
) -> None:
    question = asked(text)

    assert question.titles == titles
    assert question.query == query
    assert question.resolved is None


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("what does a chief people officer do", "chief people officer"),
        ("duties of a chief procurement officer (CPO)", "chief procurement officer"),
        ("what does a VP of sales do?", "vp of sales"),
        ("how do I become a nurse manager?", "nurse manager"),
        ("what does a scrum master do all day", "scrum master"),
    ],
)
def test_a_title_outside_the_subject_is_not_bent_to_ours(text: str, title: str) -> None:
    question = asked(text)

    assert question.titles == ()
    assert question.foreign_titles == (title,)


def test_ambiguous_letters_keep_every_reading_and_take_the_likeliest() -> None:
    question = asked("what does a TPM do")

    assert question.titles == ("technical product manager",)
    assert question.readings == (
        ("TPM", "technical product manager"),
        ("TPM", "technical program manager"),
    )


def test_letters_with_one_meaning_have_no_other_readings() -> None:
    assert asked("what does a GPM do").readings == ()


@pytest.mark.parametrize(
    ("text", "abbreviated"),
    [
        ("what is a CPO?", True),
        ("PMs vs POs", True),
        ("what is a head of product?", False),
        ("CPO vs head of product", False),
        ("what is a roadmap?", False),
    ],
)
def test_it_is_told_whether_every_title_is_mere_letters(text: str, *, abbreviated: bool) -> None:
    assert asked(text).abbreviated is abbreviated


def test_the_outline_has_title_for_every_title_of_ours_only() -> None:
    question = asked("Does a head of product outrank a VP of product and a VP of sales?")

    assert question.outline == "Does a TITLE outrank a TITLE and a VP of sales?"


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("does a series B scale-up need a CPO", "series b"),
        ("head of product at a startup", "startup"),
        ("who hires PMs in Start-ups?", "start-ups"),
        ("head of product in government", "government"),
        ("how many PMs does a large company have", "large company"),
        ("PMs in big organisations", "big organisations"),
        ("pay at a nonprofit", "nonprofit"),
        ("what does a seedling need?", None),
        ("what does a head of product do?", None),
    ],
)
def test_the_stage_of_the_company_is_read(text: str, stage: str | None) -> None:
    assert asked(text).stage == stage


@pytest.mark.parametrize(
    ("text", "resolved"),
    [
        ("and a CPO?", "What does a chief product officer do?"),
        ("what about a VP?", "What does a VP of product do?"),
        ("a director?", "What does a director of product do?"),
        ("how do I become one?", "how do I become a head of product?"),
        ("what skills does that role need?", "what skills does a head of product need?"),
        ("what does it earn", "what does a head of product earn?"),
        ("why?", "why: What does a head of product do?"),
        ("what about startups", "What does a head of product do, in startups?"),
        ("salary?", "salary (head of product)?"),
    ],
)
def test_a_follow_up_is_resolved_against_the_thread(text: str, resolved: str) -> None:
    assert asked(text, "What does a head of product do?").resolved == resolved


@pytest.mark.parametrize(
    ("text", "title"),
    [("and a CPO?", CPO), ("a VP?", VP), ("how do I become one?", HEAD), ("salary?", HEAD)],
)
def test_the_title_of_a_follow_up_is_the_new_one_or_that_of_the_thread(
    text: str, title: str
) -> None:
    assert asked(text, "What does a head of product do?").titles == (title,)


def test_the_intent_of_a_follow_up_is_that_of_what_it_means() -> None:
    first = "how much does a head of product earn?"

    assert asked("and a CPO?", first).intent is Intent.PAY
    assert asked("how do I become one?", first).intent is Intent.PATH


def test_a_comparison_goes_on_with_a_new_title_in_place_of_the_last() -> None:
    question = asked("and head of product?", "CPO vs VP of product")

    assert question.titles == (CPO, HEAD)
    assert question.intent is Intent.COMPARISON


def test_both_titles_of_a_comparison_are_carried_over() -> None:
    question = asked("which is more senior?", "CPO vs VP of product")

    assert question.titles == (CPO, VP)
    assert question.intent is Intent.COMPARISON


def test_follow_ups_are_resolved_one_after_the_other() -> None:
    question = asked("how do I become one?", "What does a PM do?", "and a CPO?")

    assert question.titles == (CPO,)
    assert question.intent is Intent.PATH


def test_thanks_and_greetings_in_between_leave_the_topic() -> None:
    question = asked("and a VP?", "What does a head of product do?", "thanks!", "hi", "")

    assert question.resolved == "What does a VP of product do?"


def test_what_the_bot_said_is_no_topic() -> None:
    thread = [Message("bot", "A head of product leads every product team. [1]")]

    assert understand("how do I become one?", thread, VOCABULARY).titles == ()


@pytest.mark.parametrize(
    "text",
    [
        "what is the difference between a PM and a PO?",
        "how much does a CPO earn?",
        "my company has two teams and I would like to know whether they need a roadmap each",
    ],
    ids=["two titles", "words of its own", "long"],
)
def test_a_question_that_stands_alone_is_left_alone(text: str) -> None:
    assert asked(text, "What does a head of product do?").resolved is None


def test_only_the_last_twenty_messages_count() -> None:
    earlier = ["What does a head of product do?"] + ["thanks"] * 10

    assert asked("and a CPO?", *earlier).resolved is None


@pytest.mark.parametrize(
    ("text", "resolved", "titles"),
    [
        pytest.param(
            "I am a senior PM at a startup. What is next?",
            "What is next (senior product manager)?",
            (SENIOR,),
            id="own title",
        ),
        pytest.param(
            "I am a PM. Should I learn to code?",
            "Should I learn to code (product manager)?",
            (PM,),
            id="own letters",
        ),
        pytest.param("I am a designer. How do I become a PM?", None, (PM,), id="asked names one"),
        pytest.param("My boss is a VP of sales. What next?", None, (), id="not ours"),
    ],
)
def test_the_title_of_a_background_sentence_is_taken_where_the_question_names_none(
    text: str, resolved: str | None, titles: tuple[str, ...]
) -> None:
    question = asked(text)

    assert question.resolved == resolved
    assert question.titles == titles


@pytest.mark.parametrize("text", ["", "   ", ":wave:", "<@U1>", "hi", "```x```", "> quoted"])
def test_an_empty_message_asks_nothing(text: str) -> None:
    assert asked(text).query == ""


def test_without_a_vocabulary_a_question_is_still_understood() -> None:
    question = asked("hey, how do I become a CPO?", vocabulary=Vocabulary.empty())

    assert question.query == "how do I become a CPO?"
    assert question.titles == ()
    assert question.intent is Intent.PATH


@given(st.text(max_size=200), st.lists(st.text(max_size=60), max_size=3))
def test_any_text_after_any_thread_is_understood_the_same_way_twice(
    text: str, earlier: list[str]
) -> None:
    assert asked(text, *earlier) == asked(text, *earlier)


def test_an_example_in_quotation_marks_is_not_searched_for() -> None:
    question = asked('is "ship the new dashboard" a good key result?')

    assert question.query == "is a good key result?"
    assert question.text.startswith('is "ship')


@pytest.mark.parametrize("text", ['my manager says "not yet"', 'is "head of product uk" a title'])
def test_short_quotations_and_titles_in_quotation_marks_stay(text: str) -> None:
    assert asked(text).query == text


def test_the_way_there_is_the_way_to_the_title_of_the_thread() -> None:
    thread = (Message("user", "what is a head of product?"),)

    question = understand("and how do i get there?", thread, VOCABULARY)

    assert question.resolved == "how do i become a head of product?"


def test_a_chief_of_another_trade_is_outside() -> None:
    question = asked("chief product inspector customs duties")

    assert question.titles == ()
    assert question.foreign_titles == ("chief product inspector",)


def test_senior_to_ranks_and_names_no_title() -> None:
    question = asked("is the head of product senior to the vice president")

    assert question.titles == ("head of product", "vp of product")
    assert question.intent is Intent.COMPARISON


def test_a_bare_rung_beside_one_of_our_titles_is_ours() -> None:
    assert asked("how many PMs should a director have?").titles == (PM, "director of product")


@pytest.mark.parametrize("text", ["how long does it take?", "is it hard?", "does it pay well?"])
def test_it_that_points_at_no_title_carries_the_whole_question(text: str) -> None:
    full = asked(text, "how do I become a head of product?").resolved

    assert full == f"how do I become a head of product: {text}"


@pytest.mark.parametrize("text", ["i dont want to manage people", "I'm not sure we'll hire"])
def test_what_is_left_of_a_contraction_asks_for_nothing(text: str) -> None:
    assert not {"dont", "m", "ll"} & set(content_stems(text))
