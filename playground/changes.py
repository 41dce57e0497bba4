"""What changed in the local Slack, told to whoever listens: a page, or a test that waits."""

import itertools
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

_LONGEST_PAUSE_S = 0.05  # a condition may also depend on what is not announced


class TimedOutError(AssertionError):
    """What was waited for did not come."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change: its number, counted from 1, what kind of thing it is, and the new value."""

    number: int
    kind: str
    value: object


class Changes:
    """Announces changes. Safe to use from any thread."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._listeners: list[Callable[[Change], None]] = []
        self._happened = threading.Condition()
        self._count = 0

    def subscribe(self, callback: Callable[[Change], None]) -> Callable[[], None]:
        """Tell every later change to the callback; return what ends that.

        The callback runs in the thread that made the change, in order: it has to be quick.
        """
        self._listeners.append(callback)

        def unsubscribe() -> None:
            if callback in self._listeners:
                self._listeners.remove(callback)

        return unsubscribe

    def announce(self, kind: str, value: object) -> None:
        """Tell all listeners, then wake whoever waits."""
        change = Change(next(self._numbers), kind, value)
        for listener in list(self._listeners):
            listener(change)
        with self._happened:
            self._count += 1
            self._happened.notify_all()

    def wait_for(self, condition: Callable[[], object], what: str, timeout_s: float) -> None:
        """Return once the condition holds; it is asked again after each change.

        Raises:
            TimedOutError: It did not hold in time.
        """
        end = time.monotonic() + timeout_s
        while True:
            seen = self._count
            if condition():
                return
            left = end - time.monotonic()
            if left <= 0:
                raise TimedOutError(f"{what} did not come within {timeout_s:g} s")
            with self._happened:
                if self._count == seen:
                    self._happened.wait(min(left, _LONGEST_PAUSE_S))
