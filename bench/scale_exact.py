"""What exact search finds, for the recall of approximate search to be measured by."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.embedding import Matrix, Vector
from index.generation import Generation, Vectors
from index.vector_rows import RowFile
from index.vectors import Keys, Rows, Scores

Nearest = npt.NDArray[np.int64]
# The retriever asks for at most 200.
DEPTH = 200


def nearest(file: Path, queries: Matrix) -> Nearest:
    """Return the rows nearest to each query, best first, by visiting every vector of a file."""
    scores = np.empty((len(queries), 0), dtype=np.float32)
    rows = np.empty((len(queries), 0), dtype=np.int64)
    start = 0
    for slab in _slabs(file):
        scores = np.concatenate([scores, queries @ slab.T], axis=1)
        here = np.broadcast_to(np.arange(start, start + len(slab)), (len(queries), len(slab)))
        rows = np.concatenate([rows, here], axis=1)
        best = np.argsort(-scores, axis=1, kind="stable")[:, :DEPTH]
        scores = np.take_along_axis(scores, best, axis=1)
        rows = np.take_along_axis(rows, best, axis=1)
        start += len(slab)
    return rows


def _slabs(file: Path) -> Iterator[Matrix]:
    rows = RowFile(file)
    for start in range(0, len(rows), 8192):
        yield rows.read(np.arange(start, min(start + 8192, len(rows)))).astype(np.float32)


class ExactVectors:
    """Vectors of which the nearest are known for some queries, and read as ever."""

    def __init__(self, vectors: Vectors, queries: Matrix, found: Nearest) -> None:
        """Answer the searches of these queries with what was found by visiting every vector."""
        self._vectors = vectors
        self._found = {query.tobytes(): rows for query, rows in zip(queries, found, strict=True)}

    def __len__(self) -> int:
        """See `Vectors`."""
        return len(self._vectors)

    @property
    def dimension(self) -> int:
        """See `Vectors`."""
        return self._vectors.dimension

    def search(self, query: Vector, k: int) -> tuple[Rows, Scores]:
        """Return what was found before."""
        rows = self._found[query.tobytes()][:k]
        return rows, self._vectors.scores(query, rows)

    def scores(self, query: Vector, rows: Rows) -> Scores:
        """See `Vectors`."""
        return self._vectors.scores(query, rows)

    def vectors(self, rows: Rows) -> Matrix:
        """See `Vectors`."""
        return self._vectors.vectors(rows)

    def rows_by_key(self, keys: Keys) -> Rows:
        """See `Vectors`."""
        return self._vectors.rows_by_key(keys)


def recall(vectors: Vectors, queries: Matrix, found: Nearest, k: int) -> float:
    """Return the share of the `k` nearest that search finds; equal vectors are equally right."""
    shares = []
    for query, truth in zip(queries, found, strict=True):
        least = vectors.scores(query, truth[:k]).min() - 1e-6
        rows, _ = vectors.search(query, k)
        shares.append(float(np.mean(vectors.scores(query, rows) >= least)))
    return float(np.mean(shares))


def exact(generation: Generation, queries: Matrix, kept: Path) -> tuple[Vectors, Vectors]:
    """Return the passages' and sentences' vectors, searched exactly for these queries."""
    with np.load(kept, allow_pickle=False) as known:
        return (
            ExactVectors(generation.chunk_vectors, queries, known["chunks"]),
            ExactVectors(generation.sentence_vectors, queries, known["sentences"]),
        )
