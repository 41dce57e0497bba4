"""Locks that belong to a connection: whoever dies loses them, and what it held is free again."""

import contextlib
from collections.abc import Iterator

from psycopg import Error, errors

from index.postgres.connecting import Connections, Session, connect, explained

# The first of the two numbers of an advisory lock, by what is locked (see also schema.py).
BUILD_LOCK, CHANGE_LOCK, TURN_LOCK = 73_003, 73_004, 73_005
# A machine that falls silent is noticed by Postgres in about half a minute, instead of two hours.
_NOTICED = """
SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3;
SET idle_session_timeout = 0; SET statement_timeout = 0;
"""
# Advisory locks of two numbers have 2 as their last column (Postgres, "pg_locks").
_IS_HELD = b"""
SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = %s::oid
  AND objid = 0 AND objsubid = 2
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
"""


class LockTakenError(Exception):
    """Somebody else holds the lock."""


@contextlib.contextmanager
def session_lock(url: str, lock: int, *, wait_s: float) -> Iterator[Session]:
    """Hold a lock on a connection of its own, which is lent, for as long as the block runs.

    Args:
        url: The database.
        lock: Which lock of it.
        wait_s: How long to wait for somebody else to let go of it.

    Raises:
        LockTakenError: if somebody else still holds it after that.
        StoreUnavailableError: if Postgres is away.
    """
    session = connect(url)
    try:
        with explained(url):
            session.execute(_NOTICED.encode())
            if not _is_taken(session, lock, wait_s):
                raise LockTakenError
        try:
            yield session
        finally:
            # Postgres notices the closed connection a moment later: too late for who comes next.
            with contextlib.suppress(Error):
                session.execute("SELECT pg_advisory_unlock_all()")
    finally:
        session.close()


def is_held(connections: Connections, lock: int) -> bool:
    """Tell whether anybody holds a lock, without touching it.

    Raises:
        StoreUnavailableError: if Postgres is away.
    """
    return bool(connections.fetch(_IS_HELD, [lock])[0][0])


def _is_taken(session: Session, lock: int, wait_s: float) -> bool:
    """Take a lock; tell whether that worked in time."""
    if wait_s <= 0:
        row = session.execute("SELECT pg_try_advisory_lock(%s, 0)", [lock]).fetchone()
        return bool(row and row[0])
    waited_ms = max(1, round(1000 * wait_s))
    session.execute("SELECT set_config('lock_timeout', %s, false)", [f"{waited_ms}ms"])
    try:
        session.execute("SELECT pg_advisory_lock(%s, 0)", [lock])
    except errors.LockNotAvailable:
        return False
    session.execute("SET lock_timeout = '5s'")
    return True
