"""What every store of generations promises, wherever it keeps them."""

import json
import logging
import multiprocessing
import time
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from index.errors import BuildInProgressError, DamagedIndexError, NoIndexError
from index.generation_store import new_name
from index.manifest import MANIFEST
from tests.builds import write_articles
from tests.index.keeping import KINDS, Keeping, open_store

FUTURE = "29990101T000000.000Z"


@pytest.fixture(params=KINDS)
def keeping(request, tmp_path):
    url = "" if request.param == "folder" else request.getfixturevalue("empty_postgres")
    made = Keeping(request.param, url, tmp_path)
    yield made
    made.close()


def damage(keeping, name):
    """Damage what is kept of a generation, copies included."""
    if keeping.kind == "folder":
        (keeping.root / "index" / name / "passages.db").unlink()
        return
    with psycopg.connect(keeping.url) as connection:
        connection.execute(
            "UPDATE pmrole_index.files SET content = '' WHERE generation = %s AND path = %s",
            [name, "passages.db"],
        )
        row = connection.execute(
            "SELECT number FROM pmrole_index.generations WHERE name = %s", [name]
        ).fetchone()
        assert row
        table = sql.Identifier("pmrole_index", f"g{row[0]}_chunks")
        connection.execute(sql.SQL("DELETE FROM {}").format(table))
    for copy in keeping.root.glob(f"index-*/{name}"):
        (copy / "passages.db").unlink()


def rename(keeping, old, new):
    """Give a generation another name, as if the clock had been elsewhere when it was built."""
    if keeping.kind == "folder":
        folder = (keeping.root / "index" / old).rename(keeping.root / "index" / new)
        values = json.loads((folder / MANIFEST).read_text())
        (folder / MANIFEST).write_text(json.dumps({**values, "name": new}))
        keeping.store.point_at(new)
        return
    with psycopg.connect(keeping.url) as connection:
        connection.execute(
            "UPDATE pmrole_index.generations SET name = %s, "
            "manifest = jsonb_set(manifest, '{name}', to_jsonb(%s::text)) WHERE name = %s",
            [new, new, old],
        )
        connection.execute(
            "UPDATE pmrole_index.settings SET value = %s WHERE key = 'current'", [new]
        )


# --- Publishing


def test_nothing_is_published_at_first_and_the_command_is_named(keeping):
    for ask in (keeping.store.current_name, keeping.store.heard_name, keeping.store.open):
        with pytest.raises(NoIndexError, match=r"no index in .*: run `pmrole index build"):
            ask()
    assert keeping.store.names() == keeping.store.taken_names() == []
    assert keeping.store.candidate() is None
    assert keeping.store.calibration() is None


def test_a_built_generation_is_published_and_opens_on_every_machine(keeping):
    built = keeping.build()
    for store in (keeping.store, keeping.machine("there")):
        assert store.current_name() == store.heard_name() == built.generation
        assert store.names() == store.taken_names() == [built.generation]
        generation = store.open()
        assert generation.manifest.name == built.generation
        assert generation.manifest == store.manifest_of(built.generation)
        assert len(generation.passages) == len(generation.lexical) == built.chunks
        assert len(generation.sentence_vectors) == built.sentences
        assert generation.passages.text_of("roadmap.md").startswith("Roadmap")
        assert store.verify(built.generation) == generation.manifest


def test_a_new_generation_takes_the_place_of_the_old_which_is_kept(keeping):
    first = keeping.build().generation
    there = keeping.machine("there")
    assert there.open().manifest.name == first
    write_articles(keeping.knowledge, {"zebra.md": "# Zebra\n\nZebras have stripes.\n"})
    second = keeping.build()
    assert (second.added, second.embedded < 10) == (("zebra.md",), True)
    for store in (keeping.store, there):
        assert store.current_name() == second.generation
        assert store.names() == [first, second.generation]
        assert store.previous_name() == first
        assert len(store.open().passages.articles()) == 4
        assert len(store.open_named(first).passages.articles()) == 3


def test_what_is_open_answers_on_when_another_is_published(keeping):
    keeping.build()
    generation = keeping.machine("there").open()
    keeping.build()
    assert generation.passages.get([0])[0].row == 0
    assert generation.lexical.search("roadmap", 3).size


