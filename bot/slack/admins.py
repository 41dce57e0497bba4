"""Who may change what the bot does: admins and owners of the workspace, and those named."""

import logging
import time
from collections.abc import Callable, Collection
from http.client import HTTPException

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from bot.slack.clicks import Click
from bot.slack.delivering import whisper
from bot.slack.gestures import Gesture
from bot.slack.messages import notice

logger = logging.getLogger(__name__)

# Slack allows `users.info` about a hundred times a minute, and people rarely become admins.
_REMEMBERED_S = 300.0
ADMINS_ONLY = "Only admins of this workspace may do that."


class Admins:
    """Knows admins. Safe between threads."""

    def __init__(
        self, named: Collection[str] = (), *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Know those whom the settings name.

        Args:
            named: Ids of people who are admins whatever Slack says.
            clock: Seconds that only go up.
        """
        self._named, self._clock = frozenset(named), clock
        self._known: dict[tuple[str, str], tuple[float, bool]] = {}

    def is_admin(self, client: WebClient, team: str, user: str) -> bool:
        """Tell whether a person is one; nobody is while Slack does not say."""
        if user in self._named:
            return True
        asked_at, known = self._known.get((team, user), (float("-inf"), False))
        now = self._clock()
        if now - asked_at < _REMEMBERED_S:
            return known
        try:
            person = client.users_info(user=user).get("user") or {}
        except (SlackClientError, OSError, HTTPException) as error:
            logger.warning("Slack does not say who is an admin: %s", type(error).__name__)
            return False
        known = any(person.get(one) for one in ("is_admin", "is_owner", "is_primary_owner"))
        self._known[team, user] = now, known
        return known

    def only(self, click: Click, gesture: Gesture) -> Gesture:
        """Return a gesture that does what admins may do, and tells others that they may not."""

        def guarded(client: WebClient) -> None:
            if self.is_admin(client, click.team, click.user):
                gesture(client)
            else:
                refused = notice(ADMINS_ONLY)
                whisper(client, click.user, click.response_url, refused, thread=click.open_thread)

        return guarded
