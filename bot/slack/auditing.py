"""What admins do is written down, and told where the settings say."""

import logging
from collections.abc import Mapping

from slack_sdk import WebClient

from bot.slack.delivering import post
from bot.slack.messages import admin_act
from bot.slack.refusals import UNREACHABLE
from bot.state.audit import Audit
from bot.state.database import StateError

logger = logging.getLogger(__name__)


class Auditor:
    """Keeps the acts of admins. Safe between threads."""

    def __init__(self, audit: Audit, channel: str | None) -> None:
        """Write into the audit table, and post into a channel if there is one."""
        self._audit, self._channel = audit, channel

    def did(
        self,
        client: WebClient,
        team: str,
        user: str,
        act: str,
        detail: Mapping[str, str | float] | None = None,
    ) -> None:
        """Keep what an admin did; what cannot be kept or told is in the log, and undoes nothing.

        Args:
            client: Of the workspace.
            team: The workspace's id.
            user: The admin's id.
            act: What they did, in words that follow a name: "rolled the index back".
            detail: To what, by name; no secret, and nobody's question.
        """
        named = dict(detail or {})
        try:
            self._audit.note(team, user, act, **named)
        except StateError as error:
            logger.error("%s %s, which was not written down: %s", user, act, error)  # noqa: TRY400 - the text says all
        if not self._channel:
            return
        try:
            post(client, self._channel, admin_act(user, act, named))
        except UNREACHABLE as error:
            logger.warning("ADMIN_CHANNEL was not told: %s", type(error).__name__)
