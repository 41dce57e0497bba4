"""Vectors on disk and their nearest neighbours. With `index.inverted_file`, the door to FAISS.

The vectors themselves are a float16 file. Few are searched exactly; many through an inverted file
of product-quantised codes, an eighth of their size, whose candidates are scored again with the
vectors of the file. So a large index costs memory for its codes only (bench/scale.md).
"""

import hashlib
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from index.embedding import Matrix, Vector
from index.errors import DamagedIndexError
from index.inverted_file import probed, trained, trained_like
from index.vector_rows import Halves, HeldRows, RowFile

Rows = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]
Scores = npt.NDArray[np.float32]

_this_thread = threading.local()
# Up to here exact search is quick enough to need no approximation (bench/vectors.md).
EXACT_LIMIT = 20_000
# Candidates scored again for each neighbour wanted, which gives a recall@10 over 0.98; the coarser
# codes of generations built before there was an inverted file need more.
_CANDIDATES_PER_HIT, _OF_COARSE_CODES = 2, 8
_MIN_CANDIDATES = 300
_SLAB = 16_384


class VectorSet:
    """Unit vectors by row, each with the key of the text it was made from. Safe between threads."""

    def __init__(self, folder: Path, name: str) -> None:
        """Open the set that a `VectorWriter` wrote under this name.

        Raises:
            DamagedIndexError: if a file is missing or does not fit the others.
        """
        try:
            rows = RowFile(folder / f"{name}.f16.npy")
            # Only a build looks them up, so they are not read before.
            keys: Keys = np.load(folder / f"{name}.keys.npy", mmap_mode="r", allow_pickle=False)
            index = _open_index(folder / f"{name}.faiss", rows)
        except (OSError, ValueError, RuntimeError) as error:
            raise DamagedIndexError(f"cannot read the vectors {folder / name}: {error}") from error
        self._rows: RowFile | HeldRows = rows
        self._hold(rows.shape, keys, index)
        indexed = len(self) if index is None else index.ntotal
        if not len(self) == len(keys) == indexed:
            raise DamagedIndexError(
                f"the vectors {folder / name} do not fit: {rows.shape} vectors, "
                f"{len(keys)} keys, {indexed} in the search index"
            )

    def _hold(self, shape: tuple[int, int], keys: Keys, index: faiss.Index | None) -> None:
        self._count, self._dimension = shape
        self.keys, self._index = keys, index
        self._exact: Matrix | None = None
        if isinstance(index, faiss.IndexFlatIP) and self._count:
            # The float32 rows that FAISS holds, without a copy.
            flat = faiss.rev_swig_ptr(index.get_xb(), self._count * self._dimension)
            self._exact = flat.reshape(shape)

    def __len__(self) -> int:
        """The number of vectors."""
        return self._count

    @property
    def dimension(self) -> int:
        """The length of every vector."""
        return self._dimension

    @property
    def is_exact(self) -> bool:
        """Whether search visits every vector."""
        return self._index is None or isinstance(self._index, faiss.IndexFlatIP)

    def search(self, query: Vector, k: int) -> tuple[Rows, Scores]:
        """Return the `k` rows nearest to a unit vector and their cosines, best first."""
        _use_one_core()
        depth = min(k, len(self))
        if depth == 0:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        if isinstance(self._index, faiss.IndexFlatIP):
            scores, rows = self._index.search(query[None, :], depth)
            return rows[0], scores[0]
        rows = self._near(query, depth)
        scores = self.scores(query, rows)
        order = np.argsort(-scores, kind="stable")[:depth]
        return rows[order], scores[order]

    def _near(self, query: Vector, depth: int) -> Rows:
        """Return candidates for the nearest rows, sorted."""
        if self._index is None:
            return np.sort(self.search_exactly(query, depth))
        coarse = not isinstance(self._index, faiss.IndexIVFPQFastScan)
        factor = _OF_COARSE_CODES if coarse else _CANDIDATES_PER_HIT
        wanted = min(len(self), max(_MIN_CANDIDATES, factor * depth))
        _, candidates = self._index.search(query[None, :], wanted)
        rows: Rows = np.sort(candidates[0][candidates[0] >= 0])
        return rows

    def search_exactly(self, query: Vector, k: int) -> Rows:
        """Return the `k` nearest rows by visiting every vector: what `search` is measured by."""
        slabs = [self._exact] if self._exact is not None else self._rows.slabs()
        scores = np.concatenate([one.astype(np.float32, copy=False) @ query for one in slabs])
        return np.argsort(-scores, kind="stable")[:k].astype(np.int64)

    def scores(self, query: Vector, rows: Rows) -> Scores:
        """Return the cosines of some rows with a unit vector, shape (len(rows),), float32."""
        if self._exact is None or not len(rows):
            return _cosines_of_halves(query, self._rows.read(rows))
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
        if self._exact is None:
            return self._rows.read(rows).astype(np.float32)
        found: Matrix = self._exact[rows]
        return found

    def rows_by_key(self, keys: Keys) -> Rows:
        """Return the row of each key, -1 where this set does not hold it."""
        return find_keys(self.keys, keys)

    def quantisers_for(self, count: int) -> faiss.IndexIVFPQFastScan | None:
        """Return an empty search index trained as this set's own, for about the same vectors.

        Args:
            count: How many there are; None comes back if they want more or fewer lists.
        """
        held = self._index
        return trained_like(held, count) if isinstance(held, faiss.IndexIVFPQFastScan) else None


