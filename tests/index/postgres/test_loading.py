"""A build folder gets into Postgres whole or not at all, and out of it without a trace."""

import contextlib
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from index.errors import DamagedIndexError, IndexMismatchError, StoreUnavailableError
from index.generation_folder import open_folder
from index.manifest import Manifest
from index.postgres.loading import drop, load, sweep
from index.postgres.reading import manifest_of, open_generation
from tests.waiting import wait_until

ROOT = Path(__file__).parents[3]
TABLES = b"SELECT tablename FROM pg_tables WHERE schemaname = 'pmrole_index' ORDER BY 1"
LOAD = """
import sys
from pathlib import Path
from index.manifest import Manifest
from index.postgres.connecting import Connections
from index.postgres.loading import load
load(Connections(sys.argv[1]), Path(sys.argv[2]), Manifest.read(Path(sys.argv[2])), "kept")
"""


@pytest.fixture
def manifest(folder):
    return Manifest.read(folder)


@pytest.fixture
def own_tables(connections):
    """Return the names of the tables that belong to one generation."""

    def names():
        return [
            name for (name,) in connections.fetch(TABLES) if name.startswith("g") and "_" in name
        ]

    return names


@contextlib.contextmanager
def held_up(connections):
    """Hold loads up just before their generation is seen."""
    with psycopg.connect(connections.url) as session:
        session.execute("LOCK TABLE pmrole_index.files IN SHARE MODE")
        yield


def names_in(folder):
    return {path.relative_to(folder) for path in folder.rglob("*")}


# --- Loading


def test_what_is_loaded_is_what_was_built(loaded, in_folder):
    generation = loaded()
    assert generation.manifest == in_folder.manifest
    assert generation.sentence_starts.tolist() == in_folder.sentence_starts.tolist()
    assert generation.heading_rows.tolist() == in_folder.heading_rows.tolist()
    assert generation.questions() == in_folder.questions() != {}


def test_the_files_of_the_folder_come_back_to_the_byte(
    loaded, connections, folder, in_folder, tmp_path, monkeypatch
):
    monkeypatch.setattr("index.postgres.copying.PIECE_BYTES", 1000)
    loaded()
    pieces = connections.fetch(
        b"SELECT path, content FROM pmrole_index.files WHERE generation = %s ORDER BY path, piece",
        [in_folder.manifest.name],
    )
    assert max(len(content) for _, content in pieces) == 1000
    for path, content in pieces:
        (tmp_path / path).parent.mkdir(exist_ok=True)
        with (tmp_path / path).open("ab") as file:
            file.write(content)
    open_folder(tmp_path).passages.close()
    assert names_in(tmp_path) == names_in(folder)


def test_nobody_sees_it_before_it_is_whole(connections, folder, manifest, own_tables):
    with ThreadPoolExecutor(1) as pool:
        with held_up(connections):
            under_way = pool.submit(load, connections, folder, manifest, "candidate")
            wait_until(own_tables)
            with pytest.raises(DamagedIndexError, match="there is no generation"):
                open_generation(connections, manifest.name)
            # Nor does anybody take it for rubbish.
            with connections.connection() as session:
                sweep(session)
            assert own_tables()
        under_way.result(60)
    assert manifest_of(connections, manifest.name) == manifest
    assert connections.fetch(b"SELECT state FROM pmrole_index.generations") == [("candidate",)]


def test_a_load_that_is_killed_leaves_only_what_the_next_one_sweeps_away(
    connections, folder, manifest, own_tables
):
    with held_up(connections):
        command = [sys.executable, "-c", LOAD, connections.url, str(folder)]
        loader = subprocess.Popen(command, cwd=ROOT)
        wait_until(own_tables)
        loader.kill()
        loader.wait()
    assert connections.fetch(b"SELECT count(*) FROM pmrole_index.generations") == [(0,)]
    left = own_tables()
    # Its connection may live on for a moment.
    wait_until(lambda: not connections.fetch(b"SELECT 1 FROM pg_locks WHERE locktype = 'advisory'"))
    load(connections, folder, manifest, "kept")
    assert not set(left) & set(own_tables())
    open_generation(connections, manifest.name)


