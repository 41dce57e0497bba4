"""Small work that a click asks for at once, on threads of its own.

A view must be opened within three seconds of its click, so it does not queue behind questions.
"""

import logging
from collections.abc import Callable
from functools import partial

from slack_sdk import WebClient

from bot.errors import BotError
from bot.slack.asked import new_reference
from bot.slack.clicks import Click
from bot.slack.clients import Clients
from bot.slack.delivering import tell
from bot.slack.messages import FAILED, Shown, notice
from bot.slack.refusals import UNREACHABLE, UndeliveredError
from bot.slack.work import Work

logger = logging.getLogger(__name__)

CROWDED = "Many people are clicking at this moment. Please try again in a minute."

Gesture = Callable[[WebClient], None]


class Gestures:
    """Does what clicks ask for. Safe between threads."""

    def __init__(self, clients: Clients, work: Work) -> None:
        """Work on the threads of a queue; whoever made it closes it."""
        self._clients, self._work = clients, work

    def do(self, click: Click, gesture: Gesture, *, aloud: bool = True) -> None:
        """Queue a gesture and return at once.

        Args:
            click: Who did what.
            gesture: What it asks for.
            aloud: Whether the person is told if it fails: not where they asked for nothing.
        """
        refused = partial(self._tell, click, notice(CROWDED)) if aloud else _nothing
        self._work.give(partial(self._do, click, gesture, aloud=aloud), refused=refused)

    def _do(self, click: Click, gesture: Gesture, *, aloud: bool) -> None:
        reference = new_reference()
        try:
            gesture(self._clients.for_team(click.team))
        except Exception:
            logger.exception("%s: a click failed", reference)
            if aloud:
                self._tell(click, notice(FAILED.format(reference=reference)))

    def _tell(self, click: Click, shown: Shown) -> None:
        try:
            tell(self._clients.for_team(click.team), click, shown)
        except (*UNREACHABLE, UndeliveredError, BotError) as error:
            logger.error("a person could not be told: %s", type(error).__name__)  # noqa: TRY400 - logged by the caller


def _nothing() -> None:
    """Nobody asked for it."""
