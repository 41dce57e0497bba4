"""Answers that admins approved: found by what a question means, ended when articles change."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from bot.answering.answerer import Answerer
from bot.domain import Answer, Comparison, Exchange, NoAnswer, Reply
from bot.insights.meanings import Meaning, Meanings, subject_of
from bot.state.pins import Pin, Pins
from index.embedding import Vector
from index.generation import Generation
from index.remembering import Remembered

# From this cosine on, a question about the same subject is the pinned one in other words. Measured
# by `python -m bench paraphrases` (bench/quality.md, "The same question in other words").
SAME_QUESTION = 0.70
# Pins of which is kept at hand what they mean, and whether their articles changed.
_AT_HAND = 1024


@dataclass(frozen=True, slots=True)
class Ended:
    """A pin that is shown no more because of its articles."""

    pin: Pin
    why: str


class PinnedAnswers:
    """Finds approved answers. Safe between threads."""

    def __init__(self, answerer: Answerer, pins: Pins, meanings: Meanings) -> None:
        """Find them for questions that an answerer answered."""
        self._answerer, self._pins, self._meanings = answerer, pins, meanings
        # By pin and encoder, and by pin and generation.
        self._meant: Remembered[tuple[int, str], Meaning] = Remembered(_AT_HAND)
        self._changes: Remembered[tuple[int, str], str] = Remembered(_AT_HAND)

    def approve(
        self, team: str, question: str, answer: str, *, source_url: str, approved_by: str
    ) -> Pin:
        """Show an answer before the articles' own, until an article cited for it now changes.

        Args:
            team: The workspace it is for.
            question: What it answers.
            answer: In a person's words.
            source_url: Where they wrote it; empty if that is not known.
            approved_by: The admin's name.

        Raises:
            StateError: if it cannot be kept.
            EncoderBusyError: if too many questions are being answered.
        """
        (meaning,) = self._meanings.of([question])
        reply = self._answerer.ask(question).reply
        return self._pins.add(
            Pin(
                team=team,
                question=question,
                vector=packed(self._meanings.encoder, meaning.vector),
                answer=answer,
                source_url=source_url,
                approved_by=approved_by,
                articles=_digests(cited_by(reply), self._answerer.generation()),
            )
        )

    def find(self, team: str, exchange: Exchange) -> Pin | None:
        """Return the approved answer to a question that was answered; None if there is none.

        Raises:
            StateError: if the database cannot be read.
            EncoderBusyError: if too many questions are being answered.
        """
        shown = self._pins.shown(team)
        if not shown or not exchange.hits:
            return None  # nobody approved anything, or it is small talk
        asked = exchange.reply.question
        subject = subject_of(asked)
        meant = [(one, self._meaning(one)) for one in shown]
        if all(meaning.subject != subject for _, meaning in meant):
            return None  # the question need not be embedded again
        asked_for = self._meanings.of_question(asked)
        # The newest of equals: an admin who pins again means the last one.
        cosine, _, best = max((asked_for.cosine(meaning), one.id, one) for one, meaning in meant)
        if cosine < SAME_QUESTION or self._end_if_changed(best):
            return None
        return best

    def end_changed(self) -> list[Ended]:
        """End every pin one of whose articles is not as it was approved; return those.

        Raises:
            StateError: if the database cannot be used.
        """
        ended = []
        for team in sorted(self._pins.teams()):
            for pin in self._pins.shown(team):
                why = self._end_if_changed(pin)
                if why:
                    ended.append(Ended(pin, why))
        return ended

    def _meaning(self, pin: Pin) -> Meaning:
        """Return what a pin's question means; read anew where another model serves now."""
        key = pin.id, self._meanings.encoder
        meaning = self._meant.get(key)
        if meaning is None:
            vector = unpacked(pin.vector, self._meanings.encoder)
            if vector is None:
                (meaning,) = self._meanings.of([pin.question])
            else:
                meaning = Meaning(subject_of(self._answerer.understand(pin.question)), vector)
            self._meant.put(key, meaning)
        return meaning

    def _end_if_changed(self, pin: Pin) -> str:
        """Return why a pin ends now; empty if it stands."""
        generation = self._answerer.generation()
        key = pin.id, generation.manifest.name
        why = self._changes.get(key)
        if why is None:
            why = _changed(pin.articles, generation)
            self._changes.put(key, why)
        if why:
            self._pins.end(pin.team, pin.id, why)
        return why


def cited_by(reply: Reply) -> tuple[str, ...]:
    """Return the articles that a reply rests on, each once: quoted, or else named as near."""
    if isinstance(reply, Answer | Comparison):
        return tuple(dict.fromkeys(one.article for one in reply.citations))
    if isinstance(reply, NoAnswer):
        return tuple(dict.fromkeys(one.article for one in reply.closest))
    return ()


def packed(encoder: str, vector: Vector) -> bytes:
    """Return a vector, with the encoder that gave it, as bytes to keep."""
    return encoder.encode() + b"\0" + vector.astype("<f4").tobytes()


def unpacked(kept: bytes, encoder: str) -> Vector | None:
    """Return a vector that was packed; None if another encoder gave it."""
    name, _, values = kept.partition(b"\0")
    if name != encoder.encode():
        return None
    return np.frombuffer(values, dtype="<f4").astype(np.float32)


def _digests(articles: tuple[str, ...], generation: Generation) -> dict[str, str]:
    digests = {path: _digest(path, generation) for path in articles}
    return {path: digest for path, digest in digests.items() if digest is not None}


def _digest(path: str, generation: Generation) -> str | None:
    """Return the SHA-256 of an article's text; None if it is not indexed."""
    try:
        text = generation.passages.text_of(path)
    except KeyError:
        return None
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _changed(articles: Mapping[str, str], generation: Generation) -> str:
    """Return which article is not as it was; empty if all are."""
    for path, digest in sorted(articles.items()):
        now = _digest(path, generation)
        if now is None:
            return f"{path} was removed"
        if now != digest:
            return f"{path} changed"
    return ""
