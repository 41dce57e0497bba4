"""Takes up questions that were kept and not answered.

A process died over them, or Slack refused the answer for a while.
"""

import logging
from itertools import count

from bot.at_intervals import AtIntervals
from bot.slack.desk import Desk
from bot.state.database import StateError
from bot.state.inbox import Inbox

logger = logging.getLogger(__name__)

EVERY_S = 1.0
# A quarter of the time after which another process may take a question over.
_RENEW_EVERY = 5


class Recovery:
    """Looks into the inbox at intervals, on a thread of its own.

    Attributes:
        looks: That thread.
    """

    def __init__(self, inbox: Inbox, desk: Desk, *, every_s: float = EVERY_S) -> None:
        """Begin nothing yet.

        Args:
            inbox: Where questions wait.
            desk: Who answers them.
            every_s: Seconds between two looks; every fifth renews what this process works on.
        """
        self._inbox, self._desk = inbox, desk
        self._turns = count()
        self.looks = AtIntervals(
            self._look,
            every_s,
            name="recovery",
            failed="the inbox could not be worked off",
            expected=(StateError,),
        )

    def start(self) -> None:
        """Take up at once what an earlier process left, then go on at intervals."""
        self.looks.start()

    def close(self) -> None:
        """Stop looking, and give what is not answered to whoever comes next."""
        self.looks.close()
        try:
            self._inbox.hand_back()
        except StateError as error:
            logger.error("questions could not be handed back: %s", error)  # noqa: TRY400 - the text says all

    def _look(self) -> None:
        if next(self._turns) % _RENEW_EVERY == 0:
            self._inbox.renew()
        self._desk.catch_up()
        for receipt in self._inbox.due():
            self._desk.resume(receipt)
