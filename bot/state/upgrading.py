"""A state database of any earlier form becomes one of the present form, once."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import OperationalError

from bot.state.failures import StateError, explained, named
from bot.state.transactions import READING

logger = logging.getLogger(__name__)

HEAD = "0002"  # the last migration; a test compares it with bot/state/migrations/versions
KNOWN = frozenset({"0001", HEAD})
REVISIONS = "pmrole_revision"  # not Alembic's own name: another program may share a Postgres
_VERSIONS = Path(__file__).parent / "migrations"
_WAIT_S = 60.0
_POSTGRES_LOCK = 0x504D526F6C65  # "PMRole": any number, the same in every process
_LOCK_NOT_AVAILABLE = "55P03"
_CHECKED_BYTES = 64 * 1024 * 1024  # larger files are not read through at every start


def bring_up_to_date(engine: Engine) -> None:
    """Migrate to the present tables, under a lock that other processes honour.

    Nothing is written, and Alembic is not imported, where nothing is to be done.

    Raises:
        StateError: if the database is newer than this program, or cannot be used.
    """
    with explained(engine.url):
        if engine.dialect.name == "sqlite":
            _check(engine)
        if _is_present(engine):
            return
        with _alone(engine):
            _keep_a_write_ahead_log(engine)
            with engine.begin() as connection:
                if engine.dialect.name == "postgresql":
                    _wait_for_others(connection)
                _migrate(connection)


def _wait_for_others(connection: Connection) -> None:
    """Wait until no other process migrates this Postgres; the lock goes with the transaction."""
    connection.execute(text(f"SET LOCAL lock_timeout = '{_WAIT_S}s'"))
    try:
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_POSTGRES_LOCK})"))
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) != _LOCK_NOT_AVAILABLE:
            raise
        raise _waited(connection.engine) from None


def _waited(engine: Engine) -> StateError:
    return StateError(
        f"another process has been migrating {named(engine.url)} for {_WAIT_S:.0f} s; "
        "wait for it, or end it, and start again"
    )


def form_of(engine: Engine) -> str | None:
    """Return the form a database's tables are in, None if it has none; nothing is changed.

    Raises:
        StateError: if the database is newer than this program, damaged, or cannot be read.
    """
    with explained(engine.url):
        if engine.dialect.name == "sqlite":
            _check(engine)
        with engine.connect().execution_options(**{READING: True}) as connection:
            return form_on(connection)


def form_on(connection: Connection) -> str | None:
    """Do as `form_of`, on a connection, without looking for damage."""
    found = _revision(connection)
    _refuse_newer(found, connection.engine)
    return found


def _is_present(engine: Engine) -> bool:
    with engine.connect().execution_options(**{READING: True}) as connection:
        found = _revision(connection)
        _refuse_newer(found, engine)
        if engine.dialect.name != "sqlite":
            return found == HEAD
        mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()
        return found == HEAD and mode == "wal"


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table(REVISIONS):
        return None
    found = connection.execute(text(f"SELECT version_num FROM {REVISIONS}")).scalar()  # noqa: S608 - a constant
    return None if found is None else str(found)


def _refuse_newer(found: str | None, engine: Engine) -> None:
    if found is not None and found not in KNOWN:
        raise StateError(
            f"the state database {named(engine.url)} was made by a newer PM Role (its form is "
            f"{found!r}, this program knows up to {HEAD!r}); run the newer program, or name "
            "another database in DATABASE_URL"
        )


def _check(engine: Engine) -> None:
    """Read a SQLite file through, so that damage is told at the start and not by a question."""
    if Path(str(engine.url.database)).stat().st_size > _CHECKED_BYTES:
        return
    with engine.connect().execution_options(**{READING: True}) as connection:
        found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
    if found != "ok":
        raise StateError(
            f"the state database {named(engine.url)} is damaged (SQLite: {found}); restore a "
            "copy, or move it away: a new one is begun"
        )


@contextmanager
def _alone(engine: Engine) -> Iterator[None]:
    """Wait until no other process migrates this file. Postgres has a lock of its own."""
    if engine.dialect.name != "sqlite":
        yield
        return
    lock = FileLock(f"{engine.url.database}.lock", timeout=_WAIT_S)
    try:
        lock.acquire()
    except Timeout as error:
        raise _waited(engine) from error
    except OSError as error:
        raise StateError(
            f"{error.filename or lock.lock_file} cannot be made ({error.strerror}); make the "
            "folder writable for the bot, or name another file in DATABASE_URL"
        ) from error
    try:
        yield
    finally:
        lock.release()


def _keep_a_write_ahead_log(engine: Engine) -> None:
    """Let readers and a writer work side by side; the file remembers it."""
    if engine.dialect.name == "sqlite":
        with engine.connect().execution_options(**{READING: True}) as connection:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")


def _migrate(connection: Connection) -> None:
    """Run the missing steps inside the caller's transaction."""
    # Alembic takes 0.3 s to import, and most starts need it for nothing.
    from alembic.config import Config  # noqa: PLC0415
    from alembic.runtime.environment import EnvironmentContext  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    found = _revision(connection)
    _refuse_newer(found, connection.engine)
    if found == HEAD:
        return
    config = Config()
    config.set_main_option("script_location", str(_VERSIONS).replace("%", "%%"))
    steps = ScriptDirectory.from_config(config)
    with EnvironmentContext(
        config,
        steps,
        fn=lambda now, _context: steps._upgrade_revs("head", now),  # noqa: SLF001 - Alembic's documented way
    ) as environment:
        environment.configure(connection=connection, version_table=REVISIONS, render_as_batch=True)
        environment.run_migrations()
    logger.info("the state database went from form %s to %s", found or "none", HEAD)
