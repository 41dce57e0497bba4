"""Abbreviations with more than one meaning."""

import pytest

from bot.answering.answerer import Answerer
from bot.domain import Answer, Clarification, Comparison, Message
from tests.bot.answering.conftest import AnswersFrom

TECHNICAL = (
    "# Technical product manager\n\nA technical product manager is a product manager with an "
    "engineering background.\nA technical product manager writes the interfaces' requirements.\n"
)
PROGRAM = (
    "# Technical program manager\n\nA technical program manager coordinates the delivery of "
    "several teams.\nA technical program manager plans dates and risks.\n"
)


def test_letters_that_the_articles_hold_in_two_meanings_are_asked_back(answerer: Answerer) -> None:
    reply = answerer.ask("what does a TPM do").reply

    assert isinstance(reply, Clarification)
    assert reply.prompt.startswith("TPM")
    assert reply.choices == (
        "what does a technical product manager do",
        "what does a technical program manager do",
    )


def test_each_choice_is_a_question_that_is_answered(answerer: Answerer) -> None:
    reply = answerer.ask("what does a TPM do").reply

    assert isinstance(reply, Clarification)
    for choice in reply.choices:
        chosen = answerer.ask(choice).reply
        assert isinstance(chosen, Answer)
        assert chosen.question.titles == (choice.removeprefix("what does a ").removesuffix(" do"),)


def test_an_abbreviation_in_a_follow_up_is_asked_back_in_full(answerer: Answerer) -> None:
    thread = [Message("user", "how much does a product manager earn?")]

    reply = answerer.ask("what skills does a TPM need?", thread).reply

    assert isinstance(reply, Clarification)
    assert all("TPM" not in choice and "skills" in choice for choice in reply.choices)


@pytest.mark.parametrize(
    "question",
    ["what is a TPM", "what does TPM stand for?", "TPM meaning", "difference between TPM and PM"],
)
def test_a_question_on_the_meaning_itself_is_answered(question: str, answerer: Answerer) -> None:
    assert isinstance(answerer.ask(question).reply, Answer | Comparison)


def test_a_meaning_that_is_written_out_needs_no_asking(answerer: Answerer) -> None:
    reply = answerer.ask("what does a technical program manager (TPM) do").reply

    assert isinstance(reply, Answer)
    assert reply.question.titles == ("technical program manager",)


def test_where_the_articles_are_on_one_meaning_it_is_taken_and_said(
    answers_from: AnswersFrom,
) -> None:
    mention = "A technical product manager is no technical program manager.\n"

    reply = answers_from({"a.md": TECHNICAL + mention}).ask("what does a TPM do").reply

    assert isinstance(reply, Answer)
    assert "TPM read as technical product manager" in reply.lead


def test_where_the_articles_hold_both_meanings_the_choices_are_those(
    answers_from: AnswersFrom,
) -> None:
    reply = answers_from({"a.md": TECHNICAL, "b.md": PROGRAM}).ask("what does a TPM do").reply

    assert isinstance(reply, Clarification)
    assert len(reply.choices) == 2


def test_cpo_is_read_as_ours_and_that_is_said(answerer: Answerer) -> None:
    reply = answerer.ask("what does a CPO do?").reply

    assert isinstance(reply, Answer)
    assert reply.question.titles == ("chief product officer",)
    assert "CPO read as chief product officer" in reply.lead


def test_letters_with_one_meaning_get_no_note(answerer: Answerer) -> None:
    reply = answerer.ask("what does a GPM do?").reply

    assert isinstance(reply, Answer)
    assert "read as" not in reply.lead
