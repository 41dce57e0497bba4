"""The whole way from a message to its reply."""

import time
from collections.abc import Sequence

from bot.answering.composing import closest_articles, compose
from bot.answering.confidence import Calibration, weigh
from bot.domain import Exchange, Message, NoAnswer, Question
from index.opening import LiveIndex

NOT_KNOWN = "The knowledge base does not hold an answer to that."
CLOSEST = "The knowledge base does not answer that directly. These articles come closest."
HITS = 10


class Answerer:
    """Answers questions from the published generation. Safe between threads."""

    def __init__(self, index: LiveIndex, *, calibration: Calibration | None = None) -> None:
        """Answer from an index."""
        self._index = index
        self._calibration = calibration or Calibration()

    def ask(self, text: str, thread: Sequence[Message] = ()) -> Exchange:
        """Answer a message, or say that the articles do not.

        Args:
            text: The message.
            thread: Earlier messages of its thread, oldest first.
        """
        watch = _Stopwatch()
        question = Question(text=text, query=" ".join(text.split()))
        watch.lap("understand")
        retriever = self._index.retriever()
        if not question.query:
            return Exchange(NoAnswer(question, "Ask me a question."), (), watch.laps())
        vector = self._index.embed_query(question.query)
        watch.lap("embed")
        hits = retriever.search_vector(question.query, vector, HITS)
        watch.lap("retrieve")
        evidence = weigh(question.query, hits, retriever.generation.lexical)
        confidence = self._calibration.probability(evidence.signal)
        if hits and confidence >= self._calibration.answer_at:
            reply: Exchange = Exchange(compose(question, hits, evidence, confidence), hits)
        elif hits and confidence >= self._calibration.closest_at:
            reply = Exchange(NoAnswer(question, CLOSEST, confidence, closest_articles(hits)), hits)
        else:
            reply = Exchange(NoAnswer(question, NOT_KNOWN, confidence), hits)
        watch.lap("compose")
        return Exchange(reply.reply, hits, watch.laps())


class _Stopwatch:
    """Milliseconds by step."""

    def __init__(self) -> None:
        self._start = self._last = time.perf_counter()
        self._laps: dict[str, float] = {}

    def lap(self, step: str) -> None:
        now = time.perf_counter()
        self._laps[step] = round(1000 * (now - self._last), 2)
        self._last = now

    def laps(self) -> dict[str, float]:
        return {**self._laps, "total": round(1000 * (self._last - self._start), 2)}
