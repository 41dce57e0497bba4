"""A finished build folder into the tables of one generation, read once, slab by slab."""

import json
from collections.abc import Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from psycopg import sql

from index.bm25 import coded_lengths
from index.chunking import context_line
from index.errors import DamagedIndexError
from index.inverting import Inverter
from index.passage_file import stored
from index.postgres.connecting import Session
from index.postgres.copying import copy_rows, pieces_of_array, pieces_of_file
from index.postgres.schema import query, table
from index.postgres.vector_tables import SEARCHED, TABLES, build_graph, store_vectors
from index.vectors import text_keys

_TABLES = """
CREATE TABLE {0} (
  id integer, path text COLLATE "C" NOT NULL, title text NOT NULL, url text, updated text,
  author text, aliases text NOT NULL, sources text NOT NULL, left_out text NOT NULL,
  text text NOT NULL);
CREATE TABLE {1} (
  row integer, document integer NOT NULL, heading text NOT NULL, begins integer NOT NULL,
  ends integer NOT NULL, text text NOT NULL, sentences text NOT NULL,
  first_sentence integer NOT NULL, same_as integer NOT NULL);
CREATE TABLE {2} (
  stem text COLLATE "C", part integer, rows bytea NOT NULL, counts bytea NOT NULL);
ALTER TABLE {2} ALTER rows SET STORAGE EXTERNAL, ALTER counts SET STORAGE EXTERNAL;
CREATE TABLE {3} (name text COLLATE "C", piece integer, content bytea NOT NULL);
ALTER TABLE {3} ALTER content SET STORAGE EXTERNAL;
CREATE TABLE {4} (LIKE pmrole_index.files INCLUDING ALL);
"""
_SEARCHED_BY = """
ALTER TABLE {0} ADD PRIMARY KEY (id), ADD UNIQUE (path);
ALTER TABLE {1} ADD PRIMARY KEY (row);
CREATE INDEX ON {1} (document, row);
ALTER TABLE {2} ADD PRIMARY KEY (stem, part);
ALTER TABLE {3} ADD PRIMARY KEY (name, piece);
"""
_PLAIN = "documents", "chunks", "postings", "arrays", "files"


class Filling:
    """The tables of a generation under way."""

    def __init__(self, session: Session, number: int, work: Path, name: str) -> None:
        """Fill the tables of this number from a build folder, for a generation of this name."""
        self._session, self._number = session, number
        self._work, self._name = work, name
        self._table = partial(table, number)

    def fill(self) -> None:
        """Make and fill the tables, in one transaction.

        Raises:
            DamagedIndexError: if a file of the folder cannot be read.
        """
        with self._session.transaction():
            self._session.execute(query(_TABLES, self._number, *_PLAIN))
            self._passages()
            self._arrays(self._postings())
            self._files()
            self._session.execute(query(_SEARCHED_BY, self._number, *_PLAIN))
            for name in TABLES:
                store_vectors(self._session, self._number, name, self._rows(name))

    def make_searchable(self) -> None:
        """Build the graphs, where there are vectors enough, and count what is there."""
        for name in SEARCHED:
            build_graph(self._session, self._number, name, self._rows(name))
        for name in (*_PLAIN, *TABLES.values()):
            self._session.execute(sql.SQL("ANALYZE {}").format(self._table(name)))

    def _passages(self) -> None:
        documents, chunks = stored(self._work / "passages.db")
        types = "int4 text text text text text text text text text"
        copy_rows(self._session, self._table("documents"), types, documents)
        types = "int4 int4 text int4 int4 text text int4 int4"
        copy_rows(self._session, self._table("chunks"), types, (one[:9] for one in chunks))

    def _postings(self) -> Inverter:
        _, chunks = stored(self._work / "passages.db")
        inverter = Inverter()
        rows = (
            (stem, part, found.rows.tobytes(), found.counts.tobytes())
            for part, stem, found in inverter.invert(map(_embedded_text, chunks))
        )
        copy_rows(self._session, self._table("postings"), "text int4 bytea bytea", rows)
        return inverter

    def _arrays(self, inverter: Inverter) -> None:
        files = ("sentence_starts", "heading_rows", *(f"{one}.keys" for one in TABLES))
        arrays = _of_words(inverter)
        pieces = chain(
            ((name, *one) for name in files for one in pieces_of_file(self._work / f"{name}.npy")),
            ((name, *one) for name, array in arrays.items() for one in pieces_of_array(array)),
        )
        copy_rows(self._session, self._table("arrays"), "text int4 bytea", pieces)

    def _files(self) -> None:
        paths = sorted(path for path in self._work.rglob("*") if path.is_file())
        pieces = (
            (self._name, path.relative_to(self._work).as_posix(), *one)
            for path in paths
            for one in pieces_of_file(path)
        )
        copy_rows(self._session, self._table("files"), "text text int4 bytea", pieces)

    def _rows(self, name: str) -> npt.NDArray[np.float16]:
        path = self._work / f"{name}.f16.npy"
        try:
            rows: npt.NDArray[np.float16] = np.load(path, mmap_mode="r", allow_pickle=False)
        except (OSError, ValueError) as error:
            raise DamagedIndexError(f"{path} cannot be read: {error}") from error
        return rows


def _embedded_text(chunk: Sequence[Any]) -> str:
    """Return a chunk with its title and headings in front, as it was indexed."""
    heading, text, title = chunk[2], chunk[5], chunk[10]
    return f"{context_line(title, json.loads(heading))}\n{text}"


def _of_words(inverter: Inverter) -> dict[str, npt.NDArray[Any]]:
    """Return what BM25 needs beside postings; stems by key, so that a million take 12 MB."""
    stems = list(inverter.frequencies)
    keys = text_keys(stems)
    order = np.argsort(keys)
    frequencies = np.asarray(list(inverter.frequencies.values()), dtype=np.int32)
    return {
        "lengths": coded_lengths(inverter.lengths),
        "stem_count": np.asarray([sum(inverter.lengths)], dtype=np.int64),
        "stem_keys": keys[order],
        "frequencies": frequencies[order],
    }
