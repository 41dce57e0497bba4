"""A bounded queue and the threads that work on it.

Bolt acknowledges commands from its own few threads; six busy listeners would make the seventh miss
Slack's three seconds. So listeners only queue, and these threads answer.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable

logger = logging.getLogger(__name__)

THREADS = 8
WAITING = 256
_NOTICES = 64

Task = Callable[[], None]
_Queue = queue.Queue[Task | None]


class Work:
    """Runs tasks on its own threads, and has one to spare for telling that the queue is full."""

    def __init__(self, *, threads: int = THREADS, waiting: int = WAITING) -> None:
        """Start the threads.

        Args:
            threads: Tasks at once. A task mostly waits for Slack, so more than there are cores.
            waiting: Tasks that may wait; one more is refused.
        """
        self._tasks: _Queue = queue.Queue(waiting)
        self._notices: _Queue = queue.Queue(_NOTICES)
        self._threads = threads
        self._closed = self._ended = False
        self._lock = threading.Lock()
        for number in range(threads):
            _start(self._tasks, f"answer-{number}")
        _start(self._notices, "notice")

    def give(self, task: Task, *, refused: Task) -> bool:
        """Queue a task and return at once; tell whether it was taken.

        Args:
            task: Runs as soon as a thread is free.
            refused: Runs instead if too many tasks wait or the queue was closed.
        """
        with self._lock:
            if not self._closed and not self._tasks.full():
                self._tasks.put_nowait(task)
                return True
            if self._ended or self._notices.full():
                logger.warning("a question was refused, and the asker cannot be told")
            else:
                self._notices.put_nowait(refused)
            return False

    def close(self, within_s: float) -> bool:
        """Refuse new tasks and finish those that wait; tell whether all were in time."""
        with self._lock:
            self._closed = True
        end = time.monotonic() + within_s
        while self._tasks.unfinished_tasks or self._notices.unfinished_tasks:
            if time.monotonic() > end:
                logger.warning("stopped before %d questions were answered", self.unfinished)
                return False
            time.sleep(0.01)
        with self._lock:
            already, self._ended = self._ended, True
        for queued, threads in ((self._tasks, self._threads), (self._notices, 1)):
            for _ in range(0 if already else threads):
                queued.put(None)
        return True

    @property
    def unfinished(self) -> int:
        """The number of tasks that wait or run."""
        return self._tasks.unfinished_tasks


def _start(tasks: _Queue, name: str) -> None:
    # Daemons: a task that hangs must not keep the process from ending.
    threading.Thread(target=_run, args=(tasks,), name=name, daemon=True).start()


def _run(tasks: _Queue) -> None:
    while True:
        task = tasks.get()
        try:
            if task is None:
                return
            task()
        except Exception:
            logger.exception("a task failed and told nobody")
        finally:
            tasks.task_done()
        del task  # what it holds may go while the next one is awaited
