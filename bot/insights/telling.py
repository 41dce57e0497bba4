"""Who is told what, once the articles answer a question that they did not answer before."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass

from bot.answering.answerer import Answerer
from bot.domain import Answer, Comparison, Exchange
from bot.state.waiting import Waiter, Waiting


@dataclass(frozen=True, slots=True)
class Due:
    """Somebody who can be told."""

    waiter: Waiter
    exchange: Exchange


class Telling:
    """Asks each generation once what people wait for. Safe between threads."""

    def __init__(self, answerer: Answerer, waiting: Waiting) -> None:
        """Ask an answerer for those who wait."""
        self._answerer, self._waiting = answerer, waiting
        self._lock = threading.Lock()
        self._generation = ""
        self._asked: set[int] = set()

    def due(self) -> Iterator[Due]:
        """Give those whose question the published generation answers, each once a generation.

        A generation that another process published, or one published while no bot ran, counts
        like any other.

        Raises:
            StateError: if the database cannot be read.
            EncoderBusyError: if too many questions are being answered; the rest come next time.
        """
        for waiter in self._waiting.untold():
            if self._is_asked(waiter):
                continue
            exchange = self._answerer.ask(waiter.text)
            with self._lock:
                self._asked.add(waiter.id)
            # Either is above the probability from which the bot answers anybody.
            if isinstance(exchange.reply, Answer | Comparison):
                yield Due(waiter, exchange)

    def again(self, waiter: Waiter) -> None:
        """Let somebody come up another time who could not be told now."""
        with self._lock:
            self._asked.discard(waiter.id)

    def _is_asked(self, waiter: Waiter) -> bool:
        published = self._answerer.generation().manifest.name
        with self._lock:
            if published != self._generation:
                self._generation, self._asked = published, set()
            return waiter.id in self._asked
