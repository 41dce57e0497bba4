"""One worker that embeds the questions of many threads in micro-batches.

While the model runs, questions that arrive wait together and go through it next in one pass; a lone
question never waits. Measured in bench/results.md against threads that each call the model.
"""

import queue
import threading
from concurrent.futures import Future

from index.embedding import Embedder, Vector
from index.errors import EncoderBusyError

MAX_BATCH = 64
MAX_WAITING = 256


class QueryWorker:
    """Embeds questions, one pass of the model at a time. Safe between threads."""

    def __init__(self, encoder: Embedder, *, max_waiting: int = MAX_WAITING) -> None:
        """Start the worker's thread.

        Args:
            encoder: What embeds.
            max_waiting: Questions that may wait; one more is refused.
        """
        self._encoder = encoder
        self._waiting: queue.Queue[tuple[str, Future[Vector]] | None] = queue.Queue(max_waiting)
        self._lock = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="encoder", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """The number of questions that wait for the next pass."""
        return self._waiting.qsize()

    def embed_query(self, text: str) -> Vector:
        """Return the unit vector of a question, waiting for its turn.

        Raises:
            EncoderBusyError: if too many questions wait, or the worker was closed.
        """
        future: Future[Vector] = Future()
        with self._lock:
            if self._closed:
                raise EncoderBusyError("the encoder was closed; start the bot again")
            try:
                self._waiting.put_nowait((text, future))
            except queue.Full:
                raise EncoderBusyError(
                    f"{self._waiting.maxsize} questions wait already; ask again in a moment"
                ) from None
        return future.result()

    def close(self) -> None:
        """Finish the questions that wait, then stop."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
        self._waiting.put(None)
        self._thread.join()

    def _work(self) -> None:
        while True:
            first = self._waiting.get()
            if first is None:
                return
            batch = [first]
            closing = False
            while len(batch) < MAX_BATCH:
                try:
                    more = self._waiting.get_nowait()
                except queue.Empty:
                    break
                if more is None:
                    closing = True
                    break
                batch.append(more)
            self._answer(batch)
            if closing:
                return

    def _answer(self, batch: list[tuple[str, Future[Vector]]]) -> None:
        try:
            rows = self._encoder.embed_queries([text for text, _ in batch])
        except Exception as error:  # noqa: BLE001 - whoever asked is told, and the worker lives on
            for _, future in batch:
                future.set_exception(error)
            return
        for (_, future), row in zip(batch, rows, strict=True):
            future.set_result(row)
