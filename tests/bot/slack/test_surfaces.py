"""Whole conversations: a payload from Slack, the real app and answerer, what Slack is told."""

import pytest

from bot.domain import Message
from bot.slack.asking import HELP
from tests.bot.slack.conftest import VP_QUESTION, VP_SENTENCE
from tests.slack_server import BOT_ID, BOT_USER, problems_of


def test_a_mention_is_answered_in_its_thread_with_a_cited_sentence(bot):
    assert bot.mention(ts="1700000000.5") == 200
    (reply,) = bot.replies()
    assert reply["channel"] == "C1"
    assert reply["thread_ts"] == "1700000000.5"
    assert (reply["unfurl_links"], reply["unfurl_media"]) == (False, False)
    assert VP_SENTENCE in reply["text"]
    assert reply["blocks"][0]["text"]["text"] == "*VP of product*"
    assert reply["blocks"][1]["text"]["text"].startswith(f"{VP_SENTENCE} [1]")
    assert reply["blocks"][-1]["elements"][0]["text"] == (
        "[1] <https://example.com/vp?a=1&amp;b=2|VP of product › What a VP of product does>"
        ", updated 2026-02-03"
    )
    assert problems_of(reply["blocks"]) == []


def test_a_mention_inside_a_thread_is_answered_there(bot):
    bot.mention(thread_ts="1600000000.1")
    assert bot.replies()[0]["thread_ts"] == "1600000000.1"


def test_a_direct_message_is_answered_in_place(bot):
    assert bot.write() == 200
    (reply,) = bot.replies()
    assert reply["channel"] == "D1"
    assert "thread_ts" not in reply
    assert VP_SENTENCE in reply["text"]


def test_a_threaded_direct_message_is_answered_in_its_thread(bot):
    bot.write(thread_ts="1600000000.1")
    assert bot.replies()[0]["thread_ts"] == "1600000000.1"


def test_a_command_is_answered_to_the_asker_only(bot):
    assert bot.command() == 200
    (whisper,) = bot.whispers()
    assert whisper["response_type"] == "ephemeral"
    assert VP_SENTENCE in whisper["text"]
    assert bot.slack.called("chat.postMessage") == []


@pytest.mark.parametrize("text", ["", "  ", "help", None], ids=repr)
def test_a_command_without_a_question_shows_help(bot, text):
    assert bot.command(text) == 200
    assert bot.whispers()[0]["text"] == HELP


def test_a_mention_without_a_question_shows_help(bot):
    bot.mention("")
    assert bot.replies()[0]["text"] == HELP


def test_what_the_articles_do_not_hold_is_not_answered(bot):
    bot.mention("zebra migration across savannas")
    (reply,) = bot.replies()
    assert "VP" not in reply["text"]
    assert problems_of(reply["blocks"]) == []


def test_an_article_cannot_mention_anyone(bot):
    bot.mention("an interview for a product manager asks for metrics, says")
    (reply,) = bot.replies()
    assert "&lt;!channel&gt;" in reply["text"]
    assert "&lt;@U1&gt;" in reply["text"]
    assert "@here" not in reply["text"]
    assert problems_of(reply["blocks"]) == []


def test_the_question_reaches_the_answerer_without_mark_up(bot):
    bot.mention("pay &amp; <https://x.example|levels> of a <@U7> in <#C2|general>")
    bot.replies()
    assert bot.embedder.asked == ["pay & levels of a in #general"]


def test_a_follow_up_knows_what_was_said_in_its_thread(bot):
    bot.mention(ts="1700000000.5")
    (first,) = bot.replies()
    bot.settle()
    bot.mention("and in a startup?", thread_ts="1700000000.5")
    bot.replies(2)
    nothing, (question, answer) = bot.answerer.threads
    assert nothing == ()
    assert question == Message("user", VP_QUESTION)
    assert answer.sender == "bot"
    assert answer.text.splitlines()[0] == first["text"].splitlines()[0]


def test_another_thread_knows_nothing_of_it(bot):
    bot.mention(ts="1700000000.5")
    bot.replies()
    bot.settle()
    bot.mention("and in a startup?", ts="1700000000.7")
    bot.replies(2)
    assert bot.answerer.threads == [(), ()]


def test_a_direct_message_follows_the_one_before(bot):
    bot.write()
    bot.replies()
    bot.settle()
    bot.write("and in a startup?")
    bot.replies(2)
    assert [len(one) for one in bot.answerer.threads] == [0, 2]


IGNORED = {
    "another bot": {"bot_id": "B9"},
    "itself by user": {"user": BOT_USER},
    "itself by bot id": {"bot_id": BOT_ID, "user": None},
    "an edit": {"subtype": "message_changed", "message": {"text": VP_QUESTION}},
    "a deletion": {"subtype": "message_deleted"},
    "a bot message": {"subtype": "bot_message", "user": None},
    "someone joined": {"subtype": "channel_join"},
    "an edited message": {"edited": {"user": "U1", "ts": "1700000001.1"}},
    "nobody": {"user": None},
}


@pytest.mark.parametrize("event", IGNORED.values(), ids=IGNORED.keys())
@pytest.mark.parametrize("surface", ["mention", "write"])
def test_it_is_acknowledged_and_not_answered(bot, surface, event):
    assert getattr(bot, surface)(**event) == 200
    bot.settle()
    assert bot.slack.called("chat.postMessage") == []


@pytest.mark.parametrize("kind", ["channel", "group", "mpim"])
def test_a_message_that_is_not_direct_is_acknowledged_and_not_answered(bot, kind):
    assert bot.write(channel="C1", channel_type=kind) == 200
    bot.settle()
    assert bot.slack.called("chat.postMessage") == []


def test_a_file_with_a_question_is_answered(bot):
    bot.write(subtype="file_share", files=[{"id": "F1"}])
    assert VP_SENTENCE in bot.replies()[0]["text"]


def test_a_redelivered_event_is_answered_once(bot):
    for _ in range(4):
        assert bot.mention(ts="1700000000.5", event_id="Ev1") == 200
    bot.settle()
    assert len(bot.replies()) == 1


def test_one_message_that_two_events_tell_of_is_answered_once(bot):
    assert bot.mention(ts="1700000000.5", event_id="Ev1") == 200
    assert bot.mention(ts="1700000000.5", event_id="Ev2") == 200
    bot.settle()
    assert len(bot.replies()) == 1
