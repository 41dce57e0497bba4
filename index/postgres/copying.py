"""Rows into tables by COPY in its binary form, as many as there are in bounded memory."""

import io
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
from psycopg import sql

from index.postgres.binary import copied_vectors
from index.postgres.connecting import Session

# Pieces of files and arrays, of which one is in memory at a time.
PIECE_BYTES = 1_000_000
_VECTORS_AT_ONCE = 8192
_HEAD, _END = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"
# Into a table that the same transaction made, so that nothing has to tidy up after it.
_COPY = sql.SQL("COPY {} FROM STDIN WITH (FORMAT binary, FREEZE)")


def copy_rows(
    session: Session, table: sql.Identifier, types: str, rows: Iterable[tuple[object, ...]]
) -> None:
    """Copy rows into a table that this transaction made.

    Args:
        session: The connection.
        table: Its name.
        types: Those of its columns, such as "int4 text".
        rows: Its rows.
    """
    with session.cursor() as cursor, cursor.copy(_COPY.format(table)) as copy:
        copy.set_types(types.split())
        for row in rows:
            copy.write_row(row)


def copy_vectors(session: Session, table: sql.Identifier, vectors: npt.NDArray[np.float16]) -> None:
    """Copy vectors with their rows into a table that this transaction made."""
    with session.cursor() as cursor, cursor.copy(_COPY.format(table)) as copy:
        copy.write(_HEAD)
        for start in range(0, len(vectors), _VECTORS_AT_ONCE):
            copy.write(copied_vectors(start, vectors[start : start + _VECTORS_AT_ONCE]))
        copy.write(_END)


def pieces_of_file(path: Path) -> Iterator[tuple[int, bytes]]:
    """Give a file's number and bytes piece by piece; of an empty file one piece of none."""
    with path.open("rb") as file:
        number = 0
        while (piece := file.read(PIECE_BYTES)) or not number:
            yield number, piece
            number += 1


def pieces_of_array(array: npt.NDArray[np.generic]) -> Iterator[tuple[int, bytes]]:
    """Give an array as a NumPy file, piece by piece."""
    file = io.BytesIO()
    np.save(file, array, allow_pickle=False)
    content = file.getbuffer()
    for number, start in enumerate(range(0, len(content), PIECE_BYTES)):
        yield number, bytes(content[start : start + PIECE_BYTES])
