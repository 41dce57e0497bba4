"""Which generations a database keeps, which one is published, and what is kept beside them."""

import contextlib
import threading
from collections.abc import Iterable, Iterator

from index.errors import BuildInProgressError, NoIndexError
from index.postgres.connecting import Connections, Session, named
from index.postgres.listening import CHANNEL
from index.postgres.locking import CHANGE_LOCK
from index.postgres.schema import SCHEMA, ensure

# "building" is what nobody reads: not whole yet, or to be removed.
BUILDING, CANDIDATE, KEPT_ONE = "building", "candidate", "kept"
CURRENT, CALIBRATION = "current", "calibration"
_SETTING = f"SELECT value FROM {SCHEMA}.settings WHERE key = %s".encode()  # noqa: S608 - a constant
_SET = f"""
INSERT INTO {SCHEMA}.settings VALUES (%s, %s) ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value
""".encode()  # noqa: S608 - a constant
_OF_STATE = f"SELECT name FROM {SCHEMA}.generations WHERE state = %s".encode()  # noqa: S608 - a constant
_BECOME = f"""
UPDATE {SCHEMA}.generations SET state = %s WHERE name = %s AND state = %s
""".encode()  # noqa: S608 - a constant


class Catalogue:
    """Reads and changes what is kept. Safe between threads and between replicas.

    Every method raises StoreUnavailableError if Postgres is away or does not let us, and
    IndexMismatchError if its tables are those of another version.
    """

    def __init__(self, connections: Connections) -> None:
        """Name the database; nothing is opened or made yet."""
        self._connections = connections
        self._making = threading.Lock()
        self._has_tables = False

    @property
    def place(self) -> str:
        """Host and name of the database."""
        return f"Postgres at {named(self._connections.url)}"

    @property
    def connections(self) -> Connections:
        """Connections to the database, whose tables are made if they are not there."""
        if not self._has_tables:
            with self._making:
                if not self._has_tables:
                    ensure(self._connections)
                self._has_tables = True
        return self._connections

    def setting(self, key: str) -> str | None:
        """Return a setting; None if it was never set."""
        rows = self.connections.fetch(_SETTING, [key])
        return str(rows[0][0]) if rows else None

    def set(self, key: str, value: str) -> None:
        """Change a setting."""
        with self.connections.connection() as session:
            session.execute(_SET, [key, value])

    def current_name(self) -> str:
        """Return the name of the published generation.

        Raises:
            NoIndexError: if none was ever published.
        """
        name = self.setting(CURRENT)
        if name is None:
            raise NoIndexError(f"no index in {self.place}: run `pmrole index build`")
        return name

    def names(self, state: str) -> list[str]:
        """Return the names of the generations of a state, oldest first."""
        return sorted(row[0] for row in self.connections.fetch(_OF_STATE, [state]))

    @contextlib.contextmanager
    def changing(self) -> Iterator["Change"]:
        """Change what is kept or published, all at once, and one replica at a time."""
        with self.connections.transaction() as session:
            session.execute("SELECT pg_advisory_xact_lock(%s, 0)", [CHANGE_LOCK])
            yield Change(session, self.place)


class Change:
    """A change under way: a transaction, which an exception undoes."""

    def __init__(self, session: Session, place: str) -> None:
        """Change what a session's database keeps, in its transaction."""
        self._session, self._place = session, place

    def names(self, state: str) -> list[str]:
        """Return the names of the generations of a state, oldest first."""
        return sorted(row[0] for row in self._session.execute(_OF_STATE, [state]).fetchall())

    def current_name(self) -> str | None:
        """Return the name of the published generation, if there is one."""
        row = self._session.execute(_SETTING, [CURRENT]).fetchone()
        return str(row[0]) if row else None

    def become(self, name: str, state: str, *, was: str) -> bool:
        """Change the state of a generation if it is what it was; tell whether it is."""
        return self._session.execute(_BECOME, [state, name, was]).rowcount == 1

    def reveal(self, name: str, state: str) -> None:
        """Let what was loaded be seen.

        Raises:
            BuildInProgressError: if another build swept it away.
        """
        if not self.become(name, state, was=BUILDING):
            raise BuildInProgressError(
                f"the connection to {self._place} broke during the build, and another build swept "
                "away what was loaded: build again"
            )

    def hide(self, names: Iterable[str], *, was: str) -> None:
        """Let nobody see some generations any more; they are to be removed."""
        for name in names:
            self.become(name, BUILDING, was=was)

    def point_at(self, name: str) -> None:
        """Publish a generation that is kept, and tell whoever listens once that is through.

        Raises:
            NoIndexError: if there is none of that name.
        """
        if name not in self.names(KEPT_ONE):
            raise NoIndexError(
                f"no generation {name!r} in {self._place}: `pmrole index list` names them"
            )
        self._session.execute(_SET, [CURRENT, name])
        self._session.execute("SELECT pg_notify(%s, %s)", [CHANNEL, name])
