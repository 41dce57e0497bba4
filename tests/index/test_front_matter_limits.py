"""Front matter that was made to overload its reader is left out, and reported."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.front_matter import FrontMatter, overload_of, split_front_matter
from tests.library import KNOWLEDGE

DOUBLING = "a0: &a0 {k: v}\n" + "".join(
    f"a{level}: &a{level} {{<<: [*a{level - 1}, *a{level - 1}]}}\n" for level in range(1, 40)
)


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        ("a: " + "[" * 60_000, "nested more than 50 deep"),
        ("a: " + "{a: " * 15_000, "nested more than 50 deep"),
        ("- " * 30_000, "nested more than 50 deep"),
        ("? " * 30_000, "nested more than 50 deep"),
        ("- ? " * 15_000, "nested more than 50 deep"),
        (DOUBLING, "78 aliases (*name), more than 10"),
        ("a: 1\n" * 20_000, "100,002 characters, more than 65,536"),
    ],
    ids=["brackets", "braces", "dashes", "question marks", "both", "doubling", "long"],
)
def test_what_would_overload_its_reader_is_reported_and_left_out(head, reason):
    front, body = split_front_matter(f"---\n{head}\n---\nA guild meets.")
    (problem,) = front.problems
    assert reason in problem
    assert front == FrontMatter(problems=(problem,))
    assert body.strip() == "A guild meets."


def test_no_shipped_article_is_near_the_limits():
    for path in KNOWLEDGE.rglob("*.md"):
        assert overload_of(path.read_text("utf-8")) is None


@pytest.mark.parametrize(
    "head",
    [
        "title: '[draft] *new* {x}'",
        "aliases: [PM, 'a*b']\nquestions:\n  - Who?\n  - What?",
        "base: &base {a: 1}\nother: *base",
    ],
)
def test_what_authors_write_is_read(head):
    assert split_front_matter(f"---\n{head}\n---\nx")[0].problems == ()


@given(st.text(alphabet="-?[]{}*&a: \n'\"", max_size=300))
def test_any_head_is_read_or_reported(head):
    split_front_matter(f"---\n{head}\n---\nA guild meets.")
