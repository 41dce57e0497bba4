"""What admins did on other machines reaches the folder of this one, and an index, by itself."""

import time
from collections.abc import Callable

from bot.at_intervals import AtIntervals
from bot.errors import BotError
from index.errors import IndexingError

# A short query, so often at most.
EVERY_S = 10.0
# Which generation answers is known without asking anybody.
_LOOK_EVERY_S = 2.0


class Follower:
    """Brings a folder up to date at intervals, and whenever another generation is published.

    Whoever takes an article in also indexes it. Should it die before that, or keep an index of its
    own, another look finds the folder changed and not indexed, and lets it be indexed here.
    """

    def __init__(
        self,
        catch_up: Callable[[], bool],
        generation: Callable[[], str],
        is_indexed: Callable[[], bool],
        index_anew: Callable[[], bool],
        *,
        every_s: float = EVERY_S,
    ) -> None:
        """Begin nothing yet.

        Args:
            catch_up: Brings the folder up to date; tells whether it changed.
            generation: Gives the name of what answers.
            is_indexed: Tells whether the folder as it is was indexed.
            index_anew: Indexes it; tells whether that is dealt with.
            every_s: Seconds between two looks at what was brought.
        """
        self._catch_up, self._generation = catch_up, generation
        self._is_indexed, self._index_anew = is_indexed, index_anew
        self._every_s = every_s
        self._owing = False
        self._seen, self._looked_at = "", -every_s
        self._looks = AtIntervals(
            self._look_if_due,
            min(_LOOK_EVERY_S, every_s),
            name="uploads",
            failed="what admins did elsewhere is not in the folder yet",
            expected=(BotError, IndexingError, OSError),
        )

    def start(self) -> None:
        """Begin to look."""
        self._looks.start()

    def close(self) -> None:
        """Look no more. A reindex that was begun here is not waited for."""
        self._looks.close()

    def look(self) -> None:
        """Bring the folder up to date; index what an earlier look found, if nobody did since.

        Raises:
            BotError, IndexingError, OSError: if the folder, the state or the index cannot be used.
        """
        changed = self._catch_up()
        if self._owing and not changed:
            self._owing = not (self._is_indexed() or self._index_anew())
        self._owing = self._owing or changed

    def _look_if_due(self) -> None:
        answering, now = self._generation(), time.monotonic()
        if answering != self._seen or now >= self._looked_at + self._every_s:
            self._seen, self._looked_at = answering, now
            self.look()
