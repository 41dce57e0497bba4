"""Small work that a click asks for at once, on threads of its own.

A view must be opened within three seconds of its click, so it does not queue behind questions.
"""

import logging
import secrets
from collections.abc import Callable
from functools import partial
from http.client import HTTPException

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from bot.slack.clicks import Click
from bot.slack.clients import Clients
from bot.slack.delivering import whisper
from bot.slack.messages import Shown, notice
from bot.slack.refusals import UndeliveredError
from bot.slack.work import Work

logger = logging.getLogger(__name__)

FAILED = "Something went wrong, and it is in the log (reference {reference})."
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
        reference = secrets.token_hex(4)
        try:
            gesture(self._clients.for_team(click.team))
        except Exception:
            logger.exception("%s: a click failed", reference)
            if aloud:
                self._tell(click, notice(FAILED.format(reference=reference)))

    def _tell(self, click: Click, shown: Shown) -> None:
        try:
            client = self._clients.for_team(click.team)
            whisper(client, click.user, click.response_url, shown, thread=click.open_thread)
        except (SlackClientError, UndeliveredError, OSError, HTTPException) as error:
            logger.error("a person could not be told: %s", type(error).__name__)  # noqa: TRY400 - logged by the caller


def _nothing() -> None:
    """Nobody asked for it."""
