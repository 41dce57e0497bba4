"""The bot is mentioned in a channel."""

import pytest

from bot.slack.messages import EXAMPLES
from tests.scenarios.conftest import VP, Office, buttons_of, text_of


def ask(office: Office, text: str = VP):
    return office.ann.says("#careers", f"{office.mention} {text}")


def test_a_mention_is_answered_in_its_thread_with_sources(shared_office):
    asked = ask(shared_office)
    (reply,) = shared_office.replies(shared_office.ann, asked)
    assert reply.thread_ts == asked.ts
    assert "VP of product" in reply.text
    assert "updated" in text_of(reply)
    assert "[1]" in text_of(reply)
    assert shared_office.pings == []


def test_everybody_in_the_channel_sees_it(shared_office):
    asked = ask(shared_office)
    shared_office.replies(shared_office.ann, asked)
    assert shared_office.replies(shared_office.gus, asked)


def test_a_mention_inside_a_thread_is_answered_there(shared_office):
    root = shared_office.gus.says("#careers", "We need a VP.")
    asked = shared_office.ann.says("#careers", f"{shared_office.mention} {VP}", thread=root)
    (reply,) = shared_office.replies(shared_office.gus, root)
    assert reply.thread_ts == root.ts != asked.ts


def test_an_answer_can_be_followed_looked_into_compared_and_voted_on(shared_office):
    (reply,) = shared_office.replies(shared_office.ann, ask(shared_office))
    assert buttons_of(reply)[-3:] == ["Show passages", "Compare with…", "thumbs"]
    assert any(one.endswith("?") for one in buttons_of(reply))


def test_one_post_that_two_events_tell_of_is_answered_once(shared_office):
    asked = ask(shared_office)
    shared_office.replies(shared_office.ann, asked)
    shared_office.settle()
    told = [
        one.payload["event"]["type"]
        for one in shared_office.slack.deliveries
        if one.kind == "events_api" and one.payload["event"].get("ts") == asked.ts
    ]
    assert sorted(told) == ["app_mention", "message"]
    assert len(shared_office.replies(shared_office.ann, asked)) == 1


@pytest.mark.parametrize("text", ["", "help", "  Help "], ids=repr)
def test_a_mention_without_a_question_shows_how_to_ask(shared_office, text):
    (reply,) = shared_office.replies(shared_office.ann, ask(shared_office, text))
    assert "/pmrole" in reply.text
    assert buttons_of(reply) == list(EXAMPLES)


def test_a_button_of_the_help_asks_its_question(shared_office):
    asked = ask(shared_office, "help")
    (helped,) = shared_office.replies(shared_office.ann, asked)
    shared_office.gus.clicks(helped, "ask:0")
    _, answer = shared_office.replies(shared_office.ann, asked, 2)
    assert answer.text.startswith("A VP of product")


def test_a_suggestion_is_answered_in_the_thread_under_its_own_words(shared_office):
    asked = ask(shared_office)
    (reply,) = shared_office.replies(shared_office.ann, asked)
    suggestion = buttons_of(reply)[0]
    shared_office.gus.clicks(reply, "ask:0")
    _, answer = shared_office.replies(shared_office.ann, asked, 2)
    assert suggestion in text_of(answer)
    assert answer.visible_to == ""


def test_what_the_articles_do_not_hold_is_said_so(shared_office):
    asked = ask(shared_office, "when do zebras migrate across the savanna?")
    (reply,) = shared_office.replies(shared_office.ann, asked)
    assert reply.text == "The knowledge base does not hold an answer to that."


def test_an_essay_is_not_read(shared_office):
    asked = ask(shared_office, "what does a VP do " * 200)
    (reply,) = shared_office.replies(shared_office.ann, asked)
    assert "too long" in reply.text


def test_mark_up_of_the_question_is_not_searched_for(shared_office):
    asked = ask(shared_office, "*what* does a `VP of Product` do &amp; why, ~really~")
    (reply,) = shared_office.replies(shared_office.ann, asked)
    assert reply.text.startswith("A VP of product")


def test_a_mention_of_somebody_else_too_is_answered_and_pings_nobody(shared_office):
    asked = ask(shared_office, f"what does a CPO do, <@{shared_office.gus.id}>?")
    (reply,) = shared_office.replies(shared_office.ann, asked)
    assert "chief product officer" in reply.text.lower()
    assert shared_office.pings == []


def test_the_bot_does_not_answer_itself_or_a_join(shared_office):
    shared_office.ann.invites_bot("#elsewhere")
    shared_office.settle()
    assert shared_office.called("chat.postMessage") == []
    shared_office.ann.removes_bot("#elsewhere")
