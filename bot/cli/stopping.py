"""SIGTERM or Ctrl-C, waited for."""

import queue
import signal
from contextlib import suppress

_SIGNALS = (signal.SIGTERM, signal.SIGINT)
# A signal does not wake the main thread if it comes just before it begins to wait, or if the system
# hands it to another thread: CPython looks for signals between waits only.
_LOOK_EVERY_S = 0.5


class StopSignal:
    """What ends a process that answers. For the main thread only."""

    def __init__(self) -> None:
        """Let SIGTERM end the process as Ctrl-C does, while there is nothing to finish."""
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        # A queue whose `put` may interrupt its own `get`; an Event's `set` may not.
        self._heard: queue.SimpleQueue[int] = queue.SimpleQueue()

    def listen(self) -> None:
        """From now on a signal ends `wait` instead of the process."""
        for one in _SIGNALS:
            signal.signal(one, lambda number, _frame: self._heard.put(number))

    def wait(self) -> None:
        """Return once a signal came, at most half a second later."""
        while True:
            with suppress(queue.Empty):
                self._heard.get(timeout=_LOOK_EVERY_S)
                return

    def close(self) -> None:
        """From now on a signal ends the process at once."""
        for one in _SIGNALS:
            signal.signal(one, signal.SIG_DFL)
