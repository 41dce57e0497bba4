"""Which sentences say the same as others, and the best that do not.

Two sentences are alike by the cosine of their vectors and by the words they share, each word
weighed by its rarity. The cosine alone takes any two sentences on one title for the same, the words
alone miss the same said in others (bench/quality.md, "Repetition").
"""

from collections.abc import Callable, Sequence
from itertools import chain

import numpy as np

from bot.answering.choosing import Choice
from index.embedding import Matrix
from index.generation import Generation
from index.vectors import Scores

# What shared words count for beside the cosine, and the sum from which on two say the same.
_WORDS, _SAME = 0.5, 1.12
# A sentence that has this much of its words in common with one taken says the same.
_CONTAINED = 0.75
# Sentences that an answer has, if they score at all near the best.
_WANTED, _WANTED_MARGIN = 3, 0.50
# What a sentence loses that is as like one taken as can be. Below the least, being alike is chance.
_REPETITION, _LEAST = 0.40, 0.60


class Likeness:
    """How alike the sentences of one answer are."""

    def __init__(
        self, choices: Sequence[Choice], vectors: Matrix, idf: Callable[[str], float]
    ) -> None:
        """Compare choices.

        Args:
            choices: All that will be compared.
            vectors: The unit vector of each, shape (number of choices, dimension).
            idf: The rarity of a stem.
        """
        self._place = {(one.hit.row, one.place): at for at, one in enumerate(choices)}
        self._vectors = vectors
        column = {
            word: at
            for at, word in enumerate(dict.fromkeys(chain.from_iterable(c.words for c in choices)))
        }
        self._words = np.zeros((len(choices), len(column)), dtype=np.float32)
        for at, one in enumerate(choices):
            self._words[at, [column[word] for word in one.words]] = 1
        self._rarity = np.asarray([idf(word) for word in column], dtype=np.float32)
        self._weights = np.einsum("ij,j->i", self._words, self._rarity)
        self._known: dict[int, Scores] = {}

    @classmethod
    def of(cls, choices: Sequence[Choice], generation: Generation) -> "Likeness":
        """Compare choices by the vectors of the generation they come from."""
        rows = [int(generation.sentence_starts[one.hit.row]) + one.place for one in choices]
        vectors = generation.sentence_vectors.vectors(np.asarray(rows, dtype=np.int64))
        return cls(choices, vectors, generation.lexical.idf)

    def between(self, one: Choice, other: Choice) -> float:
        """Return how alike two choices are: about 0 to 1.5, which is the same sentence."""
        return float(self._with(self._at(one))[self._at(other)])

    def with_each(self, one: Choice, others: Sequence[Choice]) -> Scores:
        """Return how alike a choice and each of others are."""
        alike: Scores = self._with(self._at(one))[[self._at(two) for two in others]]
        return alike

    def repeats_any(self, one: Choice, taken: Sequence[Choice]) -> bool:
        """Tell whether a sentence says the same as one of those taken."""
        return any(
            _contained(one, other) >= _CONTAINED or self.between(other, one) >= _SAME
            for other in taken
        )

    def _at(self, one: Choice) -> int:
        return self._place[one.hit.row, one.place]

    def _with(self, at: int) -> Scores:
        if at not in self._known:
            self._known[at] = self._compare(at)
        return self._known[at]

    def _compare(self, at: int) -> Scores:
        # einsum starts no threads of a BLAS library, which cost more than products this small.
        cosines = np.einsum("ij,j->i", self._vectors, self._vectors[at])
        shared = np.einsum("ij,j->i", self._words, self._words[at] * self._rarity)
        total = self._weights + self._weights[at]
        alike: Scores = cosines + _WORDS * 2 * shared / np.maximum(total, 1e-9)
        return alike


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
    left = np.asarray([one.score for one in choices])
    # How like each is to the one taken that it is most like.
    alike = np.full(len(choices), _LEAST, dtype=np.float32)
    while len(taken) < count and np.isfinite(left).any():
        scores = left - _REPETITION * (alike - _LEAST)
        at = int(np.argmax(scores))
        allowed = margin if len(taken) >= _WANTED else max(margin, _WANTED_MARGIN)
        if taken and scores[at] < taken[0].score - allowed:
            break
        best = choices[at]
        left[at] = -np.inf
        if not likeness.repeats_any(best, taken):
            taken.append(best)
            alike = np.maximum(alike, likeness.with_each(best, choices))
    return taken


def _contained(one: Choice, other: Choice) -> float:
    """Return the share of the shorter sentence's words that the other has too."""
    shorter = min(len(one.words), len(other.words))
    return len(one.words & other.words) / max(1, shorter)
