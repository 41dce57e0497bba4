"""Short transactions: the way every repository reaches the database."""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from sqlalchemy import Connection, Engine, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.state.failures import StateError, explained, named

BUSY_TIMEOUT_S = 5.0  # how long one process waits for another to end its transaction
READING = "pmrole_reading"  # execution option: single statements, no transaction on SQLite

Insert = postgresql.Insert | sqlite.Insert
Clock = Callable[[], float]  # seconds since 1970


class _Turns:
    """A lock that goes to whoever waits longest.

    A plain one goes to whoever comes by when it is free: of 64 threads that accept 50 questions
    each, one then waited 640 ms for its turn, and 60 ms with this.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Lock] = deque()

    def take(self, timeout_s: float) -> bool:
        """Wait for a turn; tell whether it came in time."""
        with self._lock:
            if not self._taken:
                self._taken = True
                return True
            called = threading.Lock()
            called.acquire()
            self._waiting.append(called)
        if called.acquire(timeout=timeout_s):
            return True
        with self._lock:
            if called not in self._waiting:
                return True  # called in the moment that waiting ended
            self._waiting.remove(called)
            return False

    def give(self) -> None:
        """End a turn, and call the next."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False


class Transactions:
    """Transactions on one engine. Safe between threads.

    SQLite lets one writer at a time through, and makes others poll for their turn. So the threads
    of one process queue here first, and polling is left to different processes.
    """

    def __init__(self, engine: Engine) -> None:
        """Begin with an engine that `open_database` opened."""
        self._engine = engine
        self._readers = engine.execution_options(**{READING: True})
        self._is_sqlite = engine.dialect.name == "sqlite"
        self._turns = _Turns()

    @property
    def is_server(self) -> bool:
        """Whether the database is a server, which processes on other machines may use too."""
        return not self._is_sqlite

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open a transaction that may write; it is committed at the end, or undone by an error.

        Raises:
            StateError: if the database cannot be written to.
        """
        with self._my_turn(), explained(self._engine.url), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a connection for reading.

        Raises:
            StateError: if the database cannot be read.
        """
        with explained(self._engine.url), self._readers.connect() as connection:
            yield connection

    def insert(self, table: Table) -> Insert:
        """Return an insert that can say what happens on a conflict."""
        return sqlite.insert(table) if self._is_sqlite else postgresql.insert(table)

    def alone(self, connection: Connection, name: str) -> None:
        """Wait until no other transaction that named the same goes on; for what reads, then writes.

        SQLite lets one writer at a time through anyway.
        """
        if not self._is_sqlite:
            number = func.hashtextextended(name, 0)
            connection.execute(select(func.pg_advisory_xact_lock(number)))

    def _my_turn(self) -> AbstractContextManager[None]:
        return self._queued() if self._is_sqlite else nullcontext()

    @contextmanager
    def _queued(self) -> Iterator[None]:
        if not self._turns.take(BUSY_TIMEOUT_S):
            raise StateError(
                f"the state database {named(self._engine.url)} was not free for "
                f"{BUSY_TIMEOUT_S:.0f} s; close what else has it open, such as a sqlite3 shell"
            )
        try:
            yield
        finally:
            self._turns.give()
