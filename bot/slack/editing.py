"""What becomes of an answer when its question is edited or deleted."""

import logging
import threading
import time
from collections import OrderedDict

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.errors import BotError
from bot.slack.clients import Clients
from bot.slack.refusals import UNREACHABLE, UndeliveredError
from bot.slack.responding import Responder
from bot.state.answers import KeptAnswer
from bot.state.store import State

logger = logging.getLogger(__name__)

# An answer changes with its question for so long; later others may have read and quoted it.
EDITABLE_S = 60.0
# How long an edit waits for the first answer, which it then replaces.
_PATIENCE_S, _PAUSE_S = 20.0, 0.1
# Messages whose last edit is remembered: more than are edited within the time an edit may wait.
_EDITED = 1000


class Editor:
    """Keeps answers in step with their questions. Safe between threads."""

    def __init__(self, responder: Responder, state: State, clients: Clients) -> None:
        """Let a responder answer again."""
        self._responder, self._state, self._clients = responder, state, clients
        self._latest: OrderedDict[tuple[str, str, str], float] = OrderedDict()
        self._one_by_one = threading.Lock()

    def edit(self, team: str, channel: str, question_ts: str, text: str, edited: float) -> None:
        """Answer a question anew in the place of its answer.

        Args:
            team: The workspace's id.
            channel: The channel's id.
            question_ts: The message that asks.
            text: What it says now, without mark-up.
            edited: When it was edited; of two edits the later one counts.
        """
        kept = self._answer_to(team, channel, question_ts)
        if kept is None or not text.strip():
            return
        with self._one_by_one:
            kept = self._state.answers.find(kept.id)
            if kept is None or kept.text == text:
                return
            if not self._is_latest((team, channel, question_ts), edited):
                return
            try:
                self._responder.amend(self._clients.for_team(team), kept, text)
            except (*UNREACHABLE, UndeliveredError, BotError) as error:
                logger.warning("%s: the edit was not answered: %s", kept.reference, _named(error))
            except Exception:
                logger.exception("%s: the edit failed", kept.reference)

    def delete(self, team: str, channel: str, question_ts: str) -> None:
        """Delete the answer to a deleted question, unless somebody has replied to it."""
        kept = self._answer_to(team, channel, question_ts)
        if kept is None:
            return
        try:
            client = self._clients.for_team(team)
            if not _was_replied_to(client, kept):
                client.chat_delete(channel=channel, ts=kept.message_ts)
                self._state.answers.forget(kept.id)
        except (*UNREACHABLE, BotError) as error:
            logger.warning("%s: its answer was not deleted: %s", kept.reference, _named(error))

    def _is_latest(self, message: tuple[str, str, str], edited: float) -> bool:
        """Note an edit; tell whether no later one was noted before."""
        if edited < self._latest.get(message, 0.0):
            return False
        self._latest[message] = edited
        if len(self._latest) > _EDITED:
            self._latest.popitem(last=False)
        return True

    def _answer_to(self, team: str, channel: str, question_ts: str) -> KeptAnswer | None:
        """Return the answer that stands in Slack, once it does; None if there is none to come."""
        end = time.monotonic() + _PATIENCE_S
        while self._state.inbox.is_waiting(channel, question_ts) and time.monotonic() < end:
            time.sleep(_PAUSE_S)
        kept = self._state.answers.of_question(team, channel, question_ts)
        return kept if kept and kept.message_ts else None


def _was_replied_to(client: WebClient, kept: KeptAnswer) -> bool:
    root = kept.root or kept.message_ts
    found = client.conversations_replies(channel=kept.channel, ts=root, oldest=kept.message_ts)
    return any(
        one["ts"] > kept.message_ts and not one.get("bot_id") for one in found.get("messages") or []
    )


def _named(error: Exception) -> str:
    """Return what may be logged of an error: what Slack or the bot itself says, or the kind."""
    if isinstance(error, SlackApiError):
        return str(error.response.get("error"))
    return str(error) if isinstance(error, UndeliveredError | BotError) else type(error).__name__
