"""What is Postgres's own: sessions that are limited, a server that goes away."""

import threading
import time

import pytest
from sqlalchemy import text

from bot.state.database import StateError, open_database
from bot.state.upgrading import _POSTGRES_LOCK

pytestmark = pytest.mark.parametrize("url", ["postgres"], indirect=True)


def test_a_process_that_migrates_for_too_long_is_told(url, state, monkeypatch):
    monkeypatch.setattr("bot.state.upgrading._WAIT_S", 0.05)
    with state.transactions.writing() as connection:
        connection.execute(text("UPDATE pmrole_revision SET version_num = '0001'"))
    with state.engine.connect() as connection:
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_POSTGRES_LOCK})"))
        with pytest.raises(StateError, match=r"another process has been migrating localhost/test"):
            open_database(url)


def test_what_another_holds_is_waited_for_and_not_for_ever(state, open_state, monkeypatch):
    monkeypatch.setattr("bot.state.database.BUSY_TIMEOUT_S", 0.05)
    hasty = open_state()
    with state.transactions.writing() as connection:
        connection.execute(text("INSERT INTO inbox_keys VALUES ('Ev1', 0)"))
        with pytest.raises(StateError, match="LockNotAvailable 55P03"):
            hasty.inbox.accept(["Ev1"], {})
    assert hasty.inbox.accept(["Ev2"], {}) is not None


def test_a_machine_that_stops_in_the_middle_holds_nobody_up_for_long(open_state, monkeypatch):
    monkeypatch.setattr("bot.state.database._IDLE_S", 0.1)
    stopped, other, got = open_state(), open_state(), []
    with pytest.raises(StateError):
        _stop_for_a_while(stopped, lambda: got.append(other.inbox.accept(["Ev1"], {})))
    assert got[0] is not None
    assert stopped.inbox.accept(["Ev2"], {}) is not None


def _stop_for_a_while(state, until):
    with state.transactions.writing() as connection:
        connection.execute(text("INSERT INTO inbox_keys VALUES ('Ev1', 0)"))
        until()


def test_a_server_that_ends_its_connections_is_asked_again(state, open_state):
    other = open_state()
    other.check()
    with state.transactions.writing() as connection:
        ended = connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid != pg_backend_pid()"
            )
        ).all()
    assert ended
    other.check()
    assert other.inbox.accept(["Ev1"], {}) is not None


def test_one_bot_takes_fifteen_connections_at_most(state):
    start, held = threading.Barrier(41), []

    def hold():
        start.wait()
        with state.transactions.reading() as connection:
            connection.execute(text("SELECT pg_sleep(0.05)"))

    threads = [threading.Thread(target=hold) for _ in range(40)]
    for one in threads:
        one.start()
    start.wait()
    while any(one.is_alive() for one in threads):
        held.append(state.engine.pool.checkedout())
        time.sleep(0.01)
    assert 8 < max(held) <= 15
