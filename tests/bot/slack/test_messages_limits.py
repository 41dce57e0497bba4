"""Whatever the articles hold, Slack takes it, nothing formats by accident, and nobody is pinged."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain import (
    Answer,
    ArticleLink,
    Clarification,
    Comparison,
    NoAnswer,
    Question,
    QuotedSentence,
)
from bot.slack.messages import (
    AdminPanel,
    Controls,
    Home,
    Passage,
    Topic,
    answer_view,
    compare_view,
    home_view,
    human_request,
    notice,
    passages_view,
    question_line,
    reason_view,
    render,
)
from bot.slack.messages.limits import MESSAGE_CHARACTERS, weight
from bot.slack.mrkdwn import escape
from playground.blocks import pings_of
from tests.bot.slack.nasty import (
    COMPARISON,
    SOURCE,
    SPOKEN,
    controls,
    dates,
    links,
    replies,
    texts,
    urls,
)
from tests.bot.slack.payloads import faults_of_message, faults_of_view, texts_of

HUGE = Topic("大", (ArticleLink("a.md", "長" * 200, "https://e.example/" + "a" * 900),) * 40)
ids = st.text(st.sampled_from("aZ0-_"), min_size=1, max_size=100)


def message(shown):
    return {"text": shown.text, "blocks": [block.to_dict() for block in shown.blocks]}


@settings(deadline=None)
@given(reply=replies, controls=controls, tables=st.booleans())
@example(reply=NoAnswer(Question("", ""), ""), controls=None, tables=True)
@example(reply=Answer(Question("", ""), "", (), (), 0.0), controls=None, tables=True)
@example(reply=Clarification(Question("", ""), "", ()), controls=None, tables=True)
@example(reply=Comparison(Question("", ""), (), "", (), (), (), 0), controls=None, tables=True)
def test_every_reply_is_inside_slacks_limits_and_mentions_nobody(reply, controls, tables):
    shown = render(reply, controls, tables=tables)
    kinds = {block.type for block in shown.blocks}
    assert faults_of_message(message(shown)) == []
    said = notice("Shared by somebody").blocks
    around = [*question_line(reply.question.text), *shown.blocks, *said]
    assert faults_of_message({**message(shown), "blocks": [one.to_dict() for one in around]}) == []
    assert weight(around) <= MESSAGE_CHARACTERS
    assert controls is not None or "actions" not in kinds
    assert tables or "table" not in kinds
    assert faults_of_view(answer_view(shown).to_dict()) == []


@settings(deadline=None)
@given(
    passages=st.lists(
        st.builds(Passage, texts, st.lists(texts, max_size=3).map(tuple), texts, texts, urls, dates)
    )
)
def test_passages_of_any_article_can_be_shown(passages):
    assert faults_of_view(passages_view(passages).to_dict()) == []


@settings(deadline=None)
@given(
    topics=st.lists(st.builds(Topic, texts, st.lists(links, max_size=50).map(tuple)), max_size=40),
    ladder=st.lists(st.tuples(texts, texts), max_size=30),
    examples=st.lists(texts, max_size=8),
    admin=st.none()
    | st.builds(
        AdminPanel,
        texts,
        st.datetimes(datetime(1990, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - its zone is beside
        st.integers(0),
        st.integers(0, 10**9),
        week=texts,
        gaps=st.lists(texts, max_size=8).map(tuple),
    ),
)
@example(topics=[], ladder=[], examples=[], admin=None)
@example(topics=[HUGE] * 30, ladder=[("問" * 300, "題" * 75)] * 25, examples=[], admin=None)
def test_any_library_fits_the_home_tab(topics, ladder, examples, admin):
    home = Home(tuple(topics), tuple(ladder), tuple(examples), admin)
    assert faults_of_view(home_view(home).to_dict()) == []


@settings(deadline=None)
@given(titles=st.lists(texts, max_size=20), first=st.none() | texts, answer_id=st.none() | ids)
@example(titles=[f"title {n}" for n in range(200)], first="title 3", answer_id="a1")
@example(titles=[f"{n:03}" + "長" * 147 for n in range(200)], first=None, answer_id="a1")
def test_any_titles_can_be_offered_for_a_comparison(titles, first, answer_id):
    assert faults_of_view(compare_view(titles, first, answer_id).to_dict()) == []


@settings(deadline=None)
@given(answer_id=ids)
def test_the_question_why_is_inside_the_limits(answer_id):
    assert faults_of_view(reason_view(answer_id).to_dict()) == []


@settings(deadline=None)
@given(text=texts, asker=st.sampled_from(["U123", "W9", "", "U1> <!channel"]), permalink=urls)
def test_a_question_passed_on_mentions_only_its_asker(text, asker, permalink):
    shown = message(human_request(text, asker, permalink))
    assert faults_of_message(shown, allowed=[asker]) == []
    known = asker in {"U123", "W9"}
    assert pings_of(shown["text"], shown["blocks"]) == ([f"<@{asker}>"] if known else [])


@settings(deadline=None)
@given(text=texts)
def test_a_notice_of_any_length_can_be_sent(text):
    assert faults_of_message(message(notice(escape(text)))) == []


@pytest.mark.parametrize("words", [1, 30, 300])
@pytest.mark.parametrize("count", [1, 10, 50, 60])
@pytest.mark.parametrize("alone", [True, False])
def test_every_quotation_shown_has_its_source_shown(count, words, alone):
    citations = tuple(
        replace(SOURCE, number=number, article=f"{number if alone else 1}.md")
        for number in range(1, count + 1)
    )
    sentences = tuple(QuotedSentence("word " * words + "end.", one.number) for one in citations)
    blocks = message(render(Answer(SPOKEN, "Lead", sentences, citations, 0.9)))["blocks"]
    quoted = "\n".join(texts_of([one for one in blocks if one["type"] == "rich_text"]))
    named = "\n".join(texts_of([one for one in blocks if one["type"] == "context"]))
    shown = {int(number) for number in re.findall(r"(?:end\.|…) \[(\d+)\]", quoted)}
    sources = set()
    for first, last in re.findall(r"\[(\d+)(?:–(\d+))?\]", named):
        sources |= set(range(int(first), int(last or first) + 1))
    assert shown
    assert sources == shown
    left_out = re.search(r"^(\d+) more quotation", named)
    assert len(shown) + int(left_out[1] if left_out else 0) == count


def test_article_marks_reach_slack_as_plain_words():
    said = (
        "Use *stars*, _lines_, ~tildes~, `ticks`, **bold**, [links](http://e.example), :tada: now."
    )
    source = replace(SOURCE, title="*T* _of_ `x`", heading=("> :tada: ~h~",), quote=said, url=None)
    blocks = message(render(Answer(SPOKEN, "Lead", (QuotedSentence(said, 1),), (source,), 1)))[
        "blocks"
    ]
    assert f"\n{said} [1]" in list(texts_of(blocks[0]))
    assert "style" not in blocks[0]["elements"][0]["elements"][1]
    grey = blocks[1]["elements"][0]["text"]
    assert not re.search(r"[*~`]|(?<!\w)_|_(?!\w)|:tada:|^&gt;", grey, re.MULTILINE)
    assert "T" in grey
    assert "tada" in grey


@pytest.mark.parametrize("cells", [1, 25])
def test_a_comparison_of_too_many_titles_is_a_list(cells):
    titles = ("VP",) * cells
    row = replace(COMPARISON.rows[0], cells=(COMPARISON.sentences[0],) * cells)
    shown = render(replace(COMPARISON, titles=titles, rows=(row,)))
    kinds = [block.type for block in shown.blocks]
    assert ("table" in kinds) == (cells == 1)
    assert faults_of_message(message(shown)) == []


def test_the_longest_suggestions_do_not_crowd_out_the_answer():
    answer = Answer(
        SPOKEN, "Lead", (QuotedSentence("Said.", 1),), (SOURCE,), 1, (), ("long " * 500, "Short?")
    )
    text = json.dumps(message(render(answer))["blocks"])
    assert "Said. [1]" in text
    assert "Short?" in text
    assert "long long" not in text


def test_an_answer_heavier_than_its_text_is_shortened_until_it_fits():
    """A quotation mark is two characters on its way to Slack."""
    marks = '"' * 400
    citations = tuple(
        replace(SOURCE, number=number, article=f"{number}.md", title=marks, heading=(marks,))
        for number in range(1, 13)
    )
    sentences = tuple(QuotedSentence(marks, one.number) for one in citations)
    asked = tuple(f"{number}{marks[:290]}" for number in range(3))
    answer = Answer(SPOKEN, "Lead", sentences, citations, 0.9, suggestions=asked)
    for wanted in (None, Controls("a1", share=True)):
        shown = render(answer, wanted)
        assert faults_of_message(message(shown)) == []
        assert weight(shown.blocks) <= MESSAGE_CHARACTERS
        assert re.search(r"\b[2-9] more quotations do not fit", json.dumps(message(shown)))


def test_rows_beyond_the_twelfth_are_counted_as_left_out():
    rows = tuple(replace(COMPARISON.rows[1], dimension=f"Row {number}") for number in range(15))
    blocks = message(render(replace(COMPARISON, rows=rows)))["blocks"]
    table = next(one for one in blocks if one["type"] == "table")
    assert len(table["rows"]) == 13
    assert "3 more quotations do not fit into this message." in list(texts_of(blocks))
