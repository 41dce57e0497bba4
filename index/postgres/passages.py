"""The documents and chunks of a generation in Postgres, read as `index.passages` reads SQLite."""

import json
from collections.abc import Collection, Iterator, Sequence
from typing import Any

import numpy as np

from index.passages import (
    Article,
    LeftOutParts,
    Passage,
    article_of,
    left_out_of,
    passage_of,
)
from index.postgres.binary import Int4Array
from index.postgres.connecting import Connections
from index.postgres.schema import query
from index.remembering import Remembered

# Passages kept at hand, of which each takes about 2 KB: the hits of many questions are the same.
_REMEMBERED = 4096
# Passages fetched at once where all are read.
_AT_ONCE = 2000

_CHUNKS = """
SELECT c.row, path, title, heading, begins, ends, c.text, sentences, first_sentence, same_as,
       url, updated
FROM {0} AS c JOIN {1} AS d ON d.id = c.document
"""
_BY_ROW = f"{_CHUNKS} WHERE c.row = ANY(%b)"
_BETWEEN = f"{_CHUNKS} WHERE c.row >= %s AND c.row < %s ORDER BY c.row"
_OF_ARTICLE = f"{_CHUNKS} WHERE path = %s ORDER BY c.row"
_HEADINGS = """
SELECT c.row, heading FROM {0} AS c JOIN {1} AS d ON d.id = c.document WHERE path = %s
ORDER BY c.row
"""
_ROWS_IN = """
SELECT array_agg(c.row) FROM {0} AS c JOIN {1} AS d ON d.id = c.document
WHERE (%s AND position('/' IN path) = 0)
   OR EXISTS (SELECT FROM unnest(%s::text[]) AS folder WHERE starts_with(path, folder || '/'))
"""
_ARTICLES = "SELECT path, title, url, updated, author, aliases, sources FROM {1} ORDER BY path"
_TEXT = "SELECT text FROM {1} WHERE path = %s"
_LEFT_OUT = "SELECT path, left_out FROM {1} WHERE left_out != '[]'"


class PostgresPassages:
    """Reads documents and chunks. Safe between threads."""

    def __init__(self, connections: Connections, number: int, count: int) -> None:
        """Read the passages of a generation, of which there are so many."""
        self._connections, self._number, self._count = connections, number, count
        self._read: Remembered[int, Passage] = Remembered(_REMEMBERED)

    def __len__(self) -> int:
        """The number of chunks."""
        return self._count

    def close(self) -> None:
        """Let go of nothing: the connections are shared."""

    def get(self, rows: Sequence[int]) -> list[Passage]:
        """Return the chunks of some rows, in the order asked.

        Raises:
            KeyError: if there is no chunk of one of these rows.
        """

        def read(unread: list[int]) -> Iterator[tuple[int, Passage]]:
            for columns in self._query(_BY_ROW, Int4Array(np.asarray(unread))):
                passage = passage_of(columns)
                yield passage.row, passage

        return self._read.values(rows, read)

    def all(self) -> Iterator[Passage]:
        """Give every chunk, in order of row, some at a time."""
        for start in range(0, self._count, _AT_ONCE):
            yield from map(passage_of, self._query(_BETWEEN, start, start + _AT_ONCE))

    def of_article(self, path: str) -> list[Passage]:
        """Return an article's chunks in the order of its text; none if it is not indexed."""
        return [passage_of(columns) for columns in self._query(_OF_ARTICLE, path)]

    def headings_of(self, path: str) -> list[tuple[int, tuple[str, ...]]]:
        """Return the row and the headings of an article's chunks, in the order of its text."""
        return [(row, tuple(json.loads(heading))) for row, heading in self._query(_HEADINGS, path)]

    def rows_in(self, folders: Collection[str]) -> list[int]:
        """Return the rows of the chunks of articles in some folders or below them, in order.

        Args:
            folders: Such as "roles"; "." stands for the articles that are in none.
        """
        named = [folder for folder in folders if folder != "."]
        ((rows,),) = self._query(_ROWS_IN, "." in folders, named)
        return [] if rows is None else sorted(rows.tolist())

    def articles(self) -> list[Article]:
        """Return every indexed article, in order of path."""
        return [article_of(columns) for columns in self._query(_ARTICLES)]

    def text_of(self, path: str) -> str:
        """Return the whole text of an article.

        Raises:
            KeyError: if the article is not indexed.
        """
        rows = self._query(_TEXT, path)
        if not rows:
            raise KeyError(path)
        text: str = rows[0][0]
        return text

    def left_out(self) -> LeftOutParts:
        """Return what is kept out of the index, by article, for the articles that have such."""
        return {path: left_out_of(text) for path, text in self._query(_LEFT_OUT)}

    def _query(self, text: str, *values: object) -> list[tuple[Any, ...]]:
        statement = query(text, self._number, "chunks", "documents")
        return self._connections.fetch(statement, values)
