"""Which events came already, so that each is answered once.

Slack delivers an event again when it missed the acknowledgement (at once, after one minute, after
five), and tells of one message twice when the bot is mentioned where it also hears messages: other
event ids, same channel and time stamp. Kept in memory: what a restart forgets, the state database
remembers once it is there.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

WINDOW_S = 15 * 60.0
MOST = 20_000


class SeenEvents:
    """The keys of recent events. Safe between threads."""

    def __init__(
        self,
        *,
        window_s: float = WINDOW_S,
        most: int = MOST,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin with none seen.

        Args:
            window_s: How long a key is remembered after it was last seen.
            most: Keys remembered; beyond them the oldest is forgotten early.
            clock: Seconds that only go up.
        """
        self._window_s, self._most, self._clock = window_s, most, clock
        self._keys: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()

    def is_new(self, *keys: str) -> bool:
        """Remember an event by every key it has; tell whether none of them was seen before.

        An event without a key, such as a command, is always new.
        """
        now = self._clock()
        with self._lock:
            self._forget(now)
            new = not any(key in self._keys for key in keys)
            for key in keys:
                self._keys[key] = now
                self._keys.move_to_end(key)
            return new

    def _forget(self, now: float) -> None:
        while self._keys:
            key, seen = next(iter(self._keys.items()))
            if now - seen <= self._window_s and len(self._keys) <= self._most:
                return
            del self._keys[key]
