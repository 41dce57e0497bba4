"""Work done beside one's own where a core has nothing to do."""

import functools
import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")

# For `sys.setswitchinterval`, in a process that answers. Who acknowledges waits so long for one who
# answers, and helpers for each other, a few times for each event. Python's own is 5 ms, with which
# retrieval at a million passages takes a fifth longer (p95).
SWITCH_S = 0.001


class Helpers:
    """Threads that take a piece of work if one of them is free, and else leave it to the caller.

    So a lone question is answered sooner, and among many none waits for a helper.
    """

    def __init__(self, count: int) -> None:
        """Keep this many threads, each started when it is first needed; 0 or more."""
        self._free = threading.Semaphore(count)
        self._pool = ThreadPoolExecutor(max(1, count), thread_name_prefix="helper")

    def begin(self, work: Callable[[], T]) -> Callable[[], T]:
        """Begin a piece of work; what comes back gives its result, or raises what it raised."""
        if not self._free.acquire(blocking=False):
            return work
        future: Future[T] = self._pool.submit(work)
        future.add_done_callback(lambda _done: self._free.release())
        return future.result


@functools.cache
def helpers() -> Helpers:
    """Return the helpers of this process: one core stays with whoever asks."""
    return Helpers((os.cpu_count() or 1) - 1)
