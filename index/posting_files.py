"""Postings of many texts in files: what BM25 reads where tantivy would take long.

tantivy visits every text that has one of a question's common words; of many texts that takes longer
than adding up weights (`index.posted_words`), which come to the same scores.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.bm25 import Weigher, coded_lengths
from index.errors import DamagedIndexError
from index.inverting import Inverter, Postings
from index.lexical import LexicalIndex, write_lexical
from index.posted_words import PostedWords
from index.vectors import text_keys

# tantivy keeps less in memory, and up to here it answers in 2 ms. Where weights become faster
# was not measured: at a million texts they are.
TANTIVY_LIMIT = 50_000
_ROWS, _COUNTS = "rows.bin", "counts.bin"
_ROW, _COUNT = np.dtype(np.int32), np.dtype(np.uint16)


class PostingFiles(PostedWords):
    """BM25 over the files that `write_postings` made. Safe between threads."""

    def __init__(self, folder: Path) -> None:
        """Open the files.

        Raises:
            DamagedIndexError: if one is missing or cannot be read.
        """
        self._folder = folder
        try:
            names = ("stem_keys", "frequencies", "lengths", "stem_count")
            keys, frequencies, lengths, stem_count = (
                np.load(folder / f"{name}.npy", allow_pickle=False) for name in names
            )
            sizes = [(folder / name).stat().st_size for name in (_ROWS, _COUNTS)]
        except (OSError, ValueError) as error:
            raise DamagedIndexError(f"cannot read the lexical index {folder}: {error}") from error
        super().__init__(Weigher(lengths, int(stem_count[0])), keys, frequencies)
        self._starts = np.concatenate([[0], np.cumsum(frequencies, dtype=np.int64)])
        wanted = [int(self._starts[-1]) * one.itemsize for one in (_ROW, _COUNT)]
        if sizes != wanted:
            raise DamagedIndexError(f"{folder}: the postings have {sizes} bytes, wanted {wanted}")

    def postings(self, terms: Sequence[str]) -> Mapping[str, Postings]:
        """See `PostedWords.postings`."""
        places = np.searchsorted(self._keys, text_keys(terms))
        return {
            term: self._read(int(self._starts[place]), int(self._frequencies[place]))
            for term, place in zip(terms, places.tolist(), strict=True)
        }

    def _read(self, start: int, count: int) -> Postings:
        rows = np.fromfile(self._folder / _ROWS, _ROW, count, offset=start * _ROW.itemsize)
        counts = np.fromfile(self._folder / _COUNTS, _COUNT, count, offset=start * _COUNT.itemsize)
        return Postings(rows, counts)


def write_words(folder: Path, texts: Iterable[str], count: int) -> None:
    """Write a lexical index of texts, which `open_words` opens; a text's row is its place.

    Args:
        folder: Made anew.
        texts: In order; gone through once.
        count: How many there are.
    """
    write = write_lexical if count <= TANTIVY_LIMIT else write_postings
    write(folder, texts)


def open_words(folder: Path) -> LexicalIndex | PostingFiles:
    """Open what `write_words` wrote.

    Raises:
        DamagedIndexError: if it cannot be read.
    """
    return PostingFiles(folder) if (folder / _ROWS).is_file() else LexicalIndex(folder)


def write_postings(folder: Path, texts: Iterable[str]) -> None:
    """Write the postings of texts, stem after stem; each text's row is its place in their order.

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
