"""What kind of answer a question asks for."""

import pytest

from bot.answering.intents import find_intent
from bot.domain import Intent


@pytest.mark.parametrize(
    ("text", "titles", "intent"),
    [
        pytest.param("what does a head of product do?", 1, Intent.DEFINITION, id="definition"),
        pytest.param("CPO", 1, Intent.DEFINITION, id="a bare title"),
        pytest.param("CPO vs VP of product", 2, Intent.COMPARISON, id="vs"),
        pytest.param("is a head of product the same as a VP?", 2, Intent.COMPARISON, id="same as"),
        pytest.param("who is more senior, a head or a VP?", 2, Intent.COMPARISON, id="senior"),
        pytest.param("difference in a PM's day", 1, Intent.DEFINITION, id="one title compares not"),
        pytest.param("how do I become a CPO?", 1, Intent.PATH, id="become"),
        pytest.param("what is next after senior PM?", 1, Intent.PATH, id="next"),
        pytest.param("how do I get promoted to senior PM?", 1, Intent.PATH, id="promoted"),
        pytest.param("what skills does a PM need?", 1, Intent.SKILLS, id="skills"),
        pytest.param("can a PM make more than an EM?", 1, Intent.PAY, id="make more"),
        pytest.param("do I need an MBA?", 0, Intent.SKILLS, id="degree"),
        pytest.param("must a PM know how to code?", 1, Intent.SKILLS, id="code"),
        pytest.param("when should we hire our first PM?", 1, Intent.HIRING, id="hire"),
        pytest.param("what goes in a job description for a CPO?", 1, Intent.HIRING, id="job ad"),
        pytest.param("what should we ask candidates for VP?", 1, Intent.HIRING, id="candidates"),
        pytest.param("how do I write a PM résumé?", 1, Intent.CV, id="résumé"),
        pytest.param("how long should my CV be?", 0, Intent.CV, id="cv"),
        pytest.param("how do PM interviews go?", 1, Intent.INTERVIEW, id="interview"),
        pytest.param("is there a take-home task?", 0, Intent.INTERVIEW, id="take-home"),
        pytest.param("how much does a VP of product earn?", 1, Intent.PAY, id="earn"),
        pytest.param("salary of a senior PM vs a lead PM", 2, Intent.PAY, id="pay before vs"),
        pytest.param("is a head senior to a VP?", 2, Intent.COMPARISON, id="senior to"),
        pytest.param("is a PO below a PM?", 2, Intent.COMPARISON, id="below"),
        pytest.param("tips for my first PM job", 1, Intent.PATH, id="my first"),
        pytest.param("how do I land a product job?", 0, Intent.PATH, id="land"),
        pytest.param("what rungs are there?", 0, Intent.PATH, id="rungs"),
        pytest.param("consultants becoming PMs", 1, Intent.SWITCHING, id="becoming"),
        pytest.param("who is a PM's line manager?", 1, Intent.ORGANISATION, id="line manager"),
        pytest.param("whom do PMs answer to?", 1, Intent.ORGANISATION, id="answer to"),
        pytest.param("how do PMs lead if nobody reports to them", 1, Intent.PROCESS, id="nobody"),
        pytest.param("who does a CPO report to?", 1, Intent.ORGANISATION, id="report"),
        pytest.param("how many PMs to a director?", 2, Intent.ORGANISATION, id="how many"),
        pytest.param("how do I switch from engineering?", 0, Intent.SWITCHING, id="switch"),
        pytest.param("from designer to pm", 1, Intent.SWITCHING, id="designer to pm"),
        pytest.param("how does a PM set OKRs?", 1, Intent.PROCESS, id="okrs"),
        pytest.param("what makes a good roadmap?", 0, Intent.PROCESS, id="roadmap"),
    ],
)
def test_the_words_that_ask_give_the_intent(text: str, titles: int, intent: Intent) -> None:
    assert find_intent(text, titles=titles) is intent


@pytest.mark.parametrize(
    ("title", "intent"),
    [
        ("Product salaries", Intent.PAY),
        ("Product interviews", Intent.INTERVIEW),
        ("Product CV and resume", Intent.CV),
        ("Hiring product people", Intent.HIRING),
        ("Switching into product", Intent.SWITCHING),
        ("Head of product", Intent.DEFINITION),
    ],
)
def test_an_articles_title_promises_an_intent(title: str, intent: Intent) -> None:
    assert find_intent(title) is intent


def test_case_does_not_matter() -> None:
    assert find_intent("HOW MUCH DOES A PM EARN") is find_intent("how much does a pm earn")


def test_words_that_only_contain_a_cue_do_not_count() -> None:
    assert find_intent("what is a payload? a display? a repayment?") is Intent.DEFINITION
