"""The SQLite file of a generation's documents and chunks: written once, and read as a whole."""

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from index.chunking import Chunk
from index.documents import Document
from index.errors import DamagedIndexError

_SCHEMA = """
CREATE TABLE documents (
  id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, title TEXT NOT NULL, url TEXT, updated TEXT,
  author TEXT, aliases TEXT NOT NULL, sources TEXT NOT NULL, left_out TEXT NOT NULL,
  text TEXT NOT NULL);
CREATE TABLE chunks (
  row INTEGER PRIMARY KEY, document INTEGER NOT NULL, heading TEXT NOT NULL,
  start INTEGER NOT NULL, end INTEGER NOT NULL, text TEXT NOT NULL, sentences TEXT NOT NULL,
  first_sentence INTEGER NOT NULL, same_as INTEGER NOT NULL);
CREATE INDEX chunks_of_document ON chunks (document, row);
"""
_STORED_CHUNKS = """
SELECT chunks.*, path, title FROM chunks JOIN documents ON documents.id = chunks.document
ORDER BY chunks.row
"""


def opened(path: Path) -> sqlite3.Connection:
    """Open the file to read it, from any thread.

    Raises:
        sqlite3.Error: if it cannot be opened.
    """
    # Nobody writes it any more, so neither locks nor a journal are looked for.
    uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    return sqlite3.connect(uri, uri=True, check_same_thread=False)


def stored(path: Path) -> tuple[Iterator[tuple[Any, ...]], Iterator[tuple[Any, ...]]]:
    """Give the rows of the tables of documents and of chunks, in order, a few at a time.

    The columns are those of the tables; each chunk has the path and the title of its article
    behind them.

    Raises:
        DamagedIndexError: if the file cannot be read.
    """
    return _streamed(path, "SELECT * FROM documents ORDER BY id"), _streamed(path, _STORED_CHUNKS)


def _streamed(path: Path, sql: str) -> Iterator[tuple[Any, ...]]:
    try:
        with contextlib.closing(opened(path)) as connection:
            yield from connection.execute(sql)
    except sqlite3.Error as error:
        raise DamagedIndexError(f"cannot read the passages {path}: {error}") from error


def write_passages(
    path: Path, documents: Iterable[Document], chunks: Iterable[Chunk], same_as: Iterable[int]
) -> None:
    """Write the file of a generation; a chunk's row is its place in `chunks`.

    Each is gone through once, the documents first, so that none need be in memory together.

    Raises:
        OSError: if it cannot be written, such as on a full disk.
    """
    identity: dict[str, int] = {}
    connection = sqlite3.connect(path)
    try:
        # The folder is published only when it is whole, so a journal would guard nothing.
        connection.execute("PRAGMA journal_mode = OFF")
        connection.executescript(_SCHEMA)
        connection.executemany(
            "INSERT INTO documents VALUES (?,?,?,?,?,?,?,?,?,?)",
            _document_rows(documents, identity),
        )
        connection.executemany(
            "INSERT INTO chunks VALUES (?,?,?,?,?,?,?,?,?)", _chunk_rows(chunks, identity, same_as)
        )
        connection.commit()
    except sqlite3.OperationalError as error:
        raise OSError(f"{path} cannot be written: {error}") from error
    finally:
        connection.close()


def _document_rows(
    documents: Iterable[Document], identity: dict[str, int]
) -> Iterator[tuple[object, ...]]:
    for number, one in enumerate(documents):
        identity[one.path] = number
        yield (
            number,
            one.path,
            one.title,
            one.url,
            one.updated.isoformat() if one.updated else None,
            one.author,
            json.dumps(one.aliases),
            json.dumps(one.sources),
            json.dumps([(out.span.start, out.span.end, out.reason) for out in one.left_out]),
            one.text,
        )


def _chunk_rows(
    chunks: Iterable[Chunk], identity: dict[str, int], same_as: Iterable[int]
) -> Iterator[tuple[object, ...]]:
    first_sentence = 0
    for row, (chunk, same) in enumerate(zip(chunks, same_as, strict=True)):
        yield (
            row,
            identity[chunk.path],
            json.dumps(chunk.heading, ensure_ascii=False),
            chunk.span.start,
            chunk.span.end,
            chunk.text,
            json.dumps([(one.start, one.end) for one in chunk.sentences]),
            first_sentence,
            int(same),
        )
        first_sentence += len(chunk.sentences)
