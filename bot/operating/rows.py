"""Rows of any table: as values that JSON holds and back, read and inserted a few at a time."""

import base64
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import (
    Connection,
    DateTime,
    LargeBinary,
    RowMapping,
    Table,
    func,
    insert,
    select,
    text,
)

# Rows in memory at a time; of files, one.
_BATCH = 200


def read_rows(connection: Connection, table: Table) -> Iterator[RowMapping]:
    """Give all rows of a table in the order of its key, a few in memory at a time."""
    wanted = select(table).order_by(*table.primary_key)
    return iter(connection.execute(wanted.execution_options(yield_per=_batch(table))).mappings())


def insert_rows(
    connection: Connection, table: Table, rows: Iterable[Mapping[str, Any] | RowMapping]
) -> None:
    """Put rows into a table as they are, numbers included, a few at a time."""
    given = iter(rows)
    while batch := list(islice(given, _batch(table))):
        connection.execute(insert(table), [dict(one) for one in batch])


def go_on_numbering(connection: Connection, table: Table, *, after: int = 0) -> None:
    """Let the next row of a table get a number after all that are there.

    SQLite does so by itself; Postgres does not look at the rows.

    Args:
        connection: In a transaction.
        table: One that numbers its rows, or does not.
        after: A number that was given before, if more were given than there are.
    """
    numbered = table.autoincrement_column
    if numbered is None or connection.dialect.name != "postgresql":
        return
    last = max(connection.execute(select(func.max(numbered))).scalar() or 0, after)
    if last:
        sequence = "SELECT setval(pg_get_serial_sequence(:table, :column), :last)"
        names = {"table": table.name, "column": numbered.name, "last": last}
        connection.execute(text(sequence), names)


def values_of(table: Table, row: RowMapping) -> dict[str, Any]:
    """Return a row as JSON holds it: bytes as base64, times as ISO 8601."""
    return {column.name: _as_json(row[column]) for column in table.columns}


def row_of(table: Table, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `values_of` was given.

    Raises:
        ValueError: if a value is not of its column's kind, or a column is missing or too much.
    """
    if set(values) != set(table.columns.keys()):
        raise ValueError(f"not a row of {table.name}")
    return {column.name: _read(column.type, values[column.name]) for column in table.columns}


def _batch(table: Table) -> int:
    files = any(isinstance(one.type, LargeBinary) for one in table.columns)
    return 1 if files else _BATCH


def _as_json(value: Any) -> Any:  # noqa: ANN401 - whatever a column holds
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, datetime):
        return value.isoformat()
    return value


def _read(kind: Any, value: Any) -> Any:  # noqa: ANN401 - whatever a column holds
    if value is None:
        return None
    if isinstance(kind, LargeBinary):
        return base64.b64decode(value, validate=True)
    if isinstance(kind, DateTime):
        return datetime.fromisoformat(value)
    return value
