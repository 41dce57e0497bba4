"""One reindex of an index at a time."""

import subprocess
import sys
import threading

import pytest

from bot.reindexing.turns import Holder, ReindexRunningError, Turns
from tests.library import ROOT

HOLD = """
import sys, time
from pathlib import Path
from bot.reindexing.turns import Turns
with Turns(Path(sys.argv[1])).take("U9"):
    print("there", flush=True)
    time.sleep(60)
"""


def test_whoever_holds_the_turn_is_named_with_the_time(tmp_path):
    turns = Turns(tmp_path / "index", clock=lambda: 12.0)
    assert turns.holder() is None
    with turns.take("U1"):
        assert turns.holder() == Holder("U1", 12.0)
        with pytest.raises(ReindexRunningError, match=r"begun by U1, is running; try again"):
            Turns(tmp_path / "index").take("U2").__enter__()
        assert turns.holder() == Holder("U1", 12.0)
    assert turns.holder() is None
    with turns.take("U2"):
        assert (turns.holder() or Holder("", 0)).by == "U2"


def test_the_turn_is_given_back_after_an_error(tmp_path):
    turns = Turns(tmp_path)
    with pytest.raises(ZeroDivisionError), turns.take("U1"):
        raise ZeroDivisionError
    with turns.take("U2"):
        pass


def test_of_many_threads_one_has_the_turn_at_a_time(tmp_path):
    inside, most, lock = 0, 0, threading.Lock()

    def work(number):
        nonlocal inside, most
        with Turns(tmp_path).take(f"U{number}", wait_s=30):
            with lock:
                inside += 1
                most = max(most, inside)
            with lock:
                inside -= 1

    threads = [threading.Thread(target=work, args=(number,)) for number in range(12)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert most == 1


def test_a_process_that_was_killed_holds_nothing(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout
        assert process.stdout.readline() == "there\n"
        with pytest.raises(ReindexRunningError, match="begun by U9"):
            Turns(tmp_path).take("U1").__enter__()
        process.kill()
    with Turns(tmp_path).take("U1"):
        assert (Turns(tmp_path).holder() or Holder("", 0)).by == "U1"


@pytest.mark.parametrize("text", ["", "{", "[]", '{"by": "U1"}', '{"by": "U1", "since": null}'])
def test_an_unreadable_note_of_the_holder_names_nobody(tmp_path, text):
    with Turns(tmp_path).take("U1"):
        (tmp_path / "reindex.json").write_text(text)
        with pytest.raises(ReindexRunningError) as told:
            Turns(tmp_path).take("U2").__enter__()
        assert told.value.holder is None
