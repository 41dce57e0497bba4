"""A question to its reply in Slack: answered, shown to whom it concerns, and noted."""

import logging
from dataclasses import dataclass

from slack_sdk import WebClient

from bot.answering.answerer import Answerer
from bot.answering.sensitive import is_sensitive
from bot.domain import Answer, Clarification, Comparison, Exchange, Message, NoAnswer, Reply
from bot.insights.pinned import PinnedAnswers
from bot.operating.metrics import Metrics
from bot.slack.addressing import leans_back
from bot.slack.approving import pinned_for
from bot.slack.asked import UNCALLED, Asked, Surface
from bot.slack.delivering import deliver_anyhow, mend
from bot.slack.keeping import Keeper, asked_again, outcome_of
from bot.slack.messages import Controls, Pinned, Shown, help_message, question_line, render
from bot.slack.refusals import BlocksError
from bot.slack.working import Working
from bot.state.answers import KeptAnswer, new_id
from bot.state.database import StateError
from bot.state.store import State

logger = logging.getLogger(__name__)

# Nobody asked for an answer in an auto-answered channel, so it must be surer than elsewhere. An
# admin may set another bar for a channel.
AUTO_CONFIDENCE = 0.85
# A reply in a thread may be for somebody who is not in it; then it must be likelier right than not.
FOLLOW_UP_CONFIDENCE = 0.5
# In a pop-up only further questions can be pressed: nothing else there is kept.
_IN_VIEW = Controls(answer_id="", compare=False, feedback=False, passages=False)


