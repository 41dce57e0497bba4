"""Show passages."""

import pytest

from bot.slack.listeners.answers import TOO_OLD
from tests.scenarios.conftest import VP, Office, text_of, value_of


def answered(office: Office, question: str = VP):
    asked = office.ann.says("#careers", f"{office.mention} {question}")
    (reply,) = office.replies(office.ann, asked)
    office.settle()
    return reply


@pytest.mark.parametrize("question", [VP, "CPO vs head of product"])
def test_anybody_can_read_what_an_answer_was_made_from(shared_office, question):
    shared_office.gus.clicks(answered(shared_office, question), "passages")
    modal = shared_office.view(shared_office.gus, "Passages")
    assert text_of(modal).count('"rich_text_quote"') == 5
    assert "updated 23 November 2026" in text_of(modal)
    assert shared_office.ann.views() == []


def test_the_passages_of_a_private_answer_too(shared_office):
    shared_office.ann.commands("/pmrole", VP, "#elsewhere")
    (answer,) = shared_office.whispers(shared_office.ann, "#elsewhere")
    shared_office.settle()
    shared_office.ann.clicks(answer, "passages")
    assert "VP of product" in text_of(shared_office.view(shared_office.ann, "Passages"))


def test_after_a_restart_too(office):
    reply = answered(office)
    office.restart()
    office.ann.clicks(reply, "passages")
    assert office.view(office.ann, "Passages")


def test_what_is_no_longer_kept_is_told_in_the_thread(shared_office):
    reply = answered(shared_office)
    shared_office.state.answers.forget(value_of(reply, "passages"))
    shared_office.gus.clicks(reply, "passages")
    (told,) = shared_office.whispers(shared_office.gus, "#careers")
    assert told.text == TOO_OLD
    assert told in shared_office.gus.sees("#careers", reply.thread_ts)


def test_a_click_that_comes_too_late_for_a_pop_up_is_told(shared_office):
    reply = answered(shared_office)
    shared_office.slack.refuse("views.open", "expired_trigger_id")
    shared_office.gus.clicks(reply, "passages")
    (told,) = shared_office.whispers(shared_office.gus, "#careers")
    assert told.text.startswith("Something went wrong")
    assert "trigger" not in text_of(told)
