"""Events first, answers second: who answers waits while events wait to be acknowledged.

All threads of a process share one interpreter. When a crowd asks at once, those that answer would
otherwise take it away from those that tell Slack that the question arrived.
"""

import threading
import time

# A crowd's events come with gaps between them: an answer begins when there was none for so long.
_QUIET_S = 0.01
# Under a stream of events that never ends, an answer waits no longer than this.
_PATIENCE_S = 0.25


class Hearing:
    """Counts what came from Slack and is not acknowledged yet. Safe between threads."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._changed = threading.Condition()
        self._count = self._came = 0

    def begin(self) -> None:
        """Note that something came."""
        with self._changed:
            self._count += 1
            self._came += 1

    def end(self) -> None:
        """Note that it is acknowledged, or never will be."""
        with self._changed:
            self._count -= 1
            if not self._count:
                self._changed.notify_all()

    def let_pass(self) -> None:
        """Return once all that came is acknowledged, or after a quarter of a second."""
        end = time.monotonic() + _PATIENCE_S
        with self._changed:
            while (left := end - time.monotonic()) > 0:
                if self._count:
                    self._changed.wait(left)
                    continue
                came = self._came
                self._changed.wait(_QUIET_S)
                if came == self._came:
                    return
