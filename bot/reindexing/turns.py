"""One reindex of an index at a time, in whatever process; a second one is told who runs it."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from bot.errors import BotError

# How far a step of a reindex has come is written down so often at most.
TELL_EVERY_S = 1.0


@dataclass(frozen=True, slots=True)
class Holder:
    """Who runs a reindex, and how far it has come.

    Attributes:
        by: A person's id, or a word for a program.
        since: When it began, in seconds since 1970.
        host: The machine it runs on; empty if that is not known.
        step: What is being done, in words; empty while it begins.
        done: How much of the step is done.
        total: How much there is to do in it.
    """

    by: str
    since: float
    host: str = ""
    step: str = ""
    done: int = 0
    total: int = 0

    @property
    def percent(self) -> int:
        """How much of the step is done, 0 to 100."""
        return min(100, 100 * self.done // self.total) if self.total > 0 else 0


class ReindexRunningError(BotError):
    """Another reindex of the same index is running.

    Attributes:
        holder: Who runs it; None if that is not known.
    """

    def __init__(self, place: str, holder: Holder | None) -> None:
        """Say which index, and how far the other reindex has come."""
        who = f", begun by {holder.by}," if holder else ""
        far = f" ({holder.step}: {holder.percent} %)" if holder and holder.step else ""
        super().__init__(
            f"another reindex of {place}{who} is running{far}; try again when it has ended"
        )
        self.holder = holder


class TurnLostError(BotError):
    """The turn ended before the reindex did, since what kept it broke; nothing is published."""


class Turn(Protocol):
    """A turn that is held."""

    def tell(self, step: str, done: int, total: int) -> None:
        """Let everybody see how far the work has come.

        Raises:
            TurnLostError: if the turn is held no more.
        """
        ...


class Turns(Protocol):
    """Lets one reindex of an index run at a time. Safe between threads and processes."""

    def take(self, by: str, *, wait_s: float = 0.0) -> AbstractContextManager[Turn]:
        """Hold the turn for as long as the block runs.

        Raises:
            ReindexRunningError: if somebody else still holds it after `wait_s` seconds.
        """
        ...

    def holder(self) -> Holder | None:
        """Return who holds the turn; None if nobody does."""
        ...

    def close(self) -> None:
        """Let go of what is open to look for the holder."""
        ...
