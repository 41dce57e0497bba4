"""Values kept at hand up to a limit, the least lately used forgotten first."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


def _one_each(_value: object) -> int:
    return 1


class Remembered(Generic[K, V]):
    """Values by key, together never larger than a limit. Safe between threads.

    Unlike `functools.lru_cache` it can be filled for many keys at once.
    """

    def __init__(self, limit: int, *, size: Callable[[V], int] = _one_each) -> None:
        """Start with nothing.

        Args:
            limit: The most that is held.
            size: What a value counts for; one unless given, so that the limit is of their number.
        """
        self._limit, self._size = limit, size
        self._held = 0
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

    def values(
        self, keys: Sequence[K], read: Callable[[list[K]], Iterable[tuple[K, V]]]
    ) -> list[V]:
        """Return the values of some keys, in their order, and hold those that had to be read.

        Args:
            keys: Whose values are wanted.
            read: Gives keys with their values; called once, where some are not held.

        Raises:
            KeyError: if `read` gives no value of one of them.
        """
        found = {key: value for key in keys if (value := self.get(key)) is not None}
        unread = [key for key in keys if key not in found]
        if unread:
            for key, value in read(unread):
                found[key] = value
                self.put(key, value)
        return [found[key] for key in keys]

    def put(self, key: K, value: V) -> None:
        """Hold a value, in place of those used least lately where they are too many.

        One larger than the limit is not held.
        """
        with self._lock:
            before = self._values.pop(key, None)
            self._held -= 0 if before is None else self._size(before)
            self._values[key] = value
            self._held += self._size(value)
            while self._held > self._limit:
                _, gone = self._values.popitem(last=False)
                self._held -= self._size(gone)
