"""The state and the uploaded articles as one file, and back again.

The file is a zip archive: a member of JSON lines for each table, and manifest.json with the form of
the database, the number of rows and a checksum for each member. It is text all through, so a state
can be taken from SQLite to Postgres and back. Tokens of installations are left out unless asked
for.
"""

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, Engine, Table, delete, select

from bot.errors import BotError
from bot.operating.rows import (
    go_on_numbering,
    insert_rows,
    read_rows,
    row_of,
    values_of,
)
from bot.state.failures import explained
from bot.state.schema import metadata
from bot.state.transactions import READING, Transactions
from bot.state.upgrading import HEAD

FORMAT = 1
_MANIFEST = "manifest.json"
# Tokens, and what leads to them.
_INSTALLATIONS = frozenset({"slack_installations", "slack_bots", "slack_oauth_states"})
# Questions older than this were answered by whoever went on; see bot.state.inbox.KEYS_KEPT_S.
_STALE_S = 3600.0
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, KeyError, TypeError)


class BackupError(BotError):
    """A file cannot be exported to or imported from; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What a file holds.

    Attributes:
        made_at: When it was made.
        program: By which version.
        rows: Rows by table.
    """

    made_at: datetime
    program: str
    rows: dict[str, int]

    @property
    def total(self) -> int:
        """The number of all rows."""
        return sum(self.rows.values())


def export_state(engine: Engine, file: Path, *, installations: bool = False) -> Exported:
    """Write the whole state into a file, as it is at one moment, while a bot may go on using it.

    Args:
        engine: Of the state database.
        file: A new file, readable by its owner alone.
        installations: Put the tokens of workspaces in, which the file then has to be kept like.

    Raises:
        BackupError: if the file is there already or cannot be written.
        StateError: if the database cannot be read.
    """
    if file.exists():
        raise BackupError(f"{file} is there already: name a file that is not")
    part = file.with_name(f"{file.name}.part")
    try:
        with _private(part) as raw, zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
            exported = _write(engine, archive, _tables(installations=installations))
        part.replace(file)
    except OSError as error:
        raise BackupError(
            f"{file} cannot be written ({error.strerror}); name another place"
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return exported


def import_state(engine: Engine, file: Path, *, replace: bool = False) -> Exported:
    """Put what `export_state` wrote into a database, all or nothing.

    The file is read through and compared with its checksums first. No bot may use the database
    meanwhile. Questions that nobody had answered when the file was made are taken up by the next
    start, if that is less than an hour ago.

    Args:
        engine: Of the state database.
        file: What `export_state` wrote.
        replace: Delete what the database holds in the tables of the file.

    Raises:
        BackupError: if the file is no export, damaged, or of another form; or if the database holds
            something, and is not to be replaced.
        StateError: if the database cannot be written.
    """
    with _opened(file) as archive:
        manifest = _checked(archive, file)
        tables = [one for one in metadata.sorted_tables if one.name in manifest["tables"]]
        with Transactions(engine).writing() as connection:
            _refuse_to_overwrite(connection, tables, replace=replace)
            for table in reversed(tables):
                connection.execute(delete(table))
            with _damage_told(file):
                for table in tables:
                    _fill(connection, table, _rows(archive, table))
    return _exported(manifest)


def _tables(*, installations: bool) -> list[Table]:
    return [
        one for one in metadata.sorted_tables if installations or one.name not in _INSTALLATIONS
    ]


@contextmanager
def _private(part: Path) -> Iterator[IO[bytes]]:
    """Open a file for its owner alone, and bring it to the disk at the end."""
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "wb") as raw:
        yield raw
        raw.flush()
        os.fsync(raw.fileno())


def _write(engine: Engine, archive: zipfile.ZipFile, tables: Iterable[Table]) -> Exported:
    written: dict[str, dict[str, Any]] = {}
    with _one_moment(engine) as connection:
        for table in tables:
            digest, count = hashlib.sha256(), 0
            with archive.open(_member(table.name), "w", force_zip64=True) as member:
                for row in read_rows(connection, table):
                    line = json.dumps(values_of(table, row)).encode() + b"\n"
                    digest.update(line)
                    member.write(line)
                    count += 1
            written[table.name] = {"rows": count, "sha256": digest.hexdigest()}
    manifest = {
        "format": FORMAT,
        "form": HEAD,
        "program": version("pmrole"),
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "tables": written,
    }
    archive.writestr(_MANIFEST, json.dumps(manifest, indent=1))
    return _exported(manifest)


