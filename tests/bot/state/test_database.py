"""Opening the state database: what it is made like, and what is said when it cannot be used."""

import os
import sqlite3
import stat
import threading
import time
import traceback

import pytest
from filelock import FileLock
from sqlalchemy import event, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError

from bot.state.database import StateError, open_database
from bot.state.failures import explained
from bot.state.schema import questions
from bot.state.store import State
from bot.state.transactions import Transactions
from tests.bot.state.conftest import on_sqlite


def said(caught):
    return str(caught.value)


@pytest.fixture
def hasty():
    """Let a state wait 20 ms for a lock, instead of five seconds."""

    def make(state):
        @event.listens_for(state.engine, "checkout")
        def _wait_less(connection, _entry, _proxy):
            connection.execute("PRAGMA busy_timeout=20")

    return make


def test_the_folder_and_the_file_are_made(tmp_path):
    open_database(f"sqlite:///{tmp_path}/deep/down/state.db").dispose()
    assert (tmp_path / "deep/down/state.db").stat().st_size


@on_sqlite
def test_only_the_bots_own_account_may_read_the_file(tmp_path, url):
    State.open(url).close()
    assert stat.S_IMODE((tmp_path / "state.db").stat().st_mode) == 0o600


def test_readers_and_a_writer_work_side_by_side(state, open_state):
    other = open_state()
    with state.transactions.writing() as writer:
        writer.execute(text("DELETE FROM questions"))
        with other.transactions.reading() as reader:
            assert reader.execute(select(questions.c.id)).all() == []


@on_sqlite
def test_connections_keep_what_was_decided(state):
    with state.transactions.reading() as connection:
        wanted = ("journal_mode", "synchronous", "busy_timeout", "foreign_keys", "secure_delete")
        found = [connection.exec_driver_sql(f"PRAGMA {one}").scalar_one() for one in wanted]
    assert found == ["wal", 1, 5000, 1, 1]


@on_sqlite
def test_a_transaction_that_reads_before_it_writes_is_not_overtaken(state, open_state):
    other = threading.Thread(target=open_state().inbox.seen, args=[["Ev1"]])
    with state.engine.begin() as connection:  # as slack_sdk does
        assert connection.execute(text("SELECT * FROM salts")).all() == []
        other.start()
        time.sleep(0.1)  # long enough to overtake, were it possible
        connection.execute(text("INSERT INTO salts VALUES ('first', 'wins')"))
    other.join()
    assert not state.inbox.seen(["Ev1"])


def test_a_failed_transaction_leaves_nothing(state):
    with pytest.raises(ZeroDivisionError):
        _write_and_fail(state)
    with state.transactions.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM salts")).scalar_one() == 0


def _write_and_fail(state):
    with state.transactions.writing() as connection:
        connection.execute(text("INSERT INTO salts VALUES ('left', 'over')"))
        raise ZeroDivisionError


@pytest.mark.parametrize(
    "url",
    [
        "mysql://ann:geheim@host/state",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file:state.db?uri=true",
        "sqlite+aiosqlite:///state.db",
        "postgresql://ann:geheim@host:port/state",
        "geheim",
        "",
    ],
)
def test_an_address_of_no_use_is_refused_without_showing_it(url):
    with pytest.raises(StateError, match=r"wanted is sqlite:///var/state\.db") as caught:
        open_database(url)
    assert "geheim" not in said(caught)
    assert caught.value.__context__ is None


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_a_postgres_that_cannot_be_reached_is_told_without_its_password(scheme):
    with pytest.raises(StateError, match=r"127\.0\.0\.1:1/state") as caught:
        open_database(f"{scheme}://ann:geheim@127.0.0.1:1/state?password=secret")
    assert "geheim" not in said(caught)
    assert "secret" not in said(caught)


def test_no_representation_shows_the_address(state):
    assert "state.db" not in repr(state)


@pytest.mark.parametrize("content", [b"this is no database, " * 100, b"\0" * 4096])
@on_sqlite
def test_a_file_that_is_no_database_is_told(tmp_path, url, content):
    (tmp_path / "state.db").write_bytes(content)
    with pytest.raises(StateError, match=r"state\.db .*(not a database|damaged).*move it away"):
        open_database(url)
    assert (tmp_path / "state.db").read_bytes() == content


@pytest.mark.parametrize("damaged", [slice(4096, None), slice(-4096, None)])
@on_sqlite
def test_a_damaged_file_is_told_at_the_start(tmp_path, url, damaged):
    state = State.open(url)
    for number in range(50):
        state.inbox.accept([f"key {number}"], {"text": "words " * 200})
    state.close()
    file = tmp_path / "state.db"
    content = bytearray(file.read_bytes())
    content[damaged] = os.urandom(len(content[damaged]))
    file.write_bytes(content)
    with pytest.raises(StateError, match=r"state\.db is damaged"):
        State.open(url)


