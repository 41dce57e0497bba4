"""One worker embeds for many threads."""

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from index.errors import EncoderBusyError
from index.worker import MAX_BATCH, QueryWorker
from tests.fakes import HashingEmbedder


class GatedEmbedder(HashingEmbedder):
    """Waits at a gate before each pass, and remembers how many texts went through at once."""

    def __init__(self):
        super().__init__()
        self.gate = threading.Event()
        self.entered = threading.Event()
        self.passes = []

    def embed_queries(self, texts):
        self.entered.set()
        assert self.gate.wait(10)
        self.passes.append(len(texts))
        return super().embed_queries(texts)


def test_every_thread_gets_its_own_questions_vector():
    plain, worker = HashingEmbedder(), QueryWorker(HashingEmbedder())
    questions = [f"question number {number}" for number in range(200)]
    with ThreadPoolExecutor(16) as pool:
        vectors = list(pool.map(worker.embed_query, questions))
    worker.close()
    assert np.array_equal(np.stack(vectors), plain.embed_queries(questions))


def test_questions_that_arrive_during_a_pass_go_together_in_the_next():
    gated = GatedEmbedder()
    worker = QueryWorker(gated)
    with ThreadPoolExecutor(9) as pool:
        first = pool.submit(worker.embed_query, "first")
        assert gated.entered.wait(10)
        others = [pool.submit(worker.embed_query, str(number)) for number in range(8)]
        while worker.waiting < 8:
            threading.Event().wait(0.001)
        gated.gate.set()
        for one in [first, *others]:
            one.result(10)
    worker.close()
    assert gated.passes == [1, 8]
    assert max(gated.passes) <= MAX_BATCH


def test_a_full_queue_is_refused_at_once():
    gated = GatedEmbedder()
    worker = QueryWorker(gated, max_waiting=1)
    with ThreadPoolExecutor(2) as pool:
        running = pool.submit(worker.embed_query, "runs")
        assert gated.entered.wait(10)
        waiting = pool.submit(worker.embed_query, "waits")
        while worker.waiting < 1:
            threading.Event().wait(0.001)
        with pytest.raises(EncoderBusyError, match="1 questions wait already"):
            worker.embed_query("refused")
        gated.gate.set()
        assert len(running.result(10)) == len(waiting.result(10))
    worker.close()


def test_an_error_of_the_model_reaches_the_asker_and_the_worker_lives_on():
    class Broken(HashingEmbedder):
        def embed_queries(self, texts):
            if "bad" in texts:
                raise RuntimeError("the model broke")
            return super().embed_queries(texts)

    worker = QueryWorker(Broken())
    with pytest.raises(RuntimeError, match="the model broke"):
        worker.embed_query("bad")
    assert worker.embed_query("good").shape == (64,)
    worker.close()


def test_a_closed_worker_refuses():
    worker = QueryWorker(HashingEmbedder())
    worker.close()
    with pytest.raises(EncoderBusyError, match="was closed"):
        worker.embed_query("late")
