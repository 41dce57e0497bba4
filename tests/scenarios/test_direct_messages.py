"""Somebody writes to the bot alone."""

from bot.slack.messages import EXAMPLES
from tests.scenarios.conftest import VP, buttons_of, text_of


def test_a_question_is_answered_below_it_and_not_in_a_thread(shared_office):
    shared_office.ann.writes(VP)
    (reply,) = shared_office.direct_replies(shared_office.ann)
    assert reply.text.startswith("A VP of product")
    assert reply.thread_ts == ""


def test_a_question_in_a_thread_is_answered_there(shared_office):
    root = shared_office.ann.writes("What does a CPO do?")
    shared_office.direct_replies(shared_office.ann)
    shared_office.settle()
    shared_office.ann.writes("What is a product owner?", thread=root)
    _, reply = shared_office.direct_replies(shared_office.ann, 2)
    assert reply.thread_ts == root.ts


def test_one_thing_leads_to_another(shared_office):
    shared_office.gus.writes("what does a head of product do?")
    shared_office.direct_replies(shared_office.gus)
    shared_office.settle()
    shared_office.gus.writes("and how do I become one?")
    _, second = shared_office.direct_replies(shared_office.gus, 2)
    assert "Understood as: " in text_of(second)
    assert "head of product" in second.text.lower()


def test_nobody_else_sees_it(shared_office):
    shared_office.ann.writes(VP)
    (reply,) = shared_office.direct_replies(shared_office.ann)
    shared_office.settle()
    assert reply.channel == shared_office.ann.direct_channel
    assert [one.fields["channel"] for one in shared_office.called("chat.postMessage")] == [
        shared_office.ann.direct_channel
    ]


def test_what_is_private_is_answered_as_anything_else(shared_office):
    shared_office.ann.writes("my manager will not promote me to senior PM, what can I do?")
    (reply,) = shared_office.direct_replies(shared_office.ann)
    assert "Share to channel" not in buttons_of(reply)
    assert reply.visible_to == ""


def test_help_shows_how_to_ask(shared_office):
    shared_office.ann.writes("help")
    (reply,) = shared_office.direct_replies(shared_office.ann)
    assert "/pmrole compare" in reply.text
    assert buttons_of(reply) == list(EXAMPLES)


def test_a_greeting_is_returned_without_buttons(shared_office):
    shared_office.ann.writes("hello")
    (reply,) = shared_office.direct_replies(shared_office.ann)
    assert reply.text.startswith("Hello!")
    assert buttons_of(reply) == []


def test_a_file_with_a_question_is_a_question(shared_office):
    shared_office.ann.writes(VP, files=[("ladder.png", b"...")])
    (reply,) = shared_office.direct_replies(shared_office.ann)
    assert reply.text.startswith("A VP of product")


def test_a_file_without_words_is_told_how_to_ask(shared_office):
    shared_office.ann.writes("", files=[("ladder.png", b"...")])
    (reply,) = shared_office.direct_replies(shared_office.ann)
    assert reply.text.startswith("Ask me about product careers")


def test_a_suggestion_is_answered_in_the_conversation_under_its_own_words(shared_office):
    shared_office.ole.writes(VP)
    (reply,) = shared_office.direct_replies(shared_office.ole)
    shared_office.settle()
    shared_office.ole.clicks(reply, "ask:0")
    _, second = shared_office.direct_replies(shared_office.ole, 2)
    assert second.thread_ts == ""
    assert buttons_of(reply)[0] in text_of(second)


def test_a_suggestion_in_a_thread_is_answered_in_the_thread(shared_office):
    root = shared_office.ole.writes("hello")
    shared_office.direct_replies(shared_office.ole)
    shared_office.settle()
    shared_office.ole.writes(VP, thread=root)
    _, reply = shared_office.direct_replies(shared_office.ole, 2)
    shared_office.ole.clicks(reply, "ask:0")
    *_, third = shared_office.direct_replies(shared_office.ole, 3)
    assert third.thread_ts == root.ts
