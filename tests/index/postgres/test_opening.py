"""An opened index over Postgres follows what replicas publish, and never answers from a hole."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from bot.answering.answerer import Answerer
from index.build import BuildOptions, build_index
from index.errors import DamagedIndexError, IndexMismatchError, NoIndexError
from index.opening import IndexFolders, LiveIndex
from tests.builds import ARTICLES, write_articles
from tests.index.keeping import open_store
from tests.waiting import wait_until

QUESTION = "what does a roadmap tell a team"


class Replicas:
    """Replicas of one index, a folder of its own each."""

    def __init__(self, kind, url, root, tiny_models):
        self.kind, self.url, self.root, self.tiny_models = kind, url, root, tiny_models
        self.knowledge = write_articles(root / "knowledge", ARTICLES)
        self.model = str(tiny_models.folder("bert"))
        self.closing = []
        self.builder = self.store("builder")

    def store(self, name):
        made = open_store(self.kind, self.url, self.root / name)
        self.closing.append(made)
        return made

    def open(self, name):
        folders = IndexFolders(
            self.knowledge, self.root / name, self.tiny_models.encoders, self.model
        )
        live = LiveIndex(folders, store=self.store(name))
        self.closing.append(live)
        return live

    def publish(self, kind="bert"):
        embedder = self.tiny_models.embedder(kind)
        report = build_index(
            self.knowledge,
            self.builder,
            lambda: (self.model, embedder),
            options=BuildOptions(wait_s=20),
        )
        return report.generation

    def close(self):
        for one in self.closing:
            one.close()


@pytest.fixture(params=["postgres", "postgres+faiss"])
def replicas(request, empty_postgres, tmp_path, tiny_models):
    made = Replicas(request.param, empty_postgres, tmp_path, tiny_models)
    yield made
    made.close()


def name_of(live):
    return live.retriever().generation.manifest.name


def test_an_index_that_was_not_built_names_the_command(replicas):
    with pytest.raises(NoIndexError, match=r"no index in Postgres at .*: run `pmrole index build`"):
        replicas.open("a")


def test_every_replica_answers_from_what_one_publishes_without_a_restart(replicas):
    first = replicas.publish()
    lives = [replicas.open(name) for name in ("a", "b")]
    for live in lives:
        live.store.follow()
        assert name_of(live) == first
        assert live.retriever().search(QUESTION)[0].article == "roadmap.md"
    write_articles(replicas.knowledge, {"zebra.md": "# Zebra\n\nZebras have stripes.\n"})
    second = replicas.publish()
    for live in lives:
        wait_until(lambda live=live: name_of(live) == second)
        assert live.retriever().search("zebras stripes")[0].article == "zebra.md"
    lives[0].store.point_at(first)
    for live in lives:
        wait_until(lambda live=live: name_of(live) == first)


def test_the_same_hits_with_the_same_scores_as_from_a_folder(replicas):
    replicas.publish()
    over = replicas.open("a").retriever().search(QUESTION)
    folders = IndexFolders(
        replicas.knowledge, replicas.root / "plain", replicas.tiny_models.encoders, replicas.model
    )
    embedder = replicas.tiny_models.embedder("bert")
    build_index(
        replicas.knowledge,
        open_store("folder", "", folders.index),
        lambda: (replicas.model, embedder),
    )
    live = LiveIndex(folders)
    plain = live.retriever().search(QUESTION)
    assert [one.text for one in over] == [one.text for one in plain]
    assert [one.score for one in over] == pytest.approx([one.score for one in plain], abs=1e-4)
    live.close()


def test_an_index_of_another_model_is_refused_by_name_and_place(replicas):
    replicas.publish()
    replicas.model = "some/other"
    with pytest.raises(IndexMismatchError, match=r"the index in Postgres at .* was made with the"):
        replicas.open("a")


def test_a_generation_of_a_changed_encoder_brings_its_encoder_along(replicas):
    replicas.publish()
    live = replicas.open("a")
    live.store.follow()
    assert len(live.embed_query(QUESTION)) == 48
    name = replicas.publish("mpnet")
    wait_until(lambda: name_of(live) == name)
    assert len(live.embed_query(QUESTION)) == 32


def test_a_question_that_meets_a_removed_generation_is_answered_from_the_present_one(replicas):
    replicas.publish()
    live = replicas.open("a")
    answerer = Answerer(live)
    assert answerer.ask(QUESTION).hits[0].article == "roadmap.md"
    write_articles(replicas.knowledge, {"zebra.md": "# Zebra\n\nZebras have stripes.\n"})
    newest = [replicas.publish() for _ in range(4)][-1]
    # Nobody told this replica yet; what it has open is gone.
    assert live.retriever().generation.manifest.name not in replicas.builder.names()
    exchange = answerer.ask("who reports to the chief executive")
    assert exchange.hits[0].article == "ladder/head-of-product.md"
    if replicas.kind == "postgres":  # the copies of the other kind are whole still
        assert exchange.generation == newest
        assert answerer.ask("zebras stripes").hits[0].article == "zebra.md"


@pytest.mark.parametrize("replicas", ["postgres"], indirect=True)
def test_a_hole_without_anything_newer_is_an_error_and_no_answer(replicas):
    name = replicas.publish()
    answerer = Answerer(replicas.open("a"))
    with psycopg.connect(replicas.url) as connection:
        row = connection.execute("SELECT number FROM pmrole_index.generations").fetchone()
        assert row
        connection.execute(f"DROP TABLE pmrole_index.g{row[0]}_chunks".encode())
    with pytest.raises(DamagedIndexError):
        answerer.ask("something else that is not at hand")
    assert replicas.builder.names() == [name]


def test_sixteen_threads_ask_while_replicas_publish(replicas):
    replicas.publish()
    live = replicas.open("a")
    live.store.follow()
    answerer = Answerer(live, suggest=False)
    stop = threading.Event()

    def ask(number):
        seen = set()
        while not stop.is_set():
            exchange = answerer.ask(f"{QUESTION} {number}")
            assert exchange.hits
            assert [hit.rank for hit in exchange.hits] == list(range(1, len(exchange.hits) + 1))
            seen.add(exchange.generation)
        return seen

    with ThreadPoolExecutor(16) as pool:
        asking = [pool.submit(ask, number) for number in range(16)]
        try:
            for number in range(6):
                write_articles(
                    replicas.knowledge, {f"{number}.md": f"# New {number}\n\nNumber {number}.\n"}
                )
                last = replicas.publish()
        finally:
            stop.set()
        seen = set().union(*(one.result(60) for one in asking))
    assert len(seen) > 2
    wait_until(lambda: name_of(live) == last)


def test_while_postgres_is_away_the_open_index_stays_and_the_new_one_comes_later(
    replicas, monkeypatch, caplog
):
    monkeypatch.setattr("index.opening._AGAIN_S", 0.0)
    monkeypatch.setattr("index.postgres.listening.LOOK_EVERY_S", 0.0)
    first = replicas.publish()
    live = replicas.open("a")
    second = replicas.publish()
    away = "postgresql://pmrole@/none?host=/nowhere"
    connections = live.store.connections if replicas.kind == "postgres" else None
    if connections is None:
        connections = live.store._remote.connections
    connections.close()
    url, connections.url = connections.url, away
    with caplog.at_level(logging.WARNING):
        assert name_of(live) == first
    assert "answering from the index that is open" in caplog.text
    connections.url = url
    wait_until(lambda: name_of(live) == second)
