"""Answers that go wrong on purpose."""

import threading
from collections import defaultdict, deque
from dataclasses import dataclass
from typing import Literal

Wrong = str | int
"""An error's name; an HTTP status; "timeout": no answer; "cut": the connection ends unanswered."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with one call: before the work is done, or after it."""

    what: Wrong
    when: Literal["before", "after"] = "before"
    retry_after: int = 0


class Faults:
    """Faults that wait for calls, in order of arrival. Safe to use from any thread."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[Fault]] = defaultdict(deque)
        self._lock = threading.Lock()

    def add(self, method: str, fault: Fault, times: int) -> None:
        """Let the next so many calls of a method go wrong."""
        with self._lock:
            self._waiting[method].extend([fault] * times)

    def take(self, method: str) -> Fault | None:
        """Return what goes wrong with this call."""
        with self._lock:
            waiting = self._waiting.get(method)
            return waiting.popleft() if waiting else None