def test_questions_of_articles_are_kept(keeping):
    asked = '---\nquestions: ["What is it?", "Why?"]\n---\n# New\n\nA new article.\n'
    write_articles(keeping.knowledge, {"new.md": asked})
    keeping.build()
    assert keeping.machine("there").open().questions() == {"new.md": ("What is it?", "Why?")}


# --- Keeping and going back


def test_the_newest_three_generations_are_kept(keeping):
    names = [keeping.build().generation for _ in range(5)]
    assert keeping.store.names() == keeping.machine("there").names() == names[-3:]
    with pytest.raises(DamagedIndexError):
        keeping.store.open_named(names[0])
    assert keeping.store.prune() == []


def test_the_current_generation_is_kept_however_old(keeping):
    first = keeping.build().generation
    others = [keeping.build().generation, keeping.build().generation]
    keeping.store.point_at(first)
    assert keeping.store.prune(1) == others[:1]
    assert keeping.store.names() == [first, others[1]]
    assert keeping.store.open().manifest.name == first


def test_a_rollback_is_seen_by_every_machine(keeping):
    first, second, third = (keeping.build().generation for _ in range(3))
    there = keeping.machine("there")
    assert there.open().manifest.name == third
    keeping.store.point_at(keeping.store.previous_name())
    assert there.current_name() == second
    assert there.open().manifest.name == second
    assert there.previous_name() == first
    keeping.store.point_at(third)
    assert there.open().manifest.name == third


def test_the_first_generation_has_none_before_it(keeping):
    name = keeping.build().generation
    with pytest.raises(NoIndexError, match=f"no generation before {name} is kept"):
        keeping.store.previous_name()


@pytest.mark.parametrize("name", ["nowhere", "..", ""])
def test_nothing_points_at_a_generation_that_is_not_there(keeping, name):
    before = keeping.build().generation
    with pytest.raises(NoIndexError, match=f"no generation '{name}' in .*: `pmrole index list`"):
        keeping.store.point_at(name)
    assert keeping.store.current_name() == before


def test_a_generation_built_before_the_clock_went_back_stays_behind_the_new_one(keeping):
    rename(keeping, keeping.build().generation, FUTURE)
    name = keeping.build().generation
    assert name == f"{FUTURE}+"
    assert keeping.store.names() == [FUTURE, name]
    assert keeping.store.current_name() == name
    assert keeping.store.previous_name() == FUTURE
    assert new_name(keeping.store.taken_names()) == f"{FUTURE}++"


# --- Candidates


def test_a_candidate_opens_everywhere_and_is_no_generation(keeping):
    published = keeping.build().generation
    waiting = keeping.build(publish=False).generation
    for store in (keeping.store, keeping.machine("there")):
        assert store.candidate() == waiting
        assert store.open_candidate(waiting).manifest.name == waiting
        assert store.manifest_of(waiting).name == waiting
        assert store.names() == [published]
        assert store.taken_names() == [published, waiting]
        assert store.open().manifest.name == published
        with pytest.raises(NoIndexError):
            store.point_at(waiting)


def test_a_published_candidate_is_the_current_generation_also_the_second_time(keeping):
    keeping.build()
    waiting = keeping.build(publish=False).generation
    there = keeping.machine("there")
    for store in (keeping.store, there):
        store.publish_candidate(waiting)
        assert there.current_name() == keeping.store.current_name() == waiting
        assert store.candidate() is None
    assert there.open().manifest.name == waiting


def test_a_discarded_candidate_leaves_nothing(keeping):
    before = keeping.build().generation
    waiting = keeping.build(publish=False).generation
    for _ in range(2):
        keeping.store.discard_candidate(waiting)
    assert keeping.store.candidate() is None
    assert keeping.store.taken_names() == [before]
    with pytest.raises(DamagedIndexError):
        keeping.store.open_candidate(waiting)
    with pytest.raises(NoIndexError, match="no generation"):
        keeping.store.publish_candidate(waiting)
    assert keeping.store.current_name() == before


def test_pruning_leaves_a_candidate_alone(keeping):
    keeping.build()
    waiting = keeping.build(publish=False).generation
    keeping.store.prune(1)
    assert keeping.store.candidate() == waiting


