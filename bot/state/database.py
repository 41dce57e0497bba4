"""The state database, opened and brought to the present tables."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from bot.state.failures import StateError, explained, named
from bot.state.transactions import BUSY_TIMEOUT_S, READING
from bot.state.upgrading import HEAD, bring_up_to_date, form_of, form_on

__all__ = ["Looked", "StateError", "held_alone", "look_at_database", "open_database"]

# Connections kept, and further ones while many ask at once; then callers wait.
_POOL, _OVERFLOW, _POOL_WAIT_S = 8, 24, 10.0
# On Postgres 15 in all: the smallest plans of those who rent it out allow 20, a server 100.
_POSTGRES_OVERFLOW = 7
_CONNECT_S = 5
_ALONE_WAIT_S = 1.0  # who has a file open keeps it open
# A server that is gone without a word is noticed in this time, and so is a bot by the server.
_SILENT_S = 10
_IDLE_S = 60  # a transaction in which nothing is asked for so long is undone: its machine failed
_POSTGRES = {"postgres", "postgresql", "postgresql+psycopg"}


def open_database(url: str) -> Engine:
    """Open the state database, and bring it to the present tables.

    Args:
        url: "sqlite:///var/state.db" (the folder is made if it is not there), or an address that
            begins with postgresql://, postgres:// or postgresql+psycopg://.

    Several processes may open the same database at once: one of them migrates it.

    Raises:
        StateError: if it cannot be reached, is locked or damaged, is newer than this program, or
            the address is none.
    """
    address = _address(url)
    engine = _sqlite(address) if address.get_backend_name() == "sqlite" else _postgres(address)
    try:
        bring_up_to_date(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


@dataclass(frozen=True, slots=True)
class Looked:
    """What a state database is found to be.

    Attributes:
        name: Its file, or its host and name; no password.
        form: Of its tables; None where there are none yet.
        is_present: Whether that is the form of this program.
    """

    name: str
    form: str | None
    is_present: bool


def look_at_database(url: str) -> Looked:
    """Open a state database and try to write, and leave it as it is.

    Raises:
        StateError: as for `open_database`; where a file could be made, but is not there, it is not
            made, and that is no error.
    """
    address = _address(url)
    sqlite = address.get_backend_name() == "sqlite"
    if sqlite and not Path(str(address.database)).exists():
        return Looked(named(address), None, is_present=False)
    engine = _sqlite(address) if sqlite else _postgres(address)
    try:
        form = form_of(engine)
        with explained(address), engine.connect() as connection:
            # On SQLite it takes the lock of writers; everywhere it is gone with the rollback.
            connection.exec_driver_sql("CREATE TABLE pmrole_doctor (tried integer)")
            connection.rollback()
    finally:
        engine.dispose()
    return Looked(named(address), form, is_present=form == HEAD)


@contextmanager
def held_alone(file: Path) -> Iterator[Connection]:
    """Read a SQLite state while no other process can open it, and leave it as it is.

    A process that has it open holds a lock on it all the time, so a bot that runs is noticed even
    if it does nothing; and one that is started meanwhile is refused.

    Raises:
        StateError: if it is not there, is in use, is of another form, or cannot be read.
    """
    if not file.is_file():
        raise StateError(f"there is no state database {file}: name the file of one")
    url = URL.create("sqlite", database=str(file))
    engine = create_engine(
        url, poolclass=NullPool, connect_args={"timeout": _ALONE_WAIT_S}, hide_parameters=True
    )
    event.listen(engine, "connect", _keep_others_out)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN EXCLUSIVE"))
    with explained(url), engine.connect() as connection:
        try:
            found = form_on(connection)
        except OperationalError as error:
            if "locked" not in str(error.orig):
                raise
            raise StateError(
                f"{file} is in use: stop the bot that runs on it, and close what else has it open"
            ) from error
        if found != HEAD:
            raise StateError(
                f"{file} holds no state of PM Role"
                if found is None
                else f"{file} has the form {found!r} and not {HEAD!r}: run `pmrole export FILE`, "
                "which makes a copy of it and brings it to the present form"
            )
        yield connection
        connection.rollback()


def _keep_others_out(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA locking_mode=EXCLUSIVE")
    cursor.close()


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        address = None
    if address is not None and address.drivername in _POSTGRES:
        return address.set(drivername="postgresql+psycopg")
    if address is None or address.drivername != "sqlite" or not _is_file(address.database):
        raise StateError(
            "DATABASE_URL names no database PM Role can use; wanted is sqlite:///var/state.db, or "
            "an address that begins with postgresql://"
        )
    return address


def _is_file(name: str | None) -> bool:
    """Tell whether SQLite keeps this in a file; in memory each thread would have its own."""
    return bool(name) and name != ":memory:" and not str(name).startswith("file:")


def _sqlite(url: URL) -> Engine:
    path = Path(str(url.database))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Only for the bot's own account: it holds questions and tokens.
        path.touch(mode=0o600, exist_ok=True)
    except OSError as error:
        raise StateError(
            f"the state database {path} cannot be made ({error.strerror}); give the bot a folder "
            "it may write to in DATABASE_URL"
        ) from error
    engine = create_engine(
        url,
        pool_size=_POOL,
        max_overflow=_OVERFLOW,
        pool_timeout=_POOL_WAIT_S,
        connect_args={"timeout": BUSY_TIMEOUT_S},
        hide_parameters=True,
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """Set what SQLite keeps by connection; the write-ahead log is set once, with the tables."""
    connection.isolation_level = None  # sqlite3 begins no transaction by itself: `_begin` does
    cursor = connection.cursor()
    for pragma in ("synchronous=NORMAL", "foreign_keys=ON", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    # At once for writing: a transaction that reads first and then writes could be refused midway.
    if not connection.get_execution_options().get(READING):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _postgres(url: URL) -> Engine:
    waits = {
        "connect_timeout": _CONNECT_S,
        "tcp_user_timeout": _SILENT_S * 1000,
        "keepalives_idle": _SILENT_S,
    }
    engine = create_engine(
        url,
        pool_size=_POOL,
        max_overflow=_POSTGRES_OVERFLOW,
        pool_timeout=_POOL_WAIT_S,
        pool_pre_ping=True,
        connect_args=waits,
        hide_parameters=True,
    )
    event.listen(engine, "connect", _limit)
    return engine


def _limit(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """Set what one session may wait for; in the session, because poolers refuse it at the start."""
    connection.autocommit = True
    cursor = connection.cursor()
    cursor.execute(f"SET lock_timeout = '{BUSY_TIMEOUT_S}s'")
    cursor.execute(f"SET idle_in_transaction_session_timeout = '{_IDLE_S}s'")
    cursor.close()
    connection.autocommit = False
