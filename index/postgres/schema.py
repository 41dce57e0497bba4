"""The tables that generations share, made once, and the names of those that each has of its own.

All are in the schema `pmrole_index`:

generations   what is kept, and what waits to be published; seen only when it is whole
settings      "format" of these tables, "current" generation, "calibration"
files         the files of each build folder in pieces; a partition a generation
turn          who reindexes now, and how far that has come (turns.py)
g<number>_*   what belongs to one generation only (loading.py)
"""

from psycopg import errors, sql

from index.errors import IndexMismatchError, StoreUnavailableError
from index.postgres.connecting import Connections, Session, named

FORMAT = 1
SCHEMA = "pmrole_index"
# The first of the two numbers of this package's advisory locks, by what is locked.
SCHEMA_LOCK, LOADING_LOCK = 73_001, 73_002
# The first with halfvec and searches that go on where too little was found.
_OLDEST_PGVECTOR = (0, 8)

_STATEMENTS = f"""
CREATE SCHEMA IF NOT EXISTS {SCHEMA};
CREATE SEQUENCE {SCHEMA}.generation_numbers AS integer;
CREATE TABLE {SCHEMA}.generations (
  name text COLLATE "C" PRIMARY KEY,
  number integer NOT NULL UNIQUE,
  state text NOT NULL CHECK (state IN ('building', 'candidate', 'kept')),
  manifest jsonb NOT NULL,
  questions jsonb NOT NULL,
  made timestamptz NOT NULL DEFAULT now());
CREATE TABLE {SCHEMA}.settings (key text PRIMARY KEY, value text NOT NULL);
CREATE TABLE {SCHEMA}.files (
  generation text COLLATE "C" NOT NULL, path text COLLATE "C" NOT NULL, piece integer NOT NULL,
  content bytea NOT NULL, PRIMARY KEY (generation, path, piece)) PARTITION BY LIST (generation);
CREATE TABLE {SCHEMA}.turn (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  holder text NOT NULL, since double precision NOT NULL, host text NOT NULL,
  step text NOT NULL, done bigint NOT NULL, total bigint NOT NULL,
  updated timestamptz NOT NULL DEFAULT now());
ALTER TABLE {SCHEMA}.files ALTER content SET STORAGE EXTERNAL;
INSERT INTO {SCHEMA}.settings VALUES ('format', '{FORMAT}');
"""  # noqa: S608 - constants
_VERSION = b"SELECT extversion FROM pg_extension WHERE extname = 'vector'"
_IS_THERE = f"SELECT to_regclass('{SCHEMA}.settings') IS NOT NULL".encode()
_FORMAT = f"SELECT value FROM {SCHEMA}.settings WHERE key = 'format'".encode()  # noqa: S608 - a constant


def ensure(connections: Connections) -> None:
    """Make the tables if they are not there; several replicas may do so at once.

    Raises:
        StoreUnavailableError: if Postgres is away, or has no pgvector and this role may not add it.
        IndexMismatchError: if the tables are those of another version of this program.
    """
    with connections.transaction() as session:
        session.execute("SELECT pg_advisory_xact_lock(%s, 0)", [SCHEMA_LOCK])
        _ensure_pgvector(session, connections.url)
        _check_encoding(session, connections.url)
        if not _one(session, _IS_THERE):
            session.execute(_STATEMENTS.encode())
        found = _one(session, _FORMAT)
    if found != str(FORMAT):
        raise IndexMismatchError(
            f"the index in Postgres at {named(connections.url)} has format {found}, this program "
            f"reads {FORMAT}: use the program that made it, or run `DROP SCHEMA {SCHEMA} CASCADE` "
            "there and then `pmrole index build`"
        )


def table(number: int, name: str) -> sql.Identifier:
    """Return the name of a table that belongs to one generation only."""
    return sql.Identifier(SCHEMA, f"g{number}_{name}")


def query(text: str, number: int, *names: str) -> bytes:
    """Return a statement with the names of a generation's tables in place of its `{}`."""
    tables = [table(number, name).as_string() for name in names]
    return text.format(*tables).encode()


def _ensure_pgvector(session: Session, url: str) -> None:
    if _one(session, _VERSION) is None:
        try:
            with session.transaction():
                session.execute("CREATE EXTENSION IF NOT EXISTS vector")
        except (errors.FeatureNotSupported, errors.UndefinedFile) as error:
            raise StoreUnavailableError(
                f"Postgres at {named(url)} has no pgvector: install it there (the package "
                "postgresql-<version>-pgvector, or the image pgvector/pgvector) and start again"
            ) from error
        except errors.InsufficientPrivilege as error:
            raise StoreUnavailableError(
                f"pgvector is not switched on in Postgres at {named(url)}, and this role may not "
                "do so: let one that may run `CREATE EXTENSION vector;` in that database"
            ) from error
    version = str(_one(session, _VERSION))
    if tuple(int(part) for part in version.split(".")[:2]) < _OLDEST_PGVECTOR:
        wanted = ".".join(map(str, _OLDEST_PGVECTOR))
        raise StoreUnavailableError(
            f"Postgres at {named(url)} has pgvector {version}; wanted is {wanted} or newer: "
            "install it there and run `ALTER EXTENSION vector UPDATE;` in that database"
        )


def _check_encoding(session: Session, url: str) -> None:
    encoding = _one(session, b"SHOW server_encoding")
    if encoding != "UTF8":
        raise StoreUnavailableError(
            f"the database at {named(url)} keeps text as {encoding}; articles need UTF8: make one "
            "with `CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0`"
        )


def _one(session: Session, statement: bytes) -> object:
    row = session.execute(statement).fetchone()
    return row[0] if row else None
