"""Vectors on disk and their nearest neighbours. The only door to FAISS.

The vectors themselves are a memory-mapped float16 file. Few are searched exactly; many through a
product-quantised fast-scan index a sixteenth of their size, whose candidates are scored again with
the mapped vectors. So a large index costs memory for its codes only (bench/vectors.md).
"""

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, cast

import faiss
import numpy as np
import numpy.typing as npt

from index.embedding import Matrix, Vector
from index.errors import DamagedIndexError

Rows = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]
Scores = npt.NDArray[np.float32]

# A question's search is a millisecond or two on one core; FAISS's own threads would wait for a
# second core longer than that wherever the machine is busy.
faiss.omp_set_num_threads(1)
# Up to here exact search is quick enough to need no approximation (bench/vectors.md).
EXACT_LIMIT = 20_000
# Candidates scored again for each neighbour wanted, which gives a recall@10 over 0.98.
_CANDIDATES_PER_HIT = 8
_MIN_CANDIDATES = 400
_TRAINING_ROWS = 50_000


class VectorSet:
    """Unit vectors by row, each with the key of the text it was made from. Safe between threads."""

    def __init__(self, folder: Path, name: str) -> None:
        """Open the set that a `VectorWriter` wrote under this name.

        Raises:
            DamagedIndexError: if a file is missing or does not fit the others.
        """
        try:
            self._rows = np.load(folder / f"{name}.f16.npy", mmap_mode="r", allow_pickle=False)
            self.keys: Keys = np.load(folder / f"{name}.keys.npy", allow_pickle=False)
            self._index = self._open_index(folder / f"{name}.faiss")
            self._exact = self._held_by_faiss()
        except (OSError, ValueError, RuntimeError) as error:
            raise DamagedIndexError(f"cannot read the vectors {folder / name}: {error}") from error
        if self._rows.ndim != 2 or not len(self._rows) == len(self.keys) == self._index.ntotal:
            raise DamagedIndexError(
                f"the vectors {folder / name} do not fit: {self._rows.shape} vectors, "
                f"{len(self.keys)} keys, {self._index.ntotal} in the search index"
            )

    def _open_index(self, path: Path) -> faiss.Index:
        if path.is_file():
            return faiss.read_index(str(path))
        index = faiss.IndexFlatIP(self._rows.shape[1])
        if len(self._rows):
            index.add(self._rows.astype(np.float32))
        return index

    def _held_by_faiss(self) -> Matrix | None:
        """Return the float32 rows of an exact index, without a copy; None of another."""
        if not self.is_exact or not len(self._rows):
            return None
        flat_index = cast("faiss.IndexFlat", self._index)
        flat = faiss.rev_swig_ptr(flat_index.get_xb(), self._rows.size)
        return cast("Matrix", flat.reshape(self._rows.shape))

    def __len__(self) -> int:
        """The number of vectors."""
        return len(self._rows)

    @property
    def dimension(self) -> int:
        """The length of every vector."""
        return int(self._rows.shape[1])

    @property
    def is_exact(self) -> bool:
        """Whether search visits every vector."""
        return isinstance(self._index, faiss.IndexFlatIP)

    def search(self, query: Vector, k: int) -> tuple[Rows, Scores]:
        """Return the `k` rows nearest to a unit vector and their cosines, best first."""
        depth = min(k, len(self))
        if depth == 0:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        if self.is_exact:
            scores, rows = self._index.search(query[None, :], depth)
            return rows[0], scores[0]
        wanted = min(len(self), max(_MIN_CANDIDATES, _CANDIDATES_PER_HIT * depth))
        _, candidates = self._index.search(query[None, :], wanted)
        rows = np.sort(candidates[0][candidates[0] >= 0])
        scores = self.scores(query, rows)
        order = np.argsort(-scores, kind="stable")[:depth]
        return rows[order], scores[order]

    def search_exactly(self, query: Vector, k: int) -> Rows:
        """Return the `k` nearest rows by visiting every vector: what `search` is measured by."""
        scores = np.concatenate(
            [
                self._rows[start : start + 65_536].astype(np.float32) @ query
                for start in range(0, len(self), 65_536)
            ]
        )
        return np.argsort(-scores, kind="stable")[:k].astype(np.int64)

    def scores(self, query: Vector, rows: Rows) -> Scores:
        """Return the cosines of some rows with a unit vector, shape (len(rows),), float32."""
        if self._exact is None or not len(rows):
            return cast("Scores", self.vectors(rows) @ query)
        # FAISS reads where it holds them, which takes half as long as a copy, and checks nothing.
        if rows.min() < 0 or rows.max() >= len(self) or query.shape != (self.dimension,):
            raise IndexError(
                f"rows {rows.min()} to {rows.max()} of {len(self)} vectors, "
                f"query {query.shape} of {self.dimension}"
            )
        asked = np.ascontiguousarray(query, dtype=np.float32)
        wanted = np.ascontiguousarray(rows, dtype=np.int64)
        scores: Scores = np.empty(len(rows), dtype=np.float32)
        flat: Any = self._index  # FAISS's stubs lack the method
        flat.compute_distance_subset(
            1,
            faiss.swig_ptr(asked),
            len(rows),
            faiss.swig_ptr(scores),
            faiss.swig_ptr(wanted),
        )
        return scores

    def vectors(self, rows: Rows) -> Matrix:
        """Return some rows as float32, shape (len(rows), dimension)."""
        held = self._exact
        found: Matrix = self._rows[rows].astype(np.float32) if held is None else held[rows]
        return found

    def rows_by_key(self, keys: Keys) -> Rows:
        """Return the row of each key, -1 where this set does not hold it."""
        if not len(self.keys):
            return np.full(len(keys), -1, dtype=np.int64)
        order = np.argsort(self.keys, kind="stable")
        place = np.searchsorted(self.keys, keys, sorter=order)
        rows = order[np.minimum(place, len(order) - 1)]
        return np.where(self.keys[rows] == keys, rows, -1).astype(np.int64)


