"""The state in a SQLite file moved to an empty Postgres database, compared row by row."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, RowMapping, Table, select, text

from bot.errors import BotError
from bot.operating.rows import go_on_numbering, insert_rows, read_rows, values_of
from bot.state.database import held_alone
from bot.state.schema import metadata
from bot.state.transactions import Transactions


class MoveError(BotError):
    """A state cannot be moved; the text says why and what to do. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A table that was copied, and is the same on both sides.

    Attributes:
        table: Its name.
        rows: How many rows it has.
        checksum: Of all of them, in whatever order: 64 hexadecimal digits.
    """

    table: str
    rows: int
    checksum: str


def move_state(file: Path, target: Engine) -> tuple[Moved, ...]:
    """Copy a whole state into a database that has the tables and no row, all or nothing.

    Tokens of installations, questions that wait and the numbers of rows come along. The file is
    held alone meanwhile and left as it is; so are questions that were being worked on when its bot
    ended: the next bot takes them up as after a restart.

    Args:
        file: The SQLite file.
        target: The Postgres database, as `open_database` opens it.

    Raises:
        MoveError: if the target holds something, or holds other rows than the file in the end.
        StateError: if the file is in use, or one of the two cannot be used.
    """
    tables = metadata.sorted_tables
    with held_alone(file) as source, Transactions(target).writing() as into:
        # A bot that was started on the target too early waits until all is there.
        names = ", ".join(f'"{one.name}"' for one in tables)
        into.execute(text(f"LOCK TABLE {names} IN EXCLUSIVE MODE"))
        _refuse_unless_empty(into, tables)
        return tuple(_moved(source, into, one) for one in tables)


def _refuse_unless_empty(into: Connection, tables: Iterable[Table]) -> None:
    held = [one.name for one in tables if into.execute(select(one).limit(1)).first()]
    if held:
        raise MoveError(
            f"the Postgres database holds a state already (in {', '.join(held)}): name an empty "
            "one. Nothing was changed"
        )


def _moved(source: Connection, into: Connection, table: Table) -> Moved:
    read = _Checksum(table)
    insert_rows(into, table, read.of(read_rows(source, table)))
    go_on_numbering(into, table, after=_last_number(source, table))
    written = _Checksum(table)
    for _ in written.of(read_rows(into, table)):
        pass
    if (read.rows, read.sum) != (written.rows, written.sum):
        raise MoveError(
            f"{table.name} has {read.rows} rows with the checksum {read.shown[:12]} in the file, "
            f"and {written.rows} with {written.shown[:12]} on Postgres: nothing was moved; please "
            "report it"
        )
    return Moved(table.name, read.rows, read.shown)


def _last_number(source: Connection, table: Table) -> int:
    """Return the last number that SQLite gave to a row, which may be gone: buttons remember it."""
    if not table.dialect_options["sqlite"]["autoincrement"]:
        return 0
    wanted = text("SELECT seq FROM sqlite_sequence WHERE name = :table")
    return int(source.execute(wanted, {"table": table.name}).scalar() or 0)


class _Checksum:
    """The sum of the hashes of rows: databases order texts in different ways."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self.rows = self.sum = 0

    def of(self, rows: Iterable[RowMapping]) -> Iterator[RowMapping]:
        """Give the rows, and count them."""
        for row in rows:
            line = json.dumps(values_of(self._table, row), sort_keys=True).encode()
            self.sum = (self.sum + int.from_bytes(hashlib.sha256(line).digest())) % 2**256
            self.rows += 1
            yield row

    @property
    def shown(self) -> str:
        return f"{self.sum:064x}"
