"""A bounded queue and the threads that work on it.

Bolt acknowledges commands from its own few threads; six busy listeners would make the seventh miss
Slack's three seconds. So listeners only queue, and these threads answer. What is queued is in the
inbox too: what these threads do not get to is not lost.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable
from enum import Enum, auto

logger = logging.getLogger(__name__)

THREADS = 8
WAITING = 256
_NOTICES = 64

Task = Callable[[], None]
_Queue = queue.Queue[Task | None]


class Given(Enum):
    """What becomes of a task: it runs, its refusal runs, or neither does."""

    QUEUED = auto()
    REFUSED = auto()
    NEITHER = auto()
    CLOSED = auto()


class Work:
    """Runs tasks on its own threads, and has one to spare for telling that the queue is full."""

    def __init__(
        self, *, threads: int = THREADS, waiting: int = WAITING, before_each: Task | None = None
    ) -> None:
        """Start the threads.

        Args:
            threads: Tasks at once. A task mostly waits for Slack, so more than there are cores.
            waiting: Tasks that may wait; one more is refused.
            before_each: Called by a thread before it begins a task; may hold it up.
        """
        self._tasks: _Queue = queue.Queue(waiting)
        self._notices: _Queue = queue.Queue(_NOTICES)
        self._threads = threads
        self._closed = False
        self._lock = threading.Lock()
        for number in range(threads):
            _start(self._tasks, f"answer-{number}", before_each)
        _start(self._notices, "notice", None)

    def give(self, task: Task, *, refused: Task) -> Given:
        """Queue a task and return at once; tell what becomes of it.

        Args:
            task: Runs as soon as a thread is free.
            refused: Runs instead if too many tasks wait, unless too many refusals wait too. After
                `close` neither runs: the question stays in the inbox for the next process.
        """
        with self._lock:
            if self._closed:
                return Given.CLOSED
            if not self._tasks.full():
                self._tasks.put_nowait(task)
                return Given.QUEUED
            if not self._notices.full():
                self._notices.put_nowait(refused)
                return Given.REFUSED
            return Given.NEITHER

    def close(self, within_s: float) -> bool:
        """Take no new tasks and finish those that wait; tell whether all were in time.

        What has not begun by then never begins, so that another process may take it up.
        """
        with self._lock:
            already, self._closed = self._closed, True
        end = time.monotonic() + within_s
        while self._tasks.unfinished_tasks or self._notices.unfinished_tasks:
            if time.monotonic() > end:
                logger.warning("stopped before %d questions were answered", self.unfinished)
                _empty(self._tasks)
                return False
            time.sleep(0.01)
        for queued, threads in ((self._tasks, self._threads), (self._notices, 1)):
            for _ in range(0 if already else threads):
                queued.put(None)
        return True

    @property
    def unfinished(self) -> int:
        """The number of tasks that wait or run."""
        return self._tasks.unfinished_tasks


def _empty(tasks: _Queue) -> None:
    while True:
        try:
            tasks.get_nowait()
        except queue.Empty:
            return
        tasks.task_done()


def _start(tasks: _Queue, name: str, before_each: Task | None) -> None:
    # Daemons: a task that hangs must not keep the process from ending.
    threading.Thread(target=_run, args=(tasks, before_each), name=name, daemon=True).start()


def _run(tasks: _Queue, before_each: Task | None) -> None:
    while True:
        task = tasks.get()
        try:
            if task is None:
                return
            if before_each is not None:
                before_each()
            task()
        except Exception:
            logger.exception("a task failed and told nobody")
        finally:
            tasks.task_done()
        del task  # what it holds may go while the next one is awaited
