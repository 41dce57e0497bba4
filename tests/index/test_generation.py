"""A generation is published whole, checked when opened, and left behind for a good one only."""

import json
import logging
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from index.build import BuildOptions
from index.errors import (
    BuildInProgressError,
    DamagedIndexError,
    IndexMismatchError,
    NoIndexError,
)
from index.generation_store import GenerationStore, new_name
from index.manifest import Manifest, list_files
from index.questions import read_questions
from tests.builds import ARTICLES, build, write_articles

ROOT = Path(__file__).parent.parent.parent
FILES = [
    "passages.db",
    "sentence_starts.npy",
    "chunks.f16.npy",
    "chunks.keys.npy",
    "sentences.f16.npy",
    "sentences.keys.npy",
    "headings.f16.npy",
    "heading_rows.npy",
    "lexical/rows.bin",
    "lexical/counts.bin",
    "lexical/stem_keys.npy",
    "lexical/lengths.npy",
]


@pytest.fixture
def knowledge(tmp_path):
    return write_articles(tmp_path / "knowledge", ARTICLES)


@pytest.fixture
def store(knowledge, tmp_path):
    """A store with one generation."""
    build(knowledge, tmp_path / "index")
    return GenerationStore(tmp_path / "index")


@pytest.fixture
def rebuild(knowledge, store):
    """Build once more; returns the new generation's name."""

    def once():
        return build(knowledge, store.folder).generation

    return once


def file_of(store, name, pattern):
    return next(iter(sorted((store.folder / name).glob(pattern))))


def flip_a_byte(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)


def truncate(path):
    path.write_bytes(path.read_bytes()[:-1])


# --- Publishing


def test_a_built_generation_is_published_and_opens(store):
    generation = store.open()
    assert generation.manifest.name == store.current_name() == generation.manifest.name
    assert store.names() == [store.current_name()]
    assert len(generation.passages) == len(generation.lexical) == len(generation.chunk_vectors)


def test_a_new_generation_takes_the_place_of_the_old_which_is_kept(store, rebuild):
    first = store.current_name()
    second = rebuild()
    assert store.current_name() == second
    assert store.names() == [first, second]
    assert store.previous_name() == first


def test_current_is_replaced_not_rewritten(store, rebuild):
    current = store.folder / "CURRENT"
    with current.open() as old:
        second = rebuild()
        # Whoever had the old file open still reads a whole name.
        assert old.read().strip() != second
    assert current.read_text() == f"{second}\n"
    assert not (store.folder / "CURRENT.new").exists()


def test_a_manifest_says_what_the_generation_was_built_from_and_with(store, knowledge):
    manifest = Manifest.read(store.folder / store.current_name())
    assert (manifest.model, manifest.encoder, manifest.dimension) == ("hashing", "hashing", 64)
    assert (manifest.articles, manifest.knowledge) == (3, str(knowledge))
    assert manifest.problems == ()
    listed = list_files(store.folder / manifest.name)
    del listed["manifest.json"]
    assert manifest.files == listed


def test_a_folder_without_an_index_names_the_command(tmp_path):
    store = GenerationStore(tmp_path / "none")
    with pytest.raises(NoIndexError, match=r"no index in .*none: run `pmrole index build --index"):
        store.open()
    with pytest.raises(NoIndexError, match="no index in"):
        store.current_name()
    assert store.names() == []
    assert not store.folder.exists()


def test_nothing_points_at_a_generation_that_is_not_there(store):
    before = store.current_name()
    with pytest.raises(NoIndexError, match=r"no generation 'nowhere' in .*: `pmrole index list`"):
        store.point_at("nowhere")
    assert store.current_name() == before


# --- Keeping and going back


def test_the_newest_three_generations_are_kept(store, rebuild):
    names = [store.current_name(), *(rebuild() for _ in range(4))]
    assert store.names() == names[-3:]
    assert sorted(p.name for p in store.folder.iterdir()) == sorted(
        [*names[-3:], "CURRENT", "build.lock"]
    )


