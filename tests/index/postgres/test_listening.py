"""What is published is heard of at once, and found out all the same when nothing is heard."""

import logging
import time

import psycopg
import pytest

from index.errors import NoIndexError, StoreUnavailableError
from index.postgres import listening
from index.postgres.connecting import Connections
from index.postgres.listening import PublishedName
from tests.index.keeping import Keeping
from tests.waiting import wait_until


@pytest.fixture
def keeping(empty_postgres, tmp_path):
    made = Keeping("postgres", empty_postgres, tmp_path)
    yield made
    made.close()


def listeners(url):
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
        ).fetchone()
        assert row
        return row[0]


def cut(url):
    """End every connection but one's own, as a restart of Postgres does."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_a_follower_hears_of_what_is_published_and_rolled_back_long_before_it_would_look(
    keeping, monkeypatch
):
    monkeypatch.setattr(listening, "LOOK_EVERY_S", 600.0)
    first = keeping.build().generation
    there = keeping.machine("there")
    there.follow()
    assert there.heard_name() == first
    wait_until(lambda: listeners(keeping.url) == 1)
    second = keeping.build().generation
    wait_until(lambda: there.heard_name() == second)
    keeping.store.point_at(first)
    wait_until(lambda: there.heard_name() == first)


def test_a_follower_asks_nothing_for_a_question(keeping):
    keeping.build()
    there = keeping.machine("there")
    there.follow()
    name = there.heard_name()
    wait_until(lambda: listeners(keeping.url) == 1)
    there.connections.close()
    for _ in range(1000):
        assert there.heard_name() == name


def test_where_nothing_is_heard_the_name_is_looked_up_now_and_then(keeping, monkeypatch):
    monkeypatch.setattr(listening, "LOOK_EVERY_S", 0.5)
    monkeypatch.setattr(listening, "CHANNEL", "another_channel")  # as if notifications got lost
    keeping.build()
    there = keeping.machine("there")
    there.follow()
    there.heard_name()
    wait_until(lambda: listeners(keeping.url) == 1)
    second = keeping.build().generation
    wait_until(lambda: there.heard_name() == second)


def test_without_a_follower_whoever_asks_looks_as_seldom(keeping, monkeypatch):
    first = keeping.build().generation
    there = keeping.machine("there")
    assert there.heard_name() == first
    second = keeping.build().generation
    assert there.heard_name() == first
    monkeypatch.setattr(listening, "LOOK_EVERY_S", 0.0)
    assert there.heard_name() == second


def test_a_connection_that_is_cut_is_opened_anew_and_hears_again(keeping, monkeypatch, caplog):
    monkeypatch.setattr(listening, "LOOK_EVERY_S", 600.0)
    first = keeping.build().generation
    there = keeping.machine("there")
    there.follow()
    assert there.heard_name() == first
    wait_until(lambda: listeners(keeping.url) == 1)
    with caplog.at_level(logging.WARNING):
        cut(keeping.url)
        wait_until(lambda: "new indexes are not heard of" in caplog.text)
    assert there.heard_name() == first
    second = keeping.build().generation
    wait_until(lambda: there.heard_name() == second)
    wait_until(lambda: listeners(keeping.url) == 1)
    third = keeping.build().generation
    wait_until(lambda: there.heard_name() == third)


def test_while_postgres_is_away_the_last_known_name_stays(caplog, monkeypatch):
    monkeypatch.setattr(listening, "LOOK_EVERY_S", 0.0)
    answers = ["a", "", "b"]

    def look():
        found = answers.pop(0)
        if not found:
            raise StoreUnavailableError("it is away")
        return found

    name = PublishedName(Connections("postgresql://nowhere.invalid/none"), look)
    assert name.name() == "a"
    with caplog.at_level(logging.WARNING):
        assert name.name() == "a"
    assert "it is away; answering from the index that is open" in caplog.text
    assert name.name() == "b"


def test_a_name_that_was_never_known_is_an_error_and_asked_for_again():
    def look():
        raise NoIndexError("no index")

    name = PublishedName(Connections("postgresql://nowhere.invalid/none"), look)
    for _ in range(2):
        with pytest.raises(NoIndexError):
            name.name()


def test_a_server_that_cannot_be_reached_is_logged_once(caplog):
    url = "postgresql://pmrole:secret-word@/none?host=/nowhere"
    connections = Connections(url)
    name = PublishedName(connections, lambda: "a")
    with caplog.at_level(logging.WARNING):
        name.follow()
        wait_until(lambda: "not heard of" in caplog.text)
        time.sleep(2.5)  # two more tries
    name.close()
    assert caplog.text.count("not heard of") == 1
    assert "secret-word" not in caplog.text


def test_nothing_listens_any_more_once_it_is_closed(keeping):
    keeping.build()
    there = keeping.machine("there")
    there.follow()
    there.heard_name()
    wait_until(lambda: listeners(keeping.url) == 1)
    there.close()
    wait_until(lambda: listeners(keeping.url) == 0)
