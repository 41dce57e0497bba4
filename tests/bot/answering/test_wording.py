"""Everyday words become the words that articles use."""

import pytest

from bot.answering.wording import as_written


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("one PM for 12 devs", "one PM for 12 engineers"),
        ("what goes in a promo doc?", "what goes in a promotion document?"),
        ("Homework in interviews", "take-home exercise in interviews"),
    ],
)
def test_shortenings_and_slang_are_written_out(said: str, written: str) -> None:
    assert as_written(said) == written


@pytest.mark.parametrize("text", ["develop", "a document", "compare them", "preparation", ""])
def test_words_that_only_begin_so_are_left(text: str) -> None:
    assert as_written(text) == text


def test_tech_is_written_out_where_it_is_what_someone_knows() -> None:
    assert as_written("do I need a tech background") == "do I need a technical background"
    assert as_written("tech company, tech lead") == "tech company, tech lead"
