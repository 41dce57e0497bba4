"""What becomes of reindexes, noted where there is a state to note it in."""

import logging
from typing import TYPE_CHECKING, Any

from bot.errors import BotError

if TYPE_CHECKING:  # SQLAlchemy takes half a second, and the command line may have no state
    from bot.state.reindexes import Reindex, Reindexes

logger = logging.getLogger(__name__)

_UNFINISHED = ("running", "publishing", "discarding")


class Notes:
    """The rows of reindexes; without a state nothing is noted, and nothing was."""

    def __init__(self, rows: "Reindexes | None") -> None:
        """Note in these rows, if there are any."""
        self._rows = rows

    def begin(self, by: str, team: str) -> int:
        """Note that a reindex runs; return its number, 0 if it is not noted."""
        return self._rows.begin(by, team) if self._rows else 0

    def end(self, row: int, status: str, **values: Any) -> None:  # noqa: ANN401 - as `Reindexes.end` has them
        """Note what became of a reindex."""
        if self._rows is not None:
            self._rows.end(row, status, **values)

    def fail(self, row: int, said: str, *, stopped: bool) -> None:
        """Note why nothing came of it; where the database is away too, a recovery ends the row."""
        try:
            self.end(row, "interrupted" if stopped else "failed", report={"error": said})
        except BotError as error:
            logger.warning("what became of a reindex could not be noted: %s", error)

    def end_waiting(self, status: str) -> None:
        """Note what became of those that waited for a decision."""
        for one in self._rows.with_status("blocked") if self._rows else ():
            self.end(one.id, status)

    def find(self, row: int) -> "Reindex | None":
        """Return what is noted of a reindex."""
        return self._rows.find(row) if self._rows else None

    def claim(self, row: int, becomes: str) -> bool:
        """Take the decision of a reindex that waits for one; tell whether it still waited."""
        return bool(self._rows and self._rows.claim(row, "blocked", becomes))

    def unfinished(self) -> "tuple[Reindex, ...]":
        """Return those that run, or whose decision is carried out; a dead process leaves such."""
        return self._rows.with_status(*_UNFINISHED) if self._rows else ()

    def recent(self) -> "tuple[Reindex, ...]":
        """Return the last reindexes, newest first."""
        return self._rows.recent() if self._rows else ()
