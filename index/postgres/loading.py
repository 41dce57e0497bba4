"""A finished build folder into Postgres, whole or not at all, and out of it again.

A generation is known by its row in `generations`, which comes last: until then nobody sees its
tables, and the next load sweeps away what a crash left of them.
"""

import contextlib
import logging
import re
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from psycopg import Error, errors, sql
from psycopg.types.json import Jsonb

from index.errors import IndexingError
from index.manifest import Manifest
from index.postgres.connecting import Connections, Session, connect, explained
from index.postgres.filling import Filling
from index.postgres.schema import LOADING_LOCK, SCHEMA, table
from index.questions import read_questions

logger = logging.getLogger(__name__)

_OWN_TABLE = re.compile(r"g(\d+)_([a-z_]+)\Z")
_TABLES = f"SELECT tablename FROM pg_tables WHERE schemaname = '{SCHEMA}'".encode()  # noqa: S608 - a constant
_KEPT = f"SELECT number FROM {SCHEMA}.generations".encode()  # noqa: S608 - a constant
_NEXT = f"SELECT nextval('{SCHEMA}.generation_numbers')".encode()
_FORGET = f"DELETE FROM {SCHEMA}.generations WHERE name = %s RETURNING number".encode()  # noqa: S608 - a constant
_INSERT = f"""
INSERT INTO {SCHEMA}.generations (name, number, state, manifest, questions)
VALUES (%s, %s, %s, %s, %s)
""".encode()  # noqa: S608 - a constant
_ATTACH = sql.SQL("ALTER TABLE {}.files ATTACH PARTITION {} FOR VALUES IN ({})")


def load(connections: Connections, work: Path, manifest: Manifest, state: str) -> None:
    """Put a finished build folder into Postgres.

    Memory grows with the number of different words only. Until it returns nobody sees anything.

    Args:
        connections: To the database, whose shared tables are there (`schema.ensure`).
        work: The folder.
        manifest: What is said of it; its name must be new.
        state: "building", "candidate" or "kept".

    Raises:
        StoreUnavailableError: if Postgres is away, or has no room.
        DamagedIndexError: if the folder cannot be read.
    """
    with explained(connections.url), _unhurried(connections.url) as session:
        sweep(session)
        number = int(_one(session, _NEXT))
        session.execute("SELECT pg_advisory_lock(%s, %s)", [LOADING_LOCK, number])
        try:
            filling = Filling(session, number, work, manifest.name)
            filling.fill()
            filling.make_searchable()
            _show(session, number, work, manifest, state)
        except (IndexingError, Error, OSError):
            with contextlib.suppress(Error):  # the next load tries again
                _drop_tables(session, number)
            raise


def drop(connections: Connections, name: str) -> None:
    """Remove all of a generation, whatever its state; one that is gone already is no error.

    Raises:
        StoreUnavailableError: if Postgres is away.
    """
    with connections.connection() as session:
        row = session.execute(_FORGET, [name]).fetchone()
        if row is None:
            return
        try:
            _drop_tables(session, row[0])
        except errors.LockNotAvailable:
            # Nobody can open it any more; who still reads it is not held up.
            logger.info("the tables of %s are being read; the next load drops them", name)


def sweep(session: Session) -> None:
    """Drop tables of no generation: left by a load that came to no end, or by a drop."""
    matches = (_OWN_TABLE.match(name) for (name,) in session.execute(_TABLES))
    for number in sorted({int(one[1]) for one in matches if one}):
        lock = [LOADING_LOCK, number]
        # A load under way holds it until its row is there.
        if not _one(session, b"SELECT pg_try_advisory_lock(%s, %s)", lock):
            continue
        try:
            if (number,) not in session.execute(_KEPT).fetchall():
                with contextlib.suppress(errors.LockNotAvailable):
                    _drop_tables(session, number)
        finally:
            session.execute("SELECT pg_advisory_unlock(%s, %s)", lock)


def _show(session: Session, number: int, work: Path, manifest: Manifest, state: str) -> None:
    """Let the generation be seen: from here on it is whole."""
    values = (
        manifest.name,
        number,
        state,
        Jsonb(asdict(manifest)),
        Jsonb(read_questions(work)),
    )
    attach = _ATTACH.format(
        sql.Identifier(SCHEMA), table(number, "files"), sql.Literal(manifest.name)
    )
    with session.transaction():
        session.execute(attach)
        session.execute(_INSERT, values)


def _drop_tables(session: Session, number: int) -> None:
    matches = [_OWN_TABLE.match(name) for (name,) in session.execute(_TABLES)]
    doomed = [table(number, one[2]) for one in matches if one and int(one[1]) == number]
    if doomed:
        session.execute(sql.SQL("DROP TABLE {}").format(sql.SQL(", ").join(doomed)))


@contextlib.contextmanager
def _unhurried(url: str) -> Iterator[Session]:
    """Open a connection for statements that take as long as they take."""
    session = connect(url)
    try:
        session.execute("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0")
        yield session
    finally:
        session.close()


def _one(session: Session, statement: bytes, values: list[int] | None = None) -> int:
    row = session.execute(statement, values).fetchone()
    return row[0] if row else 0
