"""A question from any surface, queued, answered and replied to."""

import logging
import secrets
from dataclasses import dataclass
from functools import partial

from slack_bolt import BoltRequest, BoltResponse

from bot.answering.answerer import Answerer
from bot.machine import plain_text
from bot.slack.blocks import notice, render
from bot.slack.replying import Tell
from bot.slack.seen import SeenEvents
from bot.slack.threads import Place, Threads
from bot.slack.work import Work
from index.errors import EncoderBusyError

logger = logging.getLogger(__name__)

BUSY = "Many people are asking at this moment. Please ask again in a minute."
HELP = (
    "Ask me about product careers, for example _what does a VP of Product do_ or "
    "_CPO vs Head of Product_. I quote articles and name them; what they do not hold, I do not "
    "answer. You can mention me in a channel, write to me directly, or use `/pmrole` with a "
    "question, where only you see the answer."
)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message that asks something.

    Attributes:
        text: As the person wrote it, without mark-up.
        tell: How to reply.
        request: The Bolt request it came with.
        place: Where the conversation goes on; None where no message can follow another.
        keys: What it is known by if it comes again.
    """

    text: str
    tell: Tell
    request: BoltRequest
    place: Place | None = None
    keys: tuple[str, ...] = ()


class Desk:
    """Takes questions from every surface. Safe between threads."""

    def __init__(self, answerer: Answerer, work: Work) -> None:
        """Answer with an answerer, on the threads of a queue."""
        self._answerer, self._work = answerer, work
        self._threads = Threads()
        self._seen = SeenEvents()

    def take(self, incoming: Incoming) -> None:
        """Queue a question and return at once. One that came before is dropped."""
        if not self._seen.is_new(*incoming.keys):
            logger.info("%s came again", reference(incoming.request))
            return
        incoming.request.context["tell"] = incoming.tell
        self._work.give(
            partial(_guarded, partial(self._answer, incoming), incoming.request),
            refused=partial(_guarded, partial(_refuse, incoming), incoming.request),
        )

    def _answer(self, incoming: Incoming) -> None:
        if incoming.text.lower() in {"", "help"}:
            incoming.tell(notice(HELP))
            return
        said = self._threads.recall(incoming.place) if incoming.place else ()
        try:
            exchange = self._answerer.ask(incoming.text, said)
        except EncoderBusyError:
            _refuse(incoming)
            return
        incoming.tell(render(exchange.reply))
        if incoming.place:
            self._threads.remember(incoming.place, incoming.text, plain_text(exchange))
        logger.info(
            "%s: %s from %d passages in %.0f ms",
            reference(incoming.request),
            type(exchange.reply).__name__,
            len(exchange.hits),
            exchange.milliseconds.get("total", 0.0),
        )


def reference(request: BoltRequest) -> str:
    """Return what the log and the asker both call a request by: Slack's event id, or our own."""
    known = request.body.get("event_id") or request.context.get("reference")
    if not known:
        known = request.context["reference"] = secrets.token_hex(4)
    return str(known)


def _refuse(incoming: Incoming) -> None:
    logger.warning("%s was refused: too many questions wait", reference(incoming.request))
    incoming.tell(notice(BUSY))


def _guarded(task: partial[None], request: BoltRequest) -> None:
    """Run a task of our own threads; what it raises goes to the app's error listener.

    Bolt itself catches only what is raised in its threads.
    """
    try:
        task()
    except Exception as error:  # noqa: BLE001 - handed on, with its traceback
        request.context.listener_runner.listener_error_handler.handle(
            error=error, request=request, response=BoltResponse(status=500)
        )
