"""The documents and chunks of a generation, read from their SQLite file.

Opening it costs the same for a hundred chunks as for a million; a question reads only the rows of
its best hits.
"""

import contextlib
import json
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

from index.chunking import Chunk
from index.documents import LeftOut, Span
from index.errors import DamagedIndexError
from index.passage_file import opened
from index.remembering import Remembered

# Passages kept at hand, of which each takes about 2 KB: the hits of many questions are the same.
_REMEMBERED = 4096

_CHUNK_COLUMNS = """
SELECT chunks.row, path, title, heading, start, end, chunks.text, sentences, first_sentence,
       same_as, url, updated
FROM chunks JOIN documents ON documents.id = chunks.document
"""
_HEADINGS = """
SELECT chunks.row, heading FROM chunks JOIN documents ON documents.id = chunks.document
WHERE path = ? ORDER BY chunks.row
"""
_PLACES = """
SELECT chunks.row, path FROM chunks JOIN documents ON documents.id = chunks.document
ORDER BY chunks.row
"""
_ARTICLES = """
SELECT path, title, url, updated, author, aliases, sources FROM documents ORDER BY path
"""


LeftOutParts = dict[str, tuple[LeftOut, ...]]


@dataclass(frozen=True, slots=True)
class Article:
    """An indexed article without its text."""

    path: str
    title: str
    url: str | None
    updated: date | None
    author: str | None
    aliases: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk as it is stored.

    Attributes:
        row: Its number in this generation, and the row of its vector.
        chunk: What was embedded.
        first_sentence: The row of its first sentence's vector; the others follow.
        same_as: The row of the first chunk that it nearly repeats, or its own.
        url: Where readers find the article.
        updated: The day the article was last changed.
    """

    row: int
    chunk: Chunk
    first_sentence: int
    same_as: int
    url: str | None
    updated: date | None


class Passages:
    """Reads documents and chunks. Safe between threads."""

    def __init__(self, path: Path) -> None:
        """Open the file that `write_passages` made.

        Raises:
            DamagedIndexError: if it cannot be read.
        """
        self._path = path
        try:
            self._connection = opened(path)
            self._count: int = self._one("SELECT count(*) FROM chunks")
            self._read: Remembered[int, Passage] = Remembered(_REMEMBERED)
        except sqlite3.Error as error:
            raise DamagedIndexError(f"cannot read the passages {path}: {error}") from error

    def __len__(self) -> int:
        """The number of chunks."""
        return self._count

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def __del__(self) -> None:
        # From Python 3.13 on a connection that is merely forgotten warns.
        with contextlib.suppress(AttributeError):
            self._connection.close()

    def get(self, rows: Sequence[int]) -> list[Passage]:
        """Return the chunks of some rows, in the order asked.

        Raises:
            KeyError: if there is no chunk of one of these rows.
        """

        def read(unread: list[int]) -> Iterator[tuple[int, Passage]]:
            marks = ",".join("?" * len(unread))
            for passage in self._passages(f"WHERE chunks.row IN ({marks})", unread):
                yield passage.row, passage

        return self._read.values(rows, read)

    def all(self) -> Iterator[Passage]:
        """Give every chunk, in order of row."""
        return self._passages("ORDER BY chunks.row", [])

    def of_article(self, path: str) -> list[Passage]:
        """Return an article's chunks in the order of its text; none if it is not indexed."""
        return list(self._passages("WHERE path = ? ORDER BY chunks.row", [path]))

    def headings_of(self, path: str) -> list[tuple[int, tuple[str, ...]]]:
        """Return the row and the headings of an article's chunks, in the order of its text."""
        return [
            (row, tuple(json.loads(heading))) for row, heading in self._query(_HEADINGS, [path])
        ]

    def rows_in(self, folders: Collection[str]) -> list[int]:
        """Return the rows of the chunks of articles in some folders or below them, in order.

        Args:
            folders: Such as "roles"; "." stands for the articles that are in none.
        """
        rows = self._query(_PLACES, [])
        wanted = set(folders)
        return [row for row, path in rows if wanted.intersection(_folders_of(path))]

    def articles(self) -> list[Article]:
        """Return every indexed article, in order of path."""
        return [article_of(columns) for columns in self._query(_ARTICLES, [])]

    def text_of(self, path: str) -> str:
        """Return the whole text of an article.

        Raises:
            KeyError: if the article is not indexed.
        """
        rows = self._query("SELECT text FROM documents WHERE path = ?", [path])
        if not rows:
            raise KeyError(path)
        text: str = rows[0][0]
        return text

    def left_out(self) -> LeftOutParts:
        """Return what is kept out of the index, by article, for the articles that have such."""
        rows = self._query("SELECT path, left_out FROM documents WHERE left_out != '[]'", [])
        return {path: left_out_of(text) for path, text in rows}

    def _passages(self, where: str, values: list[int] | list[str]) -> Iterator[Passage]:
        for columns in self._rows(_CHUNK_COLUMNS + where, values):
            yield passage_of(columns)

    def _one(self, sql: str) -> int:
        value: int = self._query(sql, [])[0][0]
        return value

    def _query(self, sql: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        return list(self._rows(sql, values))

    def _rows(self, sql: str, values: Sequence[object]) -> Iterator[tuple[Any, ...]]:
        """Give rows as they are read, so that those of a whole index need not fit into memory."""
        try:
            yield from self._connection.execute(sql, tuple(values))
        except sqlite3.Error as error:
            raise DamagedIndexError(f"cannot read the passages {self._path}: {error}") from error


def passage_of(columns: Sequence[Any]) -> Passage:
    """Return a chunk as a value, from the columns of `chunks` and `documents` in SQLite's order."""
    row, path, title, heading, start, end, text, sentences, first, same_as, url, updated = columns
    chunk = Chunk(
        path=path,
        title=title,
        heading=tuple(json.loads(heading)),
        span=Span(start, end),
        text=text,
        sentences=tuple(Span(*ends) for ends in json.loads(sentences)),
    )
    return Passage(row, chunk, first, same_as, url, _day(updated))


def article_of(columns: Sequence[Any]) -> Article:
    """Return an article as a value, from its columns in SQLite's order."""
    path, title, url, updated, author, aliases, sources = columns
    return Article(
        path=path,
        title=title,
        url=url,
        updated=_day(updated),
        author=author,
        aliases=tuple(json.loads(aliases)),
        sources=tuple(json.loads(sources)),
    )


def left_out_of(text: str) -> tuple[LeftOut, ...]:
    """Return what is kept out of the index of an article, from its column."""
    return tuple(LeftOut(Span(start, end), reason) for start, end, reason in json.loads(text))


def _folders_of(path: str) -> list[str]:
    """Return the folders that an article is in, the innermost first; "." if in none."""
    above = [one.as_posix() for one in PurePosixPath(path).parents]
    return above[:-1] or above


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