class HeldVectors(VectorSet):
    """A `VectorSet` of vectors that lie in memory, searched exactly."""

    def __init__(self, rows: npt.NDArray[np.float16], keys: Keys) -> None:
        """Hold vectors that came from elsewhere.

        Args:
            rows: Unit vectors, shape (how many, dimension).
            keys: The key of each.
        """
        self._rows = HeldRows(rows)
        self._hold((len(rows), rows.shape[1]), keys, _flat(rows.shape[1], self._rows.slabs()))


class VectorWriter:
    """Writes a `VectorSet` slab by slab, so that memory does not grow with it."""

    def __init__(
        self,
        folder: Path,
        name: str,
        keys: Keys,
        dimension: int,
        *,
        searched: bool = True,
    ) -> None:
        """Open files for one vector a key.

        Args:
            folder: Where they go.
            name: Of the set.
            keys: The key of each vector.
            dimension: The length of each.
            searched: Whether there will be searches; rows can be read and scored in any case.
        """
        self._folder, self._name, self._searched = folder, name, searched
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

    def close(self, like: object = None) -> None:
        """Finish the files, with a search index if there are too many vectors to visit all.

        Args:
            like: A set of about the same vectors, whose trained quantisers are taken over if there
                are about as many.
        """
        _use_one_core()
        self._rows.flush()
        if len(self._rows) > EXACT_LIMIT and self._searched:
            taken = like.quantisers_for(len(self._rows)) if isinstance(like, VectorSet) else None
            index = taken or trained(self._rows)
            for start in range(0, len(self._rows), _SLAB):
                index.add(self._rows[start : start + _SLAB].astype(np.float32))
            faiss.write_index(index, str(self._folder / f"{self._name}.faiss"))
        del self._rows


def _use_one_core() -> None:
    """Keep FAISS's own threads off this one, which each thread must say for itself.

    A question's search is a millisecond or two on one core; they would wait for a second core
    longer than that wherever the machine is busy.
    """
    if not getattr(_this_thread, "on_one_core", False):
        faiss.omp_set_num_threads(1)
        _this_thread.on_one_core = True


def _open_index(path: Path, rows: RowFile) -> faiss.Index | None:
    if path.is_file():
        index = faiss.read_index(str(path))
        if isinstance(index, faiss.IndexIVFPQFastScan):
            index.nprobe = probed(index.nlist, index.ntotal)
        return index
    if len(rows) > EXACT_LIMIT:
        return None  # never searched, such as headings
    return _flat(rows.shape[1], rows.slabs())


def _flat(dimension: int, slabs: Iterable[Halves]) -> faiss.Index:
    index = faiss.IndexFlatIP(dimension)
    for slab in slabs:
        index.add(slab.astype(np.float32))
    return index


def _cosines_of_halves(query: Vector, rows: Halves) -> Scores:
    """Return the cosines of float16 rows: FAISS reads them as they are, NumPy converts them first.

    That takes a quarter of the time, and starts no threads of a BLAS library.
    """
    _use_one_core()
    scores: Scores = np.empty(len(rows), dtype=np.float32)
    if len(rows):
        index = faiss.IndexScalarQuantizer(
            rows.shape[1], faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
        )
        faiss.copy_array_to_vector(rows.reshape(-1).view(np.uint8), index.codes)
        index.ntotal, index.is_trained = len(rows), True
        asked = np.ascontiguousarray(query, dtype=np.float32)[None, :]
        found, places = index.search(asked, len(rows))
        scores[places[0]] = found[0]
    return scores


def find_keys(held: Keys, wanted: Keys) -> Rows:
    """Return the first place of each wanted key among those held, -1 where it is not."""
    if not len(held):
        return np.full(len(wanted), -1, dtype=np.int64)
    order = np.argsort(held, kind="stable")
    place = np.searchsorted(held, wanted, sorter=order)
    rows = order[np.minimum(place, len(order) - 1)]
    return np.where(held[rows] == wanted, rows, -1).astype(np.int64)


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
