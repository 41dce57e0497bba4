"""Who may change what the bot does: admins and owners of the workspace, and those named."""

import logging
import time
from collections.abc import Callable, Collection
from enum import Enum, auto

from slack_sdk import WebClient

from bot.slack.clicks import Click
from bot.slack.delivering import tell
from bot.slack.gestures import Gesture
from bot.slack.messages import notice
from bot.slack.refusals import UNREACHABLE

logger = logging.getLogger(__name__)

# Slack allows `users.info` about a hundred times a minute, and people rarely become admins.
_REMEMBERED_S = 300.0
ADMINS_ONLY = "Only admins of this workspace may do that."
NAMED_ONLY = (
    "Several workspaces share me, so only people whom ADMIN_USERS names may do that. Whoever runs "
    "PM Role can add you there."
)


class Reach(Enum):
    """What an act changes or shows.

    Attributes:
        WORKSPACE: Only what belongs to the workspace: its channels, its approved answers.
        EVERYTHING: What workspaces share: the articles, their index, figures, people's questions.
    """

    WORKSPACE = auto()
    EVERYTHING = auto()


class Admins:
    """Knows admins. Safe between threads."""

    def __init__(
        self,
        named: Collection[str] = (),
        *,
        shared: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Know those whom the settings name.

        Args:
            named: Ids of people who are admins whatever Slack says.
            shared: Whether several workspaces can install the bot. To what they share, an admin of
                one is a stranger, so there only those who are named count.
            clock: Seconds that only go up.
        """
        self._named, self._shared, self._clock = frozenset(named), shared, clock
        self._known: dict[tuple[str, str], tuple[float, bool]] = {}

    def may(self, client: WebClient, click: Click, reach: Reach) -> bool:
        """Tell whether a person may do what reaches so far; nobody may while Slack does not say."""
        if click.user in self._named:
            return True
        if self._shared and reach is Reach.EVERYTHING:
            return False
        return self._is_admin(client, click.team, click.user)

    def refusal(self, reach: Reach) -> str:
        """Return what others are told."""
        return NAMED_ONLY if self._shared and reach is Reach.EVERYTHING else ADMINS_ONLY

    def only(self, click: Click, gesture: Gesture, reach: Reach = Reach.WORKSPACE) -> Gesture:
        """Return a gesture that does what admins may do, and tells others that they may not."""

        def guarded(client: WebClient) -> None:
            if self.may(client, click, reach):
                gesture(client)
            else:
                tell(client, click, notice(self.refusal(reach)))

        return guarded

    def _is_admin(self, client: WebClient, team: str, user: str) -> bool:
        asked_at, known = self._known.get((team, user), (float("-inf"), False))
        now = self._clock()
        if now - asked_at < _REMEMBERED_S:
            return known
        try:
            person = client.users_info(user=user).get("user") or {}
        except UNREACHABLE as error:
            logger.warning("Slack does not say who is an admin: %s", type(error).__name__)
            return False
        known = any(person.get(one) for one in ("is_admin", "is_owner", "is_primary_owner"))
        self._known[team, user] = now, known
        return known
