"""What is noted of an answered question: for follow-ups, for its buttons, and for the figures."""

import time
from typing import Any

from bot.domain import Answer, Clarification, Comparison, Exchange
from bot.machine import plain_text
from bot.slack.asked import Asked, Surface
from bot.slack.messages import Shown
from bot.state.answers import KeptAnswer
from bot.state.questions import Outcome, QuestionRecord
from bot.state.store import State

# Passages that "Show passages" may show.
_PASSAGES = 5


class Keeper:
    """Writes to the state what later questions and clicks need. Safe between threads."""

    def __init__(self, state: State) -> None:
        """Keep in a state."""
        self._state = state

    def keep(
        self,
        asked: Asked,
        exchange: Exchange,
        shown: Shown,
        answer_id: str,
        message_ts: str,
        instead_of: KeptAnswer | None = None,
    ) -> None:
        """Note an answer that was shown, its question, and what was said in its thread.

        Args:
            asked: The question.
            exchange: Its reply.
            shown: The reply as everyone may see it.
            answer_id: What its buttons call it.
            message_ts: The bot's message; empty where only the asker sees it.
            instead_of: The answer it takes the place of, whose question was edited.

        Raises:
            StateError: if it cannot be written.
        """
        self._state.answers.keep(
            KeptAnswer(
                id=answer_id,
                team=asked.team,
                channel=asked.channel,
                question_ts=asked.message_ts,
                message_ts=message_ts,
                root=asked.root,
                asker=asked.user,
                surface=asked.surface.value,
                reference=asked.reference,
                text=asked.text,
                reply=_as_dict(shown, exchange),
                kept_at=time.time(),
            )
        )
        if not asked.place:
            return
        said = plain_text(exchange)
        if instead_of:
            self._state.threads.amend(asked.place, instead_of.text, asked.text, said)
        else:
            self._state.threads.remember(asked.place, asked.user, asked.text, said)

    def note(
        self, asked: Asked, exchange: Exchange, *, sensitive: bool, pinned: bool = False
    ) -> None:
        """Note a question and what became of it.

        Args:
            asked: The question.
            exchange: Its reply.
            sensitive: Whether it touches what one asks in private.
            pinned: Whether an approved answer stood above the reply.

        Raises:
            StateError: if it cannot be written.
        """
        reply = exchange.reply
        articles = [one.article for one in getattr(reply, "citations", ())]
        self._state.questions.record(
            QuestionRecord(
                reference=asked.reference,
                asked_at=time.time(),
                surface=asked.surface.value,
                outcome="pinned" if pinned else outcome_of(exchange),
                text=asked.text,
                titles=reply.question.titles,
                intent=reply.question.intent.value,
                confidence=getattr(reply, "confidence", 0.0),
                milliseconds=exchange.milliseconds.get("total", 0.0),
                generation=exchange.generation,
                articles=tuple(dict.fromkeys(articles)),
                sensitive=sensitive,
            )
        )


def asked_again(kept: KeptAnswer, text: str) -> Asked:
    """Return the question of a kept answer with another text."""
    return Asked(
        surface=Surface(kept.surface),
        team=kept.team,
        user=kept.asker,
        text=text,
        channel=kept.channel,
        message_ts=kept.question_ts,
        root=kept.root,
        reference=kept.reference,
    )


def outcome_of(exchange: Exchange) -> Outcome:
    """Return in a word what became of a question."""
    match exchange.reply:
        case Answer():
            return "answer"
        case Comparison():
            return "comparison"
        case Clarification():
            return "clarification"
    if not exchange.hits:
        return "small_talk"
    return "closest" if exchange.reply.closest else "no_answer"


def _as_dict(shown: Shown, exchange: Exchange) -> dict[str, Any]:
    return {
        "titles": list(exchange.reply.question.titles),
        "text": shown.text,
        "blocks": [block.to_dict() for block in shown.blocks],
        "passages": [
            {
                "title": hit.title,
                "heading": list(hit.heading),
                "text": hit.text,
                "article": hit.article,
                "url": hit.url,
                "updated": hit.updated.isoformat() if hit.updated else None,
            }
            for hit in exchange.hits[:_PASSAGES]
        ],
    }
