"""An opened index follows what is published, and answers from the old where the new is no good."""

import logging
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from index.encoder import CompiledEncoder
from index.errors import DamagedIndexError, IndexMismatchError, ModelError, NoIndexError
from index.export import compiled_fingerprint
from index.hits import DENSE
from index.opening import IndexFolders, LiveIndex
from tests.builds import ARTICLES, build, write_articles

ROOT = Path(__file__).parent.parent.parent
QUESTION = "what does a roadmap tell a team"


@pytest.fixture
def folders(tmp_path, tiny_models):
    return IndexFolders(
        knowledge=write_articles(tmp_path / "knowledge", ARTICLES),
        index=tmp_path / "index",
        encoders=tiny_models.encoders,
        model=str(tiny_models.folder("bert")),
    )


@pytest.fixture
def publish(folders, tiny_models):
    """Publish a generation built with the tiny BERT, or another tiny model; returns its name."""

    def once(kind="bert"):
        return build(
            folders.knowledge, folders.index, tiny_models.embedder(kind), model=folders.model
        ).generation

    return once


@pytest.fixture
def opened(folders, publish):
    """Open an index over a first generation, and close it after the test."""
    publish()
    live = LiveIndex(folders)
    yield live
    live.close()


def name_of(live):
    return live.retriever().generation.manifest.name


def test_an_opened_index_answers(opened):
    retriever = opened.retriever()
    hits = retriever.search(QUESTION)
    assert hits[0].article == "roadmap.md"
    vector = opened.embed_query(QUESTION)
    assert [hit.row for hit in retriever.search_vector(QUESTION, vector, 10)] == [
        hit.row for hit in hits
    ]


def test_the_weights_asked_for_are_used_before_and_after_a_swap(folders, publish):
    publish()
    live = LiveIndex(folders, weights=DENSE)
    for _ in range(2):
        for hit in live.retriever().search(QUESTION):
            assert hit.score == pytest.approx(hit.cosine, abs=1e-6)
        publish()
    live.close()


def test_an_index_that_was_not_built_names_the_command(folders):
    with pytest.raises(NoIndexError, match="run `pmrole index build"):
        LiveIndex(folders)


def test_a_newly_published_generation_is_noticed(opened, folders, publish):
    assert opened.retriever() is opened.retriever()
    write_articles(folders.knowledge, {"zebra.md": "# Zebra\n\nZebras have stripes.\n"})
    name = publish()
    assert name_of(opened) == name
    assert opened.retriever().search("zebras stripes")[0].article == "zebra.md"


def test_a_rollback_is_noticed(opened, publish):
    first = name_of(opened)
    publish()
    assert name_of(opened) != first
    opened.store.point_at(first)
    assert name_of(opened) == first


@pytest.mark.parametrize("file", ["passages.db", "chunks.f16.npy", "manifest.json"])
def test_the_old_generation_answers_on_when_the_new_is_damaged(opened, publish, caplog, file):
    before = opened.retriever()
    name = publish()
    path = opened.store.folder / name / file
    path.write_bytes(path.read_bytes()[:-40])
    with caplog.at_level(logging.WARNING):
        assert opened.retriever() is before
        assert opened.retriever() is before
    assert caplog.text.count(str(path)) == 1
    assert before.search(QUESTION)[0].article == "roadmap.md"
    assert name_of(opened) == before.generation.manifest.name
    good = publish()
    assert name_of(opened) == good


def test_the_open_generation_answers_on_when_the_index_is_removed(opened, folders):
    before = opened.retriever()
    shutil.rmtree(folders.index)
    assert opened.retriever() is before
    assert before.search(QUESTION)[0].article == "roadmap.md"


def test_a_damaged_index_opens_at_the_generation_before(folders, publish):
    first, second = publish(), publish()
    (folders.index / second / "passages.db").unlink()
    live = LiveIndex(folders)
    assert name_of(live) == first
    live.close()
    (folders.index / first / "passages.db").unlink()
    with pytest.raises(DamagedIndexError, match=r"passages\.db is missing; no older generation"):
        LiveIndex(folders)


# --- Models


def test_an_index_of_another_model_is_refused_by_name(folders, publish):
    publish()
    with pytest.raises(
        IndexMismatchError,
        match=f"made with the model '{folders.model}', but EMBEDDING_MODEL is 'some/other': set it",
    ):
        LiveIndex(replace(folders, model="some/other"))


def test_the_old_generation_answers_on_when_the_new_is_of_another_model(
    opened, folders, tiny_models, caplog
):
    before = opened.retriever()
    build(folders.knowledge, folders.index, tiny_models.embedder("mpnet"), model="some/other")
    with caplog.at_level(logging.WARNING):
        assert opened.retriever() is before
    assert "made with the model 'some/other'" in caplog.text
    assert before.search(QUESTION)


def test_a_generation_of_a_changed_encoder_brings_its_encoder_along(opened, publish):
    assert len(opened.embed_query(QUESTION)) == 48
    name = publish("mpnet")  # as if the files of the model had been replaced
    assert name_of(opened) == name
    assert len(opened.embed_query(QUESTION)) == 32
    assert opened.retriever().search(QUESTION)


