"""A sign by which a sentence gives itself away as something beside an article's subject.

Each sign is weak alone, because honest articles about products speak of trials, guarantees and
newsletters too; `index.boilerplate` leaves a sentence out only when several agree.
"""

import re
from dataclasses import dataclass
from typing import Literal

Reason = Literal["advert", "biography", "disclaimer", "navigation", "reference list"]

ENOUGH = 100


@dataclass(frozen=True, slots=True)
class Signal:
    """A pattern that speaks for one reason to leave out, with points; `ENOUGH` are enough."""

    reason: Reason
    points: int
    pattern: re.Pattern[str]


def signal(reason: Reason, points: int, *phrases: str) -> Signal:
    """Make a signal of any of ``phrases``, each from the start of a word, in any case."""
    return Signal(reason, points, re.compile(rf"(?<!\w)(?:{'|'.join(phrases)})", re.IGNORECASE))


def cased_signal(reason: Reason, points: int, *phrases: str) -> Signal:
    """Make a signal whose phrases distinguish capitals, because they hold names."""
    return Signal(reason, points, re.compile(rf"(?<!\w)(?:{'|'.join(phrases)})"))
