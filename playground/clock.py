"""Time as Slack writes it."""

import threading
import time
from collections.abc import Callable

Clock = Callable[[], float]
"""Seconds since 1970, as `time.time` gives them."""


class Timestamps:
    """Message timestamps such as "1700000000.000100": each later than the one before."""

    def __init__(self, clock: Clock = time.time) -> None:
        self._clock = clock
        self._last = 0
        self._lock = threading.Lock()

    def now(self) -> float:
        """Return the time in seconds."""
        return self._clock()

    def next(self) -> str:
        """Return a timestamp that no message has yet."""
        with self._lock:
            self._last = max(self._last + 1, int(self._clock() * 1_000_000))
            return f"{self._last // 1_000_000}.{self._last % 1_000_000:06}"
