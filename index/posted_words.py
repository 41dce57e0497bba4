"""BM25 over postings, weighed as tantivy weighs them, wherever they lie.

A stem that stands in many texts is kept as a weight for every text, which adds up faster than its
rows do, so that common words cost little (bench/lexical.md).
"""

import math
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import islice

import numpy as np
import numpy.typing as npt

from index.bm25 import Weigher
from index.inverting import Postings
from index.lexical import MAX_TERMS, remembered_stems
from index.remembering import Remembered
from index.vectors import Rows, Scores, text_keys

# Weights kept, whatever the number of stems: 4 bytes each, so 256 MB at most.
_KEPT = 64_000_000
_FREQUENCIES = 8192
# From this share of the texts on, a stem's weights take less time as one for every text.
_COMMON = 1 / 8
# Blocks for each row wanted where the best of many are looked for.
_BLOCKS_PER_ROW = 8

# A stem's rows, ascending, and what it adds to the score of each; no rows for every text in order.
_Weighed = tuple[npt.NDArray[np.int32] | None, Scores]


class PostedWords(ABC):
    """BM25 over numbered texts. Safe between threads."""

    def __init__(
        self,
        weigher: Weigher,
        stem_keys: npt.NDArray[np.uint64],
        frequencies: npt.NDArray[np.int32],
    ) -> None:
        """Know the stems of all texts.

        Args:
            weigher: Knows the lengths of the texts.
            stem_keys: The keys of all stems, ascending.
            frequencies: In how many texts each of them stands.
        """
        self._weigher = weigher
        self._weighed: Remembered[str, _Weighed] = Remembered(_KEPT, size=_size)
        self._own = threading.local()
        self._frequency = _frequencies(stem_keys, frequencies)

    @abstractmethod
    def postings(self, terms: Sequence[str]) -> Mapping[str, Postings]:
        """Return where stems stand that do stand in some text."""

    def __len__(self) -> int:
        """The number of texts."""
        return len(self._weigher.lengths)

    def terms(self, text: str) -> list[str]:
        """Return the stems of a text, in order, very common words left out."""
        return list(remembered_stems(text))

    def idf(self, term: str) -> float:
        """Return BM25's inverse document frequency of a stem: 0 if it is in every text."""
        frequency = self._frequency(term)
        return math.log1p((len(self) - frequency + 0.5) / (frequency + 0.5))

    def holds(self, term: str) -> bool:
        """Return whether any text has a stem."""
        return bool(self._frequency(term))

    def search(self, question: str, k: int) -> Rows:
        """Return the `k` best rows, best first; fewer if fewer share a word with the question."""
        scores = self._zeros()
        for rows, weights in self._weighed_stems(question):
            if rows is None:
                scores += weights
            else:
                scores[rows] += weights
        return best_rows(scores, k)

    def scores(self, question: str, rows: Rows) -> Scores:
        """Return the score of some rows for a question, 0 for those that share no word with it."""
        scores: Scores = np.zeros(len(rows), dtype=np.float32)
        for held, weights in self._weighed_stems(question):
            if held is None:
                scores += weights[rows]
            else:
                places = np.minimum(np.searchsorted(held, rows), len(held) - 1)
                scores += np.where(held[places] == rows, weights[places], np.float32(0))
        return scores

    def _zeros(self) -> Scores:
        """Return a zero for every text, in an array that the thread fills again and again.

        A new one of a million takes a millisecond to be given and taken back by the system.
        """
        held: Scores | None = getattr(self._own, "scores", None)
        if held is None:
            held = self._own.scores = np.zeros(len(self), dtype=np.float32)
        else:
            held.fill(0)
        return held

    def _weighed_stems(self, question: str) -> list[_Weighed]:
        """Return what each stem of a question adds, in an order that is always the same."""
        # They are asked for more than once a question, so they are remembered.
        terms = dict.fromkeys(remembered_stems(question))
        return self._weights([term for term in islice(terms, MAX_TERMS) if self.holds(term)])

    def _weights(self, terms: Sequence[str]) -> list[_Weighed]:
        found = {term: self._weighed.get(term) for term in terms}
        missing = [term for term, weighed in found.items() if weighed is None]
        if missing:
            for term, own in self.postings(missing).items():
                found[term] = weighed = self._weigh(term, own)
                self._weighed.put(term, weighed)
        return [weighed for weighed in found.values() if weighed is not None]

    def _weigh(self, term: str, own: Postings) -> _Weighed:
        weights = self._weigher.weights(self._frequency(term), own.rows, own.counts)
        if len(own.rows) < _COMMON * len(self):
            return own.rows, weights
        every: Scores = np.zeros(len(self), dtype=np.float32)
        every[own.rows] = weights
        return None, every


def _frequencies(
    keys: npt.NDArray[np.uint64], counts: npt.NDArray[np.int32]
) -> Callable[[str], int]:
    """Return what tells in how many texts a stem stands."""

    @lru_cache(_FREQUENCIES)
    def frequency(term: str) -> int:
        key = text_keys([term])[0]
        place = int(np.searchsorted(keys, key))
        return int(counts[place]) if place < len(keys) and keys[place] == key else 0

    return frequency


def best_rows(scores: Scores, k: int) -> Rows:
    """Return the places of the `k` highest scores above zero, best first, of equals the first.

    The k-th highest of the maxima of blocks is no higher than the k-th highest score: what lies
    below it need not be looked at, which is nearly all of a million.
    """
    blocks = _BLOCKS_PER_ROW * k
    width = len(scores) // blocks
    found = np.empty(0, dtype=np.int64)
    if width > 1:
        whole = scores[: width * blocks].reshape(blocks, width)
        tops = whole.max(axis=1)
        least = np.partition(tops, blocks - k)[blocks - k]
        if least > 0:
            high = np.flatnonzero(tops >= least)
            block, place = np.nonzero(whole[high] >= least)
            rest = np.flatnonzero(scores[width * blocks :] >= least) + width * blocks
            found = np.concatenate([high[block] * width + place, rest])
    if not len(found):
        found = np.flatnonzero(scores)
    order = np.argsort(-scores[found], kind="stable")[:k]
    return found[order].astype(np.int64)


def _size(weighed: _Weighed) -> int:
    rows, weights = weighed
    return 1 + len(weights) + (0 if rows is None else len(rows))