class Responder:
    """Replies to questions. Safe between threads."""

    def __init__(
        self,
        answerer: Answerer,
        state: State,
        approved: PinnedAnswers,
        metrics: Metrics,
        *,
        ask_channel: str | None = None,
    ) -> None:
        """Reply with an answerer.

        Args:
            answerer: What answers.
            state: Where threads, settings and answers are kept.
            approved: What is shown above its replies.
            metrics: Counts replies.
            ask_channel: Where people may ask a human; None offers it nowhere.
        """
        self._answerer, self._state = answerer, state
        self._keeper, self._approved = Keeper(state), approved
        self._metrics = metrics
        self._ask_channel = ask_channel

    def respond(
        self,
        client: WebClient,
        asked: Asked,
        *,
        waited_s: float = 0.0,
        posted: str = "",
        repeated: bool = False,
    ) -> None:
        """Answer a question where it was asked, or stay silent where nobody called the bot.

        Args:
            client: Of the asker's workspace.
            asked: The question.
            waited_s: How long it has waited for its turn.
            posted: The bot's message that answers it already, to be put right; empty for none.
            repeated: Whether the asker may have seen the reply, where nobody can look.

        Raises:
            UndeliveredError: if Slack took no reply.
            EncoderBusyError: if too many questions are being answered.
        """
        if asked.text.strip().lower() in {"", "help"}:
            if asked.surface not in UNCALLED:
                deliver_anyhow(client, asked, help_message(), repeated=repeated)
            return
        with Working(client, asked, waited_s=waited_s):
            thread = self._state.threads.recall(asked.place) if asked.place else ()
            exchange = self._answerer.ask(asked.text, thread, topics=self._topics(asked))
            pinned = pinned_for(self._approved, asked.team, exchange)
            private = self._is_private(asked, exchange.reply)
            way = _Way(private, posted, repeated, pinned=pinned)
            if not self._is_silent(asked, exchange, way):
                self._show(client, asked, exchange, way)
        self._note(asked, exchange, sensitive=private, pinned=pinned is not None)

    def amend(self, client: WebClient, kept: KeptAnswer, text: str) -> None:
        """Answer an edited question in the place of its first answer.

        Args:
            client: Of the asker's workspace.
            kept: The answer, a message in Slack.
            text: The question as it stands now.

        Raises:
            UndeliveredError: if Slack refuses.
            SlackApiError: if Slack does not delete an answer that has become private.
            EncoderBusyError: if too many questions are being answered.
        """
        asked = asked_again(kept, text)
        thread = self._state.threads.recall(asked.place) if asked.place else ()
        before = _before(thread, kept.text)
        exchange = self._answerer.ask(text, before, topics=self._topics(asked))
        pinned = pinned_for(self._approved, asked.team, exchange)
        private = self._is_private(asked, exchange.reply)
        if private:
            client.chat_delete(channel=kept.channel, ts=kept.message_ts)
        posted = "" if private else kept.message_ts
        way = _Way(private, posted, instead_of=kept, pinned=pinned)
        self._show(client, asked, exchange, way)
        self._note(asked, exchange, sensitive=private, pinned=pinned is not None)

    def preview(self, asked: Asked) -> Shown:
        """Return the reply to a question for a view; nothing is posted."""
        exchange = self._answerer.ask(asked.text, topics=self._topics(asked))
        pinned = pinned_for(self._approved, asked.team, exchange)
        sensitive = is_sensitive(exchange.reply.question)
        self._note(asked, exchange, sensitive=sensitive, pinned=pinned is not None)
        return render(exchange.reply, _IN_VIEW, pinned=pinned)

    def has_kept(self, asked: Asked, message_ts: str) -> bool:
        """Tell whether a message of the bot's is noted as the answer to a question."""
        kept = self._state.answers.of_question(asked.team, asked.channel, asked.message_ts)
        return kept is not None and kept.message_ts == message_ts

    def _show(self, client: WebClient, asked: Asked, exchange: Exchange, way: "_Way") -> None:
        alone = way.private or bool(asked.response_url)
        answer_id = way.instead_of.id if way.instead_of else new_id()
        controls = self._controls(answer_id, exchange, share=alone)
        shown = render(exchange.reply, controls, pinned=way.pinned)
        if asked.surface is Surface.BUTTON and not isinstance(exchange.reply, Comparison):
            # Nobody wrote the question: without this line nobody could read it.
            shown = Shown(shown.text, [*question_line(asked.text), *shown.blocks])
        try:
            message_ts = _send(client, asked, shown, way)
        except BlocksError:
            if not isinstance(exchange.reply, Comparison):
                raise
            # Tables are new in Slack; what it takes of them has changed before.
            logger.warning("%s: Slack takes no table; sent as lists", asked.reference)
            shown = render(exchange.reply, controls, tables=False, pinned=way.pinned)
            message_ts = _send(client, asked, shown, way)
        logger.info(
            "%s: %s from %d passages in %.0f ms",
            asked.reference,
            type(exchange.reply).__name__,
            len(exchange.hits),
            exchange.milliseconds.get("total", 0.0),
        )
        controls = self._controls(answer_id, exchange, share=False)
        public = render(exchange.reply, controls, pinned=way.pinned)
        try:
            self._keeper.keep(asked, exchange, public, answer_id, message_ts, way.instead_of)
        except StateError:
            # The asker has the answer; only its buttons and its thread are poorer.
            logger.exception("%s: the answer could not be kept", asked.reference)

    def _note(self, asked: Asked, exchange: Exchange, *, sensitive: bool, pinned: bool) -> None:
        outcome = "pinned" if pinned else outcome_of(exchange)
        milliseconds = exchange.milliseconds.get("total", 0.0)
        self._metrics.asked(asked.surface.value, outcome, milliseconds)
        try:
            self._keeper.note(asked, exchange, sensitive=sensitive, pinned=pinned)
        except StateError:
            logger.exception("%s: the question could not be noted", asked.reference)

    def _topics(self, asked: Asked) -> tuple[str, ...]:
        """Return the folders that are answered from where a question was asked; none for all."""
        return self._state.channels.get(asked.team, asked.channel).topics

    def _is_private(self, asked: Asked, reply: Reply) -> bool:
        """Tell whether only the asker may see the reply, though others would."""
        if not asked.in_public:
            return False
        settings = self._state.channels.get(asked.team, asked.channel)
        return settings.reply == "ephemeral" or is_sensitive(reply.question)

    def _is_silent(self, asked: Asked, exchange: Exchange, way: "_Way") -> bool:
        """Tell whether nothing is to be said: nobody called the bot, and it is not sure."""
        reply = exchange.reply
        if asked.surface is Surface.THREAD:
            return way.pinned is None and self._is_for_others(asked, reply)
        if asked.surface is not Surface.AUTO:
            return False
        settings = self._state.channels.get(asked.team, asked.channel)
        if way.private and settings.reply == "thread":
            return True
        if way.pinned is not None:
            return False
        if not isinstance(reply, Answer | Comparison):
            return True
        return reply.confidence < (settings.confidence or AUTO_CONFIDENCE)

    def _is_for_others(self, asked: Asked, reply: Reply) -> bool:
        """Tell whether an untagged reply in a thread is hardly a question to the bot."""
        if reply.question.resolved and not leans_back(asked.text):
            # "where is the coffee?" finds something only by the title that the thread lends it.
            alone = self._answerer.ask(asked.text, topics=self._topics(asked)).reply
            if _confidence(alone) < FOLLOW_UP_CONFIDENCE:
                return True
        if isinstance(reply, NoAnswer):
            return not reply.closest  # "thanks"
        return _confidence(reply) < FOLLOW_UP_CONFIDENCE

    def _controls(self, answer_id: str, exchange: Exchange, *, share: bool) -> Controls | None:
        """Return which buttons a reply has; a greeting has none."""
        if not exchange.hits:
            return None
        reply = exchange.reply
        answers = isinstance(reply, Answer | Comparison)
        return Controls(
            answer_id=answer_id,
            share=share and answers,
            human=self._ask_channel is not None and isinstance(reply, NoAnswer),
            tell=isinstance(reply, NoAnswer),
            compare=isinstance(reply, Answer) and len(reply.question.titles) == 1,
            feedback=answers or isinstance(reply, NoAnswer),
            passages=answers,
        )


@dataclass(frozen=True, slots=True)
class _Way:
    """How a reply is shown.

    Attributes:
        private: To the asker alone, though others would see it.
        posted: In the place of this message of the bot's; empty for a new one.
        repeated: With a word that it may come twice, where nobody can look.
        instead_of: The answer it takes the place of; None for the first.
        pinned: The approved answer above it.
    """

    private: bool
    posted: str = ""
    repeated: bool = False
    instead_of: KeptAnswer | None = None
    pinned: Pinned | None = None


def _send(client: WebClient, asked: Asked, shown: Shown, way: "_Way") -> str:
    """Post a reply, or put it in the place of what was posted; return its time stamp."""
    if way.posted:
        return mend(client, asked, shown, way.posted)
    return deliver_anyhow(client, asked, shown, privately=way.private, repeated=way.repeated)


def _confidence(reply: Reply) -> float:
    return 1.0 if isinstance(reply, Clarification) else reply.confidence


def _before(thread: tuple[Message, ...], question: str) -> tuple[Message, ...]:
    """Return what was said in a thread before a question; the last one, if it was asked twice."""
    places = [
        place for place, one in enumerate(thread) if one.sender == "user" and one.text == question
    ]
    return thread[: places[-1]] if places else thread
