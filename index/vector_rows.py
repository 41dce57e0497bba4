"""Rows of a float16 file, read from the disk as they are asked for.

They are read, not mapped: a mapped file counts as the process's own memory page by page, sixteen
pages for each row that is touched, until all of it does. A row that the system has at hand takes
about two microseconds to read, more than a mapped one that was touched before.
"""

import os
import weakref
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.errors import DamagedIndexError

Halves = npt.NDArray[np.float16]
_SLAB = 65_536


class RowFile:
    """A two-dimensional float16 array in a NumPy file. Safe between threads."""

    def __init__(self, path: Path) -> None:
        """Open the file, which nobody writes any more.

        Raises:
            OSError: if it cannot be read.
            ValueError: if it holds something else.
        """
        mapped = np.load(path, mmap_mode="r", allow_pickle=False)
        if not isinstance(mapped, np.memmap) or mapped.ndim != 2 or mapped.dtype != np.float16:
            raise ValueError(f"{path} holds {mapped.dtype} of shape {mapped.shape}")
        self.shape: tuple[int, int] = mapped.shape
        self._path, self._offset, self._row_bytes = path, mapped.offset, 2 * mapped.shape[1]
        self._file = os.open(path, os.O_RDONLY)
        self._closing = weakref.finalize(self, os.close, self._file)

    def __len__(self) -> int:
        """The number of rows."""
        return self.shape[0]

    def read(self, rows: npt.NDArray[np.int64]) -> Halves:
        """Return some rows, in the order asked.

        Raises:
            IndexError: if there is no such row.
            DamagedIndexError: if the file ends before it.
        """
        if not len(rows):
            return np.empty((0, self.shape[1]), dtype=np.float16)
        if rows.min() < 0 or rows.max() >= len(self):
            raise IndexError(f"rows {rows.min()} to {rows.max()} of {len(self)} vectors")
        # Neighbours, such as the sentences of a passage, are read together.
        begins = np.flatnonzero(np.diff(rows, prepend=-2) != 1)
        lengths = np.diff(begins, append=len(rows)) * self._row_bytes
        places = self._offset + rows[begins] * self._row_bytes
        return self._halves(zip(lengths.tolist(), places.tolist(), strict=True), len(rows))

    def slabs(self) -> Iterator[Halves]:
        """Give every row, some thousand at a time."""
        for start in range(0, len(self), _SLAB):
            count = min(_SLAB, len(self) - start)
            place = self._offset + start * self._row_bytes
            yield self._halves([(count * self._row_bytes, place)], count)

    def _halves(self, pieces: Iterable[tuple[int, int]], rows: int) -> Halves:
        file = self._file
        found = b"".join([os.pread(file, length, place) for length, place in pieces])
        if len(found) != rows * self._row_bytes:
            raise DamagedIndexError(f"{self._path} is shorter than its head says")
        return np.frombuffer(found, dtype=np.float16).reshape(rows, self.shape[1])


class HeldRows:
    """What `RowFile` gives, of an array in memory."""

    def __init__(self, rows: Halves) -> None:
        """Hold an array."""
        self._rows = rows

    def read(self, rows: npt.NDArray[np.int64]) -> Halves:
        """Return some rows, in the order asked."""
        return self._rows[rows]

    def slabs(self) -> Iterator[Halves]:
        """Give every row, some thousand at a time."""
        return (self._rows[start : start + _SLAB] for start in range(0, len(self._rows), _SLAB))