def test_the_current_generation_is_kept_however_old(store, rebuild):
    first = store.current_name()
    others = [rebuild(), rebuild()]
    store.point_at(first)
    assert store.prune(1) == others[:1]
    assert store.names() == [first, others[1]]
    assert store.open().manifest.name == first


def test_a_rolled_back_store_answers_from_the_older_generation(store, rebuild):
    first, second, third = store.current_name(), rebuild(), rebuild()
    assert store.previous_name() == second
    store.point_at(store.previous_name())
    assert store.open().manifest.name == second
    assert store.previous_name() == first
    store.point_at(third)
    assert store.open().manifest.name == third


def test_the_first_generation_has_none_before_it(store):
    with pytest.raises(NoIndexError, match=f"no generation before {store.current_name()} is kept"):
        store.previous_name()


def test_a_build_after_a_rollback_is_the_newest(store, rebuild):
    first = store.current_name()
    second = rebuild()
    store.point_at(first)
    third = rebuild()
    assert store.names() == [first, second, third]
    assert store.current_name() == third


# --- Names


def test_names_sort_by_time(store, rebuild):
    names = [store.current_name(), rebuild(), rebuild()]
    assert sorted(names) == names


def test_a_new_name_sorts_after_all_others_even_if_the_clock_went_back():
    names = ["29990101T000000.000Z"]
    for _ in range(5):
        names.append(new_name(names))
    assert sorted(names) == names
    assert len(set(names)) == 6


def test_a_generation_built_before_the_clock_went_back_stays_behind_the_new_one(store, rebuild):
    future = "29990101T000000.000Z"
    old = store.current_name()
    folder = (store.folder / old).rename(store.folder / future)
    values = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps({**values, "name": future}))
    store.point_at(future)
    name = rebuild()
    assert store.names() == [future, name]
    assert store.open().manifest.name == name


# --- Damage


@pytest.mark.parametrize("pattern", FILES)
@pytest.mark.parametrize(
    ("damage", "words"),
    [(flip_a_byte, "is damaged"), (truncate, "bytes, its manifest says"), (Path.unlink, "missing")],
    ids=["flipped", "truncated", "missing"],
)
def test_a_damaged_file_is_named(store, pattern, damage, words):
    name = store.current_name()
    file = file_of(store, name, pattern)
    damage(file)
    for check in (store.verify, store.open_named):
        with pytest.raises(DamagedIndexError, match=f"{file}.*{words}"):
            check(name)


def test_every_file_of_a_generation_is_checked(store):
    name = store.current_name()
    for path in Manifest.read(store.folder / name).files:
        file = store.folder / name / path
        good = file.read_bytes()
        file.write_bytes(good + b"\0")
        with pytest.raises(DamagedIndexError, match=f"{file} has {len(good) + 1} bytes"):
            store.verify(name)
        file.write_bytes(good)
    assert store.verify(name).name == name


def test_a_large_file_is_read_by_verify_and_only_measured_by_a_limit(store):
    name = store.current_name()
    flip_a_byte(store.folder / name / "chunks.f16.npy")
    size = (store.folder / name / "chunks.f16.npy").stat().st_size
    # What differs is in no other file, which are all larger than the limit too.
    store.verify(name, limit=0)
    with pytest.raises(DamagedIndexError, match=r"chunks\.f16\.npy is damaged"):
        store.verify(name, limit=size)


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "{}", '{"format": 2}', '{"format": 2, "files": [], "problems": 1}']
)
def test_an_unreadable_manifest_is_damage(store, content):
    name = store.current_name()
    (store.folder / name / "manifest.json").write_text(content)
    with pytest.raises(DamagedIndexError, match=r"manifest\.json cannot be read"):
        store.open()


def test_a_manifest_of_another_format_is_refused(store):
    path = store.folder / store.current_name() / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": 1}))
    with pytest.raises(IndexMismatchError, match="has format 1, this program reads 2: run"):
        store.open()


@pytest.mark.parametrize(
    ("change", "what"),
    [({"chunks": 99}, "chunks"), ({"sentences": 99}, "sentences"), ({"dimension": 3}, "dimension")],
)
def test_counts_that_do_not_agree_are_damage(store, change, what):
    path = store.folder / store.current_name() / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    with pytest.raises(DamagedIndexError, match=f"{what} do not agree"):
        store.open()


