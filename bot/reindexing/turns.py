"""One reindex of an index at a time, in whatever process; a second one is told who runs it."""

import contextlib
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from bot.errors import BotError

_LOCK, _HOLDER = "reindex.lock", "reindex.json"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who runs a reindex: a person's id or a word for a program, and since when (since 1970)."""

    by: str
    since: float


class ReindexRunningError(BotError):
    """Another reindex of the same index is running.

    Attributes:
        holder: Who runs it; None if that is not known.
    """

    def __init__(self, folder: Path, holder: Holder | None) -> None:
        """Say which index."""
        who = f", begun by {holder.by}," if holder else ""
        super().__init__(
            f"another reindex of {folder}{who} is running; try again when it has ended"
        )
        self.holder = holder


class Turns:
    """Lets one reindex of an index run at a time. Safe between threads and processes.

    The lock is the system's, so it is free again however a process ends.
    """

    def __init__(self, folder: Path, *, clock: Callable[[], float] = time.time) -> None:
        """Guard the index in a folder; the clock gives seconds since 1970."""
        self._folder, self._clock = folder, clock

    @contextlib.contextmanager
    def take(self, by: str, *, wait_s: float = 0.0) -> Iterator[None]:
        """Hold the turn for as long as the block runs.

        Raises:
            ReindexRunningError: if somebody else still holds it after `wait_s` seconds.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self._folder / _LOCK)
        try:
            lock.acquire(timeout=wait_s)
        except Timeout as error:
            raise ReindexRunningError(self._folder, self.holder()) from error
        try:
            holder = json.dumps(asdict(Holder(by, self._clock())))
            (self._folder / _HOLDER).write_text(holder, encoding="utf-8")
            yield
        finally:
            (self._folder / _HOLDER).unlink(missing_ok=True)
            lock.release()

    def holder(self) -> Holder | None:
        """Return who holds the turn, or held it when a process died; None if nobody does."""
        try:
            values = json.loads((self._folder / _HOLDER).read_text("utf-8"))
            return Holder(str(values["by"]), float(values["since"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None
