"""What people see: replies, notices, pop-ups and the Home tab."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.domain import ArticleLink, Clarification, NoAnswer
from bot.slack import names
from bot.slack.messages import (
    REASONS,
    AdminPanel,
    Controls,
    Home,
    Passage,
    Topic,
    answer_view,
    compare_view,
    help_message,
    home_view,
    human_request,
    notice,
    passages_view,
    reason_view,
    render,
)
from playground.blocks import pings_of
from tests.bot.slack.nasty import ANSWER, CLARIFICATION, COMPARISON, NO_ANSWER, SPOKEN
from tests.bot.slack.payloads import faults_of_message, faults_of_view, texts_of

ALL = Controls("a1", share=True, human=True)
PASSAGES = (
    Passage(
        "VP & co", ("Duties",), "A VP & a <CPO> differ.\nThey do.", "a.md", "https://e.example/"
    ),
    Passage("", (), "They lead.", "b.md", None, date(2026, 2, 3)),
)
HOME = Home(
    topics=(
        Topic("roles", (ArticleLink("a.md", "VP", "https://e.example/", date(2026, 2, 3)),)),
        Topic("hiring", (ArticleLink("b.md", "CVs"),)),
        Topic("empty", ()),
    ),
    ladder=(("What does a product manager do?", "product manager"), ("What does a CPO do?", "CPO")),
    examples=("CPO vs head of product",),
    admin=AdminPanel(
        "20260203T040506.789Z",
        datetime(2026, 2, 3, 4, 5, tzinfo=UTC),
        40,
        1234,
        asked_today=21,
        unanswered_today=2,
        gaps=("twice: What is a PMM?",),
    ),
)


def message(shown):
    return {"text": shown.text, "blocks": [block.to_dict() for block in shown.blocks]}


def buttons(shown):
    return {
        element["action_id"]: element
        for block in message(shown)["blocks"]
        if block["type"] in {"actions", "context_actions"}
        for element in block["elements"]
    }


GOLDEN = {
    "answer": lambda: message(render(ANSWER, ALL)),
    "answer_without_buttons": lambda: message(render(ANSWER)),
    "comparison": lambda: message(render(COMPARISON, ALL)),
    "comparison_as_lists": lambda: message(render(COMPARISON, tables=False)),
    "clarification": lambda: message(render(CLARIFICATION, ALL)),
    "no_answer": lambda: message(render(NO_ANSWER, ALL)),
    "help": lambda: message(help_message()),
    "human_request": lambda: message(human_request("who decides?", "U1", "https://s.example/p1")),
    "answer_view": lambda: answer_view(render(COMPARISON, ALL)).to_dict(),
    "passages_view": lambda: passages_view(PASSAGES).to_dict(),
    "reason_view": lambda: reason_view("a1").to_dict(),
    "compare_view": lambda: compare_view(["CPO", "VP"], "VP", "a1").to_dict(),
    "home": lambda: home_view(HOME).to_dict(),
}


@pytest.mark.parametrize("name", GOLDEN)
def test_what_is_sent_is_what_was_agreed(name):
    """Nothing writes these files: who changes a message edits its file and reads it."""
    stored = Path(__file__).parent / "golden" / f"{name}.json"
    made = GOLDEN[name]()
    assert made == json.loads(stored.read_text(encoding="utf-8"))
    is_view = "type" in made
    assert (faults_of_view(made) if is_view else faults_of_message(made, allowed=["U1"])) == []


def test_the_text_begins_with_the_first_sentence_and_ends_with_the_sources():
    assert render(ANSWER).text.split("\n") == [
        (
            "A VP &amp; a &lt;CPO&gt; differ. [1] The VP_of_product *leads*. [2] One VP's account: "
            "They lead. [3] Expected of a CPO: They listen. [4] Expected of a CPO: They decide. [5]"
        ),
        "Sources disagree: They do not. [1] They do. [4]",
        "About: VP of product.",
        (
            "From: VP &amp; co, updated 3 February 2026 [1] [2]; Accounts [3]; CPO, updated "
            "3 February 2026 [4] [5]."
        ),
    ]


def test_the_text_of_a_comparison_reads_row_by_row():
    assert render(COMPARISON).text.split("\n")[:3] == [
        "A VP &amp; a &lt;CPO&gt; differ. [1]",
        (
            "Scope. VP of product: A VP &amp; a &lt;CPO&gt; differ. [1] Chief product officer: "
            "It spans. [2]"
        ),
        (
            "Reports to. VP of product: not in the articles. Chief product officer: By one "
            "account: To the CEO. [2]"
        ),
    ]


def test_an_answer_has_its_buttons_in_one_row_and_its_id_in_them():
    found = buttons(render(ANSWER, ALL))
    assert list(found) == ["ask:0", "ask:1", "passages", "compare_with", "share", "feedback"]
    assert found["ask:1"]["value"] == "CPO vs VP of product"
    assert {found[name]["value"] for name in ("passages", "compare_with", "share")} == {"a1"}
    assert found["feedback"]["positive_button"]["value"] == "up:a1"
    assert found["feedback"]["negative_button"]["value"] == "down:a1"


@pytest.mark.parametrize(
    ("reply", "wanted"),
    [
        pytest.param(COMPARISON, ["ask:0", "passages", "share", "feedback"], id="comparison"),
        pytest.param(CLARIFICATION, ["choose:0", "choose:1"], id="clarification"),
        pytest.param(NO_ANSWER, ["ask:0", "ask_human", "feedback"], id="no answer"),
        pytest.param(
            replace(ANSWER, question=replace(SPOKEN, titles=()), suggestions=()),
            ["passages", "share", "feedback"],
            id="an answer about no title",
        ),
    ],
)
def test_each_kind_has_only_the_buttons_that_make_sense(reply, wanted):
    assert list(buttons(render(reply, ALL))) == wanted


def test_buttons_that_are_not_wanted_are_not_there():
    none = Controls("a1", compare=False, feedback=False, passages=False)
    assert list(buttons(render(ANSWER, none))) == ["ask:0", "ask:1"]
    assert list(buttons(render(NO_ANSWER, none))) == ["ask:0"]
    assert buttons(render(ANSWER)) == {}
    assert "Ask next: " in list(texts_of(message(render(ANSWER))))


def test_consent_is_asked_before_anything_becomes_public():
    assert (
        "with your name" in buttons(render(NO_ANSWER, ALL))["ask_human"]["confirm"]["text"]["text"]
    )
    shared = buttons(render(ANSWER, ALL))["share"]["confirm"]["text"]["text"]
    assert "your question, the answer and your name" in shared


def test_choices_whose_beginnings_are_the_same_are_told_apart_by_number():
    opening = "I have been wondering for a very long time, and my whole team with me, what does a "
    choices = (f"{opening}product manager do", f"{opening}project manager do")
    shown = render(Clarification(SPOKEN, "Which?", choices), ALL)
    found = buttons(shown)
    assert [one["text"]["text"] for one in found.values()] == ["1", "2"]
    assert [one["value"] for one in found.values()] == list(choices)
    assert f"2: {choices[1]}" in list(texts_of(message(shown)))


def test_small_talk_is_one_line():
    shown = render(NoAnswer(SPOKEN, "Hello! Try “what does a CPO do”."))
    assert shown.text == "Hello! Try “what does a CPO do”."
    assert len(shown.blocks) == 1


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("Hello _you_", "Hello you"),
        ("Use `/pmrole help`, *now*.", "Use /pmrole help, now."),
        ("snake_case_name and 2 * 3 * 4", "snake_case_name and 2 * 3 * 4"),
        ("5 &lt; 6", "5 &lt; 6"),
        ("see <https://e.example/|the guide>", "see the guide"),
    ],
)
def test_a_notice_keeps_its_own_mark_up_on_the_screen_only(said, heard):
    shown = notice(said)
    assert shown.text == heard
    assert shown.blocks[0].to_dict() == {
        "type": "section",
        "text": {"type": "mrkdwn", "text": said, "verbatim": True},
    }


def test_a_question_for_people_names_its_asker_only_where_the_asker_is_known():
    known = message(human_request("why?", "U1", ""))
    assert pings_of(known["text"], known["blocks"]) == ["<@U1>"]
    unknown = message(human_request("why?", "somebody", ""))
    assert pings_of(unknown["text"], unknown["blocks"]) == []
    assert "Someone asks what the articles do not answer:" in list(texts_of(unknown))


def test_a_kept_passage_is_read_back():
    kept = {"title": "T", "heading": ["H"], "text": "x", "url": None, "updated": "2026-02-03"}
    assert Passage.from_dict(kept) == Passage("T", ("H",), "x", updated=date(2026, 2, 3))


def test_passages_that_are_gone_say_so():
    said = list(texts_of(passages_view([]).to_dict()["blocks"]))
    assert said == ["The passages of this answer are no longer kept."]


def test_the_values_of_the_pop_up_that_asks_why_are_words_the_bot_keeps():
    reason, comment = reason_view("a1").to_dict()["blocks"]
    assert [one["value"] for one in reason["element"]["options"]] == list(REASONS)
    assert (reason["block_id"], comment["block_id"]) == (names.REASON, names.COMMENT)
    assert comment["optional"] is True


def test_a_title_that_is_not_offered_is_not_chosen_in_advance():
    first = compare_view(["CPO", "VP"], "APM", None).to_dict()["blocks"][0]
    assert "initial_option" not in first["element"]


def test_one_title_cannot_be_compared():
    view = compare_view(["CPO"], None, None).to_dict()
    assert "submit" not in view
    assert faults_of_view(view) == []


def test_a_long_topic_says_how_much_more_there_is():
    articles = tuple(ArticleLink(f"{number}.md", f"Article {number}") for number in range(45))
    shown = list(texts_of(home_view(Home((Topic("roles", articles),))).to_dict()))
    assert "Article 39" in shown
    assert "Article 40" not in shown
    assert "and 5 more" in shown


def test_questions_that_are_not_counted_are_not_shown_as_none():
    uncounted = replace(HOME, admin=AdminPanel("g", datetime(2026, 2, 3, tzinfo=UTC), 1, 1))
    assert any("2 without an answer" in one for one in texts_of(home_view(HOME).to_dict()))
    assert not any("today" in one for one in texts_of(home_view(uncounted).to_dict()))
