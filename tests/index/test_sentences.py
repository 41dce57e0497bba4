"""Where sentences begin and end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.sentences import sentence_spans, sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("One. Two.", ("One.", "Two."), id="plain"),
        pytest.param(
            "A feature (e.g. the news feed) has an owner. Next.",
            ("A feature (e.g. the news feed) has an owner.", "Next."),
            id="e.g.",
        ),
        pytest.param("CPO vs. VP of product. Next.", ("CPO vs. VP of product.", "Next."), id="vs."),
        pytest.param(
            "She is a Sr. PM there. He left.", ("She is a Sr. PM there.", "He left."), id="Sr."
        ),
        pytest.param(
            "The U.S. Government hires. So do others.",
            ("The U.S. Government hires.", "So do others."),
            id="U.S.",
        ),
        pytest.param(
            "So says 18F (c. 2024). Others differ.",
            ("So says 18F (c. 2024).", "Others differ."),
            id="circa",
        ),
        pytest.param("It grew 3.5 percent. Good.", ("It grew 3.5 percent.", "Good."), id="decimal"),
        pytest.param(
            "He said \u201cGo away.\u201d Then he left.",
            ("He said \u201cGo away.\u201d", "Then he left."),
            id="quote after the full stop",
        ),
        pytest.param(
            "It works. (Mostly it does.) It is old.",
            ("It works.", "(Mostly it does.)", "It is old."),
            id="sentence in brackets",
        ),
        pytest.param(
            "GitLab (U.S.) Inc. is one.", ("GitLab (U.S.) Inc. is one.",), id="bracket within"
        ),
        pytest.param(
            "It went on\u2026 Then it ended.", ("It went on\u2026", "Then it ended."), id="ellipsis"
        ),
        pytest.param("Wait... what?", ("Wait... what?",), id="ellipsis within"),
        pytest.param("It has approx. 40 people.", ("It has approx. 40 people.",), id="approx."),
        pytest.param("- one item\n- another", ("- one item", "- another"), id="line ends"),
        pytest.param(" \n ", (), id="white space"),
    ],
)
def test_sentences_end_where_a_reader_says_they_do(text: str, expected: tuple[str, ...]) -> None:
    assert sentences(text) == expected


@given(
    st.text(alphabet=st.characters(codec="utf-8") | st.sampled_from(list(" .?!\n\u2026)(\"'aB1")))
)
def test_spans_are_ordered_trimmed_and_hold_all_that_is_not_white_space(text: str) -> None:
    spans = sentence_spans(text)
    end = 0
    for span in spans:
        assert end <= span.start < span.end <= len(text)
        assert not text[end : span.start].strip()
        assert text[span.start : span.end] == text[span.start : span.end].strip()
        end = span.end
    assert not text[end:].strip()
