"""A few connections to Postgres, shared by threads: dead ones replaced, errors explained."""

import contextlib
import selectors
import threading
import weakref
from collections.abc import Iterator, Sequence
from typing import Any

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import TransactionStatus

from index.errors import DamagedIndexError, StoreUnavailableError
from index.postgres.binary import register

Session = psycopg.Connection[tuple[Any, ...]]

_CONNECT_S = 5
# A server that is gone without a word is noticed in this time.
_SILENT_S = 10
# How long a thread waits for a connection that others use.
_WAIT_S = 10.0
# Neighbours looked at in the graph of a search, at least as many as are wanted of it: recall@10 is
# over 0.98 with it. Where more are wanted, the search goes on until it has visited so many rows.
_EF_SEARCH, _MOST_VISITED = 400, 40_000
# Set in the session, because poolers refuse what is set at the start. A question is answered from
# one process of the server: starting others takes longer than they save, and so does compiling. It
# sorts where it must, but does not take to it in place of a graph that it thinks too dear.
_SETTINGS = f"""
SET statement_timeout = '30s'; SET lock_timeout = '5s';
SET idle_in_transaction_session_timeout = '60s';
SET jit = off; SET max_parallel_workers_per_gather = 0; SET enable_sort = off;
SET hnsw.ef_search = {_EF_SEARCH}; SET hnsw.iterative_scan = relaxed_order;
SET hnsw.max_scan_tuples = {_MOST_VISITED};
"""
_GONE = (
    errors.UndefinedTable,
    errors.UndefinedColumn,
    errors.UndefinedFunction,
    errors.InvalidSchemaName,
    errors.DataCorrupted,
    errors.IndexCorrupted,
)
_FULL = (errors.DiskFull, errors.OutOfMemory, errors.TooManyConnections)


def connect(url: str) -> Session:
    """Open a connection of one's own, for locks and LISTEN; every statement is a transaction.

    Raises:
        StoreUnavailableError: if Postgres cannot be reached or refuses.
    """
    with explained(url):
        session = psycopg.connect(
            _address(url),
            autocommit=True,
            connect_timeout=_CONNECT_S,
            tcp_user_timeout=_SILENT_S * 1000,
            keepalives_idle=_SILENT_S,
            client_encoding="utf8",
        )
        try:
            session.execute(_SETTINGS.encode())
        except BaseException:
            session.close()
            raise
        register(session)
        return session


