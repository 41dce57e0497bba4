"""Something that is done every few seconds, on a thread of its own."""

import logging
import threading
from collections.abc import Callable

logger = logging.getLogger(__name__)

# Who closes waits so long for what is being done at that moment.
_LAST_TIME_S = 1.0


class AtIntervals:
    """Does one thing again and again, whatever it raises."""

    def __init__(
        self,
        act: Callable[[], None],
        every_s: float,
        *,
        name: str,
        failed: str,
        expected: tuple[type[Exception], ...] = (),
    ) -> None:
        """Begin nothing yet.

        Args:
            act: What is done.
            every_s: Seconds from the end of one time to the next.
            name: The thread's.
            failed: What it means that `act` raised, in words for the log.
            expected: Errors whose text says all; of others the log has the traceback.
        """
        self.every_s = every_s
        self._act, self._failed, self._expected = act, failed, expected
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    @property
    def is_over(self) -> bool:
        """Whether it was told to stop, so that what is long can end early."""
        return self._stop.is_set()

    def start(self) -> None:
        """Do it at once, then at intervals."""
        self._thread.start()

    def stop(self) -> None:
        """Do it no more; what is being done is not waited for."""
        self._stop.set()

    def close(self) -> None:
        """Do it no more; what is being done is waited for, a second at most."""
        self.stop()
        if self._thread.is_alive():
            self._thread.join(_LAST_TIME_S)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._act()
            except self._expected as error:
                logger.warning("%s: %s", self._failed, error)
            except Exception:
                logger.exception("%s", self._failed)
            self._stop.wait(self.every_s)
