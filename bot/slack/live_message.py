"""A message that follows something that takes minutes, by being edited."""

import logging
import threading
from collections.abc import Callable

from slack_sdk import WebClient

from bot.slack.delivering import edited, post
from bot.slack.messages import Shown
from bot.slack.refusals import UNREACHABLE

logger = logging.getLogger(__name__)

# Slack takes fifty edits a minute; nobody reads faster.
EVERY_S = 2.0

Render = Callable[[], Shown]


class LiveMessage:
    """A message that is edited from a thread of its own. Never raises what Slack does.

    Where it cannot be posted or edited, what it tells of goes on, and the end is posted anew.
    """

    def __init__(self, client: WebClient | None, channel: str, *, every_s: float = EVERY_S) -> None:
        """Post nothing yet.

        Args:
            client: Of the workspace; None if there is nobody to be told.
            channel: Where it is to stand; a person's id for a direct message.
            every_s: The least time between two edits.
        """
        self._client, self._every_s = client, every_s
        self.channel, self.ts = channel, ""
        self._latest: Render | None = None
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="progress", daemon=True)

    def begin(self, shown: Shown) -> None:
        """Post the message and follow from now on what `tell` gives."""
        self._post(shown)
        if self.ts:
            self._thread.start()

    def tell(self, latest: Render) -> None:
        """Show this at the next edit; returns at once, and of several the last one counts."""
        self._latest = latest

    def end(self, shown: Shown) -> None:
        """Show the end: in the message if it is there, or else in another one."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()  # an edit on its way must not come after this one
        if not self._edit(shown):
            self._post(shown)

    def _follow(self) -> None:
        while not self._over.wait(self._every_s):
            latest, self._latest = self._latest, None
            if latest is not None:
                self._edit(latest())

    def _edit(self, shown: Shown) -> bool:
        if self._client is None or not self.ts:
            return False
        return edited(self._client, self.channel, self.ts, shown)

    def _post(self, shown: Shown) -> None:
        if self._client is None:
            return
        try:
            self.channel, self.ts = post(self._client, self.channel, shown)
        except UNREACHABLE as error:
            logger.warning("a message was not posted: %s", type(error).__name__)
