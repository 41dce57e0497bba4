"""A lock of a connection is free as soon as its holder is through, or dead."""

import threading

import pytest

from index.errors import StoreUnavailableError
from index.postgres.connecting import Connections
from index.postgres.locking import BUILD_LOCK, TURN_LOCK, LockTakenError, is_held, session_lock


def test_who_comes_right_after_the_holder_is_never_refused(empty_postgres):
    for _ in range(40):
        with session_lock(empty_postgres, BUILD_LOCK, wait_s=0):
            pass


def test_who_comes_right_after_an_error_is_never_refused(empty_postgres):
    for _ in range(20):
        with (
            pytest.raises(ZeroDivisionError),
            session_lock(empty_postgres, BUILD_LOCK, wait_s=0) as session,
            session.transaction(),
        ):
            raise ZeroDivisionError


def test_one_holds_a_lock_and_others_are_seen_to_wait(empty_postgres):
    connections = Connections(empty_postgres)
    assert not is_held(connections, BUILD_LOCK)
    with session_lock(empty_postgres, BUILD_LOCK, wait_s=0):
        assert is_held(connections, BUILD_LOCK)
        assert not is_held(connections, TURN_LOCK)
        with session_lock(empty_postgres, TURN_LOCK, wait_s=0):
            assert is_held(connections, TURN_LOCK)
        for wait_s in (0, 0.1):
            with pytest.raises(LockTakenError):
                session_lock(empty_postgres, BUILD_LOCK, wait_s=wait_s).__enter__()
    assert not is_held(connections, BUILD_LOCK)
    connections.close()


def test_who_waits_gets_it_as_soon_as_it_is_free(empty_postgres):
    there, go_on = threading.Event(), threading.Event()

    def hold():
        with session_lock(empty_postgres, BUILD_LOCK, wait_s=0):
            there.set()
            assert go_on.wait(30)

    holder = threading.Thread(target=hold)
    holder.start()
    assert there.wait(30)
    threading.Timer(0.2, go_on.set).start()
    with session_lock(empty_postgres, BUILD_LOCK, wait_s=30) as session:
        assert session.execute("SHOW lock_timeout").fetchone() == ("5s",)
    holder.join()


def test_without_a_server_the_next_step_is_named():
    with pytest.raises(StoreUnavailableError, match="check that it runs"):
        session_lock("postgresql://pmrole@/none?host=/nowhere", BUILD_LOCK, wait_s=0).__enter__()