@on_sqlite
def test_damage_while_it_is_open_is_told(tmp_path, state):
    file = tmp_path / "state.db"
    with sqlite3.connect(file) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    other.close()
    state.engine.dispose()
    file.write_bytes(b"\0" * 100 + file.read_bytes()[100:])
    with pytest.raises(StateError, match=r"state\.db is damaged or not a database"):
        state.check()


def test_a_database_of_a_newer_program_is_refused_and_left_alone(url):
    engine = open_database(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE pmrole_revision SET version_num = '9001'"))
    engine.dispose()
    with pytest.raises(StateError, match=r"made by a newer PM Role \(its form is '9001'"):
        open_database(url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM pmrole_revision")).all() == [
            ("9001",)
        ]
    engine.dispose()


def test_a_folder_in_the_files_place_is_told(tmp_path):
    with pytest.raises(StateError, match="cannot be opened"):
        open_database(f"sqlite:///{tmp_path}")


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StateError, match=r"cannot be made .*DATABASE_URL"):
        open_database(f"sqlite:///{tmp_path}/file/state.db")


@on_sqlite
def test_a_file_that_is_locked_for_long_is_told(tmp_path, state, hasty):
    hasty(state)
    other = sqlite3.connect(tmp_path / "state.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StateError, match=r"state\.db is locked by another program .*close what"):
        state.inbox.accept(["key"], {})
    other.execute("ROLLBACK")
    other.close()
    assert state.inbox.accept(["key"], {}) is not None


@on_sqlite
def test_a_lock_that_goes_away_is_waited_for(tmp_path, state):
    other = sqlite3.connect(tmp_path / "state.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    freed = threading.Timer(0.2, other.execute, ["ROLLBACK"])
    freed.start()
    assert state.inbox.accept(["key"], {}) is not None
    freed.join()
    other.close()


@on_sqlite
def test_threads_that_wait_too_long_for_their_turn_are_told(state, monkeypatch):
    monkeypatch.setattr("bot.state.transactions.BUSY_TIMEOUT_S", 0.02)
    seen = []

    def write():
        try:
            state.inbox.accept(["key"], {})
        except StateError as error:
            seen.append(str(error))

    with state.transactions.writing():
        thread = threading.Thread(target=write)
        thread.start()
        thread.join()
    assert len(seen) == 1
    assert "was not free for" in seen[0]
    assert state.inbox.accept(["key"], {}) is not None


@on_sqlite
def test_turns_come_in_the_order_of_asking(state):
    order = []

    def write(number):
        with state.transactions.writing():
            order.append(number)

    threads = [threading.Thread(target=write, args=[number]) for number in range(8)]
    with state.transactions.writing():
        for number, thread in enumerate(threads):
            thread.start()
            end = time.monotonic() + 5
            while len(state.transactions._turns._waiting) <= number and time.monotonic() < end:
                time.sleep(0.001)
    for thread in threads:
        thread.join()
    assert order == list(range(8))


@on_sqlite
def test_a_process_that_migrates_for_too_long_is_told(tmp_path, url, monkeypatch):
    monkeypatch.setattr("bot.state.upgrading._WAIT_S", 0.05)
    with (
        FileLock(tmp_path / "state.db.lock"),
        pytest.raises(StateError, match=r"another process has been migrating .*state\.db"),
    ):
        open_database(url)


@on_sqlite
def test_a_lock_that_cannot_be_made_is_told(tmp_path, url):
    (tmp_path / "state.db.lock").mkdir()
    with pytest.raises(StateError, match=r"state\.db\.lock cannot be made"):
        open_database(url)


def test_asking_for_more_connections_than_there_are_is_told(url, monkeypatch):
    limits = {"_POOL": 1, "_OVERFLOW": 0, "_POSTGRES_OVERFLOW": 0, "_POOL_WAIT_S": 0.02}
    for name, value in limits.items():
        monkeypatch.setattr(f"bot.state.database.{name}", value)
    state = State.open(url)
    with (
        state.transactions.reading(),
        pytest.raises(StateError, match="every one is in use"),
    ):
        state.check()
    state.check()
    state.close()


def test_of_what_postgres_says_only_the_kind_is_told():
    words = "(key)=(my own words) already exists"
    with pytest.raises(StateError) as caught, explained(make_url("postgresql://u:geheim@h/d")):
        raise IntegrityError("INSERT", {}, ValueError(words))
    assert "h/d failed (ValueError)" in said(caught)
    assert "my own words" not in said(caught)


def test_errors_and_their_tracebacks_hold_no_stored_text(state):
    words = " ".join(["my", "own", "words"])  # as no line of a program holds them
    with pytest.raises(StateError) as caught:
        _write_twice(state, words)
    assert words not in "".join(traceback.format_exception(caught.value))


def _write_twice(state, words):
    with state.transactions.writing() as connection:
        for _ in range(2):
            connection.execute(text("INSERT INTO salts VALUES (:words, 'a')"), {"words": words})


def test_a_database_that_answers_is_well(state):
    state.check()


def test_any_engine_opened_may_be_used_for_transactions(url):
    engine = open_database(url)
    with Transactions(engine).reading() as connection:
        assert connection.execute(select(questions.c.id)).all() == []
    engine.dispose()
