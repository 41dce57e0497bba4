"""The log as programs and people read it, from processes that write it."""

import io
import json
import logging
import os
import pty
import subprocess
import sys
import threading

import pytest

from bot.operating.log import JsonLines, TextLines, about
from bot.operating.masking import Masking
from tests.commands import ROOT

TOKEN = "xoxb-1-2-abcdefghi"

PROGRAM = f"""
import logging, threading
from bot.operating.log import about, announce, set_up
from bot.operating.masking import Masking
set_up("INFO", FORMAT, Masking())
announce("PM Role answers")
with about("a1b2c3d4"):
    logging.getLogger("bot.x").info("a1b2c3d4: Answer from 10 passages")
    logging.getLogger("somebody.else").warning("the token {TOKEN} is odd")
    logging.getLogger("bot.x").debug("what people ask")
    try:
        raise ValueError("no {TOKEN} here")
    except ValueError:
        logging.getLogger("bot.x").exception("failed")
def crash():
    raise RuntimeError("in a thread with {TOKEN}")
thread = threading.Thread(target=crash, name="crashing")
thread.start(); thread.join()
raise RuntimeError("{TOKEN} and the end")
"""


def written(wanted):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.replace("FORMAT", repr(wanted))],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    return done.stderr


def test_where_no_terminal_is_every_line_is_json():
    lines = [json.loads(line) for line in written("auto").splitlines()]
    assert [one["message"] for one in lines] == [
        "PM Role answers",
        "a1b2c3d4: Answer from 10 passages",
        "the token xoxb-*** is odd",
        "failed",
        "the thread crashing ended",
        "this should not have happened",
    ]
    assert [one["level"] for one in lines] == [
        "INFO", "INFO", "WARNING", "ERROR", "CRITICAL", "CRITICAL",
    ]  # fmt: skip
    assert [one.get("reference") for one in lines] == [None, *["a1b2c3d4"] * 3, None, None]
    assert lines[2]["logger"] == "somebody.else"
    assert all(one["at"].endswith("Z") for one in lines)
    assert all("Traceback" in one["error"] for one in lines[3:])


@pytest.mark.parametrize("wanted", ["auto", "json", "text"])
def test_no_line_and_no_crash_holds_a_token(wanted):
    assert TOKEN not in written(wanted)


def test_text_is_written_for_people_with_the_reference_once():
    lines = written("text").splitlines()
    assert lines[0] == "PM Role answers"
    assert lines[1] == "INFO bot.x: a1b2c3d4: Answer from 10 passages"
    assert lines[2] == "WARNING somebody.else: a1b2c3d4: the token xoxb-*** is odd"
    assert lines[3] == "ERROR bot.x: a1b2c3d4: failed"
    assert lines[4] == "Traceback (most recent call last):"
    assert "ValueError: no xoxb-*** here" in lines


def test_at_a_terminal_auto_is_text():
    ours, theirs = pty.openpty()
    program = PROGRAM.replace("FORMAT", "'auto'")
    process = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stderr=theirs)
    os.close(theirs)
    with open(ours, "rb", closefd=True) as terminal:  # noqa: PTH123 - a descriptor
        seen = terminal.readline() + terminal.readline()
        assert seen.splitlines()[1] == b"INFO bot.x: a1b2c3d4: Answer from 10 passages"
        process.kill()
        process.wait()


def test_a_program_that_has_a_log_keeps_it():
    code = (
        "import logging; logging.basicConfig(format='mine %(message)s');"
        "from bot.operating.log import set_up; from bot.operating.masking import Masking;"
        "set_up('INFO', 'json', Masking()); logging.getLogger().warning('one')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stderr == "mine one\n"


@pytest.fixture
def log():
    """A logger of its own that writes JSON into memory."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines(Masking()))
    logger = logging.getLogger("tests.log")
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    yield logger, lambda: [json.loads(one) for one in stream.getvalue().splitlines()]
    logger.removeHandler(handler)


def test_a_message_of_several_lines_is_one_line(log):
    logger, lines = log
    logger.info("one\ntwo")
    assert [one["message"] for one in lines()] == ["one\ntwo"]


def test_each_thread_is_about_its_own_question(log):
    logger, lines = log
    meet = threading.Barrier(2)

    def work(reference):
        with about(reference):
            meet.wait()
            logger.info("at work")

    threads = [threading.Thread(target=work, args=(one,)) for one in ("r1", "r2")]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    logger.info("afterwards")
    assert sorted(one.get("reference", "") for one in lines()) == ["", "r1", "r2"]


def test_text_without_a_question_has_no_reference():
    record = logging.LogRecord("x", logging.INFO, "", 0, "hello", (), None)
    assert TextLines(Masking()).format(record) == "INFO x: hello"
