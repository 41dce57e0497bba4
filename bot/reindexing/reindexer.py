"""Build, compare answers, then publish or wait for a decision: what every way to reindex shares."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.errors import BotError
from bot.index_store import index_store
from bot.reindexing.candidate import Candidate
from bot.reindexing.models import Models
from bot.reindexing.noting import Notes
from bot.reindexing.outcome import Outcome
from bot.reindexing.progress import PUBLISHING, Meter, Progress
from bot.reindexing.taking_turns import turns_of
from bot.reindexing.turns import Turn
from bot.settings import Settings
from index.build import BuildOptions, knowledge_stamp
from index.errors import IndexingError, NoIndexError
from index.generation import Generations

if TYPE_CHECKING:  # SQLAlchemy takes half a second, and the command line may have no state
    from bot.state.reindexes import Reindex, Reindexes

logger = logging.getLogger(__name__)

Tell = Callable[[Progress], None]


class StoppedError(BotError):
    """The process is to end, so the reindex was given up; the old generation answers."""


class NotWaitingError(BotError):
    """What was to be decided is decided already, or another reindex took its place.

    Attributes:
        status: What became of it; empty if nobody knows.
    """

    def __init__(self, status: str) -> None:
        """Say what became of it."""
        super().__init__(f"that index no longer waits for a decision: it is {status or 'gone'}")
        self.status = status


class Reindexer:
    """Indexes the articles anew. Safe between threads and processes: one reindex at a time.

    Attributes:
        store: The generations.
        turns: Who reindexes now.
    """

    def __init__(
        self,
        settings: Settings,
        models: Models,
        *,
        store: Generations | None = None,
        rows: "Reindexes | None" = None,
        most_asked: Callable[[], Sequence[str]] = tuple,
        options: BuildOptions | None = None,
    ) -> None:
        """Reindex one folder into one index.

        Args:
            settings: The folders, how to build, and how many lost answers are published unasked.
            models: The encoder, and what answers at present.
            store: The generations, if they are open already; `close` closes them too.
            rows: Where reindexes are noted, so that a decision can wait for a restart; without it
                only the candidate itself outlives the process.
            most_asked: Gives what people asked, the most frequent first.
            options: How to build, if not as the settings say; it never publishes by itself.
        """
        chosen = options or BuildOptions(settings.chunk_tokens, settings.keep_boilerplate)
        self._settings, self._models = settings, models
        self._notes, self._most_asked = Notes(rows), most_asked
        self._options = replace(chosen, publish=False)
        self._stop = threading.Event()
        self.store = store or index_store(settings)
        self.turns = turns_of(settings)

    def run(
        self,
        by: str,
        tell: Tell = lambda _progress: None,
        *,
        began: Callable[[int], None] = lambda _row: None,
        team: str = "",
        publish_anyway: bool = False,
        wait_s: float | None = None,
    ) -> Outcome:
        """Index the articles, compare answers, and publish unless too many are lost.

        Args:
            by: Who asks for it: a person's id, or a word for a program.
            tell: Told how far it has come, often and from this thread.
            began: Told the number of its row once its turn has come.
            team: The workspace of the person.
            publish_anyway: Publish however many answers are lost.
            wait_s: How long to wait for another reindex to end, if not as the options say.

        Returns:
            What came of it. Where it was not published, `publish` or `keep_old` decides.

        Raises:
            ReindexRunningError: if another reindex runs.
            IndexingError: if it cannot be built; nothing changes.
            StoppedError: if `stop` was called; nothing changes.
            TurnLostError: if the database went away meanwhile; nothing changes.
        """
        wait_s = self._options.wait_s if wait_s is None else wait_s
        with self.turns.take(by, wait_s=wait_s) as turn:
            row = self._notes.begin(by, team)
            try:
                began(row)
                outcome = self._run(tell, turn, publish_anyway=publish_anyway)
            except BaseException as error:
                stopped = isinstance(error, StoppedError | KeyboardInterrupt)
                said = str(error) if isinstance(error, BotError | IndexingError) else ""
                self._notes.fail(row, said or type(error).__name__, stopped=stopped)
                raise
            self._notes.end(
                row,
                "published" if outcome.published else "blocked",
                generation=outcome.generation,
                report=outcome.as_dict(),
            )
            return outcome

    def publish(self, row: int, by: str) -> Outcome:
        """Publish what waits for a decision; done again after a crash it comes to the same.

        Raises:
            NotWaitingError: if it does not wait any more.
            ReindexRunningError: if a reindex runs, which may take its place.
        """
        return self._decide(row, by, "publishing", "published", self._publish)

    def keep_old(self, row: int, by: str) -> Outcome:
        """Remove what waits for a decision.

        Raises:
            NotWaitingError: if it does not wait any more.
            ReindexRunningError: if a reindex runs, which may take its place.
        """
        return self._decide(row, by, "discarding", "discarded", self.store.discard_candidate)

    def publish_waiting(self, by: str) -> str | None:
        """Publish the candidate that waits if it was built from the folder as it is now.

        Args:
            by: Who wants it: a person's id, or a word for a program.

        Returns:
            Its name; None if there is none, or an article changed since it was built.

        Raises:
            ReindexRunningError: if a reindex runs.
        """
        with self.turns.take(by, wait_s=self._options.wait_s):
            name = self.store.candidate()
            if name is None:
                return None
            generation = self.store.open_candidate(name)
            generation.passages.close()
            if generation.manifest.stamp != self.stamp():
                return None
            self._publish(name)
            self._notes.end_waiting("published")
            return name

    def recover(self) -> "tuple[Reindex, ...]":
        """Put in order what a dead process left; return the rows that it did not end.

        A decision that was made is carried out, a reindex that ran is given up. Nothing happens
        while another process reindexes.

        Raises:
            ReindexRunningError: if a reindex runs.
        """
        with self.turns.take("a start"):
            left = self._notes.unfinished()
            for one in left:
                self._recover(one)
        return left

    def has_unfinished(self) -> bool:
        """Tell whether a reindex runs by its row, which one that was killed leaves so."""
        return bool(self._notes.unfinished())

    def is_known(self, stamp: str) -> bool:
        """Tell whether a folder of this stamp was indexed before, whatever became of it.

        So that what was rolled back, or kept out by a decision, is not built again by itself.
        """
        for name in self.store.taken_names():
            try:
                if self.store.manifest_of(name).stamp == stamp:
                    return True
            except IndexingError:
                continue  # a damaged one tells nothing
        return any(one.report.get("stamp") == stamp for one in self._notes.recent())

    def stop(self) -> None:
        """Let a reindex of this process end before its next step, and any other not begin."""
        self._stop.set()

    def close(self) -> None:
        """Let go of what is open; nothing is reindexed after that."""
        self.store.close()
        self.turns.close()

    def stamp(self) -> str:
        """Return the stamp of the folder as it is now."""
        return knowledge_stamp(self._settings.knowledge_dir, self._options)

    def _run(self, tell: Tell, turn: Turn, *, publish_anyway: bool) -> Outcome:
        begun = time.monotonic()
        meter = Meter()

        def step(name: str, done: int, total: int) -> None:
            if self._stop.is_set():
                raise StoppedError("the reindex was given up, because the program ends")
            turn.tell(name, done, total)
            tell(meter.tell(name, done, total))

        candidate = Candidate(self._settings.knowledge_dir, self.store, self._models, step)
        built = candidate.build(self._options)
        self._notes.end_waiting("superseded")
        before = self._current()
        diff = candidate.compare(built, self._most_asked())
        lost = len(diff.lost) if diff else 0
        published = publish_anyway or lost <= self._settings.reindex_max_lost
        turn.tell(PUBLISHING, 0, 1)  # whoever lost the turn meanwhile publishes nothing
        if published:
            self._publish(built.generation)
        outcome = Outcome.of(built, before, diff, published=published)
        return replace(outcome, seconds=round(time.monotonic() - begun, 1))

    def _current(self) -> str:
        try:
            return self.store.current_name()
        except NoIndexError:
            return ""

    # Publishing and deciding

    def _publish(self, name: str) -> None:
        self.store.publish_candidate(name)
        self.store.prune()

    def _decide(
        self, row: int, by: str, doing: str, done: str, act: Callable[[str], None]
    ) -> Outcome:
        with self.turns.take(by):
            found = self._notes.find(row)
            if not (found and self._notes.claim(row, doing)):
                raise NotWaitingError(found.status if found else "")
            outcome = Outcome.from_dict(found.report)
            try:
                act(outcome.generation)
            except NoIndexError as error:
                self._notes.end(row, "superseded")
                raise NotWaitingError("superseded") from error
            self._notes.end(row, done)
            return replace(outcome, published=done == "published")

    def _recover(self, row: "Reindex") -> None:
        logger.warning("a reindex begun by %s was left %s", row.user, row.status)
        if row.status == "running":
            self._notes.end(row.id, "interrupted")
            return
        if row.status == "discarding":
            self.store.discard_candidate(row.generation)
            self._notes.end(row.id, "discarded")
            return
        try:
            self._publish(row.generation)
        except NoIndexError:
            self._notes.end(row.id, "superseded")
        else:
            self._notes.end(row.id, "published")