def test_sentence_starts_that_do_not_fit_are_damage(store):
    name = store.current_name()
    path = store.folder / name / "sentence_starts.npy"
    for write, words in [
        (lambda: np.save(path, np.arange(2)), "sentence starts do not agree"),
        (lambda: path.write_bytes(b"nothing"), r"sentence_starts\.npy cannot be read"),
    ]:
        write()
        manifest = store.folder / name / "manifest.json"
        values = json.loads(manifest.read_text())
        values["files"] |= {"sentence_starts.npy": list_files(path.parent)["sentence_starts.npy"]}
        manifest.write_text(json.dumps(values))
        with pytest.raises(DamagedIndexError, match=words):
            store.open_named(name)


@pytest.mark.parametrize("pattern", FILES)
def test_a_damaged_current_generation_gives_way_to_the_good_one_before(
    store, rebuild, caplog, pattern
):
    first, second = store.current_name(), rebuild()
    damaged = file_of(store, second, pattern)
    flip_a_byte(damaged)
    with caplog.at_level(logging.WARNING):
        assert store.open().manifest.name == first
    assert str(damaged) in caplog.text
    assert f"answering from the older one, {first}" in caplog.text
    assert store.current_name() == second


def test_a_current_generation_that_is_gone_gives_way_to_the_one_before(store, rebuild):
    first, second = store.current_name(), rebuild()
    shutil.rmtree(store.folder / second)
    assert store.open().manifest.name == first


def test_the_newest_good_generation_before_is_chosen(store, rebuild):
    first, second, third = store.current_name(), rebuild(), rebuild()
    flip_a_byte(store.folder / third / "passages.db")
    assert store.open().manifest.name == second
    flip_a_byte(store.folder / second / "passages.db")
    assert store.open().manifest.name == first


def test_a_newer_generation_that_was_rolled_back_from_is_never_fallen_back_to(store, rebuild):
    first = store.current_name()
    rebuild()
    store.point_at(first)
    flip_a_byte(store.folder / first / "passages.db")
    with pytest.raises(DamagedIndexError, match=r"passages\.db is damaged.*no older generation"):
        store.open()


def test_without_a_good_generation_the_first_damage_is_named(store, rebuild):
    first, second = store.current_name(), rebuild()
    flip_a_byte(store.folder / first / "passages.db")
    (store.folder / second / "chunks.f16.npy").unlink()
    with pytest.raises(
        DamagedIndexError,
        match=rf"{second}/chunks\.f16\.npy is missing; no older generation is good: run `pmrole",
    ):
        store.open()


def test_a_build_beside_a_damaged_index_mends_it(store, rebuild):
    flip_a_byte(store.folder / store.current_name() / "sentences.f16.npy")
    assert store.open_named(rebuild()).passages


# --- Building


def test_what_a_crashed_build_left_is_swept_away(store):
    for left in ("build-abc", "build-removed-20200101T000000.000Z"):
        shutil.copytree(store.folder / store.current_name(), store.folder / left)
    assert store.names() == [store.current_name()]
    with store.building(wait_s=0) as work:
        assert sorted(store.folder.glob("build-*/")) == [work]
    assert not list(store.folder.glob("build-*/"))


def test_a_build_that_fails_leaves_nothing(store):
    before = sorted(store.folder.rglob("*"))

    def fail():
        with store.building(wait_s=0) as work:
            (work / "half").write_text("a half")
            raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError, match="the disk is full"):
        fail()
    assert sorted(store.folder.rglob("*")) == before


HOLDER = """
import sys, time
from pathlib import Path
from index.generation_store import GenerationStore
with GenerationStore(Path(sys.argv[1])).building(wait_s=0):
    print("building", flush=True)
    time.sleep(float(sys.argv[2]))
"""


