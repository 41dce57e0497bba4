"""A quotation is what its passage says, or it is refused."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import MisquotedError, cite
from index.documents import Span
from tests.replies import hit

TEXT = "A VP of product answers for results. Directors report to the VP."


def test_a_citation_quotes_the_passage_and_says_where_it_stands():
    found = hit(TEXT, start=100, heading=("Scope", "Results"))
    span = Span(100, 136)
    citation = cite(found, span, 3)
    assert citation.quote == "A VP of product answers for results."
    assert (citation.number, citation.span) == (3, span)
    assert (citation.article, citation.title) == ("roles/vp.md", "VP of product")
    assert citation.heading == ("Scope", "Results")
    assert (citation.url, citation.updated) == ("https://example.org/vp", date(2024, 5, 1))


def test_a_whole_passage_may_be_quoted():
    assert cite(hit(TEXT, start=7), Span(7, 7 + len(TEXT)), 1).quote == TEXT


@pytest.mark.parametrize(
    "span",
    [Span(99, 110), Span(100, 100 + len(TEXT) + 1), Span(110, 110), Span(120, 110), Span(0, 5)],
    ids=["before", "beyond", "empty", "backwards", "elsewhere"],
)
def test_a_quotation_that_is_not_in_the_passage_is_refused(span):
    with pytest.raises(MisquotedError, match=r"is not inside the passage roles/vp\.md Span"):
        cite(hit(TEXT, start=100), span, 1)


@given(start=st.integers(-10, 200), end=st.integers(-10, 200))
def test_a_citation_is_always_words_of_the_passage_at_its_span(start, end):
    found = hit(TEXT, start=50)
    if 50 <= start < end <= 50 + len(TEXT):
        assert cite(found, Span(start, end), 1).quote == TEXT[start - 50 : end - 50]
    else:
        with pytest.raises(MisquotedError, match="is not inside the passage"):
            cite(found, Span(start, end), 1)


def test_a_citation_cannot_be_changed():
    with pytest.raises(AttributeError, match="cannot assign to field 'quote'"):
        cite(hit(TEXT, start=0), Span(0, 4), 1).quote = "Something"  # type: ignore[misc]
