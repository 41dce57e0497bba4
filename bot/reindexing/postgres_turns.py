"""The turn to reindex an index in Postgres: a lock of a connection, and a row any replica reads.

When a replica dies Postgres ends its connection, and the lock is free; of a machine that falls
silent Postgres notices that within half a minute.
"""

import contextlib
import socket
import time
from collections.abc import Callable, Iterator

from bot.reindexing.turns import (
    TELL_EVERY_S,
    Holder,
    ReindexRunningError,
    TurnLostError,
)
from index.errors import StoreUnavailableError
from index.postgres.catalogue import Catalogue
from index.postgres.connecting import Connections, Session, explained
from index.postgres.locking import TURN_LOCK, LockTakenError, is_held, session_lock
from index.postgres.schema import SCHEMA

_TAKE = f"""
INSERT INTO {SCHEMA}.turn (holder, since, host, step, done, total) VALUES (%s, %s, %s, '', 0, 0)
ON CONFLICT (only_one) DO UPDATE SET holder = EXCLUDED.holder, since = EXCLUDED.since,
  host = EXCLUDED.host, step = '', done = 0, total = 0, updated = now()
""".encode()  # noqa: S608 - a constant
_TELL = f"""
UPDATE {SCHEMA}.turn SET step = %s, done = %s, total = %s, updated = now()
""".encode()  # noqa: S608 - a constant
_GIVE_BACK = f"DELETE FROM {SCHEMA}.turn".encode()  # noqa: S608 - a constant
_READ = f"SELECT holder, since, host, step, done, total FROM {SCHEMA}.turn".encode()  # noqa: S608 - a constant


class PostgresTurns:
    """Lets one reindex run at a time among all replicas. Safe between threads and processes."""

    def __init__(self, url: str, *, clock: Callable[[], float] = time.time) -> None:
        """Guard the index in a database; the clock gives seconds since 1970."""
        self._url, self._clock = url, clock
        self._connections = Connections(url, size=1)
        self._catalogue = Catalogue(self._connections)

    @contextlib.contextmanager
    def take(self, by: str, *, wait_s: float = 0.0) -> Iterator["PostgresTurn"]:
        """See `Turns.take`.

        Raises:
            ReindexRunningError: if another replica still holds it after `wait_s` seconds.
            StoreUnavailableError: if Postgres is away.
        """
        self._catalogue.connections  # noqa: B018 - its tables are made
        with contextlib.ExitStack() as stack:
            try:
                session = stack.enter_context(session_lock(self._url, TURN_LOCK, wait_s=wait_s))
            except LockTakenError as error:
                raise ReindexRunningError(self._catalogue.place, self.holder()) from error
            with explained(self._url):
                session.execute(_TAKE, [by, self._clock(), socket.gethostname()])
            try:
                yield PostgresTurn(session, self._url, self._catalogue.place)
            finally:
                with contextlib.suppress(StoreUnavailableError), explained(self._url):
                    session.execute(_GIVE_BACK)

    def close(self) -> None:
        """Close the connection that looks for the holder."""
        self._connections.close()

    def holder(self) -> Holder | None:
        """Return who holds the turn; None if nobody does.

        Raises:
            StoreUnavailableError: if Postgres is away.
        """
        connections = self._catalogue.connections
        if not is_held(connections, TURN_LOCK):
            return None  # a row that is there all the same is of a replica that died
        rows = connections.fetch(_READ)
        return Holder(*rows[0]) if rows else None


class PostgresTurn:
    """A turn that is held, with a row of how far the work has come."""

    def __init__(self, session: Session, url: str, place: str) -> None:
        """Tell over the connection that holds the lock: if it breaks, the turn is lost."""
        self._session, self._url, self._place = session, url, place
        self._step, self._told = "", 0.0

    def tell(self, step: str, done: int, total: int) -> None:
        """See `Turn.tell`."""
        now = time.monotonic()
        if step == self._step and done < total and now < self._told + TELL_EVERY_S:
            return
        self._step, self._told = step, now
        try:
            with explained(self._url):
                self._session.execute(_TELL, [step, done, total])
        except StoreUnavailableError as error:
            raise TurnLostError(
                f"the reindex was given up, because the connection to {self._place} broke; the old "
                "index answers on. Begin anew"
            ) from error
