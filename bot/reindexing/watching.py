"""The knowledge folder, watched: told when its articles changed and nobody writes any more."""

import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from watchfiles import watch

from index.article_files import find_articles

logger = logging.getLogger(__name__)

# A file whose size and time stay the same for so long is whole.
STEADY_S = 2.0
# Where the system tells of no change, such as on a network's disk, it is looked for so often.
_LOOK_EVERY_S = 5.0

# Size and time of each article, by path.
Snapshot = dict[str, tuple[int, int]]


def snapshot(folder: Path) -> Snapshot:
    """Return size and time of change of every article below a folder, hidden files left out."""
    seen: Snapshot = {}
    for one in find_articles(folder):
        try:
            status = one.location.stat()
        except OSError:
            seen[one.path] = (0, 0)  # gone this moment, or a link to nothing
        else:
            seen[one.path] = (status.st_size, status.st_mtime_ns)
    return seen


class KnowledgeWatch:
    """Watches a folder from a thread of its own."""

    def __init__(
        self,
        folder: Path,
        changed: Callable[[], bool],
        *,
        known: Callable[[], bool] = lambda: True,
        steady_s: float = STEADY_S,
    ) -> None:
        """Watch nothing yet.

        Args:
            folder: The knowledge folder.
            changed: Called when articles changed and have stayed the same since; it returns
                whether that is dealt with, and is called again in a while if not.
            known: Tells whether the folder as it is now was dealt with before this start.
            steady_s: How long nobody may have written.
        """
        self._folder, self._changed, self._known = folder, changed, known
        self._steady_s = steady_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="knowledge watch", daemon=True)

    def start(self) -> None:
        """Begin to watch; changes since the last start count too."""
        self._thread.start()

    def close(self) -> None:
        """Watch no more. A call of `changed` that runs is not waited for."""
        self._stop.set()

    def _run(self) -> None:
        try:
            # Looked at before it is asked about: what is written meanwhile is a change then.
            before = snapshot(self._folder)
            seen = before if self._known() else None
            for now in self._looks():
                if now == seen:
                    continue
                steady = self._steady(now)
                if steady is not None and steady != seen and self._changed():
                    seen = steady
        except Exception:
            logger.exception("the knowledge folder is no longer watched: restart the bot")

    def _looks(self) -> Iterator[Snapshot]:
        """Give the folder as it is at first, after each change, and now and then."""
        told = False
        while not self._stop.is_set():
            yield snapshot(self._folder)
            try:
                for _ in watch(
                    self._folder,
                    stop_event=self._stop,
                    rust_timeout=int(1000 * _LOOK_EVERY_S),
                    yield_on_timeout=True,
                    watch_filter=None,
                ):
                    if not self._stop.is_set():
                        yield snapshot(self._folder)
            except (OSError, RuntimeError) as error:
                # No such folder yet, or no more watches to be had from the system.
                if not told:
                    logger.warning("%s cannot be watched: %s", self._folder, error)
                told = True
                self._stop.wait(_LOOK_EVERY_S)

    def _steady(self, last: Snapshot) -> Snapshot | None:
        """Return the folder once nobody writes in it; None if the watch ends before."""
        while not self._stop.wait(self._steady_s):
            now = snapshot(self._folder)
            if now == last:
                return now
            last = now
        return None
