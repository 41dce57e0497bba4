"""A build for Postgres that is killed, at whatever moment, leaves a whole index answering."""

import signal
import subprocess
import sys
import time

import psycopg
import pytest

from index.errors import BuildInProgressError
from index.postgres.loading import load
from tests.index.keeping import Keeping
from tests.library import ROOT

CHILD = """
import sys, time
from pathlib import Path
from index.postgres import catalogue, filling, generations, loading
from tests.index.keeping import Keeping
kind, url, root, moment = sys.argv[1:]
def stop(*_anything, **_named):
    print("there", flush=True)
    time.sleep(60)
keeping = Keeping(kind, url, Path(root))
keeping.store = keeping.machine("dying")
if moment == "building":
    with keeping.store.building(wait_s=0) as work:
        (work / "half").write_text("a half")
        stop()
elif moment == "loading":
    filling.Filling.make_searchable = stop
elif moment == "loaded":
    loading._show, real = (lambda *values: (real(*values), stop())), loading._show
elif moment == "revealing":
    catalogue.Change.point_at = stop
elif moment == "published":
    generations.PostgresGenerations.prune = stop
elif moment == "pruning":
    generations.drop = stop
keeping.build()
"""
BEFORE = ["building", "loading", "loaded", "revealing"]


@pytest.fixture
def keeping(empty_postgres, tmp_path):
    made = Keeping("postgres", empty_postgres, tmp_path)
    for _ in range(3):
        made.build()
    yield made
    made.close()


def killed_at(keeping, moment):
    child = [sys.executable, "-c", CHILD, "postgres", keeping.url, str(keeping.root), moment]
    with subprocess.Popen(child, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "there\n"
        with pytest.raises(BuildInProgressError):
            keeping.store.building(wait_s=0).__enter__()
        process.kill()
    assert process.returncode == -signal.SIGKILL


def tables(url):
    """Return the numbers of the generations that tables are there of."""
    with psycopg.connect(url) as connection:
        found = connection.execute(
            r"SELECT DISTINCT substring(tablename FROM '^g(\d+)_') FROM pg_tables "
            "WHERE schemaname = 'pmrole_index' AND tablename ~ '^g[0-9]'"
        ).fetchall()
        kept = connection.execute("SELECT number::text FROM pmrole_index.generations").fetchall()
    return {one for (one,) in found}, {one for (one,) in kept}


def build_when_free(keeping):
    end = time.monotonic() + 20  # Postgres notices the death of a process in a moment
    while True:
        try:
            return keeping.build().generation
        except BuildInProgressError:
            assert time.monotonic() < end


@pytest.mark.parametrize("moment", BEFORE)
def test_a_build_killed_before_it_is_published_leaves_the_old_index(keeping, moment):
    before = keeping.store.names()
    killed_at(keeping, moment)
    assert keeping.store.current_name() == before[-1]
    assert keeping.store.taken_names() == before
    keeping.store.verify(before[-1])


@pytest.mark.parametrize("moment", ["published", "pruning"])
def test_a_build_killed_once_it_is_published_leaves_the_new_index(keeping, moment):
    before = keeping.store.current_name()
    killed_at(keeping, moment)
    current = keeping.store.current_name()
    assert current > before
    keeping.store.verify(current)
    assert keeping.store.open().manifest.name == current


@pytest.mark.parametrize("moment", [*BEFORE, "published", "pruning"])
def test_the_next_build_sweeps_away_what_was_left(keeping, moment):
    killed_at(keeping, moment)
    name = build_when_free(keeping)
    assert keeping.store.current_name() == name
    assert len(keeping.store.taken_names()) == 3
    there, kept = tables(keeping.url)
    assert there == kept
    assert len(kept) == 3
    for folder in keeping.root.glob("index-here/build-*"):
        raise AssertionError(folder)


def test_a_build_that_lost_its_lock_and_was_swept_away_publishes_nothing(keeping, monkeypatch):
    before = keeping.store.names()

    def load_and_lose(*values):
        load(*values)
        with psycopg.connect(keeping.url, autocommit=True) as admin:
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_locks "
                "WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
            )
        with keeping.machine("another").building(wait_s=20):
            pass

    monkeypatch.setattr("index.postgres.generations.load", load_and_lose)
    with pytest.raises(BuildInProgressError, match="another build swept away what was loaded"):
        keeping.build()
    assert keeping.store.current_name() == before[-1]
    assert keeping.store.taken_names() == before
