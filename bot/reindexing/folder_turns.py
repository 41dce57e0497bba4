"""The turn to reindex an index in a folder: a lock of the system, and a note of who holds it."""

import contextlib
import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from bot.reindexing.turns import TELL_EVERY_S, Holder, ReindexRunningError

_LOCK, _HOLDER = "reindex.lock", "reindex.json"


class FolderTurns:
    """Lets one reindex of an index run at a time. Safe between threads and processes.

    The lock is the system's, so it is free again however a process ends.
    """

    def __init__(self, folder: Path, *, clock: Callable[[], float] = time.time) -> None:
        """Guard the index in a folder; the clock gives seconds since 1970."""
        self._folder, self._clock = folder, clock

    @contextlib.contextmanager
    def take(self, by: str, *, wait_s: float = 0.0) -> Iterator["FolderTurn"]:
        """See `Turns.take`."""
        self._folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self._folder / _LOCK)
        try:
            lock.acquire(timeout=wait_s)
        except Timeout as error:
            raise ReindexRunningError(str(self._folder), self.holder()) from error
        note = self._folder / _HOLDER
        try:
            yield FolderTurn(note, Holder(by, self._clock(), socket.gethostname()), self._clock)
        finally:
            note.unlink(missing_ok=True)
            lock.release()

    def close(self) -> None:
        """Do nothing: nothing is open."""

    def holder(self) -> Holder | None:
        """Return who holds the turn; None if nobody does, or the note of it cannot be read."""
        try:
            values: dict[str, Any] = json.loads((self._folder / _HOLDER).read_text("utf-8"))
            holder = Holder(**{one.name: values[one.name] for one in fields(Holder)})
            since, pid = float(holder.since), int(values["pid"])
        except (OSError, ValueError, KeyError, TypeError):
            return None
        if holder.host == socket.gethostname() and not _lives(pid):
            return None  # it was killed, and nobody has swept its note away
        return replace(holder, since=since)


class FolderTurn:
    """A turn that is held, with a note of how far the work has come."""

    def __init__(self, note: Path, holder: Holder, clock: Callable[[], float]) -> None:
        """Write the note."""
        self._note, self._holder, self._clock = note, holder, clock
        self._told = holder.since
        self._write()

    def tell(self, step: str, done: int, total: int) -> None:
        """See `Turn.tell`; a note that cannot be written is left as it is."""
        now = self._clock()
        if step == self._holder.step and done < total and now < self._told + TELL_EVERY_S:
            return
        self._told = now
        self._holder = replace(self._holder, step=step, done=done, total=total)
        with contextlib.suppress(OSError):
            self._write()

    def _write(self) -> None:
        new = self._note.with_suffix(".new")
        new.write_text(json.dumps({**asdict(self._holder), "pid": os.getpid()}), encoding="utf-8")
        new.replace(self._note)


def _lives(pid: int) -> bool:
    """Tell whether a process of this machine is there."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
