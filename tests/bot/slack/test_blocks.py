"""Replies as blocks: what is shown, and Slack's limits whatever the articles hold."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain import (
    Answer,
    ArticleLink,
    Citation,
    Clarification,
    Comparison,
    ComparisonRow,
    NoAnswer,
    Question,
    QuotedSentence,
)
from bot.slack.blocks import NOTHING_QUOTED, notice, render
from index.documents import Span
from tests.slack_server import problems_of, units

NASTY = (
    "&<>",
    "<!channel>",
    "<@U1>",
    "<#C1|general>",
    "<https://evil.example|click>",
    "@here @channel @everyone",
    "👩‍👩‍👧‍👦🏳️‍🌈👍🏽",
    "שלום עולם مرحبا",
    "\u202eoverride",
    "*bold* _it_ ~no~ `code` ```block```",
    "e\u0301" * 5,
    "\ud800",
    "\x00\x1b",
    "> quote\n\n• list",
    " ",
    "&amp;lt;",
)
texts = st.one_of(
    st.text(max_size=40),
    st.builds(
        lambda part, times, tail: part * times + tail,
        st.sampled_from(NASTY),
        st.sampled_from([1, 3, 40, 400, 4000]),
        st.text(max_size=5),
    ),
)
urls = st.one_of(
    st.none(),
    texts,
    st.builds(lambda text: f"https://example.com/{text}", texts),
    st.just("https://example.com/" + "a" * 4000),
    st.sampled_from(["javascript:alert(1)", "http://[", "https://e.example/?a=1&b=<2>|3"]),
)
questions = st.builds(Question, text=texts, query=texts, resolved=st.none() | texts)
suggestions = st.lists(texts, max_size=6).map(tuple)


def citation(
    number: int, title: str, heading: Sequence[str], quote: str, url: str | None
) -> Citation:
    return Citation(
        number=number,
        article="a.md",
        title=title,
        heading=tuple(heading),
        quote=quote,
        span=Span(0, 1),
        url=url,
        updated=date(2026, 1, 2),
    )


@st.composite
def quotations(draw):
    """Sentences and their citations, sometimes fifty and more."""
    drawn = draw(st.lists(st.tuples(texts, texts, st.lists(texts, max_size=4), urls), max_size=6))
    if draw(st.booleans()):
        drawn = (drawn or [("q", "t", [], None)]) * draw(st.sampled_from([10, 50, 60]))
    citations = [
        citation(number, title, heading, quote, url)
        for number, (quote, title, heading, url) in enumerate(drawn, 1)
    ]
    introduction = draw(texts)
    sentences = [QuotedSentence(one.quote, one.number, introduction) for one in citations]
    return tuple(sentences), tuple(citations)


@st.composite
def answers(draw):
    sentences, citations = draw(quotations())
    cut = draw(st.integers(0, len(sentences)))
    return Answer(
        draw(questions),
        draw(texts),
        sentences[:cut],
        citations,
        0.5,
        sentences[cut:],
        draw(suggestions),
    )


@st.composite
def comparisons(draw):
    sentences, citations = draw(quotations())
    titles = tuple(draw(st.lists(texts, min_size=2, max_size=3)))
    cells = st.sampled_from(sentences) if sentences else st.nothing()
    rows = st.lists(
        st.builds(
            ComparisonRow,
            dimension=texts,
            cells=st.tuples(*[st.none() | cells for _ in titles]),
        ),
        max_size=8,
    )
    return Comparison(
        draw(questions),
        titles,
        draw(texts),
        sentences,
        tuple(draw(rows) * draw(st.sampled_from([1, 1, 8]))),
        citations,
        0.5,
        draw(st.just(()) | st.just(sentences)),
        draw(suggestions),
    )


links = st.builds(ArticleLink, article=st.just("a.md"), title=texts, url=urls)
replies = st.one_of(
    answers(),
    comparisons(),
    st.builds(Clarification, questions, texts, st.lists(texts, max_size=60).map(tuple)),
    st.builds(
        NoAnswer,
        questions,
        texts,
        st.just(0.1),
        st.lists(links, max_size=9).map(tuple),
        suggestions,
    ),
)


@settings(deadline=None)
@given(reply=replies)
@example(reply=NoAnswer(Question("", ""), ""))
@example(reply=Answer(Question("", ""), "", (), (), 0.0))
def test_every_reply_is_inside_slacks_limits_and_mentions_nobody(reply):
    shown = render(reply)
    assert problems_of([block.to_dict() for block in shown.blocks]) == []
    assert shown.blocks
    assert shown.text.strip()
    assert units(shown.text) <= 3000
    assert "<" not in shown.text
    assert "@channel" not in shown.text


@pytest.mark.parametrize("words", [1, 30, 300])
@pytest.mark.parametrize("count", [1, 10, 50, 60])
def test_every_quotation_shown_has_its_source_shown(count, words):
    citations = tuple(replace(SOURCE, number=number) for number in range(1, count + 1))
    sentences = tuple(QuotedSentence("word " * words + "end.", one.number) for one in citations)
    blocks = render(Answer(SPOKEN, "Lead", sentences, citations, 0.9)).blocks
    dicts = [block.to_dict() for block in blocks]
    quoted = "\n".join(one["text"]["text"] for one in dicts if one["type"] == "section")
    named = "\n".join(
        element["text"] for one in dicts if one["type"] == "context" for element in one["elements"]
    )
    shown = re.findall(r"end\. \[(\d+)\]|… \[(\d+)\]", quoted)
    sources = re.findall(r"^\[(\d+)\] ", named, re.MULTILINE)
    assert ["".join(one) for one in shown] == sources
    left_out = re.search(r"^(\d+) more quotations", named)
    assert len(sources) + int(left_out[1] if left_out else 0) == count
    assert problems_of(dicts) == []


SPOKEN = Question("vp", "vp")
SENTENCE = QuotedSentence("A VP & a <CPO> differ.", 1)
SOURCE = citation(1, "VP & co", ["Duties"], SENTENCE.text, "https://example.com/?a=1&b=2")


def mrkdwn(text: str) -> dict[str, object]:
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def test_an_answer_in_full():
    answer = Answer(
        replace(SPOKEN, resolved="what does a VP do"),
        "VP of product",
        (SENTENCE, QuotedSentence("They lead.", 2, "One VP's account:")),
        (SOURCE, replace(SOURCE, number=2, url=None, updated=None, heading=())),
        0.9,
        (QuotedSentence("They do not.", 1),),
        ("what does a CPO do",),
    )
    shown = render(answer)
    assert shown.text.splitlines()[:2] == ["VP of product", "A VP &amp; a &lt;CPO&gt; differ. [1]"]
    assert [block.to_dict() for block in shown.blocks] == [
        {"type": "section", "text": mrkdwn("*VP of product*")},
        {"type": "context", "elements": [mrkdwn("Understood as: what does a VP do")]},
        {
            "type": "section",
            "text": mrkdwn(
                "A VP &amp; a &lt;CPO&gt; differ. [1]\nOne VP's account: They lead. [2]"
            ),
        },
        {"type": "section", "text": mrkdwn("*Sources disagree*")},
        {"type": "section", "text": mrkdwn("They do not. [1]")},
        {
            "type": "context",
            "elements": [
                mrkdwn(
                    "[1] <https://example.com/?a=1&amp;b=2|VP &amp; co › Duties>"
                    ", updated 2026-01-02"
                ),
                mrkdwn("[2] VP &amp; co"),
            ],
        },
        {"type": "context", "elements": [mrkdwn("Ask next:\n• what does a CPO do")]},
    ]


def test_a_comparison_has_a_section_a_dimension_and_a_field_a_title():
    comparison = Comparison(
        SPOKEN, ("VP", "CPO"), "VP or CPO", (), (ComparisonRow("Reports to", (SENTENCE, None)),),
        (SOURCE,), 0.9,
    )  # fmt: skip
    row = render(comparison).blocks[1].to_dict()
    assert row == {
        "type": "section",
        "text": mrkdwn("*Reports to*"),
        "fields": [
            mrkdwn("*VP*\nA VP &amp; a &lt;CPO&gt; differ. [1]"),
            mrkdwn(f"*CPO*\n{NOTHING_QUOTED}"),
        ],
    }


def test_a_clarification_lists_what_may_be_meant():
    shown = render(Clarification(SPOKEN, "Which PM?", ("product manager", "project manager")))
    assert [block.to_dict() for block in shown.blocks] == [
        {"type": "section", "text": mrkdwn("Which PM?\n• product manager\n• project manager")}
    ]


def test_no_answer_names_the_closest_articles():
    shown = render(
        NoAnswer(SPOKEN, "Not known.", 0.3, (ArticleLink("a.md", "VP", "https://e.example/"),))
    )
    assert [block.to_dict() for block in shown.blocks] == [
        {"type": "section", "text": mrkdwn("Not known.\n• <https://e.example/|VP>")}
    ]
    assert shown.text == "Not known.\n- VP"


def test_quotations_that_do_not_fit_are_counted():
    citations = tuple(replace(SOURCE, number=number) for number in range(1, 11))
    sentences = tuple(QuotedSentence("long " * 300, one.number) for one in citations)
    blocks = render(Answer(SPOKEN, "Lead", sentences, citations, 0.9)).blocks
    shown = "\n".join(str(block.to_dict()) for block in blocks)
    assert "7 more quotations do not fit into this message." in shown
    assert "[3] <https" in shown
    assert "[4] <https" not in shown


@pytest.mark.parametrize("text", ["Hello _you_"])
def test_a_notice_keeps_its_own_mark_up(text):
    assert notice(text).blocks[0].to_dict() == {"type": "section", "text": mrkdwn(text)}
