"""Shortcuts: on a message, and from anywhere."""

import pytest

from bot.slack.names import ANSWER_MESSAGE, COMPARE_SHORTCUT
from tests.scenarios.conftest import VP, Office, buttons_of, text_of


def test_any_message_is_answered_to_who_asks_for_it_alone(shared_office):
    posted = shared_office.gus.says("#careers", f"Does anybody know {VP}?")
    shared_office.ann.uses_shortcut(ANSWER_MESSAGE, posted)
    (answer,) = shared_office.whispers(shared_office.ann, "#careers")
    assert "VP of product" in answer.text
    assert "Share to channel" in buttons_of(answer)
    assert shared_office.whispers(shared_office.gus, "#careers", 0) == []


def test_a_reply_in_a_thread_is_answered_in_the_thread(shared_office):
    root = shared_office.gus.says("#careers", "Our VP leaves.")
    posted = shared_office.gus.says("#careers", f"{VP}, by the way?", thread=root)
    shared_office.ann.uses_shortcut(ANSWER_MESSAGE, posted)
    (answer,) = shared_office.whispers(shared_office.ann, "#careers")
    assert answer.thread_ts == root.ts
    assert answer in shared_office.ann.sees("#careers", root)


def test_where_the_bot_is_no_member_it_answers_too(shared_office):
    posted = shared_office.ada.says("#elsewhere", VP)
    shared_office.ann.uses_shortcut(ANSWER_MESSAGE, posted)
    assert shared_office.whispers(shared_office.ann, "#elsewhere")


def test_a_shared_answer_stands_below_the_message_with_its_words(shared_office):
    shared_office.slack.pingable.add(shared_office.ann.id)
    posted = shared_office.gus.says("#careers", f"Does anybody know {VP}?")
    shared_office.ann.uses_shortcut(ANSWER_MESSAGE, posted)
    (answer,) = shared_office.whispers(shared_office.ann, "#careers")
    shared_office.settle()
    shared_office.ann.clicks(answer, "share")
    (shared,) = shared_office.replies(shared_office.gus, posted)
    assert VP in text_of(shared)


def test_a_message_without_words_is_told_how_to_ask(shared_office):
    posted = shared_office.gus.says("#careers", "", files=[("a.png", b"...")])
    shared_office.ann.uses_shortcut(ANSWER_MESSAGE, posted)
    (answer,) = shared_office.whispers(shared_office.ann, "#careers")
    assert answer.text.startswith("Ask me about product careers")


def test_a_message_that_was_answered_already_keeps_its_answer(shared_office):
    posted = shared_office.gus.says("#careers", f"{shared_office.mention} {VP}")
    shared_office.replies(shared_office.gus, posted)
    shared_office.ann.uses_shortcut(ANSWER_MESSAGE, posted)
    shared_office.whispers(shared_office.ann, "#careers")
    shared_office.settle()
    assert len(shared_office.replies(shared_office.gus, posted)) == 1


def form(office: Office):
    """Open the form from anywhere."""
    office.ann.uses_shortcut(COMPARE_SHORTCUT)
    return office.view(office.ann, "Compare titles")


def compared(office: Office):
    """Return the modal once the comparison stands in it."""
    office.wait(lambda: "Reports to" in text_of(office.view(office.ann)), "a comparison")
    return office.view(office.ann)


def test_two_titles_are_compared_in_the_form_itself(shared_office):
    picked = {"first_title": "VP of product", "second_title": "Chief product officer"}
    shared_office.ann.submits(form(shared_office), picked)
    answer = compared(shared_office)
    assert "VP of product vs Chief product officer" in text_of(answer)
    assert len(shared_office.ann.views()) == 1
    assert shared_office.called("chat.postMessage") == []


def test_three_titles_are_compared(shared_office):
    picked = {
        "first_title": "VP of product",
        "second_title": "Chief product officer",
        "third_title": "Head of product",
    }
    shared_office.ann.submits(form(shared_office), picked)
    assert "Head of product" in text_of(compared(shared_office))


def test_the_same_title_twice_is_refused_where_it_stands(shared_office):
    opened = form(shared_office)
    picked = {"first_title": "VP of product", "second_title": "VP of product"}
    response = shared_office.ann.submits(opened, picked)
    assert response["response_action"] == "errors"
    assert set(response["errors"]) == {"second_title"}
    assert shared_office.view(shared_office.ann, "Compare titles").id == opened.id


def test_the_pickers_offer_the_ladder_first_and_every_title_once(shared_office):
    (first, *_others) = form(shared_office).blocks
    titles = [one["text"]["text"] for one in first["element"]["options"]]
    assert titles[0] == "Associate product manager"
    assert len(titles) == len(set(titles)) > 10


@pytest.mark.parametrize("title", ["Technical product manager", "Group product manager"])
def test_other_titles_are_compared_too(shared_office, title):
    picked = {"first_title": title, "second_title": "Product manager"}
    shared_office.ann.submits(form(shared_office), picked)
    assert compared(shared_office)
