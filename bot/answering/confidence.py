"""How likely it is that the passages found answer the question, and when to abstain.

A logistic regression over the signals of `evidence`. The weights shipped were fitted on
tests/data/calibration.jsonl over the shipped articles and on WikiQA, which is not shipped
(bench/quality.md, "I don't know"); `pmrole calibrate` fits them to another folder.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np

from bot.answering.evidence import Signals
from bot.errors import BotError


class CalibrationError(BotError):
    """A calibration cannot be read, or cannot be fitted to the questions given."""


_STORED = "calibration.json of the index"
_MEND = "run `pmrole calibrate` again"


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic curve over the signals, and the two thresholds on its probability.

    Attributes:
        weights: One a signal, in the order of `Signals`.
        bias: Added to the weighted sum.
        answer_at: The probability from which the bot answers.
        closest_at: The probability from which it names the closest articles.
    """

    weights: tuple[float, ...] = (7.98, 7.76, 4.79, -8.0, -8.0, -10.0)
    bias: float = -9.66
    answer_at: float = 0.18
    closest_at: float = 0.05

    def probability(self, signals: Signals) -> float:
        """Return the calibrated probability that the hits answer."""
        values = _values(signals)
        total = self.bias + sum(w * x for w, x in zip(self.weights, values, strict=True))
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))

    def as_json(self) -> str:
        """Return the calibration as text, as `stored` reads it."""
        return json.dumps(asdict(self), indent=1) + "\n"

    @classmethod
    def stored(cls, text: str | None) -> "Calibration":
        """Read what `pmrole calibrate` kept with the index; the shipped one where that is nothing.

        Raises:
            CalibrationError: if the text is no calibration.
        """
        if text is None:
            return cls()
        try:
            values: dict[str, Any] = json.loads(text)
            values["weights"] = tuple(float(one) for one in values["weights"])
            calibration = cls(**values)
        except (ValueError, KeyError, TypeError) as error:
            raise CalibrationError(f"{_STORED} is no calibration ({error}): {_MEND}") from error
        if len(calibration.weights) != len(fields(Signals)):
            raise CalibrationError(f"{_STORED} has {len(calibration.weights)} weights: {_MEND}")
        return calibration


def fit(signals: Sequence[Signals], answerable: Sequence[bool]) -> Calibration:
    """Fit a calibration to labelled questions.

    Ridge-regularised logistic regression by Newton's method; the shipped weights are the prior
    towards which few questions are drawn.

    Raises:
        CalibrationError: if both kinds of question are not there, ten of each.
    """
    if min(sum(answerable), len(answerable) - sum(answerable)) < 10:
        raise CalibrationError("at least 10 answerable and 10 unanswerable questions are wanted")
    prior = np.asarray([*Calibration().weights, Calibration().bias])
    rows = np.asarray([[*_values(one), 1.0] for one in signals])
    truth = np.asarray(answerable, dtype=float)
    ridge = np.eye(len(prior)) * 0.5
    ridge[-1, -1] = 0.01
    found = prior.copy()
    for _ in range(50):
        guess = 1.0 / (1.0 + np.exp(-np.clip(rows @ found, -30, 30)))
        gradient = rows.T @ (guess - truth) + ridge @ (found - prior)
        curvature = (rows * (guess * (1 - guess))[:, None]).T @ rows + ridge
        step = np.linalg.solve(curvature, gradient)
        found -= step
        if float(np.abs(step).max()) < 1e-6:
            break
    guess = 1.0 / (1.0 + np.exp(-np.clip(rows @ found, -30, 30)))
    return Calibration(
        weights=tuple(round(float(one), 4) for one in found[:-1]),
        bias=round(float(found[-1]), 4),
        answer_at=_best_threshold(guess.tolist(), answerable),
    )


def _best_threshold(guesses: Sequence[float], answerable: Sequence[bool]) -> float:
    """Return the threshold of the highest balanced accuracy, between 0.2 and 0.6."""

    def balanced(threshold: float) -> float:
        right = [
            (guess >= threshold) == truth for guess, truth in zip(guesses, answerable, strict=True)
        ]
        yes = [one for one, truth in zip(right, answerable, strict=True) if truth]
        no = [one for one, truth in zip(right, answerable, strict=True) if not truth]
        return sum(yes) / len(yes) + sum(no) / len(no)

    return max((round(0.2 + 0.02 * step, 2) for step in range(21)), key=balanced)


def _values(signals: Signals) -> tuple[float, ...]:
    return tuple(getattr(signals, one.name) for one in fields(signals))