def test_the_old_generation_answers_on_when_the_new_ones_encoder_is_gone(
    tmp_path, folders, publish, tiny_models, caplog
):
    publish()
    encoders = tmp_path / "encoders"
    shutil.copytree(tiny_models.compiled("bert"), encoders / tiny_models.compiled("bert").name)
    live = LiveIndex(replace(folders, encoders=encoders))
    before = live.retriever()
    publish("mpnet")
    with caplog.at_level(logging.WARNING):
        assert live.retriever() is before
    assert "has changed since the index was built" in caplog.text
    assert before.search(QUESTION)
    live.close()


def test_an_encoder_that_is_missing_is_compiled_again(tmp_path, folders, publish):
    publish()
    empty = tmp_path / "encoders"
    live = LiveIndex(replace(folders, encoders=empty))
    assert live.retriever().search(QUESTION)[0].article == "roadmap.md"
    live.close()
    (compiled,) = empty.iterdir()
    assert isinstance(CompiledEncoder(compiled), CompiledEncoder)


def test_a_model_that_changed_since_the_index_was_built_is_refused(tmp_path, folders, tiny_models):
    model = tmp_path / "model"
    shutil.copytree(tiny_models.folder("bert"), model)
    build(folders.knowledge, folders.index, tiny_models.embedder("bert"), model=str(model))
    config = model / "config.json"
    config.write_text(config.read_text("utf-8") + "\n", "utf-8")
    changed = replace(folders, model=str(model), encoders=tmp_path / "encoders")
    before = compiled_fingerprint(tiny_models.source("bert"))
    with pytest.raises(
        ModelError,
        match=f"the model '{model}' has changed .*its encoder was {before}, now .*: run `pmrole",
    ):
        LiveIndex(changed)
    assert not changed.encoders.exists()  # nothing was compiled in vain


def test_a_model_that_cannot_be_compiled_serves_its_index(folders, tiny_models):
    static = str(tiny_models.folder("static"))
    build(folders.knowledge, folders.index, tiny_models.embedder("static"), model=static)
    live = LiveIndex(replace(folders, model=static))
    assert live.retriever().search(QUESTION)[0].article == "roadmap.md"
    live.close()


# --- Threads and places


def test_sixteen_threads_ask_while_generations_are_swapped(opened, folders, publish):
    stop = threading.Event()

    def ask(number):
        seen = set()
        while not stop.is_set():
            retriever = opened.retriever()
            vector = opened.embed_query(f"{QUESTION} {number}")
            hits = retriever.search_vector(QUESTION, vector, 5)
            assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
            assert hits
            for hit in hits:
                text = retriever.generation.passages.text_of(hit.article)
                assert text[hit.span.start : hit.span.end] == hit.text
            seen.add(retriever.generation.manifest.name)
        return seen

    with ThreadPoolExecutor(16) as pool:
        asking = [pool.submit(ask, number) for number in range(16)]
        try:
            for number in range(8):
                write_articles(
                    folders.knowledge, {f"{number}.md": f"# New {number}\n\nNumber {number}.\n"}
                )
                publish()
        finally:
            stop.set()
        seen = set().union(*(one.result(30) for one in asking))
    assert len(seen) > 3
    assert name_of(opened) == opened.store.names()[-1]


READER = """
import os, sys
from pathlib import Path
from index.generation_store import GenerationStore
def read(folder):
    generation = GenerationStore(Path(folder)).open()
    return generation.lexical.search("roadmap", 3).tolist(), len(generation.passages)
read(sys.argv[2])  # imports what it needs while it may still read everything
if not os.getuid():
    os.setgid(65534)
    os.setuid(65534)
print(*read(sys.argv[1]))
"""


def test_an_index_is_read_by_a_user_who_may_not_write_it():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        knowledge = write_articles(folder / "knowledge", ARTICLES)
        build(knowledge, folder / "index")
        build(knowledge, folder / "writable")
        inside = [path for path in (folder / "index").rglob("*") if path.is_dir()]
        for path in (folder / "index", *inside):
            path.chmod(0o555)
        seen = subprocess.run(
            [sys.executable, "-c", READER, folder / "index", folder / "writable"],
            cwd=ROOT,
            # Coverage would write its data as the other user, who may not.
            env={"PATH": os.defpath},
            capture_output=True,
            text=True,
            check=False,
        )
        for path in (folder / "index", *inside):
            path.chmod(0o755)
    assert seen.stderr == ""
    assert seen.stdout == "[3] 4\n"


@pytest.mark.parametrize("module", ["bot.cli", "bot.cli.asking", "index.opening"])
def test_what_answers_imports_nothing_heavy(module):
    heavy = (
        "torch",
        "sentence_transformers",
        "transformers",
        "onnx",
        "trafilatura",
        "lxml",
        "pypdf",
        "docx",
        "rich",
    )
    program = f"import sys, {module}; print([name for name in {heavy!r} if name in sys.modules])"
    seen = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert seen.stdout == "[]\n"
