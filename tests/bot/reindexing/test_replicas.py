"""Replicas whose index is in Postgres reindex one at a time, and see what the others do."""

import threading
import time
from dataclasses import replace

import psycopg
import pytest

from bot.reindexing.history import kept_generations, roll_back
from bot.reindexing.progress import ASKING
from bot.reindexing.reindexer import NotWaitingError
from bot.reindexing.turns import ReindexRunningError, TurnLostError
from index.build import EMBEDDING, READING
from tests.bot.reindexing.folders import DISCOVERY, Folder
from tests.builds import write_articles
from tests.index.postgres.test_listening import cut

STORES = ["postgres", "postgres+faiss"]


@pytest.fixture(params=STORES)
def replicas(request, empty_postgres, tmp_path):
    """Two replicas, with disks of their own and the same articles; the first one indexed them."""
    changes = {"database_url": empty_postgres, "index_store": request.param}
    made = [Folder(tmp_path / name, changes) for name in ("a", "b")]
    made[0].begin()
    made[1].knowledge = made[0].knowledge
    made[1].settings = replace(made[1].settings, knowledge_dir=made[0].knowledge)
    yield made
    for one in made:
        one.close()


def in_the_background(reindexer, step):
    """Reindex up to a step; return what lets it go on, and its thread."""
    there, go_on = threading.Event(), threading.Event()

    def hold(now):
        if now.step == step:
            there.set()
            assert go_on.wait(60)

    thread = threading.Thread(target=reindexer.run, args=("U1", hold))
    thread.start()
    assert there.wait(60)
    return go_on, thread


def recovered(reindexer):
    """Recover once Postgres has noticed that a process died."""
    end = time.monotonic() + 20
    while True:
        try:
            return reindexer.recover()
        except ReindexRunningError:
            assert time.monotonic() < end


def connections_to(url):
    """Return how many there are, but for the one that asks."""
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT count(*) - 1 FROM pg_stat_activity WHERE datname = current_database()"
        ).fetchone()
        assert row
        return row[0]


def test_what_one_replica_indexed_the_others_have(replicas):
    a, b = replicas
    write_articles(a.knowledge, {"discovery.md": DISCOVERY})
    outcome = a.reindexer().run("U1")
    assert outcome.published
    assert b.store.current_name() == outcome.generation
    assert len(b.store.open().passages.articles()) == 4


def test_a_reindex_into_the_store_that_answers_takes_few_connections_of_its_own(replicas):
    a, _ = replicas
    write_articles(a.knowledge, {"discovery.md": DISCOVERY})
    reindexer = a.reindexer(store=a.store)
    before, seen = connections_to(a.settings.database_url), set()
    reindexer.run("U1", lambda _: seen.add(connections_to(a.settings.database_url)))
    assert reindexer.store is a.store
    assert before < max(seen) <= before + 5  # docs/scaling.md says so


def test_another_replica_is_told_who_reindexes_and_how_far_that_is(replicas):
    a, b = replicas
    write_articles(a.knowledge, {"discovery.md": DISCOVERY})
    go_on, thread = in_the_background(a.reindexer(), ASKING)
    other = b.reindexer()
    with pytest.raises(ReindexRunningError, match="begun by U1, is running") as told:
        other.run("U2")
    holder = told.value.holder
    assert holder
    assert (holder.by, holder.step, holder.total) == ("U1", ASKING, 4)
    assert other.turns.holder() == holder
    go_on.set()
    thread.join()
    assert other.turns.holder() is None
    assert other.run("U2").published


def test_what_another_replica_runs_is_not_taken_for_left_behind(replicas):
    a, b = replicas
    go_on, thread = in_the_background(a.reindexer(), READING)
    other = b.reindexer()
    assert other.has_unfinished()
    with pytest.raises(ReindexRunningError):
        other.recover()
    assert b.rows()[0].status == "running"
    go_on.set()
    thread.join()
    assert b.rows()[0].status == "published"
    assert not other.has_unfinished()


@pytest.mark.parametrize("step", [READING, EMBEDDING, ASKING])
def test_a_replica_killed_over_a_reindex_leaves_the_old_index_and_another_puts_it_in_order(
    replicas, step
):
    a, b = replicas
    before = b.store.current_name()
    write_articles(a.knowledge, {"discovery.md": DISCOVERY})
    a.killed_at(step)
    other = b.reindexer()
    assert b.store.current_name() == before
    b.store.verify(before)
    (left,) = recovered(other)
    assert (left.user, left.status) == ("U1", "running")
    assert b.rows()[0].status == "interrupted"
    assert not other.has_unfinished()
    assert other.turns.holder() is None
    assert other.run("U2").published
    assert len(b.store.names()) == 2


def test_a_decision_is_carried_out_by_whichever_replica_it_reaches(replicas):
    a, b = replicas
    before = b.store.current_name()
    (a.knowledge / "vp.md").unlink()
    outcome = a.reindexer().run("U1", team="T1")
    assert not outcome.published
    other = b.reindexer()
    (row, *_) = b.rows()
    assert (row.status, b.store.candidate()) == ("blocked", outcome.generation)
    assert other.publish(row.id, "U2").published
    assert a.store.current_name() == outcome.generation != before
    with pytest.raises(NotWaitingError):
        a.reindexer().keep_old(row.id, "U1")


def test_a_decision_whose_replica_was_killed_is_carried_out_by_another(replicas):
    a, b = replicas
    (a.knowledge / "vp.md").unlink()
    waiting = a.reindexer().run("U1").generation
    a.killed_at("publishing")
    recovered(b.reindexer())
    assert b.rows()[0].status == "published"
    assert b.store.current_name() == waiting


def test_history_and_rollback_are_the_same_on_every_replica(replicas):
    a, b = replicas
    first = a.store.current_name()
    second = a.reindexer().run("U1", publish_anyway=True).generation
    assert kept_generations(a.store) == kept_generations(b.store)
    assert [(one.name, one.current) for one in kept_generations(b.store)] == [
        (second, True),
        (first, False),
    ]
    assert roll_back(b.store) == first
    assert a.store.current_name() == first


def test_a_reindex_whose_connection_broke_publishes_nothing(replicas):
    a, b = replicas
    before = a.store.current_name()
    write_articles(a.knowledge, {"discovery.md": DISCOVERY})
    reindexer = a.reindexer()

    def break_it(now):
        if now.step == ASKING:
            cut(b.settings.database_url)

    with pytest.raises(TurnLostError, match="the old index answers on"):
        reindexer.run("U1", break_it)
    assert b.store.current_name() == before
    recovered(b.reindexer())
    assert b.rows()[0].status in {"failed", "interrupted"}
    assert b.reindexer().run("U2").published
