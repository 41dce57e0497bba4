"""What breaks, and what the asker, the log and Slack learn of it."""

import logging
import re
import time

import pytest

from bot.slack.asking import BUSY
from index.errors import EncoderBusyError
from tests.bot.slack.conftest import VP_QUESTION, VP_SENTENCE
from tests.slack_server import BOT_TOKEN


@pytest.fixture
def broken(bot):
    bot.embedder.error = RuntimeError("the encoder broke")
    bot.embedder.failing_word = "salary"
    return bot


def test_a_failure_tells_the_asker_a_reference_that_the_log_explains(broken, caplog):
    assert broken.mention("the salary of my manager", ts="1700000000.5") == 200
    (reply,) = broken.replies()
    assert reply["text"] == "Something went wrong, and it is in the log (reference Ev0001)."
    assert reply["thread_ts"] == "1700000000.5"
    (record,) = [one for one in caplog.records if one.levelno == logging.ERROR]
    assert record.message == "Ev0001 failed"
    assert "the encoder broke" in caplog.text
    assert "Traceback" in caplog.text


def test_a_failed_command_is_told_to_the_asker_only(broken, caplog):
    assert broken.command("salary") == 200
    (whisper,) = broken.whispers()
    told = re.search(r"reference ([0-9a-f]{8})\)", whisper["text"])
    assert told is not None
    assert f"{told[1]} failed" in caplog.text
    assert broken.slack.called("chat.postMessage") == []


def test_an_asker_who_cannot_be_told_is_logged(bot, caplog):
    bot.slack.refuse("chat.postMessage", "channel_not_found", "channel_not_found")
    bot.mention()
    bot.replies(2)
    bot.settle()
    assert "Ev0001 failed, and the asker could not be told" in caplog.text


def test_a_used_up_response_url_is_logged(bot, caplog):
    bot.slack.refuse("response_url", "used_url", "used_url")
    assert bot.command() == 200
    bot.whispers(2)
    bot.settle()
    assert "ReplyRefusedError: 404" in caplog.text


def test_an_event_that_cannot_be_read_is_acknowledged_and_logged(bot, caplog):
    assert bot.mention(ts=None, thread_ts=None) == 200
    assert bot.dispatch({"type": "event_callback", "event": {"type": "app_mention", "user": "U1"}})
    bot.settle()
    assert "KeyError: 'ts'" in caplog.text


def test_when_the_encoder_is_busy_the_asker_is_told_to_come_again(bot):
    bot.embedder.error = EncoderBusyError("256 questions wait already")
    bot.mention()
    assert bot.replies()[0]["text"] == BUSY


def test_the_bot_answers_on_after_a_failure(broken):
    broken.mention("salary")
    broken.mention()
    assert any(VP_SENTENCE in reply["text"] for reply in broken.replies(2))


def test_a_rate_limit_is_waited_out(bot):
    bot.slack.refuse("chat.postMessage", 429)
    bot.mention()
    first, second = bot.replies(2)
    assert first == second
    assert VP_SENTENCE in second["text"]


def test_acknowledgements_do_not_wait_for_answers(make_bot):
    bot = make_bot(threads=2)
    bot.embedder.gate.clear()
    started = time.monotonic()
    assert [bot.mention() for _ in range(20)] == [200] * 20
    assert [bot.command() for _ in range(5)] == [200] * 5
    assert time.monotonic() - started < 2.0
    bot.embedder.gate.set()
    assert len(bot.replies(20)) == 20
    assert len(bot.whispers(5)) == 5


def test_a_full_queue_tells_whoever_asks_next(make_bot):
    bot = make_bot(threads=1, waiting=1)
    bot.embedder.gate.clear()
    bot.mention()
    bot.slack.wait_until(lambda: bot.embedder.asked, "the first question")
    bot.mention()
    bot.slack.wait_until(lambda: bot.work.unfinished == 2, "the second question")
    assert bot.mention() == 200
    assert bot.command() == 200
    assert [reply["text"] for reply in bot.replies()] == [BUSY]
    assert [whisper["text"] for whisper in bot.whispers()] == [BUSY]
    bot.embedder.gate.set()
    assert [VP_SENTENCE in reply["text"] for reply in bot.replies(3)] == [False, True, True]


def test_what_waits_is_answered_before_the_end_and_nothing_new_is_taken(make_bot):
    bot = make_bot(threads=1)
    for _ in range(10):
        bot.mention()
    bot.settle()
    assert bot.work.close(5.0)
    assert len(bot.replies(10)) == 10


def test_the_end_does_not_wait_for_ever(make_bot):
    bot = make_bot(threads=1)
    bot.embedder.gate.clear()
    bot.mention()
    bot.slack.wait_until(lambda: bot.embedder.asked, "the question")
    assert not bot.work.close(0.05)
    bot.mention()  # refused: it would not be answered any more
    assert bot.replies()[0]["text"] == BUSY


def test_the_log_holds_no_question_and_no_token_at_info(broken, caplog):
    caplog.set_level(logging.INFO)
    broken.mention(VP_QUESTION)
    broken.write("what salary should my manager pay me")
    broken.command("what salary should my manager pay me")
    broken.replies(2)
    broken.whispers()
    broken.settle()
    assert "Ev0001: Answer from " in caplog.text
    for secret in (VP_QUESTION, "my manager", BOT_TOKEN, "roadmap"):
        assert secret not in caplog.text
