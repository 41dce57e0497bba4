"""How far a reindex has come, and how long the step at hand will take."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from index.build import EMBEDDING, READING

ASKING = "asking saved questions"
PUBLISHING = "publishing"
# Before that a step's pace says little about the rest of it.
_PACE_AFTER_S = 2.0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a reindex has come.

    Attributes:
        step: What is being done, in words.
        done: How much of the step is done.
        total: How much there is to do in it.
        articles: Articles read so far.
        embedded: Texts embedded so far, those whose vectors were taken over included.
        seconds_left: Until the step ends at its pace so far; None while nobody can know.
    """

    step: str
    done: int
    total: int
    articles: int = 0
    embedded: int = 0
    seconds_left: float | None = None


class Meter:
    """Turns the reports of a build into progress. For one reindex, and one thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin with nothing done; the clock gives seconds that only go up."""
        self._clock = clock
        self._step, self._since, self._first = "", 0.0, 0
        self._articles = self._embedded = 0

    def tell(self, step: str, done: int, total: int) -> Progress:
        """Take a report and return the progress it makes."""
        now = self._clock()
        if step != self._step:
            # What is there at the first report, such as vectors taken over, took no time.
            self._step, self._since, self._first = step, now, done
        if step == READING:
            self._articles = done
        elif step == EMBEDDING:
            self._embedded = done
        return Progress(
            step, done, total, self._articles, self._embedded, self._left(now, done, total)
        )

    def _left(self, now: float, done: int, total: int) -> float | None:
        passed, gone = now - self._since, done - self._first
        if passed < _PACE_AFTER_S or gone <= 0:
            return None
        return passed / gone * max(0, total - done)
