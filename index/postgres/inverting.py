"""Texts to postings: for each stem the rows that have it, a slab of texts at a time. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.lexical import stems
from index.vectors import Rows

# Texts inverted at once, which bounds the memory: some 4 million stems.
SLAB = 50_000
_MOST = np.iinfo(np.uint16).max


@dataclass(frozen=True, slots=True)
class Postings:
    """Where one stem stands.

    Attributes:
        rows: The texts that have it, ascending.
        counts: How often each of them has it.
    """

    rows: npt.NDArray[np.int32]
    counts: npt.NDArray[np.uint16]


class Inverter:
    """Counts the stems of texts; what it learned of all of them is there at the end.

    Attributes:
        lengths: The number of stems of each text so far.
        frequencies: In how many texts each stem stands, by stem.
    """

    def __init__(self, slab: int | None = None) -> None:
        """Begin with no text; `slab` is how many are inverted at once, `SLAB` unless given."""
        self._slab = slab or SLAB
        self.lengths: list[int] = []
        self.frequencies: dict[str, int] = {}
        self._numbers: dict[str, int] = {}

    def invert(self, texts: Iterable[str]) -> Iterator[tuple[int, str, Postings]]:
        """Give the postings of texts: the number of a slab, a stem, where it stands in the slab."""
        slab: list[list[int]] = []
        part = 0
        for text in texts:
            slab.append([self._numbers.setdefault(one, len(self._numbers)) for one in stems(text)])
            if len(slab) == self._slab:
                yield from self._inverted(part, slab)
                part, slab = part + 1, []
        if slab:
            yield from self._inverted(part, slab)

    def _inverted(
        self, part: int, slab: Sequence[Sequence[int]]
    ) -> Iterator[tuple[int, str, Postings]]:
        lengths = [len(one) for one in slab]
        rows = np.repeat(np.arange(len(slab), dtype=np.int64), lengths)
        numbers = np.fromiter((one for text in slab for one in text), np.int64, sum(lengths))
        pairs, counts = np.unique(numbers * len(slab) + rows, return_counts=True)
        where: Rows = (pairs % len(slab)) + len(self.lengths)
        present, starts = np.unique(pairs // len(slab), return_index=True)
        ends = np.append(starts, len(pairs))[1:].tolist()
        few = np.minimum(counts, _MOST).astype(np.uint16)
        self.lengths += lengths
        names = list(self._numbers)
        for number, start, end in zip(present.tolist(), starts.tolist(), ends, strict=True):
            stem = names[number]
            self.frequencies[stem] = self.frequencies.get(stem, 0) + end - start
            yield part, stem, Postings(where[start:end].astype(np.int32), few[start:end])
