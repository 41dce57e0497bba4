"""Copies of what Postgres keeps: whole or not there, and pulled once for a machine."""

import logging
import multiprocessing
import shutil
import signal
import subprocess
import sys
import tracemalloc
from pathlib import Path

import psycopg
import pytest

from index.errors import DamagedIndexError
from index.generation_folder import open_folder
from index.generation_store import GenerationStore
from index.manifest import list_files
from index.postgres import pulling
from index.postgres.connecting import Connections
from index.postgres.pulling import copy_published
from tests.builds import write_articles
from tests.index.keeping import Keeping
from tests.library import ROOT
from tests.waiting import wait_until

CHILD = """
import sys, time
from pathlib import Path
from index.postgres import pulling
from tests.index.keeping import Keeping
def stop(*_anything):
    print("there", flush=True)
    time.sleep(60)
setattr(pulling, sys.argv[3], stop)
keeping = Keeping("postgres+faiss", sys.argv[1], Path(sys.argv[2]))
keeping.machine("there").open()
"""


@pytest.fixture
def keeping(empty_postgres, tmp_path):
    made = Keeping("postgres+faiss", empty_postgres, tmp_path)
    yield made
    made.close()


@pytest.fixture
def there(keeping):
    """The folder of another machine."""
    return keeping.root / "index-there"


def copies(folder):
    return sorted(one.parent.name for one in folder.glob("*/manifest.json"))


def break_a_piece(url, name, path="chunks.f16.npy"):
    with psycopg.connect(url) as connection:
        connection.execute(
            "UPDATE pmrole_index.files SET content = set_byte(content, 100, "
            "get_byte(content, 100) # 255) WHERE generation = %s AND path = %s AND piece = 0",
            [name, path],
        )


def test_a_copy_is_what_was_built_to_the_byte(keeping, there):
    name = keeping.build().generation
    keeping.machine("there").open().passages.close()
    assert copies(there) == [name]
    built = list_files(keeping.root / "index-here" / name)
    copied = list_files(there / name)
    for one in (built, copied):
        del one["manifest.json"]  # made anew, of the same values
    assert copied == built
    assert open_folder(there / name).manifest == keeping.store.manifest_of(name)


def test_what_this_machine_built_it_does_not_pull(keeping, monkeypatch):
    monkeypatch.setattr(pulling, "pull", lambda *_: pytest.fail("it pulled"))
    name = keeping.build().generation
    assert keeping.store.open().manifest.name == name
    waiting = keeping.build(publish=False).generation
    assert keeping.store.open_candidate(waiting).manifest.name == waiting


def test_a_damaged_piece_is_no_copy_and_the_older_generation_answers(keeping, there, caplog):
    first, second = keeping.build().generation, keeping.build().generation
    break_a_piece(keeping.url, second)
    with caplog.at_level(logging.WARNING):
        assert keeping.machine("there").open().manifest.name == first
    assert "chunks.f16.npy is damaged: its checksum differs" in caplog.text
    assert copies(there) == [first]
    assert not list(there.glob("pull-*/"))


def test_a_missing_file_is_no_copy(keeping, there):
    name = keeping.build().generation
    with psycopg.connect(keeping.url) as connection:
        connection.execute("DELETE FROM pmrole_index.files WHERE path = 'passages.db'")
    with pytest.raises(DamagedIndexError, match=r"passages\.db has 0 bytes"):
        keeping.machine("there").open_named(name)
    assert copies(there) == []


def test_a_copy_that_was_damaged_here_is_pulled_again(keeping, there, caplog):
    name = keeping.build().generation
    store = keeping.machine("there")
    store.open().passages.close()
    (there / name / "passages.db").write_bytes(b"no database")
    with pytest.raises(DamagedIndexError, match=r"passages\.db"):
        store.verify(name)
    with caplog.at_level(logging.WARNING):
        assert store.open().passages.text_of("roadmap.md")
    assert "it is pulled again" in caplog.text
    assert store.verify(name).name == name


def test_a_follower_answers_from_the_old_copy_until_the_new_one_is_here(keeping, there):
    first = keeping.build().generation
    store = keeping.machine("there")
    old = store.open()
    store.follow()
    write_articles(keeping.knowledge, {"zebra.md": "# Zebra\n\nZebras have stripes.\n"})
    second = keeping.build().generation
    while store.heard_name() == first:
        assert old.passages.get([0])
    assert store.heard_name() == second
    assert copies(there) == [first, second]  # it was whole before anybody heard of it
    assert len(store.open_named(second).passages.articles()) == 4


