"""Postings in files, for BM25."""

import os
import weakref
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.bm25 import Weigher, coded_lengths
from index.errors import DamagedIndexError
from index.inverting import Inverter, Postings
from index.posted_words import PostedWords
from index.vectors import text_keys

_ROWS, _COUNTS = "rows.bin", "counts.bin"
_ROW, _COUNT = np.dtype(np.int32), np.dtype(np.uint16)


class PostingFiles(PostedWords):
    """BM25 over the files that `write_words` made. Safe between threads."""

    def __init__(self, folder: Path) -> None:
        """Open the files.

        Raises:
            DamagedIndexError: if one is missing or cannot be read.
        """
        try:
            names = ("stem_keys", "frequencies", "lengths", "stem_count")
            keys, frequencies, lengths, stem_count = (
                np.load(folder / f"{name}.npy", allow_pickle=False) for name in names
            )
            self._rows = _Numbers(folder / _ROWS, _ROW)
            self._counts = _Numbers(folder / _COUNTS, _COUNT)
        except (OSError, ValueError) as error:
            raise DamagedIndexError(f"cannot read the lexical index {folder}: {error}") from error
        super().__init__(Weigher(lengths, int(stem_count[0])), keys, frequencies)
        self._keys, self._frequencies = keys, frequencies
        self._starts = np.concatenate([[0], np.cumsum(frequencies, dtype=np.int64)])
        wanted = int(self._starts[-1])
        if not self._rows.size == self._counts.size == wanted:
            raise DamagedIndexError(
                f"{folder} holds {self._rows.size:g} rows and {self._counts.size:g} counts, "
                f"{wanted} wanted"
            )

    def postings(self, terms: Sequence[str]) -> Mapping[str, Postings]:
        """See `PostedWords.postings`."""
        places = np.searchsorted(self._keys, text_keys(terms))
        return {
            term: self._read(int(self._starts[place]), int(self._frequencies[place]))
            for term, place in zip(terms, places.tolist(), strict=True)
        }

    def _read(self, start: int, count: int) -> Postings:
        return Postings(self._rows.read(start, count), self._counts.read(start, count))


class _Numbers:
    """A file of numbers, which stays open: a generation answers on when its folder is removed."""

    def __init__(self, path: Path, dtype: np.dtype[Any]) -> None:
        self._dtype = dtype
        self._file = os.open(path, os.O_RDONLY)
        self._closing = weakref.finalize(self, os.close, self._file)
        self.size = os.fstat(self._file).st_size / dtype.itemsize

    def read(self, start: int, count: int) -> npt.NDArray[Any]:
        size = self._dtype.itemsize
        return np.frombuffer(os.pread(self._file, count * size, start * size), self._dtype)


def write_words(folder: Path, texts: Iterable[str]) -> None:
    """Write the postings of texts, stem after stem; each text's row is its place in their order.

    `PostingFiles` opens them.

    Memory grows with the number of different words only: postings are gathered in slabs first.
    """
    folder.mkdir(parents=True)
    inverter = Inverter()
    pieces: dict[str, list[tuple[int, int]]] = {}
    slabs = {name: folder / f"{name}.slabs" for name in (_ROWS, _COUNTS)}
    written = 0
    with slabs[_ROWS].open("wb") as rows, slabs[_COUNTS].open("wb") as counts:
        for _, stem, found in inverter.invert(texts):
            rows.write(found.rows.astype(_ROW).tobytes())
            counts.write(found.counts.astype(_COUNT).tobytes())
            pieces.setdefault(stem, []).append((written, len(found.rows)))
            written += len(found.rows)
    stems = list(pieces)
    keys = text_keys(stems)
    order = np.argsort(keys, kind="stable")
    in_order = [piece for place in order.tolist() for piece in pieces[stems[place]]]
    for name, dtype in ((_ROWS, _ROW), (_COUNTS, _COUNT)):
        _gather(slabs[name], folder / name, dtype, in_order)
    frequencies = np.asarray([inverter.frequencies[stem] for stem in stems], dtype=np.int32)
    arrays: dict[str, npt.NDArray[np.generic]] = {
        "stem_keys": keys[order],
        "frequencies": frequencies[order],
        "lengths": coded_lengths(inverter.lengths),
        "stem_count": np.asarray([sum(inverter.lengths)], dtype=np.int64),
    }
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array, allow_pickle=False)


def _gather(
    slabs: Path, target: Path, dtype: np.dtype[np.generic], pieces: Iterable[tuple[int, int]]
) -> None:
    """Write the pieces of a file behind each other, and remove it."""
    if slabs.stat().st_size:
        held = np.memmap(slabs, dtype=dtype, mode="r")
        with target.open("wb") as file:
            for start, count in pieces:
                file.write(held[start : start + count].tobytes())
        del held
    else:
        target.touch()
    slabs.unlink()
