"""Correction of mistyped title words, tight enough to leave ordinary words alone."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

SHORTEST = 4
# Words whose correction is remembered: articles repeat some thousand.
_REMEMBERED = 8192


class SpellingBook:
    """The words that typing mistakes may be corrected to. Safe between threads."""

    def __init__(self, words: Iterable[str], left_alone: frozenset[str]) -> None:
        """Hold the words long enough to be told from ordinary ones when mistyped.

        Args:
            words: Lower case.
            left_alone: Words that are never taken for mistakes.
        """
        near = defaultdict(list)
        for word in sorted(words):
            if len(word) >= SHORTEST and word.isalpha():
                near[word[0]].append(word)
        self._near: Mapping[str, Sequence[str]] = dict(near)
        self._left_alone = left_alone
        self._nearest = lru_cache(_REMEMBERED)(self._find_nearest)

    def correct(self, word: str) -> tuple[str, int] | None:
        """Return the one nearest vocabulary word and its distance in edits, or None.

        The first letter must be right, or the first two exchanged: people seldom miss it, and
        "conduct" is no "product".
        """
        if len(word) < SHORTEST or word in self._left_alone or not word.isalpha():
            return None
        return self._nearest(word)

    def _find_nearest(self, word: str) -> tuple[str, int] | None:
        best: tuple[str, int] | None = None
        for candidate in self._candidates(word):
            limit = _limit(word, candidate)
            if abs(len(word) - len(candidate)) > limit:
                continue
            if _letters_apart(word, candidate) > limit:
                continue
            edits = _distance(word, candidate, limit)
            if edits <= limit and (best is None or edits < best[1]):
                best = (candidate, edits)
        return best

    def _candidates(self, word: str) -> Iterable[str]:
        yield from self._near.get(word[0], ())
        swapped = word[1] + word[0]
        if word[0] != word[1]:
            yield from (each for each in self._near.get(word[1], ()) if each.startswith(swapped))


def _limit(word: str, candidate: str) -> int:
    """Return how many edits may part the two.

    Four letters may only be exchanged ("haed"); a long word may miss two letters ("prdct").
    """
    size = len(candidate)
    if size == SHORTEST:
        return 1 if sorted(word) == sorted(candidate) else 0
    if size >= 8:
        return 2
    letters = iter(candidate)
    return 2 if size == 7 and all(letter in letters for letter in word) else 1


def _letters_apart(word: str, candidate: str) -> int:
    """Return how many letters differ in any order: never more than the edits, and far cheaper."""
    extra = 0
    for letter in word:
        if letter in candidate:
            candidate = candidate.replace(letter, "", 1)
        else:
            extra += 1
    return max(extra, len(candidate))


def _distance(word: str, candidate: str, limit: int) -> int:
    # Imported when first needed: 25 ms that a question without a near-title word never pays.
    from rapidfuzz.distance import OSA  # noqa: PLC0415 - 25 ms that most questions need not pay

    return OSA.distance(word, candidate, score_cutoff=limit)