def test_a_follower_that_cannot_pull_stays_with_the_old_one_and_tries_again(
    keeping, there, monkeypatch, caplog
):
    monkeypatch.setattr(pulling, "_AGAIN_S", 0.0)
    monkeypatch.setattr("index.postgres.listening.LOOK_EVERY_S", 0.5)
    first = keeping.build().generation
    store = keeping.machine("there")
    store.open()
    second = keeping.build().generation
    break_a_piece(keeping.url, second)
    with caplog.at_level(logging.WARNING):
        store.follow()
        wait_until(lambda: "cannot be pulled" in caplog.text)
    assert store.heard_name() == first
    break_a_piece(keeping.url, second)  # back again
    wait_until(lambda: store.heard_name() == second)
    assert copies(there) == [first, second]


def test_copies_of_what_is_kept_no_more_are_removed(keeping, there):
    store = keeping.machine("there")
    names = []
    for _ in range(5):
        names.append(keeping.build().generation)
        store.open().passages.close()
    assert copies(keeping.root / "index-here") == names[-3:]
    store.prune()
    assert copies(there) == names[-3:]


def test_who_has_a_removed_copy_open_reads_on(keeping):
    keeping.build()
    generation = keeping.store.open()
    for _ in range(4):
        keeping.build()
    assert generation.chunk_vectors.vectors(generation.heading_rows[:1] * 0).shape == (1, 64)
    assert generation.passages.text_of("roadmap.md")


@pytest.mark.parametrize("moment", ["read_pieces", "put_in_place"])
def test_a_pull_that_was_killed_leaves_nothing_half(keeping, there, moment):
    name = keeping.build().generation
    child = [sys.executable, "-c", CHILD, keeping.url, str(keeping.root), moment]
    with subprocess.Popen(child, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "there\n"
        process.kill()
    assert process.returncode == -signal.SIGKILL
    assert len(list(there.glob("pull-*/"))) == 1
    assert not (there / name).exists()
    assert keeping.machine("there").open().manifest.name == name
    assert sorted(one.name for one in there.iterdir()) == [name, "pull.lock"]


def pull_and_count(url, root, results):
    pulled = []
    real = pulling.pull

    def pull(connections, manifest, work):
        pulled.append(manifest.name)
        real(connections, manifest, work)

    pulling.pull = pull
    keeping = Keeping("postgres+faiss", url, Path(root))
    results.put((keeping.machine("there").open().manifest.name, len(pulled)))
    keeping.close()


def test_two_processes_on_one_machine_pull_once(keeping):
    name = keeping.build().generation
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    processes = [
        context.Process(target=pull_and_count, args=(keeping.url, str(keeping.root), results))
        for _ in range(2)
    ]
    for one in processes:
        one.start()
    seen = [results.get(timeout=60) for _ in processes]
    for one in processes:
        one.join()
    assert sorted(seen) == [(name, 0), (name, 1)]


def test_a_large_file_is_pulled_without_being_held_in_memory(keeping, there, tmp_path):
    name = keeping.build().generation
    size = 64_000_000
    with psycopg.connect(keeping.url) as connection:
        connection.execute(
            "INSERT INTO pmrole_index.files SELECT %s, 'large', piece, "
            "convert_to(repeat('x', 1000000), 'UTF8') FROM generate_series(0, %s) piece",
            [name, size // 1_000_000 - 1],
        )
    digest = tmp_path / "large"
    digest.write_bytes(b"x" * size)
    with psycopg.connect(keeping.url) as connection:
        connection.execute(
            "UPDATE pmrole_index.generations SET manifest = jsonb_set(manifest, '{files,large}', "
            "jsonb_build_array(%s::int, %s::text))",
            [size, list_files(tmp_path)["large"][1]],
        )
    digest.unlink()
    store = keeping.machine("there")
    tracemalloc.start()
    try:
        store.open_named(name).passages.close()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (there / name / "large").stat().st_size == size
    assert peak < 16_000_000


def test_the_published_generation_can_be_copied_to_a_folder_of_its_own(keeping, tmp_path):
    keeping.build()
    second = keeping.build().generation
    target = GenerationStore(tmp_path / "copy")
    copy_published(keeping.url, second, target)
    assert target.current_name() == second
    assert target.names() == [second]
    assert target.open().passages.text_of("roadmap.md")
    Connections(keeping.url).close()


def test_a_generation_that_is_gone_is_not_pulled(keeping, there):
    name = keeping.build().generation
    for _ in range(3):
        keeping.build()
    with pytest.raises(DamagedIndexError, match="there is no generation"):
        keeping.machine("there").open_named(name)
    shutil.rmtree(there, ignore_errors=True)
