"""Text to mrkdwn and back."""

import html

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.slack.mrkdwn import (
    clip,
    cut,
    escape,
    length,
    link,
    literal,
    read,
    web_address,
    web_url,
)

ALPHABET = st.text(st.sampled_from("&<>@ abéchannel👍🏽\u200d\u0301"), max_size=60)


@settings(deadline=None)
@given(text=ALPHABET | st.text(), limit=st.integers(1, 80))
def test_a_clip_fits_and_is_the_beginning_of_the_text(text, limit):
    clipped = clip(text, limit)
    assert length(clipped) <= limit
    if clipped != escape(text):
        assert clipped.endswith("…")
        seen = html.unescape(clipped[:-1]).replace("\u2060", "")
        assert html.unescape(text).replace("\u2060", "").startswith(seen) or "&" in text


@settings(deadline=None)
@given(text=ALPHABET)
def test_what_is_escaped_reads_back(text):
    assert read(escape(text)).replace("\u2060", "") == " ".join(text.split())


@pytest.mark.parametrize(
    ("text", "limit", "wanted"),
    [
        pytest.param("short", 5, "short", id="fits"),
        pytest.param("longer", 5, "long…", id="cut"),
        pytest.param("a&b", 6, "a…", id="no entity is cut in two"),
        pytest.param("a&b", 7, "a&amp;b", id="an entity that fits"),
        pytest.param("👍👍", 3, "👍…", id="emoji count twice"),
        pytest.param("ab👍🏽cd", 6, "ab…", id="no skin tone is cut off"),
        pytest.param("abe\u0301f", 4, "ab…", id="no accent is cut off"),
        pytest.param("one two", 5, "one…", id="no space before the ellipsis"),
        pytest.param("", 5, "", id="empty"),
    ],
)
def test_clip(text, limit, wanted):
    assert clip(text, limit) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("<@U0BOT> what does a VP do", "what does a VP do"),
        ("hey <@U0BOT|pmrole>, pay &amp; levels?", "hey , pay & levels?"),
        ("is <@U1> a PM", "is a PM"),
        ("is <@U1|ann> a PM", "is @ann a PM"),
        ("in <#C1|general> or <#C2>", "in #general or"),
        ("see <https://e.example/a>", "see https://e.example/a"),
        ("see <https://e.example/a|the guide>", "see the guide"),
        ("mail <mailto:a@e.example>", "mail a@e.example"),
        ("<!here> and <!subteam^S1|@leads>", "@here and @leads"),
        ("5 &lt; 6 &amp;lt;", "5 < 6 &lt;"),
        ("<|> <>", ""),
        ("two\n lines  here", "two\n lines here"),
    ],
)
def test_a_message_is_read_as_it_was_written(text, wanted):
    assert read(text, "U0BOT") == wanted


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("https://e.example/?a=1&b=2", "<https://e.example/?a=1&amp;b=2|Label>"),
        ("https://e.example/<|> ", "<https://e.example/%3C%7C%3E%20|Label>"),
        ("https://e.example/%20é", "<https://e.example/%20%C3%A9|Label>"),
        ("javascript:alert(1)", "Label"),
        ("roles/vp.md", "Label"),
        ("http://[", "Label"),
        ("https://", "Label"),
        ("https://e.example/" + "a" * 200, "Label"),
        (None, "Label"),
    ],
)
def test_only_web_addresses_are_linked(url, wanted):
    assert link(url, "La\nbel".replace("\n", ""), 100) == wanted


def test_a_label_cannot_leave_its_link():
    assert link("https://e.example/", "a>\n<b", 100) == "<https://e.example/|a&gt; &lt;b>"
    assert web_address(None) == ""


@settings(deadline=None)
@given(text=ALPHABET | st.text(), limit=st.integers(1, 80))
def test_a_cut_fits_and_is_the_beginning_of_the_text(text, limit):
    shown = cut(text, limit)
    assert length(shown) <= limit
    assert shown == text or (shown.endswith("…") and text.startswith(shown[:-1]))


@pytest.mark.parametrize(
    ("text", "limit", "wanted"),
    [
        pytest.param("fits <b>", 8, "fits <b>", id="nothing is escaped"),
        pytest.param("one two three", 10, "one two…", id="between words"),
        pytest.param("one two three", 8, "one two…", id="at the end of a word"),
        pytest.param("a incomprehensibilities", 20, "a incomprehensibili…", id="a long word"),
        pytest.param("👍🏽👍🏽", 6, "👍🏽…", id="a whole emoji"),
        pytest.param("👍🏽👍🏽", 4, "…", id="no skin tone is cut off"),
    ],
)
def test_cut(text, limit, wanted):
    assert cut(text, limit) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("*b* ~s~ `c`", "\u2217b\u2217 \u223cs\u223c \u02cbc\u02cb"),
        ("_it_ but snake_case", "\u02cdit\u02cd but snake_case"),
        (":tada: at 10:30", ":\u2060tada: at 10:30"),
        ("> a\nb > c\n > d", "\u2060> a\nb > c\n\u2060 > d"),
        ("plain (words), 3 < 4 & more", "plain (words), 3 < 4 & more"),
    ],
)
def test_literal_text_formats_nothing(text, wanted):
    assert literal(text) == wanted


def test_an_address_for_rich_text_is_not_escaped():
    assert web_url("https://e.example/?a=1&b=<2>|3") == "https://e.example/?a=1&b=%3C2%3E%7C3"
