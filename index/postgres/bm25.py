"""BM25 as tantivy weighs it, so that both stores rank alike. Pure.

    weight = idf * (1 + k1) * count / (count + k1 * (1 - b + b * length / mean length))
    idf    = ln(1 + (texts - frequency + 0.5) / (frequency + 0.5))

All in 32 bits; a text's length is rounded down to one of 256, as in Lucene's SmallFloat, which
keeps it in one byte. tests/index/postgres/test_lexical.py compares every weight with tantivy's.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.vectors import Scores

_K1, _B = np.float32(1.2), np.float32(0.75)
_ONE, _HALF = np.float32(1), np.float32(0.5)
# Lengths up to here are kept as they are, longer ones with four significant bits.
_KEPT_EXACTLY = 24


def _length_of(code: int) -> int:
    """Return the length that a byte stands for."""
    if code < _KEPT_EXACTLY:
        return code
    bits, shift = (code - _KEPT_EXACTLY) & 7, ((code - _KEPT_EXACTLY) >> 3) - 1
    return _KEPT_EXACTLY + (bits if shift < 0 else (bits | 8) << shift)


_LENGTHS = np.asarray([_length_of(code) for code in range(256)], dtype=np.int64)


def coded_lengths(lengths: npt.ArrayLike) -> npt.NDArray[np.uint8]:
    """Return the byte that stands for each length: of the longest that is not longer."""
    return (np.searchsorted(_LENGTHS, lengths, side="right") - 1).astype(np.uint8)


def idf(texts: int, frequency: int) -> np.float32:
    """Return a stem's inverse document frequency."""
    ratio = (np.float32(texts - frequency) + _HALF) / (np.float32(frequency) + _HALF)
    rarity: np.float32 = np.log(_ONE + ratio)
    return rarity


@dataclass(frozen=True, slots=True)
class Weigher:
    """Weighs stems in the texts of one generation.

    Attributes:
        lengths: A byte for the length of each text, as `coded_lengths` gives them.
        stems: How many stems all texts have together.
    """

    lengths: npt.NDArray[np.uint8]
    stems: int

    def weights(
        self, frequency: int, rows: npt.NDArray[np.int32], counts: npt.NDArray[np.uint16]
    ) -> Scores:
        """Return what a stem adds to the score of each text that has it.

        Args:
            frequency: In how many texts it stands.
            rows: Those texts, or some of them.
            counts: How often each of them has it.
        """
        mean = np.float32(self.stems) / np.float32(len(self.lengths))
        lengths: Scores = _LENGTHS.astype(np.float32)
        damping: Scores = _K1 * (_ONE - _B + _B * lengths / mean)
        times: Scores = counts.astype(np.float32)
        weights: Scores = times / (times + damping[self.lengths[rows]])
        weights *= idf(len(self.lengths), frequency) * (_ONE + _K1)
        return weights
