"""What was said in recent threads, so that a follow-up is understood.

Kept in memory, and only what the bot was asked and answered: it reads no history, which would need
a scope more. A restart forgets it.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from bot.domain import Message

THREADS = 1000
MESSAGES = 20
SILENCE_S = 3600.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where a conversation goes on.

    Attributes:
        channel: The channel's id.
        root: The time stamp of the message that began the thread; empty for the top level of a
            direct message, which is one conversation.
    """

    channel: str
    root: str = ""


class Threads:
    """The messages of recent conversations, oldest first. Safe between threads."""

    def __init__(self, *, most: int = THREADS, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin with none.

        Args:
            most: Conversations kept; beyond them the one longest silent is forgotten.
            clock: Seconds that only go up.
        """
        self._most, self._clock = most, clock
        self._said: OrderedDict[Place, tuple[float, tuple[Message, ...]]] = OrderedDict()
        self._lock = threading.Lock()

    def recall(self, place: Place) -> tuple[Message, ...]:
        """Return what was said there; at a direct message's top level, in the last hour."""
        with self._lock:
            last, messages = self._said.get(place, (0.0, ()))
        if not place.root and self._clock() - last > SILENCE_S:
            return ()
        return messages

    def remember(self, place: Place, question: str, answer: str) -> None:
        """Add a question and its answer."""
        with self._lock:
            _, before = self._said.pop(place, (0.0, ()))
            said = (*before, Message("user", question), Message("bot", answer))
            self._said[place] = (self._clock(), said[-MESSAGES:])
            while len(self._said) > self._most:
                self._said.popitem(last=False)
