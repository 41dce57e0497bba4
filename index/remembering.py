"""A few thousand values kept at hand, the least lately used forgotten first."""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Remembered(Generic[K, V]):
    """Values by key, never more than a limit. Safe between threads.

    Unlike `functools.lru_cache` it can be filled for many keys at once.
    """

    def __init__(self, limit: int) -> None:
        """Start with nothing; hold at most `limit` values."""
        self._limit = limit
        self._values: OrderedDict[K, V] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """The number of values held."""
        return len(self._values)

    def get(self, key: K) -> V | None:
        """Return the value of a key, None where there is none or it was forgotten."""
        with self._lock:
            value = self._values.get(key)
            if value is not None:
                self._values.move_to_end(key)
            return value

    def put(self, key: K, value: V) -> None:
        """Hold a value, in place of the one used least lately where there are too many."""
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)
            if len(self._values) > self._limit:
                self._values.popitem(last=False)
