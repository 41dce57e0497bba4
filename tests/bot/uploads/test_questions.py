"""Headings become the questions that people would ask."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.uploads.questions import candidates


@pytest.mark.parametrize(
    ("heading", "question"),
    [
        ("How to start a guild", "How do I start a guild?"),
        ("2. How to start a guild?", "How do I start a guild?"),
        ("Step 3: Who leads it?", "Who leads it?"),
        ("What a guild is for", "What a guild is for?"),
        ("Guilds or chapters?", "Guilds or chapters?"),
        ("Costs", "Guilds: Costs"),
        ("What now", "Guilds: What now"),
    ],
)
def test_a_heading_becomes_a_question(heading, question):
    assert question in candidates((), "Guilds", [(heading,)])


def test_what_the_author_asks_comes_first_then_headings_then_the_title():
    found = candidates(
        ["Do guilds cost much?"], "Guilds", [(), ("Costs",), ("Rules", "Who leads a guild?")]
    )
    assert found == ("Do guilds cost much?", "Who leads a guild?", "Guilds: Costs", "Guilds")


def test_a_question_comes_once_whatever_its_capitals():
    assert candidates(["who leads it?"], "", [("Who leads it?",), ("Who leads it?",)]) == (
        "who leads it?",
    )


@given(st.lists(st.text()), st.text(), st.lists(st.lists(st.text(), max_size=3)))
def test_whatever_an_article_holds_its_questions_are_short_lines(asked, title, headings):
    for one in candidates(asked, title, headings):
        assert 0 < len(one) <= 150
        assert one == " ".join(one.split())
