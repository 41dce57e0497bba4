"""Clean-up of text."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.cleaning import clean_line, clean_text, without_template_tags


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("cafe\u0301", "caf\u00e9", id="composed"),
        pytest.param("a\u00a0b\u202fc", "a b c", id="no-break spaces"),
        pytest.param("road\u00admap zero\u200bwidth\ufeff", "roadmap zerowidth", id="invisible"),
        pytest.param("a\x00\x07b\x1b", "ab", id="control characters"),
        pytest.param("safe\u202etxt.exe", "safetxt.exe", id="direction marks"),
        pytest.param("a\r\nb\rc\u2028d\x0be", "a\nb\nc\nd\ne", id="line ends"),
        pytest.param("a\tb", "a\tb", id="tabs stay"),
        pytest.param(
            "\u201cit\u2019s\u201d \u2013 so",
            "\u201cit\u2019s\u201d \u2013 so",
            id="typography stays",
        ),
        pytest.param("\ud800x", "x", id="lone surrogate"),
    ],
)
def test_text_is_cleaned(text: str, expected: str) -> None:
    assert clean_text(text) == expected


@given(st.text(st.characters()))
def test_clean_text_is_readable_nfc_and_stays_as_it_is_when_cleaned_again(text: str) -> None:
    cleaned = clean_text(text)
    assert unicodedata.is_normalized("NFC", cleaned)
    assert clean_text(cleaned) == cleaned
    assert "\r" not in cleaned
    cleaned.encode()


@given(st.text(st.characters()))
def test_a_cleaned_line_is_one_line_without_double_spaces(text: str) -> None:
    line = clean_line(text)
    assert line == " ".join(line.split())
    assert len(line.splitlines()) <= 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Hi {{ page.title }}!", "Hi !", id="liquid output"),
        pytest.param("{% if x %}Text{% endif %}", "Text", id="liquid tags"),
        pytest.param('{{< figure src="a.png" >}}Text', "Text", id="hugo shortcode"),
        pytest.param("{{% note %}}Text{{% /note %}}", "Text", id="hugo markdown shortcode"),
        pytest.param("{# a comment #}Text", "Text", id="nunjucks comment"),
        pytest.param("Heading {#anchor}", "Heading ", id="heading anchor"),
        pytest.param("{% comment %}gone{% endcomment %}Text", " Text", id="liquid comment"),
        pytest.param("{{ a | where: {{ b }} }}x", "x", id="nested"),
        pytest.param("A set {a, b} stays", "A set {a, b} stays", id="single braces"),
    ],
)
def test_template_tags_are_removed(text: str, expected: str) -> None:
    assert without_template_tags(text) == expected
