"""What admins see of gaps, figures, approved answers and settings stays inside Slack's limits."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import Answer, ArticleLink, Citation, NoAnswer, Question, QuotedSentence
from bot.insights.gaps import Gap, GapReport
from bot.insights.usage import Usage, Week
from bot.slack.messages import (
    ChannelForm,
    Controls,
    PinLine,
    Pinned,
    channel_settings_view,
    gaps_message,
    pin_view,
    pins_message,
    render,
    stats_message,
)
from bot.slack.messages.insights import NO_GAPS, NO_TEXTS
from bot.slack.messages.limits import fits_a_message
from bot.slack.messages.pins import ANSWER_CHARACTERS, NEAR, QUESTION_CHARACTERS
from index.documents import Span
from playground.blocks import problems_of, problems_of_view

DAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC).timestamp()
ALL = Controls("a1", share=True, human=True, tell=True)
texts = st.text(max_size=4000)
pinned_answers = st.builds(
    Pinned,
    question=texts,
    answer=texts,
    approved_by=st.just("U1"),
    approved_on=st.just(DAY),
    source_url=st.sampled_from(
        ["", "https://example.org/1", "javascript:x", "https://[", "x" * 5000]
    ),
)


def pinned(answer="Ask Ada.", **changed):
    return Pinned(**{"question": "Who knows?", "answer": answer, "approved_by": "U1",
                     "approved_on": DAY, **changed})  # fmt: skip


def answer_of(sentences):
    citation = Citation(1, "a.md", "A", ("H",), "x", Span(0, 1), None, None)
    quoted = tuple(QuotedSentence("x" * 1100, 1) for _ in range(sentences))
    return Answer(Question("q", "q"), "About", quoted, (citation,), 0.9)


def json_of(shown):
    return [block.to_dict() for block in shown.blocks]


@settings(max_examples=60, deadline=None)
@given(pinned_answers, st.integers(0, 8))
def test_whatever_is_approved_an_answer_with_it_fits_a_message(approved, sentences):
    shown = render(answer_of(sentences), ALL, pinned=approved)
    assert fits_a_message(shown.blocks)
    assert problems_of(json_of(shown)) == []
    assert 0 < len(shown.text) <= 3000


def test_a_refusal_below_an_approved_answer_refuses_nothing():
    refusal = NoAnswer(Question("q", "q"), "I do not know.", 0.1, (ArticleLink("a.md", "A"),))
    shown = str(json_of(render(refusal, ALL, pinned=pinned())))
    assert "I do not know" not in shown
    assert NEAR in shown
    assert "tell_me" not in shown
    assert "ask_human" not in shown


def test_nothing_is_left_of_a_refusal_without_articles():
    refusal = NoAnswer(Question("q", "q"), "I do not know.", 0.1)
    assert len(render(refusal, None, pinned=pinned()).blocks) == 1


def test_what_a_person_wrote_mentions_and_formats_nothing():
    shown = render(answer_of(1), None, pinned=pinned("<!channel> *now* <@U2>"))
    first = json_of(shown)[0]
    assert "<!channel> *now* <@U2>" in str(first)
    assert "'user_id'" not in str(first)
    assert "<!channel>" not in shown.text


def test_an_address_that_is_none_is_not_linked():
    blocks = json_of(render(answer_of(1), None, pinned=pinned(source_url="javascript:alert(1)")))
    assert "javascript" not in str(blocks)


def gap(example, count=2):
    nearest = (ArticleLink("a.md", "An article", "https://example.org"),)
    return Gap(example, count, NOON, {"no_answer": count}, nearest)


def test_a_gap_says_how_often_since_when_why_and_what_is_near():
    shown = gaps_message(GapReport((gap("is tea free?"),), 2, 0), 30)
    text = str(json_of(shown))
    for part in ("2 times: ", "is tea free?", "since 23 November 2026", "2 without any answer"):
        assert part in text
    assert "An article" in text
    assert "is tea free?" in shown.text


@settings(max_examples=40, deadline=None)
@given(st.lists(texts.map(gap), max_size=30))
def test_whatever_people_asked_the_gaps_fit_a_message(found):
    shown = gaps_message(GapReport(tuple(found), len(found), 0), 30)
    assert fits_a_message(shown.blocks)
    assert problems_of(json_of(shown)) == []


@pytest.mark.parametrize(
    ("report", "said"),
    [
        (GapReport((), 0, 7), NO_TEXTS),
        (GapReport((), 0, 0), NO_GAPS),
        (GapReport((), 3, 7), NO_GAPS),
    ],
)
def test_no_gaps_are_told_from_no_texts(report, said):
    assert gaps_message(report, 30).text == said


@settings(max_examples=40, deadline=None)
@given(st.lists(texts, max_size=120), st.integers(1, 8), texts)
def test_whatever_articles_are_called_the_figures_fit_a_message(names, weeks, title):
    unused = tuple(ArticleLink(f"{place}.md", name) for place, name in enumerate(names))
    week = Week(DAY, 1000, 600, 300, 20, 10, 9.9, 99.9, ((title, 5),))
    shown = stats_message(Usage((week,) * weeks, unused, len(names) + 5))
    assert fits_a_message(shown.blocks)
    assert problems_of(json_of(shown)) == []


def test_a_week_is_a_line():
    shown = stats_message(Usage((Week(DAY, 10, 6, 3, 2, 1, 9.9, 99.9, (("cpo", 5),)),), (), 3))
    text = str(json_of(shown))
    wanted = "23 November 2026: 10 questions, 67% answered, 67% of 3 thumbs up, "
    assert wanted + "half within 10 ms, 95 % within 100 ms" in text
    assert "cpo (5)" in text
    assert "quoted to nobody" not in text


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(pinned_answers, st.sampled_from(["", "a.md changed"])), max_size=60))
def test_whatever_was_approved_the_list_fits_a_message(kept):
    lines = [PinLine(place, one, why) for place, (one, why) in enumerate(kept)]
    shown = pins_message(lines)
    assert fits_a_message(shown.blocks)
    assert problems_of(json_of(shown)) == []


def test_the_list_says_what_it_leaves_out_and_why_others_ended():
    lines = [PinLine(place, pinned(), "") for place in range(40)]
    shown = str(json_of(pins_message([*lines, PinLine(99, pinned(), "a.md changed")])))
    buttons = shown.count("remove_pin")
    assert f"and {40 - buttons} more" in shown
    assert "Who knows?: a.md changed" in shown


@settings(max_examples=40, deadline=None)
@given(texts, texts)
def test_the_form_that_approves_takes_any_words_to_begin_with(question, answer):
    view = pin_view(question, answer, "{}").to_dict()
    assert problems_of_view(view) == []
    limits = [block["element"]["max_length"] for block in view["blocks"]]
    assert limits == [QUESTION_CHARACTERS, ANSWER_CHARACTERS]


@settings(max_examples=40, deadline=None)
@given(
    st.booleans(),
    st.sampled_from(["thread", "ephemeral"]),
    st.one_of(st.none(), st.floats(0, 1)),
    st.dictionaries(st.text(min_size=1, max_size=200), texts, max_size=120),
)
def test_whatever_is_set_and_however_folders_are_called_the_form_is_shown(
    auto, reply, bar, folders
):
    form = ChannelForm(auto, reply, bar, tuple(folders)[:3], tuple(folders.items()))
    assert problems_of_view(channel_settings_view(form, "{}").to_dict()) == []
