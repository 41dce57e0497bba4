"""Tells people, once, that the articles answer by now what they asked.

Each is told at most once, whatever fails and however many bots run: the row is taken before the
message is sent, and given back only where Slack says that it took no message. Where its answer is
lost, or the process dies between the two, the person is not told.
"""

import logging
from urllib.error import URLError

from slack_sdk.errors import SlackApiError

from bot.at_intervals import AtIntervals
from bot.domain import Answer, Exchange
from bot.errors import BotError
from bot.insights.pinned import PinnedAnswers
from bot.insights.telling import Due, Telling
from bot.slack.asked import Asked, Surface
from bot.slack.clients import Clients, NotInstalledError
from bot.slack.delivering import post
from bot.slack.keeping import Keeper
from bot.slack.messages import Controls, Shown, known_now, render
from bot.slack.refusals import UNREACHABLE, PassingError, refusal_of
from bot.state.answers import new_id
from bot.state.database import StateError
from bot.state.waiting import Waiter, Waiting
from index.errors import EncoderBusyError, IndexingError

logger = logging.getLogger(__name__)

EVERY_S = 5.0
_RATE_LIMITED = frozenset({"ratelimited", "rate_limited"})


class Teller:
    """Looks for answers to what people wait for, at intervals, on a thread of its own.

    It also ends pins whose articles changed, as soon as another generation is published.
    """

    def __init__(
        self,
        telling: Telling,
        pinned: PinnedAnswers,
        waiting: Waiting,
        keeper: Keeper,
        clients: Clients,
    ) -> None:
        """Begin nothing yet.

        Args:
            telling: Knows who is to be told what.
            pinned: Knows which pins have to end.
            waiting: Who waits.
            keeper: Keeps the answers, for their buttons.
            clients: Slack, by workspace.
        """
        self._telling, self._pinned, self._waiting = telling, pinned, waiting
        self._keeper, self._clients = keeper, clients
        self._looks = AtIntervals(
            self.look,
            EVERY_S,
            name="telling",
            failed="nobody could be told",
            expected=(StateError, EncoderBusyError, IndexingError),
        )

    def start(self) -> None:
        """Look at once, then at intervals."""
        self._looks.start()

    def close(self) -> None:
        """Look no more."""
        self._looks.close()

    def look(self) -> None:
        """Tell whoever can be told now.

        Raises:
            StateError: if the database cannot be used.
            EncoderBusyError: if too many questions are being answered.
            IndexingError: if the published generation cannot be read.
        """
        for ended in self._pinned.end_changed():
            logger.info("pin %d ended: %s", ended.pin.id, ended.why)
        for due in self._telling.due():
            if self._looks.is_over:
                return
            self._tell(due)

    def _tell(self, due: Due) -> None:
        waiter = due.waiter
        try:
            client = self._clients.for_team(waiter.team)
        except NotInstalledError as error:
            logger.warning("%s: %s", waiter.reference, error)
            return
        if not self._waiting.claim(waiter.id):
            return  # another process tells them
        answer_id = new_id()
        shown = _message(due, answer_id)
        try:
            posted = post(client, waiter.user, shown, question=f"told {waiter.id}")
        except UNREACHABLE as error:
            self._failed(waiter, error)
            return
        logger.info("%s: the asker was told", waiter.reference)
        self._note(due, shown, answer_id, posted)

    def _failed(self, waiter: Waiter, error: Exception) -> None:
        refused = refusal_of(error)
        if isinstance(refused, PassingError) and _was_not_taken(error):
            logger.warning("%s: the asker is told later: %s", waiter.reference, refused)
            self._waiting.release(waiter.id)
            self._telling.again(waiter)
            return
        logger.error(
            "%s: the asker was perhaps not told, and is not told again: %s",
            waiter.reference,
            refused,
        )
        self._waiting.forget(waiter.id)

    def _note(self, due: Due, shown: Shown, answer_id: str, posted: tuple[str, str]) -> None:
        """Delete what is kept of the person's wish, and keep the answer for its buttons."""
        channel, message_ts = posted
        try:
            self._waiting.forget(due.waiter.id)
            self._keeper.keep(
                _asked(due.waiter, channel), due.exchange, shown, answer_id, message_ts
            )
        except BotError:
            # They were told; the row is taken, so nobody tells them again.
            logger.exception("%s: that the asker was told could not be noted", due.waiter.reference)


def _was_not_taken(error: Exception) -> bool:
    """Tell whether Slack surely did not take a message: it says so, or was never reached."""
    if isinstance(error, SlackApiError):
        response = error.response
        code = response.get("error", "") if isinstance(response.data, dict) else ""
        return response.status_code == 429 or code in _RATE_LIMITED
    # urllib raises URLError until a request is sent, and bare errors from then on.
    return isinstance(error, URLError)


def _message(due: Due, answer_id: str) -> Shown:
    reply = due.exchange.reply
    controls = Controls(answer_id, compare=isinstance(reply, Answer) and _one_title(due.exchange))
    shown = render(reply, controls)
    return Shown(shown.text, [*known_now(due.waiter.text), *shown.blocks])


def _one_title(exchange: Exchange) -> bool:
    return len(exchange.reply.question.titles) == 1


def _asked(waiter: Waiter, channel: str) -> Asked:
    return Asked(
        surface=Surface.DIRECT,
        team=waiter.team,
        user=waiter.user,
        text=waiter.text,
        channel=channel,
        reference=waiter.reference,
    )