def test_a_newer_build_takes_the_place_of_a_candidate(keeping):
    keeping.build()
    older = keeping.build(publish=False).generation
    newer = keeping.build(publish=False).generation
    assert newer > older
    assert keeping.store.candidate() == newer
    published = keeping.build().generation
    assert published > newer
    assert keeping.store.candidate() is None
    assert older not in keeping.store.taken_names()
    assert newer not in keeping.store.taken_names()


# --- Damage


def test_a_damaged_generation_gives_way_to_the_newest_good_one_before(keeping, caplog):
    first, second, third = (keeping.build().generation for _ in range(3))
    damage(keeping, third)
    with caplog.at_level(logging.WARNING):
        assert keeping.machine("there").open().manifest.name == second
    assert f"answering from the older one, {second}" in caplog.text
    damage(keeping, second)
    assert keeping.store.open().manifest.name == first
    assert keeping.store.current_name() == third


def test_a_newer_generation_is_never_fallen_back_to(keeping):
    first = keeping.build().generation
    keeping.build()
    keeping.store.point_at(first)
    damage(keeping, first)
    with pytest.raises(DamagedIndexError, match="no older generation is good: run `pmrole index"):
        keeping.store.open()


def test_verify_names_what_is_damaged(keeping):
    name = keeping.build().generation
    damage(keeping, name)
    with pytest.raises(DamagedIndexError, match=r"passages\.db.* missing"):
        keeping.store.verify(name)


def test_a_build_beside_a_damaged_index_mends_it(keeping):
    damage(keeping, keeping.build().generation)
    name = keeping.build().generation
    assert keeping.machine("there").open().manifest.name == name


# --- Calibration


def test_a_calibration_is_kept_for_all_whatever_is_published(keeping):
    keeping.build()
    assert keeping.store.keep_calibration('{"a": 1}')
    keeping.build()
    there = keeping.machine("there")
    assert there.calibration() == there.open().calibration() == '{"a": 1}'
    keeping.store.keep_calibration('{"a": 2}')
    assert there.calibration() == '{"a": 2}'


# --- One build at a time


def test_a_second_build_is_refused_while_one_runs_and_may_wait_for_it(keeping):
    there = keeping.machine("there")
    with keeping.store.building(wait_s=0):
        begun = time.monotonic()
        with pytest.raises(BuildInProgressError, match=r"another build of .* is running; try"):
            there.building(wait_s=0.3).__enter__()
        assert time.monotonic() - begun >= 0.25
    with there.building(wait_s=20) as work:
        assert work.is_dir()
    assert not work.exists()


def test_a_build_that_fails_leaves_nothing(keeping):
    before = keeping.build().generation

    def fail():
        with keeping.store.building(wait_s=0) as work:
            (work / "half").write_text("a half")
            raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError, match="the disk is full"):
        fail()
    assert keeping.store.names() == [before]
    assert not list(keeping.root.glob("index*/build-*/"))


def publish_some(kind, url, root, name, count):
    """Publish generations from a process of its own, waiting for turns."""
    keeping = Keeping(kind, url, Path(root))
    keeping.store.close()
    keeping.store = keeping.machine(name)
    for _ in range(count):
        while True:
            with suppress(BuildInProgressError):
                keeping.build()
                break
            time.sleep(0.05)
    keeping.close()


def test_two_processes_that_publish_leave_whole_generations_and_the_newest_answers(keeping):
    context = multiprocessing.get_context("spawn")
    arguments = (keeping.kind, keeping.url, str(keeping.root))
    processes = [
        context.Process(target=publish_some, args=(*arguments, name, 4)) for name in ("a", "b")
    ]
    for one in processes:
        one.start()
    seen = set()
    while any(one.is_alive() for one in processes):
        with suppress(NoIndexError):
            # Whenever somebody looks, what is published is whole.
            seen.add(keeping.store.open().manifest.name)
    assert [one.exitcode for one in processes] == [0, 0]
    names = keeping.store.names()
    assert len(names) == 3
    assert keeping.store.current_name() == names[-1]
    for name in names:
        keeping.store.verify(name)
    assert len(seen) >= 2


def test_a_store_of_nothing_is_not_made_by_looking(tmp_path):
    store = open_store("folder", "", tmp_path / "none")
    assert store.names() == []
    assert not (tmp_path / "none").exists()
