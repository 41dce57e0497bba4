"""Which sentences say the same as others, and the best that do not.

Two sentences are alike by the cosine of their vectors and by the words they share, each word
weighed by its rarity. The cosine alone takes any two sentences on one title for the same, the words
alone miss the same said in others (bench/quality.md, "Repetition").
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from bot.answering.choosing import Choice
from index.embedding import Vector
from index.generation import Generation

# What shared words count for beside the cosine, and the sum from which on two say the same.
_WORDS, _SAME = 0.5, 1.12
# A sentence that has this much of its words in common with one taken says the same.
_CONTAINED = 0.75
# Sentences that an answer has, if they score at all near the best.
_WANTED, _WANTED_MARGIN = 3, 0.50
# What a sentence loses that is as like one taken as can be. Below the least, being alike is chance.
_REPETITION, _LEAST = 0.40, 0.60

# Where a sentence stands: its passage's number and its place there.
_Place = tuple[int, int]


class Likeness:
    """How alike the sentences of one answer are."""

    def __init__(self, vectors: Mapping[_Place, Vector], idf: Callable[[str], float]) -> None:
        """Compare by unit vectors of sentences, by passage and place, and the rarity of stems."""
        self._vectors = vectors
        self._idf = idf
        self._rarity: dict[str, float] = {}

    @classmethod
    def of(cls, choices: Sequence[Choice], generation: Generation) -> "Likeness":
        """Compare choices by the vectors of the generation they come from."""
        places = [(one.hit.row, one.place) for one in choices]
        rows = [int(generation.sentence_starts[row]) + place for row, place in places]
        vectors = generation.sentence_vectors.vectors(np.asarray(rows, dtype=np.int64))
        return cls(dict(zip(places, vectors, strict=True)), generation.lexical.idf)

    def between(self, one: Choice, other: Choice) -> float:
        """Return how alike two choices are: about 0 to 1.5, which is the same sentence."""
        first = self._vectors[one.hit.row, one.place]
        second = self._vectors[other.hit.row, other.place]
        total = self._weight(one.words) + self._weight(other.words)
        shared = 2 * self._weight(one.words & other.words) / total if total else 0.0
        return float(first @ second) + _WORDS * shared

    def repeats_any(self, one: Choice, taken: Sequence[Choice]) -> bool:
        """Tell whether a sentence says the same as one of those taken."""
        return any(
            _contained(one, other) >= _CONTAINED or self.between(one, other) >= _SAME
            for other in taken
        )

    def _weight(self, words: frozenset[str]) -> float:
        for word in words:
            if word not in self._rarity:
                self._rarity[word] = self._idf(word)
        return sum(self._rarity[word] for word in words)


def without_repetition(
    choices: Sequence[Choice], count: int, margin: float, likeness: Likeness
) -> list[Choice]:
    """Take the best choices one by one, each scored lower the more it repeats those taken.

    Maximal marginal relevance (Carbonell and Goldstein 1998).

    Args:
        choices: Best first.
        count: The most that are taken.
        margin: How far below the best one may score.
        likeness: Compares them.
    """
    taken: list[Choice] = []
    # Each with the likeness to the one taken that it is most like.
    left = [(one, _LEAST) for one in choices]
    while left and len(taken) < count:
        scores = [one.score - _REPETITION * (alike - _LEAST) for one, alike in left]
        score = max(scores)
        allowed = margin if len(taken) >= _WANTED else max(margin, _WANTED_MARGIN)
        if taken and score < taken[0].score - allowed:
            break
        best, _ = left.pop(scores.index(score))
        if not likeness.repeats_any(best, taken):
            taken.append(best)
            left = [(one, max(alike, likeness.between(one, best))) for one, alike in left]
    return taken


def _contained(one: Choice, other: Choice) -> float:
    """Return the share of the shorter sentence's words that the other has too."""
    shorter = min(len(one.words), len(other.words))
    return len(one.words & other.words) / max(1, shorter)
