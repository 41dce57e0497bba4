"""Takes up questions that were kept and not answered.

A process died over them, or Slack refused the answer for a while.
"""

import logging
import threading
from itertools import count

from bot.slack.desk import Desk
from bot.state.database import StateError
from bot.state.inbox import Inbox

logger = logging.getLogger(__name__)

EVERY_S = 1.0
# A quarter of the time after which another process may take a question over.
_RENEW_EVERY = 5
_LAST_LOOK_S = 1.0


class Recovery:
    """Looks into the inbox at intervals, on a thread of its own."""

    def __init__(self, inbox: Inbox, desk: Desk, *, every_s: float = EVERY_S) -> None:
        """Begin nothing yet.

        Args:
            inbox: Where questions wait.
            desk: Who answers them.
            every_s: Seconds between two looks; every fifth renews what this process works on.
        """
        self._inbox, self._desk, self._every_s = inbox, desk, every_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="recovery", daemon=True)

    def start(self) -> None:
        """Take up at once what an earlier process left, then go on at intervals."""
        self._thread.start()

    def close(self) -> None:
        """Stop looking, and give what is not answered to whoever comes next."""
        self._stop.set()
        self._thread.join(_LAST_LOOK_S)
        try:
            self._inbox.hand_back()
        except StateError as error:
            logger.error("questions could not be handed back: %s", error)  # noqa: TRY400 - the text says all

    def _run(self) -> None:
        for turn in count():
            try:
                self._look(renews=turn % _RENEW_EVERY == 0)
            except StateError as error:
                logger.warning("the inbox cannot be read: %s", error)
            except Exception:
                logger.exception("the inbox could not be worked off")
            if self._stop.wait(self._every_s):
                return

    def _look(self, *, renews: bool) -> None:
        if renews:
            self._inbox.renew()
        self._desk.catch_up()
        for receipt in self._inbox.due():
            self._desk.resume(receipt)
