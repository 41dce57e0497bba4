"""One pass of the model at a time, with the questions of many threads in it.

A lone question is embedded in its own thread: to hand it to another and back costs a tenth of a
millisecond on a quiet machine and half a one on a busy one. While the model runs, the questions
that arrive wait together, and the worker's thread takes them through it next, in one pass. Measured
in bench/results.md against threads that each call the model.

That thread begins when the first question has to wait and ends when for a while none did, so a
worker that is no longer used goes with its model, closed or not.
"""

import threading
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

import numpy as np

from index.embedding import Embedder, Matrix, Vector
from index.errors import EncoderBusyError

MAX_BATCH = 64
MAX_WAITING = 256
# How long the thread waits for questions before it ends; to begin another takes a tenth of a
# millisecond.
IDLE_S = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class _Request:
    """Questions of one thread, and where their vectors will be."""

    texts: tuple[str, ...]
    vectors: Future[Matrix] = field(default_factory=Future)


class QueryWorker:
    """Embeds questions, one pass of the model at a time. Safe between threads."""

    def __init__(
        self, encoder: Embedder, *, max_waiting: int = MAX_WAITING, idle_s: float = IDLE_S
    ) -> None:
        """Begin nothing yet.

        Args:
            encoder: What embeds.
            max_waiting: Questions that may wait; one more is refused.
            idle_s: Seconds without questions after which the worker's thread ends.
        """
        self._encoder = encoder
        self._max_waiting, self._idle_s = max_waiting, idle_s
        # Guards what follows; the worker's thread waits on it for its turn.
        self._turn = threading.Condition()
        self._queue: deque[_Request] = deque()
        self._waiting = 0
        self._running = False
        # Whether the last pass was shared: then more will come at once, and shall share the next.
        self._crowded = False
        self._closed = False
        self._thread: threading.Thread | None = None

    @property
    def waiting(self) -> int:
        """The number of questions that wait for the next pass."""
        return self._waiting

    def embed_query(self, text: str) -> Vector:
        """Return the unit vector of a question, waiting for its turn.

        Raises:
            EncoderBusyError: if too many questions wait, or the worker was closed.
        """
        row: Vector = self.embed_queries([text])[0]
        return row

    def embed_queries(self, texts: Sequence[str]) -> Matrix:
        """Return one unit row a question, shape (len(texts), dimension), waiting for their turn.

        Raises:
            EncoderBusyError: if too many questions wait, or the worker was closed.
        """
        request = self._wait_or_run(tuple(texts))
        if request is not None:
            return request.vectors.result()
        try:
            return self._encoder.embed_queries(texts)
        finally:
            self._end_pass()

    def close(self) -> None:
        """Finish the questions that wait, then stop."""
        with self._turn:
            self._closed = True
            self._turn.notify()
            thread = self._thread
        if thread is not None:
            thread.join()

    def _wait_or_run(self, texts: tuple[str, ...]) -> _Request | None:
        """Queue questions behind the pass that runs; None where the caller may run the next."""
        with self._turn:
            if self._closed:
                raise EncoderBusyError("the encoder was closed; start the bot again")
            # Whoever waits already goes first, even between two passes.
            if not (self._running or self._queue or self._crowded):
                self._running = True
                return None
            if self._waiting + len(texts) > self._max_waiting:
                raise EncoderBusyError(
                    f"{self._waiting} questions wait already; ask again in a moment"
                )
            request = _Request(texts)
            self._queue.append(request)
            self._waiting += len(texts)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="encoder", daemon=True)
                self._thread.start()
            elif not self._running:
                self._turn.notify()
            return request

    def _end_pass(self) -> None:
        with self._turn:
            self._running = False
            if self._queue or self._closed:
                self._turn.notify()

    def _work(self) -> None:
        while batch := self._next_batch():
            self._answer(batch)
            self._end_pass()

    def _next_batch(self) -> list[_Request]:
        """Wait for questions and for the model; none are left where the thread is to end."""
        with self._turn:
            while self._running or not (self._queue or self._closed):
                told = self._turn.wait(self._idle_s)
                if not (told or self._queue or self._closed):
                    self._thread, self._crowded = None, False
                    return []
            batch: list[_Request] = []
            size = 0
            while self._queue and (not batch or size + len(self._queue[0].texts) <= MAX_BATCH):
                batch.append(self._queue.popleft())
                size += len(batch[-1].texts)
            self._waiting -= size
            self._running = bool(batch)
            self._crowded = len(batch) > 1
            return batch

    def _answer(self, batch: list[_Request]) -> None:
        try:
            rows = self._encoder.embed_queries([text for one in batch for text in one.texts])
        except Exception as error:  # noqa: BLE001 - whoever asked is told, and the worker lives on
            for one in batch:
                one.vectors.set_exception(error)
            return
        ends = np.cumsum([len(one.texts) for one in batch])
        for one, vectors in zip(batch, np.split(rows, ends[:-1]), strict=True):
            one.vectors.set_result(vectors)