class Connections:
    """Connections that threads take turns with. Opened when needed, and kept."""

    def __init__(self, url: str, *, size: int = 8) -> None:
        """Name the database; nothing is opened yet.

        Args:
            url: An address that begins with postgresql://, postgres:// or postgresql+psycopg://.
            size: The most connections open at once; further threads wait for one.
        """
        self.url = url
        self._free = threading.BoundedSemaphore(size)
        self._size = size
        self._idle: list[Session] = []
        # A command may forget it: its connections then end without a warning.
        weakref.finalize(self, _close_all, self._idle)
        self._lock = threading.Lock()
        self._closed = False

    @contextlib.contextmanager
    def connection(self) -> Iterator[Session]:
        """Lend a connection on which every statement is a transaction.

        Raises:
            StoreUnavailableError: if Postgres is away, or every connection stays in use.
            DamagedIndexError: if what was asked for is not there.
        """
        if not self._free.acquire(timeout=_WAIT_S):
            raise StoreUnavailableError(
                f"all {self._size} connections to Postgres at {named(self.url)} are in use; ask "
                "again in a moment"
            )
        try:
            session = self._take()
            try:
                with explained(self.url):
                    yield session
            finally:
                self._put_back(session)
        finally:
            self._free.release()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Session]:
        """Lend a connection inside a transaction, which an exception undoes.

        Raises:
            StoreUnavailableError, DamagedIndexError: as `connection` does.
        """
        with self.connection() as session, session.transaction():
            yield session

    def fetch(self, query: bytes, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Run a query that only reads, as a prepared statement, and return its rows.

        It is asked once more where its connection turns out to be dead.

        Raises:
            StoreUnavailableError, DamagedIndexError: as `connection` does.
        """
        for is_last in (False, True):
            with self.connection() as session:
                try:
                    return session.execute(query, values, prepare=True, binary=True).fetchall()
                except psycopg.OperationalError:
                    if is_last or not session.broken:
                        raise
            self._close_idle()  # what ended this one has probably ended the others
        raise AssertionError("unreachable")  # pragma: no cover - the loop returns or raises

    def close(self) -> None:
        """Close every connection, those in use as soon as they are given back."""
        self._closed = True
        self._close_idle()

    def _take(self) -> Session:
        while True:
            with self._lock:
                session = self._idle.pop() if self._idle else None
            if session is None:
                return connect(self.url)
            if _is_alive(session):
                return session
            session.close()

    def _put_back(self, session: Session) -> None:
        idle = not session.closed and session.info.transaction_status == TransactionStatus.IDLE
        with self._lock:
            if idle and not self._closed:
                self._idle.append(session)
                return
        session.close()

    def _close_idle(self) -> None:
        with self._lock:
            idle = self._idle[:]
            self._idle.clear()
        _close_all(idle)


def _close_all(sessions: list[Session]) -> None:
    for session in sessions:
        session.close()


def _is_alive(session: Session) -> bool:
    """Tell whether the server still holds an idle connection, without asking it.

    It says nothing unasked, but when it ends one.
    """
    if session.closed:
        return False
    with selectors.DefaultSelector() as selector:
        selector.register(session.fileno(), selectors.EVENT_READ)
        return not selector.select(timeout=0)


@contextlib.contextmanager
def explained(url: str) -> Iterator[None]:
    """Turn what psycopg raises into an error of this package.

    Postgres may quote stored values in its messages, so only the kind of error is passed on.

    Raises:
        StoreUnavailableError: if Postgres is away, too slow, full, or does not let us.
        DamagedIndexError: if a table or a column is not there, or cannot be read.
    """
    try:
        yield
    except psycopg.Error as error:
        told = _told(error, url)
    else:
        return
    raise told from None


def _told(error: psycopg.Error, url: str) -> StoreUnavailableError | DamagedIndexError:
    kind = f"{type(error).__name__}{f' {error.sqlstate}' if error.sqlstate else ''}"
    place = f"Postgres at {named(url)}"
    if isinstance(error, _GONE):
        return DamagedIndexError(
            f"the index in {place} lacks something or cannot be read ({kind}): run "
            "`pmrole index build`"
        )
    if isinstance(error, errors.InsufficientPrivilege):
        return StoreUnavailableError(
            f"{place} does not let this role do what the index needs ({kind}): it must own the "
            "schema pmrole_index, or be allowed to create one (GRANT CREATE ON DATABASE)"
        )
    if isinstance(error, _FULL):
        return StoreUnavailableError(
            f"{place} has no room left ({kind}): free disk space, memory or connections there"
        )
    if isinstance(error, errors.QueryCanceled | errors.LockNotAvailable):
        return StoreUnavailableError(f"{place} took too long ({kind}); ask again in a moment")
    return StoreUnavailableError(
        f"{place} failed ({kind}); check that it runs, that DATABASE_URL is right, and its own log"
    )


def named(url: str) -> str:
    """Return what a message may say of a database: host, port and name, never the password."""
    try:
        parts = conninfo_to_dict(_address(url))
    except psycopg.Error:
        return "the address in DATABASE_URL, which cannot be read"
    port = f":{parts['port']}" if parts.get("port") else ""
    return f"{parts.get('host') or 'localhost'}{port}/{parts.get('dbname') or ''}"


def _address(url: str) -> str:
    """Return an address as libpq reads it; SQLAlchemy names the driver in it."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)
