"""The vectors of a generation in pgvector, and their nearest neighbours.

Few are read once and held in memory, where visiting them all takes a tenth of the time that it
takes Postgres; they are searched as the folder store searches them. Of many a graph gives the
nearest, and Postgres computes the cosines that are asked for; those of the last questions are kept,
so that what is asked again takes no round trip. Vectors have 16 bits and questions 32 in both.
"""

from typing import Any

import numpy as np

from index.embedding import Matrix, Vector
from index.errors import DamagedIndexError
from index.generation import Vectors
from index.postgres.arrays import read_arrays
from index.postgres.binary import Int4Array, QueryVector, halves
from index.postgres.connecting import Connections
from index.postgres.schema import query
from index.postgres.vector_tables import TABLES
from index.remembering import Remembered
from index.vectors import EXACT_LIMIT, HeldVectors, Keys, Rows, Scores, find_keys

# Questions whose cosines are kept: some 2,000, of 12 bytes each.
_QUESTIONS = 64
# Vectors kept, and fetched at once: 1.5 KB each for 384 dimensions.
_HELD, _AT_ONCE = 4096, 4096
# More than are asked for in one question are for a build, which asks for each once.
_MANY = 512

_COSINE = "(-(vector::vector <#> %b::vector))::real"
_SOME = f"SELECT array_agg(row), array_agg({_COSINE}) FROM {{}} WHERE row = ANY(%b)"  # noqa: S608 - a constant
# The number wanted stands in the text, because the plan depends on it.
_NEAREST = f"""
SELECT array_agg(row), array_agg(cosine) FROM (
  SELECT row, {_COSINE} AS cosine FROM {{}}
  ORDER BY vector <#> %b::vector::halfvec LIMIT {{{{limit}}}}) AS nearest
"""  # noqa: S608 - a constant
_VECTORS = """
SELECT array_agg(row), string_agg(halfvec_send(vector), '') FROM {} WHERE row = ANY(%b)
"""


def read_vectors(
    connections: Connections, number: int, name: str, *, count: int, dimension: int
) -> Vectors:
    """Read one set of the vectors of a generation: all of few now, of many what is asked for.

    Args:
        connections: To the database.
        number: The generation's.
        name: "chunks", "sentences" or "headings".
        count: How many there are.
        dimension: The length of each.

    Raises:
        DamagedIndexError: if some are not there.
        StoreUnavailableError: if Postgres is away.
    """
    there = PostgresVectors(connections, number, name, count=count, dimension=dimension)
    if count > EXACT_LIMIT:
        return there
    rows = there.vectors(np.arange(count)) if count else np.empty((0, dimension), np.float32)
    return HeldVectors(rows.astype(np.float16), there.keys())


class PostgresVectors:
    """Unit vectors by row, too many to be held. Safe between threads."""

    def __init__(
        self, connections: Connections, number: int, name: str, *, count: int, dimension: int
    ) -> None:
        """Name the vectors; nothing is read yet. The arguments are those of `read_vectors`."""
        self._connections, self._number, self._name = connections, number, name
        self._count, self._dimension = count, dimension
        own = TABLES[name]
        self._some, self._vectors = query(_SOME, number, own), query(_VECTORS, number, own)
        self._nearest = query(_NEAREST, number, own).decode()
        self._asked: Remembered[bytes, tuple[Rows, Scores]] = Remembered(_QUESTIONS)
        self._held: Remembered[int, Vector] = Remembered(_HELD)

    def __len__(self) -> int:
        """The number of vectors."""
        return self._count

    @property
    def dimension(self) -> int:
        """The length of every vector."""
        return self._dimension

    def search(self, query: Vector, k: int) -> tuple[Rows, Scores]:
        """Return the `k` rows nearest to a unit vector and their cosines, best first.

        They are those that the graph finds, at most; nearly always the nearest.
        """
        depth = min(k, self._count)
        if depth == 0:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        vector = QueryVector(query)
        statement = self._nearest.format(limit=depth).encode()
        rows, scores = self._found(self._connections.fetch(statement, [vector, vector]), 1)
        self._keep(query, rows, scores)
        order = np.lexsort((rows, -scores))
        return rows[order], scores[order]

    def scores(self, query: Vector, rows: Rows) -> Scores:
        """Return the cosines of some rows with a unit vector, shape (len(rows),), float32."""
        self._check(rows)
        known, cosines = self._kept(query)
        missing = np.setdiff1d(rows, known)
        if len(missing):
            values = [QueryVector(query), Int4Array(missing)]
            found = self._found(self._connections.fetch(self._some, values), len(missing))
            known, cosines = self._keep(query, *found)
        return cosines[np.searchsorted(known, rows)]

    def vectors(self, rows: Rows) -> Matrix:
        """Return some rows as float32, shape (len(rows), dimension)."""
        self._check(rows)
        if len(rows) > _MANY:
            parts = [rows[start : start + _AT_ONCE] for start in range(0, len(rows), _AT_ONCE)]
            return np.concatenate([self._fetched(part) for part in parts])
        held = {row: self._held.get(row) for row in rows.tolist()}
        missing = [row for row, vector in held.items() if vector is None]
        if missing:
            for row, vector in zip(missing, self._fetched(np.asarray(missing)), strict=True):
                held[row] = vector
                self._held.put(row, vector)
        found = np.empty((len(rows), self._dimension), dtype=np.float32)
        for place, row in enumerate(rows.tolist()):
            found[place] = held[row]
        return found

    def keys(self) -> Keys:
        """Return the key of every row."""
        (stored,) = read_arrays(self._connections, self._number, f"{self._name}.keys")
        return stored.astype(np.uint64)

    def rows_by_key(self, keys: Keys) -> Rows:
        """Return the row of each key, -1 where there is none."""
        return find_keys(self.keys(), keys)  # asked once for a build, so they are not kept

    def _fetched(self, rows: Rows) -> Matrix:
        wanted, places = np.unique(rows, return_inverse=True)
        found = self._connections.fetch(self._vectors, [Int4Array(wanted)])
        there, sent = self._found(found, len(wanted))
        vectors: Matrix = halves(sent, self._dimension)[np.argsort(there)][places]
        return vectors

    def _found(self, found: list[tuple[Any, ...]], wanted: int) -> tuple[Rows, Any]:
        rows, what = found[0]
        seen = 0 if rows is None else len(rows)
        if seen < wanted:
            raise DamagedIndexError(
                f"the {self._name} of a generation in Postgres lack vectors: wanted {wanted}, "
                f"seen {seen}; run `pmrole index build`"
            )
        return rows, what

    def _kept(self, query: Vector) -> tuple[Rows, Scores]:
        known = self._asked.get(query.tobytes())
        return (np.empty(0, np.int64), np.empty(0, np.float32)) if known is None else known

    def _keep(self, query: Vector, rows: Rows, scores: Scores) -> tuple[Rows, Scores]:
        """Keep cosines of a question beside those that are kept; return all of them, in order."""
        known, cosines = self._kept(query)
        every, places = np.unique(np.concatenate([known, rows]), return_index=True)
        kept = every, np.concatenate([cosines, scores])[places]
        self._asked.put(query.tobytes(), kept)
        return kept

    def _check(self, rows: Rows) -> None:
        if len(rows) and (rows.min() < 0 or rows.max() >= self._count):
            raise IndexError(f"rows {rows.min()} to {rows.max()} of {self._count} vectors")