class VectorWriter:
    """Writes a `VectorSet` slab by slab, so that memory does not grow with it."""

    def __init__(self, folder: Path, name: str, keys: Keys, dimension: int) -> None:
        """Open files for one vector a key."""
        self._folder, self._name = folder, name
        np.save(folder / f"{name}.keys.npy", keys, allow_pickle=False)
        self._rows = np.lib.format.open_memmap(
            folder / f"{name}.f16.npy", "w+", dtype=np.float16, shape=(len(keys), dimension)
        )

    def put(self, rows: Iterable[int] | Rows, vectors: Matrix) -> None:
        """Write unit vectors, shape (number of rows, dimension), into their rows."""
        self._rows[np.asarray(rows, dtype=np.int64)] = vectors.astype(np.float16)

    def copy(self, rows: Rows, sources: Rows) -> None:
        """Write into some rows what already stands in others."""
        self._rows[rows] = self._rows[sources]

    def close(self) -> None:
        """Finish the files, with a fast-scan index if there are too many vectors to visit all."""
        self._rows.flush()
        count, dimension = self._rows.shape
        if count > EXACT_LIMIT:
            faiss.write_index(
                _fast_scan(self._rows, dimension), str(self._folder / f"{self._name}.faiss")
            )
        del self._rows


def _fast_scan(rows: npt.NDArray[np.float16], dimension: int) -> faiss.Index:
    """Train and fill a product quantiser of 4 bits for each 4 dimensions, about 48 bytes for 384.

    André et al. 2017, "Accelerated nearest neighbor search with Quick ADC", as built in FAISS.
    """
    parts = next(m for m in range(dimension // 4 or 1, 0, -1) if dimension % m == 0)
    index = faiss.IndexPQFastScan(dimension, parts, 4, faiss.METRIC_INNER_PRODUCT)
    step = max(1, len(rows) // _TRAINING_ROWS)
    index.train(rows[::step][:_TRAINING_ROWS].astype(np.float32))
    for start in range(0, len(rows), 16_384):
        index.add(rows[start : start + 16_384].astype(np.float32))
    return index


def text_keys(texts: Sequence[str]) -> Keys:
    """Return a 64-bit key of each text: equal texts share it, others do not in practice.

    A million texts collide with a probability of 3 in 100 million.
    """
    return np.asarray(
        [
            int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")
            for text in texts
        ],
        dtype=np.uint64,
    )