@pytest.fixture
def building(store):
    """Start a process that builds in the store for some seconds; it is waited for until it does."""
    started = []

    def start(seconds):
        process = subprocess.Popen(
            [sys.executable, "-c", HOLDER, store.folder, str(seconds)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "building\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_a_second_build_is_refused_while_one_runs(store, building, rebuild):
    building(60)
    before = store.current_name()
    with pytest.raises(BuildInProgressError, match=r"another build of .* is running; try again"):
        rebuild()
    assert store.current_name() == before
    assert store.open().manifest.name == before


def test_a_second_build_may_wait_for_the_first_to_end(store, building):
    process = building(0.5)
    begun = time.monotonic()
    with store.building(wait_s=30) as work:
        assert work.is_dir()
    assert process.wait(10) == 0
    assert time.monotonic() - begun < 20


def test_a_second_build_waits_no_longer_than_told(store, building):
    building(60)
    begun = time.monotonic()
    with pytest.raises(BuildInProgressError, match="is running"), store.building(wait_s=0.3):
        pass
    assert 0.2 < time.monotonic() - begun < 10


def test_a_killed_build_holds_up_no_other(store, building, rebuild):
    process = building(60)
    assert len(list(store.folder.glob("build-*/"))) == 1
    process.kill()
    process.wait()
    name = rebuild()
    assert store.current_name() == name
    assert not list(store.folder.glob("build-*/"))


# --- Candidates


@pytest.fixture
def candidate(knowledge, store):
    """A generation that was built and not published; gives its name."""
    options = BuildOptions(publish=False)
    return build(knowledge, store.folder, options=options).generation


def test_a_candidate_is_verified_and_opens_and_is_no_generation(store, candidate):
    published = store.current_name()
    assert store.candidate() == candidate
    assert store.open_candidate(candidate).manifest.name == candidate
    assert store.names() == [published]
    assert store.open().manifest.name == published
    with pytest.raises(NoIndexError):
        store.previous_name()


@pytest.mark.parametrize("prefix", ["", "candidate-"])
def test_a_candidate_is_not_pointed_at(store, candidate, prefix):
    with pytest.raises(NoIndexError, match="no generation"):
        store.point_at(prefix + candidate)


def test_a_published_candidate_is_the_current_generation_also_the_second_time(store, candidate):
    for _ in range(2):
        store.publish_candidate(candidate)
        assert store.current_name() == candidate
        assert store.candidate() is None
    assert store.open().manifest.name == candidate


def test_a_discarded_candidate_leaves_nothing(store, candidate):
    before = store.current_name()
    for _ in range(2):
        store.discard_candidate(candidate)
    assert store.candidate() is None
    assert {one.name for one in store.folder.iterdir()} == {before, "CURRENT", "build.lock"}
    with pytest.raises(NoIndexError, match="no generation"):
        store.publish_candidate(candidate)


def test_pruning_leaves_a_candidate_alone(store, candidate):
    store.prune(kept=1)
    assert store.candidate() == candidate


def test_a_newer_build_takes_the_place_of_a_candidate(store, knowledge, candidate, rebuild):
    newer = build(knowledge, store.folder, options=BuildOptions(publish=False)).generation
    assert newer > candidate
    assert store.candidate() == newer
    published = rebuild()
    assert published > newer
    assert store.candidate() is None


def test_a_damaged_candidate_is_noticed(store, candidate):
    truncate(store.folder / f"candidate-{candidate}" / "passages.db")
    with pytest.raises(DamagedIndexError, match=r"passages\.db has"):
        store.open_candidate(candidate)


def test_a_generation_knows_the_questions_of_its_articles(knowledge, store, rebuild):
    assert store.open().questions() == {}
    asked = '---\nquestions: ["What is it?", "Why?"]\n---\n# New\n\nA new article.\n'
    write_articles(knowledge, {"new.md": asked})
    folder = store.folder / rebuild()
    assert read_questions(folder) == {"new.md": ("What is it?", "Why?")}
    (folder / "questions.json").unlink()
    assert read_questions(folder) == {}  # as of a generation of before they were kept
    (folder / "questions.json").write_text("[")
    with pytest.raises(DamagedIndexError, match=r"questions\.json cannot be read"):
        read_questions(folder)
