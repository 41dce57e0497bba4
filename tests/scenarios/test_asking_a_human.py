"""Ask a human, under a refusal."""

from dataclasses import replace

import pytest

from bot.slack.listeners.answers import NOT_PASSED_ON, PASSED_ON, TOO_OLD
from tests.scenarios.conftest import VP, Office, buttons_of, office_in, text_of, value_of

SETTINGS = {"ask_channel": "C0GENERAL"}
QUESTION = "which vaccination does a zebra need?"
TOLD = PASSED_ON.format(channel="C0GENERAL")


@pytest.fixture
def shared_office(shared_office):
    """Let the one who asks be named in the message."""
    shared_office.slack.pingable.add(shared_office.ann.id)
    return shared_office


def refused(office: Office, question: str = QUESTION):
    asked = office.ann.says("#careers", f"{office.mention} {question}")
    (reply,) = office.replies(office.ann, asked)
    office.settle()
    return reply


def test_a_refusal_offers_it_and_says_first_what_will_be_posted(shared_office):
    reply = refused(shared_office)
    assert "Ask a human" in buttons_of(reply)
    (confirm,) = [
        one["confirm"]
        for block in reply.blocks
        for one in block.get("elements", [])
        if one.get("action_id") == "ask_human"
    ]
    assert "with your name" in confirm["text"]["text"]
    assert shared_office.posted("#general", 0) == []


def test_an_answer_does_not_offer_it(shared_office):
    asked = shared_office.ann.says("#careers", f"{shared_office.mention} {VP}")
    (reply,) = shared_office.replies(shared_office.ann, asked)
    assert "Ask a human" not in buttons_of(reply)


def test_with_consent_the_question_is_posted_with_its_place_and_the_asker_is_told(shared_office):
    reply = refused(shared_office)
    shared_office.ann.clicks(reply, "ask_human")
    (request,) = shared_office.posted("#general")
    assert QUESTION in text_of(request)
    assert shared_office.ann.id in text_of(request)
    assert f"/archives/{reply.channel}/p{reply.thread_ts.replace('.', '')}" in text_of(request)
    assert QUESTION in request.text
    (told,) = shared_office.whispers(shared_office.ann, "#careers")
    assert "was passed on" in told.text
    assert TOLD in text_of(told)
    assert told in shared_office.ann.sees("#careers", reply.thread_ts)
    assert shared_office.pings == []


def test_what_was_asked_in_private_is_posted_without_its_place(shared_office):
    shared_office.ann.writes(QUESTION)
    (reply,) = shared_office.direct_replies(shared_office.ann)
    shared_office.settle()
    shared_office.ann.clicks(reply, "ask_human")
    (request,) = shared_office.posted("#general")
    assert QUESTION in text_of(request)
    assert "archives" not in text_of(request)


def test_clicked_twice_it_is_posted_once(shared_office):
    reply = refused(shared_office)
    shared_office.ann.clicks(reply, "ask_human")
    shared_office.ann.clicks(reply, "ask_human")
    shared_office.whispers(shared_office.ann, "#careers", 2)
    assert len(shared_office.posted("#general")) == 1


@pytest.mark.parametrize("error", ["channel_not_found", "is_archived", "not_in_channel"])
def test_a_channel_that_is_gone_is_told_and_can_be_tried_again(shared_office, error):
    reply = refused(shared_office)
    shared_office.slack.refuse("chat.postMessage", error)
    shared_office.ann.clicks(reply, "ask_human")
    (told,) = shared_office.whispers(shared_office.ann, "#careers")
    assert told.text == NOT_PASSED_ON
    shared_office.ann.clicks(reply, "ask_human")
    shared_office.posted("#general")


def test_a_question_whose_words_are_deleted_is_not_posted(shared_office):
    reply = refused(shared_office)
    kept = shared_office.state.answers.find(value_of(reply, "ask_human"))
    shared_office.state.answers.keep(replace(kept, text=""))
    shared_office.ann.clicks(reply, "ask_human")
    (told,) = shared_office.whispers(shared_office.ann, "#careers")
    assert told.text == TOO_OLD
    assert shared_office.posted("#general", 0) == []


def test_a_deleted_question_is_posted_without_its_place(shared_office):
    reply = refused(shared_office)
    shared_office.slack.refuse("chat.getPermalink", "message_not_found")
    shared_office.ann.clicks(reply, "ask_human")
    (request,) = shared_office.posted("#general")
    assert "archives" not in text_of(request)


def test_without_a_channel_for_it_nobody_is_offered_it(slack, answerer, tmp_path):
    office = office_in(slack, answerer, database_url=f"sqlite:///{tmp_path / 'state.db'}")
    office.start()
    assert "Ask a human" not in buttons_of(refused(office))
    office.stop()
