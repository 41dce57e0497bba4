"""Reindexes begun in Slack: on a thread of their own, told of by one message that is edited."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from slack_sdk import WebClient

from bot.errors import BotError
from bot.reindexing.outcome import Outcome
from bot.reindexing.priority import give_way
from bot.reindexing.progress import Progress
from bot.reindexing.reindexer import NotWaitingError, Reindexer, StoppedError
from bot.reindexing.turns import Holder, ReindexRunningError
from bot.slack.auditing import Auditor
from bot.slack.clients import Clients
from bot.slack.delivering import edited
from bot.slack.live_message import LiveMessage
from bot.slack.messages import (
    Shown,
    decided_message,
    notice,
    outcome_message,
    progress_message,
)
from bot.slack.messages.rich import is_member
from bot.slack.mrkdwn import escape
from bot.state.reindexes import Reindex, Reindexes
from index.errors import IndexingError

logger = logging.getLogger(__name__)

# Who reindexes when articles changed and KNOWLEDGE_WATCH is set.
WATCH = "the watch on the articles"
RUNNING = "{who} began to index the articles {when}{far}. One at a time: please wait for it to end."
FAILED = "The articles could not be indexed, and the old index answers on: {reason}"
INTERRUPTED = (
    "The indexing was given up, because the bot stopped. The old index answers on. "
    "`/pmrole reindex` begins anew."
)
STALE = "That is decided already, or a newer index took its place. `/pmrole history` shows them."


@dataclass(frozen=True, slots=True)
class Wanted:
    """A reindex that is wanted.

    Attributes:
        team: The workspace of who wants it; empty for a program.
        user: Their id, or a word for a program.
        wait_s: How long to wait for another reindex to end.
    """

    team: str
    user: str
    wait_s: float = 0.0


Ended = Callable[[Outcome | None], None]
Whisper = Callable[[Shown], None]


class Reindexing:
    """Runs reindexes and tells of them. Safe between threads.

    Attributes:
        reindexer: What does the work.
    """

    def __init__(
        self,
        reindexer: Reindexer,
        rows: Reindexes,
        clients: Clients,
        auditor: Auditor,
        admin_channel: str | None,
        *,
        before: Callable[[], object] = lambda: None,
    ) -> None:
        """Begin with none running.

        Args:
            reindexer: What does the work.
            rows: Where reindexes are noted.
            clients: Slack, by workspace.
            auditor: Is told of them.
            admin_channel: Where those that nobody asked for are told of; None for nowhere.
            before: Makes the articles what they are to be, once the turn has come; where it raises,
                nothing is indexed.
        """
        self.reindexer, self._rows = reindexer, rows
        self._clients, self._auditor, self._admin_channel = clients, auditor, admin_channel
        self._before = before
        self._lock = threading.Lock()
        self._threads: set[threading.Thread] = set()

    def begin(
        self,
        client: WebClient,
        wanted: Wanted,
        whisper: Whisper,
        *,
        ended: Ended = lambda _outcome: None,
    ) -> None:
        """Reindex on a thread of its own; progress and outcome go to the person, directly.

        Args:
            client: Of the person's workspace.
            wanted: Who wants it, and how.
            whisper: Tells them at once that another reindex runs.
            ended: Told the outcome, None if there is none, on that thread.
        """
        message = LiveMessage(client, wanted.user)

        def work() -> None:
            outcome = self._work(wanted, message, whisper)
            if outcome is not None:
                self._note(client, wanted, outcome)
            ended(outcome)

        self._start(work)

    def begin_by_itself(self) -> bool:
        """Reindex because articles changed, on this thread; tell whether that was dealt with.

        Where ADMIN_CHANNEL is set, the message stands there.
        """
        give_way()
        busy: list[Shown] = []
        outcome = self._work(Wanted("", WATCH), self._in_admin_channel(), busy.append)
        if outcome is not None:
            logger.info("articles changed: %s", outcome.generation)
            if not outcome.published:
                logger.warning("a new index waits for a decision: /pmrole history")
        return not busy

    def decide(self, client: WebClient, team: str, user: str, row: int, *, publish: bool) -> Shown:
        """Publish what waits, or keep the old one; return what the person is to see.

        The message that asked for the decision tells of it from now on.
        """
        found = self._rows.find(row)
        try:
            act = self.reindexer.publish if publish else self.reindexer.keep_old
            outcome = act(row, user)
        except NotWaitingError:
            self._mark(client, found, notice(STALE))
            return notice(STALE)
        except ReindexRunningError as error:
            return running(error.holder)
        if found is None:
            return notice(STALE)
        did = "published an index that loses answers" if publish else "kept the old index"
        self._auditor.did(client, team, user, did, {"index": outcome.generation})
        shown = decided_message(found.user, outcome, user)
        self._mark(client, found, shown)
        return shown

    def recover(self) -> None:
        """Put in order what a dead process left, and tell where it was told of."""
        try:
            left = self.reindexer.recover()
        except ReindexRunningError:
            return  # another process is at it
        except (BotError, OSError, IndexingError) as error:
            logger.warning("what an earlier process left of a reindex stays: %s", error)
            return
        for one in left:
            if one.status == "running" and one.channel:
                self._mark(self._client_of(one), one, notice(INTERRUPTED))

    def recover_others(self) -> None:
        """Do what `recover` does, if another process died over a reindex; call it now and then.

        Raises:
            StateError: if the state database is away.
        """
        if self.reindexer.has_unfinished():
            self.recover()

    def close(self, within_s: float) -> None:
        """Let reindexes be given up, and wait for that."""
        self.reindexer.stop()
        end = time.monotonic() + within_s
        with self._lock:
            threads = tuple(self._threads)
        for one in threads:
            one.join(max(0.0, end - time.monotonic()))
        self.reindexer.close()

    @property
    def unfinished(self) -> int:
        """How many of this process's reindexes run."""
        with self._lock:
            return len(self._threads)

    def _start(self, work: Callable[[], None]) -> None:
        def run() -> None:
            give_way()
            try:
                work()
            except Exception:
                logger.exception("a reindex failed")
            finally:
                with self._lock:
                    self._threads.discard(threading.current_thread())

        thread = threading.Thread(target=run, name="reindex", daemon=True)
        with self._lock:
            self._threads.add(thread)
        thread.start()

    def _work(self, wanted: Wanted, message: LiveMessage, whisper: Whisper) -> Outcome | None:
        """Reindex, and tell of it in a message; None if nothing came of it."""
        rows: list[int] = []

        def began(row: int) -> None:
            rows.append(row)
            message.begin(progress_message(wanted.user, None))
            self._rows.tell_at(row, message.channel, message.ts)
            self._before()

        def tell(now: Progress) -> None:
            message.tell(partial(progress_message, wanted.user, now))

        outcome: Outcome | None = None
        try:
            outcome = self.reindexer.run(
                wanted.user,
                tell,
                began=began,
                team=wanted.team,
                wait_s=wanted.wait_s,
            )
            shown = outcome_message(rows[0], wanted.user, outcome)
        except ReindexRunningError as error:
            whisper(running(error.holder))
            return None
        except Exception as error:  # noqa: BLE001 - `_failed` logs it, and whoever waits is told
            shown = _failed(error)
        message.end(shown)
        for row in rows:
            self._rows.tell_at(row, message.channel, message.ts)
        return outcome

    def _note(self, client: WebClient, wanted: Wanted, outcome: Outcome) -> None:
        did = "reindexed the articles" if outcome.published else "built an index that waits"
        detail: dict[str, str | float] = {
            "index": outcome.generation,
            "articles": outcome.articles,
            "added": len(outcome.added),
            "changed": len(outcome.changed),
            "removed": len(outcome.removed),
            "lost answers": len(outcome.diff.lost) if outcome.diff else 0,
        }
        self._auditor.did(client, wanted.team, wanted.user, did, detail)

    def _in_admin_channel(self) -> LiveMessage:
        try:
            client = self._clients.for_team("") if self._admin_channel else None
        except BotError:
            client = None  # many workspaces, and nobody knows whose channel that is
        return LiveMessage(client, self._admin_channel or "")

    def _client_of(self, row: Reindex) -> WebClient | None:
        try:
            return self._clients.for_team(row.team)
        except BotError:
            return None

    def _mark(self, client: WebClient | None, row: Reindex | None, shown: Shown) -> None:
        """Let the message of a reindex say something else."""
        if client is None or row is None or not row.message_ts:
            return
        edited(client, row.channel, row.message_ts, shown)


def _failed(error: Exception) -> Shown:
    """Log what ended a reindex, and return what may be said of it."""
    if isinstance(error, StoppedError):
        return notice(INTERRUPTED)
    if isinstance(error, IndexingError | BotError | OSError):
        logger.warning("the articles could not be indexed: %s", error)
        return notice(FAILED.format(reason=escape(str(error))))
    logger.error("the articles could not be indexed", exc_info=error)
    return notice(FAILED.format(reason=type(error).__name__))


def running(holder: Holder | None) -> Shown:
    """Say who reindexes now, since when, and how far that has come."""
    if holder is None:
        return notice(RUNNING.format(who="Somebody", when="a moment ago", far=""))
    passed = max(0, round((time.time() - holder.since) / 60))
    when = "a moment ago" if passed == 0 else f"{passed} min ago"
    who = f"<@{holder.by}>" if is_member(holder.by) else escape(holder.by).capitalize()
    far = f", and is at {holder.step}, {holder.percent} %" if holder.step else ""
    return notice(RUNNING.format(who=who, when=when, far=far))
