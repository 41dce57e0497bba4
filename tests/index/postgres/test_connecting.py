"""Connections are shared, dead ones replaced, and errors say what to do."""

import threading
import warnings
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from index.errors import DamagedIndexError, IndexingError, StoreUnavailableError
from index.postgres import connecting
from index.postgres.connecting import Connections, connect, named

ONE = b"SELECT 1"
WHO = b"SELECT pg_backend_pid()"


@pytest.fixture
def few(empty_postgres):
    """At most two connections to an empty database."""
    opened = Connections(empty_postgres, size=2)
    yield opened
    opened.close()


def end_all_others(url):
    """End every other connection to the database, as a restarted server does."""
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE pid != pg_backend_pid() AND datname = current_database()"
        )


def test_a_connection_is_used_again(few):
    assert few.fetch(WHO) == few.fetch(WHO)


def test_a_statement_outside_a_transaction_stays(few):
    with few.connection() as session:
        session.execute("CREATE TABLE kept (a integer)")
    assert few.fetch(b"SELECT count(*) FROM kept") == [(0,)]


def test_an_exception_undoes_a_transaction(few):
    with pytest.raises(RuntimeError), few.transaction() as session:  # noqa: PT012
        session.execute("CREATE TABLE undone (a integer)")
        raise RuntimeError
    assert few.fetch(b"SELECT to_regclass('undone')") == [(None,)]


def test_a_connection_left_in_a_transaction_is_not_lent_again(few):
    with few.connection() as session:
        session.execute("BEGIN")
        left = session.execute(WHO).fetchone()
    assert few.fetch(WHO) != [left]


def test_a_connection_that_died_while_idle_is_replaced_once_and_silently(few):
    before = few.fetch(WHO)
    end_all_others(few.url)
    assert few.fetch(WHO) != before
    end_all_others(few.url)
    with few.connection() as session:
        assert session.execute(ONE).fetchone() == (1,)


def test_a_reading_query_whose_connection_dies_under_it_is_asked_again(few):
    with few.connection() as session:
        assert session.execute(ONE).fetchone() == (1,)
    # The first time it ends its own connection; the second time that is a new one.
    with few.connection() as session:
        session.execute("CREATE TABLE doomed AS SELECT pg_backend_pid() AS pid")
    dies = (
        b"SELECT pg_terminate_backend(pid), pg_sleep(0.3) FROM doomed WHERE pid = pg_backend_pid()"
    )
    assert few.fetch(dies) == []


def test_threads_take_turns(few):
    def ask(_):
        return few.fetch(WHO)[0][0]

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(ask, range(40)))) <= 2


def test_who_waits_too_long_for_a_connection_is_told(few, monkeypatch):
    monkeypatch.setattr(connecting, "_WAIT_S", 0.05)
    held, told = threading.Barrier(3), threading.Event()

    def hold():
        with few.connection():
            held.wait()
            told.wait()

    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(hold) for _ in range(2)]
        held.wait()
        with pytest.raises(StoreUnavailableError, match="all 2 connections"):
            few.fetch(ONE)
        told.set()
        assert [one.result() for one in both] == [None, None]


def test_closing_leaves_no_connection_open(empty_postgres):
    opened = Connections(empty_postgres)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with opened.connection() as lent:
            opened.fetch(ONE)
            opened.close()
        assert lent.closed
    with psycopg.connect(empty_postgres) as admin:
        row = admin.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid != pg_backend_pid() AND backend_type = 'client backend'"
        ).fetchone()
    assert row == (0,)


def test_a_server_that_is_away_is_named_without_its_password(tmp_path):
    url = f"postgresql+psycopg://someone:hunter2@/shop?host={tmp_path}"
    with pytest.raises(StoreUnavailableError, match="check that it runs") as told:
        connect(url)
    assert f"{tmp_path}/shop" in str(told.value)
    assert "hunter2" not in str(told.value)
    assert told.value.__cause__ is None


def test_an_address_that_cannot_be_read_gives_no_password_away():
    with pytest.raises(StoreUnavailableError) as told:
        connect("postgresql://someone:hunter2@host:port:port/x?bad")
    assert "hunter2" not in str(told.value)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("postgresql://a:b@db.example.org:5433/shop", "db.example.org:5433/shop"),
        ("postgres://db.example.org/shop", "db.example.org/shop"),
        ("postgresql+psycopg:///shop", "localhost/shop"),
    ],
)
def test_a_database_is_named_by_host_port_and_name(url, name):
    assert named(url) == name


@pytest.mark.parametrize(
    ("statement", "error", "said"),
    [
        (b"SELECT * FROM nowhere", DamagedIndexError, "pmrole index build"),
        (b"SELECT nothing FROM pg_class", DamagedIndexError, "UndefinedColumn"),
        (b"SET statement_timeout = 10; SELECT pg_sleep(5)", StoreUnavailableError, "too long"),
        (b"SET ROLE pg_monitor; CREATE SCHEMA mine", StoreUnavailableError, "GRANT CREATE"),
        (b"SELECT 'secret'::integer", StoreUnavailableError, "InvalidTextRepresentation"),
    ],
)
def test_what_goes_wrong_is_explained_without_stored_values(few, statement, error, said):
    with pytest.raises(error, match=said) as told, few.connection() as session:
        session.execute(statement)
    assert isinstance(told.value, IndexingError)
    assert "secret" not in str(told.value)
