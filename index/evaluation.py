"""Measures of retrieval and refusal over questions with known answers. Pure."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np


def recall_at(ranked: Sequence[str], gold: Collection[str], k: int) -> float:
    """Return 1 if any of the gold items is among the first `k`, else 0."""
    return float(any(item in gold for item in ranked[:k]))


def reciprocal_rank(ranked: Sequence[str], gold: Collection[str], k: int = 10) -> float:
    """Return 1 / rank of the first gold item among the first `k`, else 0."""
    for rank, item in enumerate(ranked[:k], 1):
        if item in gold:
            return 1.0 / rank
    return 0.0


def ndcg(ranked: Sequence[str], gold: Collection[str], k: int = 10) -> float:
    """Return the normalised discounted cumulative gain at `k` for equally relevant gold items.

    Järvelin and Kekäläinen 2002, with log2 discounts, as BEIR measures it.
    """
    gains = [1.0 / math.log2(rank + 1) for rank, item in enumerate(ranked[:k], 1) if item in gold]
    ideal = [1.0 / math.log2(rank + 1) for rank in range(1, min(len(gold), k) + 1)]
    return sum(gains) / sum(ideal) if ideal else 0.0


def average_precision(relevant: Sequence[bool]) -> float:
    """Return the mean precision at each relevant place of a ranking, 0 if none is relevant."""
    found, total = 0, 0.0
    for rank, one in enumerate(relevant, 1):
        if one:
            found += 1
            total += found / rank
    return total / found if found else 0.0


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """Return the probability that a positive scores above a negative; ties count half.

    None if either is empty.
    """
    if not positive or not negative:
        return None
    better = np.asarray(positive)[:, None] - np.asarray(negative)[None, :]
    return float(np.mean((better > 0) + 0.5 * (better == 0)))


@dataclass(frozen=True, slots=True)
class Detection:
    """Precision, recall and F1 of a yes-or-no decision; None where it is undefined."""

    precision: float | None
    recall: float | None
    f1: float | None


def detection(decided: Sequence[bool], truth: Sequence[bool]) -> Detection:
    """Compare decisions with the truth."""
    right = sum(a and b for a, b in zip(decided, truth, strict=True))
    precision = right / sum(decided) if any(decided) else None
    recall = right / sum(truth) if any(truth) else None
    if not precision or not recall:
        return Detection(precision, recall, 0.0 if any(truth) else None)
    return Detection(precision, recall, 2 * precision * recall / (precision + recall))


def percentile(values: Sequence[float], percent: float) -> float:
    """Return a percentile by linear interpolation, 0 for no values."""
    return float(np.percentile(values, percent)) if len(values) else 0.0