@pytest.mark.parametrize(
    "file", ["passages.db", "sentences.f16.npy", "heading_rows.npy", "headings.keys.npy"]
)
def test_a_folder_that_lacks_a_file_leaves_nothing(
    connections, folder, manifest, own_tables, tmp_path, file
):
    shutil.copytree(folder, tmp_path / "copy")
    (tmp_path / "copy" / file).unlink()
    with pytest.raises((DamagedIndexError, OSError), match=file):
        load(connections, tmp_path / "copy", manifest, "kept")
    assert own_tables() == []


def test_a_name_is_taken_once(loaded, connections, folder, manifest, own_tables):
    loaded()
    before = own_tables()
    with pytest.raises(StoreUnavailableError):
        load(connections, folder, manifest, "kept")
    assert own_tables() == before


# --- Opening


def test_a_generation_of_another_format_is_refused(connections, folder, manifest):
    load(connections, folder, replace(manifest, format=9), "kept")
    with pytest.raises(IndexMismatchError, match="format 9"):
        open_generation(connections, manifest.name)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("DROP TABLE pmrole_index.g1_postings", None),
        ("DROP TABLE pmrole_index.g1_sentence_vectors", "pmrole index build"),
        ("DELETE FROM pmrole_index.g1_chunks WHERE row > 3", "chunks do not agree"),
        ("DELETE FROM pmrole_index.g1_chunk_vectors WHERE row = 2", "lack vectors"),
        ("DELETE FROM pmrole_index.g1_arrays WHERE name = 'lengths'", "arrays"),
        ("UPDATE pmrole_index.g1_arrays SET content = 'x'", "arrays"),
        ("UPDATE pmrole_index.generations SET manifest = '{\"format\": 2}'", "cannot be read"),
    ],
)
def test_damage_is_noticed_when_it_is_opened_or_asked(
    loaded, connections, manifest, statement, said
):
    loaded()
    with connections.connection() as session:
        session.execute(statement.encode())
    if said is None:
        generation = open_generation(connections, manifest.name)
        with pytest.raises(DamagedIndexError):
            generation.lexical.search("roadmap", 3)
    else:
        with pytest.raises(DamagedIndexError, match=said):
            open_generation(connections, manifest.name)


def test_the_calibration_is_the_one_that_is_kept_with_all_generations(loaded, connections):
    generation = loaded()
    assert generation.calibration() is None
    with connections.connection() as session:
        session.execute("INSERT INTO pmrole_index.settings VALUES ('calibration', '{}')")
    assert generation.calibration() == "{}"


# --- Dropping


def test_what_is_dropped_leaves_no_trace_and_others_alone(
    loaded, connections, folder, manifest, own_tables
):
    other = loaded()
    load(connections, folder, replace(manifest, name="it's; another"), "candidate")
    drop(connections, "it's; another")
    drop(connections, "it's; another")
    assert {name.split("_")[0] for name in own_tables()} == {"g1"}
    files = connections.fetch(b"SELECT DISTINCT generation FROM pmrole_index.files")
    assert files == [(manifest.name,)]
    assert len(list(other.passages.all())) == len(other.passages)
    drop(connections, manifest.name)
    assert own_tables() == []


def test_a_reader_in_the_middle_holds_up_the_sweeping_only(
    loaded, connections, folder, manifest, own_tables
):
    loaded()
    with psycopg.connect(connections.url) as reader:
        reader.execute("SELECT * FROM pmrole_index.g1_chunks LIMIT 1")
        drop(connections, manifest.name)
        with pytest.raises(DamagedIndexError):
            open_generation(connections, manifest.name)
        assert own_tables()
    load(connections, folder, manifest, "kept")
    assert {name.split("_")[0] for name in own_tables()} == {"g2"}
