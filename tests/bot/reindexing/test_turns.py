"""One reindex of an index at a time, wherever the index is kept."""

import json
import os
import subprocess
import sys
import threading
import time

import psycopg
import pytest

from bot.reindexing.folder_turns import FolderTurns
from bot.reindexing.postgres_turns import PostgresTurns
from bot.reindexing.turns import Holder, ReindexRunningError, TurnLostError
from tests.library import ROOT

HOLD = """
import sys, time
from pathlib import Path
from bot.reindexing.folder_turns import FolderTurns
from bot.reindexing.postgres_turns import PostgresTurns
kind, where = sys.argv[1:]
turns = FolderTurns(Path(where)) if kind == "folder" else PostgresTurns(where)
with turns.take("U9") as turn:
    turn.tell("embedding", 1, 4)
    print("there", flush=True)
    time.sleep(60)
"""
STEPS = [("reading articles", 3, 3), ("embedding", 50, 200), ("embedding", 200, 200)]


class Place:
    """Where an index is kept, and turns to reindex it, as each process has its own."""

    def __init__(self, kind, folder, request):
        self.kind = kind
        self.where = request.getfixturevalue("empty_postgres") if kind == "postgres" else folder
        self._made = []

    def turns(self, **options):
        make = FolderTurns if self.kind == "folder" else PostgresTurns
        self._made.append(make(self.where, **options))
        return self._made[-1]

    def holding_process(self):
        """Start a process that holds the turn."""
        process = subprocess.Popen(
            [sys.executable, "-c", HOLD, self.kind, str(self.where)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout
        assert process.stdout.readline() == "there\n"
        return process

    def close(self):
        for one in self._made:
            one.close()


@pytest.fixture(params=["folder", "postgres"])
def place(request, tmp_path):
    made = Place(request.param, tmp_path / "index", request)
    yield made
    made.close()


def test_whoever_holds_the_turn_is_named_with_the_time_and_the_machine(place):
    turns = place.turns(clock=lambda: 12.0)
    assert turns.holder() is None
    with turns.take("U1"):
        holder = place.turns().holder()
        assert holder
        assert (holder.by, holder.since, holder.step) == ("U1", 12.0, "")
        assert holder.host == os.uname().nodename
        with pytest.raises(ReindexRunningError, match=r"begun by U1, is running; try again"):
            place.turns().take("U2").__enter__()
        assert place.turns().holder() == holder
    assert turns.holder() is None
    with turns.take("U2"):
        assert (turns.holder() or Holder("", 0)).by == "U2"


def test_others_see_how_far_the_work_has_come(place):
    with place.turns().take("U1") as turn:
        for step, done, total in STEPS:
            turn.tell(step, done, total)
            holder = place.turns().holder()
            assert holder
            assert (holder.step, holder.done, holder.total) == (step, done, total)
        with pytest.raises(ReindexRunningError, match=r"is running \(embedding: 100 %\)"):
            place.turns().take("U2").__enter__()


def test_a_step_is_written_down_no_more_than_once_a_second(place):
    with place.turns(clock=lambda: 12.0).take("U1") as turn:
        for done in range(1, 100):
            turn.tell("embedding", done, 200)
        holder = place.turns().holder()
    assert holder
    assert holder.done < 99  # a test that is held up for seconds may see more than the first


@pytest.mark.parametrize(
    ("done", "total", "percent"), [(0, 0, 0), (1, 3, 33), (3, 3, 100), (9, 3, 100)]
)
def test_percent_is_never_out_of_its_range(done, total, percent):
    assert Holder("U1", 0.0, step="x", done=done, total=total).percent == percent


def test_the_turn_is_given_back_after_an_error(place):
    turns = place.turns()
    with pytest.raises(ZeroDivisionError), turns.take("U1"):
        raise ZeroDivisionError
    assert turns.holder() is None
    with turns.take("U2"):
        pass


def test_of_many_threads_one_has_the_turn_at_a_time(place):
    inside, most, lock = 0, 0, threading.Lock()
    done = []

    def work(number):
        nonlocal inside, most
        with place.turns().take(f"U{number}", wait_s=60):
            with lock:
                inside += 1
                most = max(most, inside)
            with lock:
                inside -= 1
                done.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(12)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert most == 1
    assert len(done) == 12


def test_nobody_waits_longer_than_told(place):
    with place.turns().take("U1"):
        begun = time.monotonic()
        with pytest.raises(ReindexRunningError):
            place.turns().take("U2", wait_s=0.3).__enter__()
        assert time.monotonic() - begun >= 0.25


def test_a_process_that_was_killed_holds_nothing(place):
    with place.holding_process() as process:
        with pytest.raises(ReindexRunningError, match=r"begun by U9, is running \(embedding: 25"):
            place.turns().take("U1").__enter__()
        process.kill()
    with place.turns().take("U1", wait_s=20):  # Postgres may notice a moment later
        holder = place.turns().holder()
        assert holder
        assert (holder.by, holder.step) == ("U1", "")


def test_a_note_that_a_killed_process_left_names_nobody(place):
    with place.holding_process() as process:
        process.kill()
    end = time.monotonic() + 20
    while place.turns().holder() is not None:
        assert time.monotonic() < end


@pytest.mark.parametrize("text", ["", "{", "[]", '{"by": "U1"}', '{"by": "U1", "since": null}'])
def test_an_unreadable_note_of_the_holder_names_nobody(tmp_path, text):
    with FolderTurns(tmp_path).take("U1"):
        (tmp_path / "reindex.json").write_text(text)
        with pytest.raises(ReindexRunningError) as told:
            FolderTurns(tmp_path).take("U2").__enter__()
        assert told.value.holder is None


def test_a_holder_on_another_machine_is_named(tmp_path):
    with FolderTurns(tmp_path).take("U1"):
        note = tmp_path / "reindex.json"
        values = json.loads(note.read_text())
        note.write_text(json.dumps({**values, "host": "elsewhere", "pid": 0}))
        assert (FolderTurns(tmp_path).holder() or Holder("", 0)).host == "elsewhere"


def test_whoever_lost_the_connection_lost_the_turn(empty_postgres):
    turns = PostgresTurns(empty_postgres)
    with turns.take("U1") as turn:
        turn.tell("reading articles", 1, 2)
        with psycopg.connect(empty_postgres, autocommit=True) as admin:
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_locks "
                "WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
            )
        with turns.take("U2", wait_s=20):
            with pytest.raises(TurnLostError, match="the old index answers on"):
                turn.tell("embedding", 1, 2)
            assert (turns.holder() or Holder("", 0)).by == "U2"
    turns.close()
