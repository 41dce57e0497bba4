"""A row of any table as values that JSON holds, and back."""

import base64
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, LargeBinary, RowMapping, Table


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