@contextmanager
def _one_moment(engine: Engine) -> Iterator[Connection]:
    """Open a connection that sees the state of one moment, whatever is written meanwhile."""
    with explained(engine.url):
        if engine.dialect.name == "sqlite":
            options: dict[str, Any] = {READING: True}
        else:
            options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with engine.connect().execution_options(**options) as connection:
            if engine.dialect.name == "sqlite":
                # Reading alone: with the write-ahead log it neither waits nor holds anybody up.
                connection.exec_driver_sql("BEGIN DEFERRED")
            yield connection
            connection.rollback()


@contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive
    except OSError as error:
        raise BackupError(f"{file} cannot be read ({error.strerror}); name another file") from error
    except zipfile.BadZipFile as error:
        raise BackupError(f"{file} is damaged, or was not made by `pmrole export`") from error


@contextmanager
def _damage_told(file: Path) -> Iterator[None]:
    try:
        yield
    except _DAMAGE as error:
        raise BackupError(
            f"{file} is damaged ({type(error).__name__}); take an older one. Nothing was changed"
        ) from error


def _checked(archive: zipfile.ZipFile, file: Path) -> dict[str, Any]:
    """Return the manifest of a file that is what it says."""
    if _MANIFEST not in archive.namelist():
        raise BackupError(f"{file} was not made by `pmrole export`: it holds no {_MANIFEST}")
    with _damage_told(file):
        manifest: dict[str, Any] = json.loads(archive.read(_MANIFEST))
        _refuse_other_forms(manifest, file)
        unknown = set(manifest["tables"]) - set(metadata.tables)
        if unknown:
            raise ValueError(f"tables that nobody knows: {unknown}")
        for name, wanted in manifest["tables"].items():
            with archive.open(_member(name)) as member:
                found = hashlib.file_digest(member, "sha256").hexdigest()  # type: ignore[arg-type] # a readable file
            if found != wanted["sha256"]:
                raise ValueError(f"the checksum of {name} is another one")
        _exported(manifest)
    return manifest


def _refuse_other_forms(manifest: dict[str, Any], file: Path) -> None:
    if manifest["format"] != FORMAT or manifest["form"] != HEAD:
        raise BackupError(
            f"{file} was made by PM Role {manifest['program']} (format {manifest['format']}, form "
            f"{manifest['form']}), and this program reads format {FORMAT}, form {HEAD}: import it "
            "with that version, then start this one, which brings the database up to date"
        )


def _refuse_to_overwrite(connection: Connection, tables: Iterable[Table], *, replace: bool) -> None:
    held = [one.name for one in tables if connection.execute(select(one).limit(1)).first()]
    if held and not replace:
        raise BackupError(
            f"the database holds something already (in {', '.join(held)}): export it first, then "
            "import with --replace, which deletes that; or name another database in DATABASE_URL"
        )


def _rows(archive: zipfile.ZipFile, table: Table) -> Iterator[dict[str, Any]]:
    with archive.open(_member(table.name)) as member:
        for line in member:
            yield row_of(table, json.loads(line))


def _fill(connection: Connection, table: Table, rows: Iterator[dict[str, Any]]) -> None:
    if table.name == "inbox":
        rows = _handed_back(rows)
    insert_rows(connection, table, rows)
    go_on_numbering(connection, table)


def _handed_back(rows: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Give questions that are worth an answer still, free for whoever starts next."""
    since = datetime.now(UTC).timestamp() - _STALE_S
    for row in rows:
        if row["received_at"] >= since:
            yield {**row, "owner": "", "due_at": row["received_at"]}


def _member(table: str) -> str:
    return f"{table}.jsonl"


def _exported(manifest: dict[str, Any]) -> Exported:
    return Exported(
        made_at=datetime.fromisoformat(manifest["made_at"]),
        program=str(manifest["program"]),
        rows={name: int(one["rows"]) for name, one in manifest["tables"].items()},
    )
