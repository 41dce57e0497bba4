"""How likely it is that the passages found answer the question, and when to abstain.

The signal is the best sentence's cosine plus a quarter of the best sentence's share of the
question's words, weighted by how rare they are. One threshold on it carries over between corpora
where a threshold on any single score does not (bench/quality.md, "I don't know").
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from index.lexical import LexicalIndex, coverage
from index.retrieval import Hit

# Passages whose sentences are looked at.
DEPTH = 5
_COVERAGE_WEIGHT = 0.25
# Words that ask, and say nothing of what is asked about.
_ASKING = frozenset(
    "about am any anyone are by can could did do does doe explain for from get give got had has "
    "have hey hi how i id im is it kind know let like list make many me mean much my need of on "
    "or our out please pls say shall should so some someone someth tell than thank that their "
    "them they thi this to too us vs was we were what whats when where which who whom whose whi "
    "why will with would you your".split()
)


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic curve from the signal to a probability, and the two thresholds on it.

    Attributes:
        midpoint: The signal at which an answer is as likely right as wrong.
        slope: How fast the probability rises there.
        answer_at: The probability from which the bot answers.
        closest_at: The probability from which it names the closest articles.
    """

    midpoint: float = 0.60
    slope: float = 14.0
    answer_at: float = 0.5
    closest_at: float = 0.2

    def probability(self, signal: float) -> float:
        """Return the calibrated probability of a signal."""
        return 1.0 / (1.0 + math.exp(-self.slope * (signal - self.midpoint)))


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the best hits say of the chance of an answer.

    Attributes:
        signal: The best sentence's cosine and coverage together.
        coverages: For each of the best hits, the coverage of each of its sentences.
    """

    signal: float
    coverages: tuple[tuple[float, ...], ...]


def weigh(query: str, hits: Sequence[Hit], lexical: LexicalIndex) -> Evidence:
    """Weigh the sentences of the best hits against the question."""
    terms = [term for term in dict.fromkeys(lexical.terms(query)) if term not in _ASKING]
    weights = [lexical.idf(term) for term in terms]
    best_cosine = best_coverage = 0.0
    coverages: list[tuple[float, ...]] = []
    for hit in hits[:DEPTH]:
        own: list[float] = []
        for sentence in hit.sentences:
            share = coverage(terms, weights, lexical.terms(sentence.text))
            own.append(share)
            best_cosine = max(best_cosine, sentence.cosine)
            best_coverage = max(best_coverage, share)
        coverages.append(tuple(own))
    return Evidence(best_cosine + _COVERAGE_WEIGHT * best_coverage, tuple(coverages))
