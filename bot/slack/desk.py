"""Questions from every surface: kept, queued, answered once.

`take` runs before Slack is told that an event arrived, so what is acknowledged is kept. The rest
runs on the threads of `Work`. A question leaves the inbox only when its answer is in Slack.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial

from bot.errors import BotError
from bot.operating.log import about
from bot.operating.metrics import Metrics
from bot.slack.asked import Asked, Surface
from bot.slack.clients import Clients, NotInstalledError
from bot.slack.delivering import deliver_anyhow, own_answer
from bot.slack.messages import FAILED, notice
from bot.slack.refusals import PassingError, UndeliveredError
from bot.slack.responding import Responder
from bot.slack.work import Given, Work
from bot.state.database import StateError
from bot.state.inbox import Receipt
from bot.state.store import State
from index.errors import EncoderBusyError, StoreUnavailableError

logger = logging.getLogger(__name__)

BUSY = "Many people are asking at this moment. Please ask again in a minute."
# When to try again what Slack did not take; after the last one the question is given up.
RETRIES_S = (2.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0)
# When to answer what neither could be queued nor refused.
_CROWDED_S = 30.0


class Desk:
    """Takes questions from every surface. Safe between threads."""

    def __init__(
        self, responder: Responder, state: State, clients: Clients, work: Work, metrics: Metrics
    ) -> None:
        """Let a responder answer on the threads of a queue.

        Args:
            responder: What answers.
            state: Holds the inbox.
            clients: Slack, by workspace.
            work: The threads; whoever made them closes them.
            metrics: Counts what becomes of questions.
        """
        self._responder, self._inbox, self._metrics = responder, state.inbox, metrics
        self._clients, self._work = clients, work
        # Answered, but the inbox could not be told: they must not be answered again.
        self._settled: set[int] = set()
        # Perhaps shown already: Slack's answer was lost.
        self._unsure: set[int] = set()
        # To be tried again, but the inbox could not be told: receipt and delay.
        self._stuck: dict[int, tuple[Receipt, float]] = {}
        self._lock = threading.Lock()

    def take(self, asked: Asked, keys: Sequence[str] = ()) -> None:
        """Keep a question and queue it; one that came before is dropped.

        Args:
            asked: The question.
            keys: What it is known by if it comes again; none if it cannot.

        Raises:
            StateError: if it cannot be kept; Slack must then deliver it again.
        """
        receipt = self._inbox.accept(keys, asked.as_dict())
        if receipt is None:
            logger.info("%s: came before", asked.reference)
            return
        self._queue(asked, receipt, self._respond)

    def resume(self, receipt: Receipt) -> None:
        """Queue a question again that was left unanswered by an earlier try or process."""
        try:
            asked = Asked.from_dict(receipt.asked)
        except (TypeError, ValueError, KeyError) as error:
            # Kept by another version; it would be no better the next time.
            logger.error("a kept question cannot be read: %s", type(error).__name__)  # noqa: TRY400 - the text says all
            self._inbox.finish(receipt)
            return
        self._queue(asked, receipt, self._respond_once)

    def catch_up(self) -> None:
        """Put off what could not be put off while the state database did not answer.

        Raises:
            StateError: if it does not answer yet.
        """
        with self._lock:
            stuck = list(self._stuck.values())
        for receipt, delay_s in stuck:
            self._inbox.retry_later(receipt, delay_s)
            with self._lock:
                self._stuck.pop(receipt.id, None)

    def _queue(
        self, asked: Asked, receipt: Receipt, answer: Callable[[Asked, Receipt], None]
    ) -> None:
        given = self._work.give(
            partial(self._settle, answer, asked, receipt),
            refused=partial(self._settle, self._refuse, asked, receipt),
        )
        if given is Given.NEITHER:
            logger.warning("%s: put off, too many questions wait", asked.reference)
            self._put_off(receipt, _CROWDED_S)

    def _settle(
        self, answer: Callable[[Asked, Receipt], None], asked: Asked, receipt: Receipt
    ) -> None:
        """Do what ends a question's stay in the inbox, whatever happens meanwhile."""
        with about(asked.reference):
            self._end(answer, asked, receipt)

    def _end(
        self, answer: Callable[[Asked, Receipt], None], asked: Asked, receipt: Receipt
    ) -> None:
        try:
            if receipt.id not in self._settled:
                answer(asked, receipt)
        except (PassingError, NotInstalledError, StateError, StoreUnavailableError) as error:
            if self._try_again(asked, receipt, error):
                return
            logger.error("%s: given up: %s", asked.reference, error)  # noqa: TRY400 - the text says all
            self._metrics.unanswered(asked.surface.value, "given up")
            self._tell(asked, FAILED.format(reference=asked.reference))
        except EncoderBusyError:
            self._metrics.unanswered(asked.surface.value, "busy")
            self._tell(asked, BUSY)
        except UndeliveredError as error:
            logger.error("%s: not delivered: %s", asked.reference, error)  # noqa: TRY400 - the text says all
            self._metrics.unanswered(asked.surface.value, "undelivered")
        except Exception:
            logger.exception("%s: failed", asked.reference)
            self._metrics.unanswered(asked.surface.value, "failed")
            self._tell(asked, FAILED.format(reference=asked.reference))
        self._finish(asked, receipt)

    def _try_again(self, asked: Asked, receipt: Receipt, error: Exception) -> bool:
        """Put a question off; tell whether it is worth another try."""
        if receipt.attempts >= len(RETRIES_S):
            return False
        delay = RETRIES_S[receipt.attempts]
        logger.warning("%s: %s; again in %.0f s", asked.reference, error, delay)
        if isinstance(error, PassingError) and error.unsure:
            self._unsure.add(receipt.id)
        self._put_off(receipt, delay)
        return True

    def _put_off(self, receipt: Receipt, delay_s: float) -> None:
        try:
            self._inbox.retry_later(receipt, delay_s)
        except StateError:
            with self._lock:
                self._stuck[receipt.id] = (receipt, delay_s)

    def _finish(self, asked: Asked, receipt: Receipt) -> None:
        self._settled.add(receipt.id)
        self._metrics.settled(time.time() - receipt.received_at)
        try:
            self._inbox.finish(receipt)
        except StateError as error:
            logger.warning("%s: still in the inbox: %s", asked.reference, error)
            return
        self._settled.discard(receipt.id)
        self._unsure.discard(receipt.id)

    def _respond(self, asked: Asked, receipt: Receipt) -> None:
        client = self._clients.for_team(asked.team)
        waited_s = time.time() - receipt.received_at
        repeated = receipt.id in self._unsure
        self._responder.respond(client, asked, waited_s=waited_s, repeated=repeated)

    def _respond_once(self, asked: Asked, receipt: Receipt) -> None:
        """Answer a question unless its answer is in Slack; that one gets its buttons to work."""
        if receipt.attempts > len(RETRIES_S):
            # More often than any retry asks for: it ended every process that took it up.
            logger.error("%s: given up after %d attempts", asked.reference, receipt.attempts)
            self._metrics.unanswered(asked.surface.value, "given up")
            self._tell(asked, FAILED.format(reference=asked.reference))
            return
        client = self._clients.for_team(asked.team)
        posted = own_answer(client, asked)
        if posted is None:
            self._respond(asked, receipt)
        elif self._responder.has_kept(asked, posted):
            logger.info("%s: was answered already", asked.reference)
        else:
            logger.info("%s: was answered already, and is noted now", asked.reference)
            self._responder.respond(client, asked, posted=posted)

    def _refuse(self, asked: Asked, _receipt: Receipt) -> None:
        logger.warning("%s: refused, too many questions wait", asked.reference)
        self._metrics.unanswered(asked.surface.value, "busy")
        if asked.surface is not Surface.AUTO:
            deliver_anyhow(self._clients.for_team(asked.team), asked, notice(BUSY))

    def _tell(self, asked: Asked, text: str) -> None:
        if asked.surface is Surface.AUTO:
            return  # nobody called the bot, so nobody waits
        try:
            deliver_anyhow(self._clients.for_team(asked.team), asked, notice(text))
        except (UndeliveredError, BotError) as error:
            logger.error("%s: the asker could not be told: %s", asked.reference, error)  # noqa: TRY400 - logged above
