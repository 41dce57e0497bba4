"""A generation in Postgres, opened: what answers reads it there, question by question."""

from functools import partial
from typing import Any

import numpy as np

from index.bm25 import Weigher
from index.errors import DamagedIndexError
from index.generation import Generation
from index.manifest import Manifest
from index.postgres.arrays import read_arrays
from index.postgres.connecting import Connections, named
from index.postgres.lexical import PostgresWords
from index.postgres.passages import PostgresPassages
from index.postgres.schema import SCHEMA, query
from index.postgres.vector_tables import TABLES
from index.postgres.vectors import read_vectors

_GENERATION = f"SELECT number, manifest FROM {SCHEMA}.generations WHERE name = %s".encode()  # noqa: S608 - a constant
_QUESTIONS = f"SELECT questions FROM {SCHEMA}.generations WHERE number = %s".encode()  # noqa: S608 - a constant
_CALIBRATION = f"SELECT value FROM {SCHEMA}.settings WHERE key = 'calibration'".encode()  # noqa: S608 - a constant
# Rows are numbered from 0 without gaps: the last one tells how many there are, at once.
_COUNTS = """
SELECT (SELECT coalesce(max(row), -1) + 1 FROM {}), (SELECT coalesce(max(row), -1) + 1 FROM {}),
       (SELECT coalesce(max(row), -1) + 1 FROM {}), (SELECT coalesce(max(row), -1) + 1 FROM {})
"""
_DIMENSION = """
SELECT atttypmod FROM pg_attribute WHERE attrelid = '{}'::regclass AND attname = 'vector'
"""


def open_generation(connections: Connections, name: str) -> Generation:
    """Open a generation, published or not.

    Raises:
        DamagedIndexError: if it is not there, or not whole.
        IndexMismatchError: if it is of another format.
        StoreUnavailableError: if Postgres is away.
    """
    number, manifest = _row(connections, name)
    (counts,) = connections.fetch(query(_COUNTS, number, "chunks", *TABLES.values()))
    ((dimension,),) = connections.fetch(query(_DIMENSION, number, TABLES["chunks"]))
    vectors = {
        of: read_vectors(connections, number, of, count=count, dimension=dimension)
        for of, count in zip(TABLES, counts[1:], strict=True)
    }
    starts, heading_rows = read_arrays(connections, number, "sentence_starts", "heading_rows")
    generation = Generation(
        manifest=manifest,
        passages=PostgresPassages(connections, number, counts[0]),
        chunk_vectors=vectors["chunks"],
        sentence_vectors=vectors["sentences"],
        sentence_starts=starts.astype(np.int64),
        heading_vectors=vectors["headings"],
        heading_rows=heading_rows.astype(np.int64),
        lexical=_words(connections, number),
        questions=partial(_questions, connections, number),
        calibration=partial(_calibration, connections),
    )
    generation.check_counts(f"generation {name} in Postgres at {named(connections.url)}")
    return generation


def manifest_of(connections: Connections, name: str) -> Manifest:
    """Return the manifest of a generation, published or not.

    Raises:
        DamagedIndexError, IndexMismatchError, StoreUnavailableError: as `open_generation` does.
    """
    return _row(connections, name)[1]


def _row(connections: Connections, name: str) -> tuple[int, Manifest]:
    rows = connections.fetch(_GENERATION, [name])
    place = f"Postgres at {named(connections.url)}"
    if not rows:
        raise DamagedIndexError(
            f"there is no generation {name!r} in {place}: `pmrole index list` names them"
        )
    number, values = rows[0]
    return number, Manifest.from_values(values, f"the manifest of {name} in {place}")


def _words(connections: Connections, number: int) -> PostgresWords:
    lengths, stem_count, keys, frequencies = read_arrays(
        connections, number, "lengths", "stem_count", "stem_keys", "frequencies"
    )
    weigher = Weigher(lengths.astype(np.uint8), int(stem_count.astype(np.int64)[0]))
    return PostgresWords(
        connections, number, weigher, keys.astype(np.uint64), frequencies.astype(np.int32)
    )


def _questions(connections: Connections, number: int) -> dict[str, tuple[str, ...]]:
    rows = connections.fetch(_QUESTIONS, [number])
    stored: dict[str, list[Any]] = rows[0][0] if rows else {}
    return {path: tuple(map(str, asked)) for path, asked in stored.items()}


def _calibration(connections: Connections) -> str | None:
    rows = connections.fetch(_CALIBRATION)
    return str(rows[0][0]) if rows else None
