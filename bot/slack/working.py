"""Slack's "is working" line under a question that takes longer than a moment.

Most answers are there before the line could be drawn, and a line set after the answer would stay
for two minutes. So it is set only once a question has waited, never after the answer went out, and
taken away again.
"""

import logging
import threading
from types import TracebackType
from typing import Self

from slack_sdk import WebClient

from bot.slack.asked import Asked, Surface
from bot.slack.refusals import UNREACHABLE

logger = logging.getLogger(__name__)

PATIENCE_S = 0.7
_STATUS = "is looking through the articles..."


class Working:
    """Shows the line while its block runs, if that takes long. Never raises what Slack does."""

    def __init__(self, client: WebClient, asked: Asked, *, waited_s: float = 0.0) -> None:
        """Begin nothing yet.

        Args:
            client: Of the asker's workspace.
            asked: The question; only one that is a message can have the line.
            waited_s: How long it has waited already.
        """
        self._client, self._asked = client, asked
        self._lock = threading.Lock()
        self._shown = self._over = False
        self._timer = threading.Timer(max(0.0, PATIENCE_S - waited_s), self._show)
        self._timer.name, self._timer.daemon = "working", True

    def __enter__(self) -> Self:
        """Start waiting."""
        asked = self._asked
        # Where nobody called the bot it may yet stay silent.
        if asked.message_ts and not asked.response_url and asked.surface is not Surface.AUTO:
            self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take the line away, if it was shown."""
        self._timer.cancel()
        with self._lock:
            self._over = True
            if self._shown:
                self._set("")

    def _show(self) -> None:
        with self._lock:
            if not self._over:
                self._shown = True
                self._set(_STATUS)

    def _set(self, status: str) -> None:
        root = self._asked.root or self._asked.message_ts
        try:
            self._client.assistant_threads_setStatus(
                channel_id=self._asked.channel, thread_ts=root, status=status
            )
        except UNREACHABLE as error:
            logger.debug("%s: no status: %s", self._asked.reference, type(error).__name__)
