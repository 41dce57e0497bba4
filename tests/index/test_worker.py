"""One worker embeds for many threads."""

import gc
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from index.errors import EncoderBusyError
from index.worker import MAX_BATCH, QueryWorker
from tests.fakes import HashingEmbedder
from tests.waiting import wait_until


class GatedEmbedder(HashingEmbedder):
    """Waits at a gate before each pass, and remembers how many texts went through at once."""

    def __init__(self):
        super().__init__()
        self.gate = threading.Event()
        self.entered = threading.Event()
        self.passes = []
        self.threads = []

    def embed_queries(self, texts):
        self.threads.append(threading.current_thread().name)
        self.entered.set()
        assert self.gate.wait(10)
        self.passes.append(len(texts))
        return super().embed_queries(texts)


def threads_of_workers():
    return [one for one in threading.enumerate() if one.name == "encoder"]


def shared_pass(worker, gated):
    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(worker.embed_query, "first")
        assert gated.entered.wait(10)
        others = [pool.submit(worker.embed_query, text) for text in ("second", "third")]
        wait_until(lambda: worker.waiting == 2)
        gated.gate.set()
        for one in [first, *others]:
            one.result(10)


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
        wait_until(lambda: worker.waiting == 8)
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
        wait_until(lambda: worker.waiting == 1)
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


def test_a_lone_question_is_embedded_in_its_own_thread():
    gated = GatedEmbedder()
    gated.gate.set()
    worker = QueryWorker(gated)
    for question in ("one", "and another"):
        worker.embed_query(question)
    worker.close()
    assert set(gated.threads) == {threading.current_thread().name}


def test_after_a_shared_pass_the_next_question_waits_for_company_and_then_none_does():
    gated = GatedEmbedder()
    worker = QueryWorker(gated)
    shared_pass(worker, gated)
    for question in ("fourth", "fifth"):
        worker.embed_query(question)
    worker.close()
    assert gated.passes == [1, 2, 1, 1]
    assert gated.threads[1:] == ["encoder", "encoder", threading.current_thread().name]


def test_a_worker_has_a_thread_only_while_questions_have_to_wait():
    gated = GatedEmbedder()
    before = threads_of_workers()
    worker = QueryWorker(gated, idle_s=0.01)
    assert threads_of_workers() == before
    for _ in range(2):
        gated.gate.clear()
        gated.entered.clear()
        shared_pass(worker, gated)
        wait_until(lambda: threads_of_workers() == before)
        worker.embed_query("nobody is near")
    assert gated.passes == [1, 2, 1] * 2
    assert gated.threads[2] == threading.current_thread().name
    worker.close()


def test_a_worker_that_is_forgotten_goes_with_its_model():
    gated = GatedEmbedder()
    worker = QueryWorker(gated, idle_s=0.01)
    shared_pass(worker, gated)
    model = weakref.ref(gated)
    del gated, worker
    wait_until(lambda: gc.collect() is not None and model() is None)


def test_several_questions_of_one_thread_go_through_in_one_pass_in_their_order():
    gated = GatedEmbedder()
    gated.gate.set()
    worker = QueryWorker(gated)
    questions = ["who leads", "who reports", "who decides"]
    rows = worker.embed_queries(questions)
    worker.close()
    assert gated.passes == [3]
    assert np.array_equal(rows, HashingEmbedder().embed_queries(questions))


def test_questions_that_waited_together_each_get_their_own_rows():
    gated = GatedEmbedder()
    worker = QueryWorker(gated)
    asked = [[f"{number} {turn}" for turn in range(number)] for number in range(1, 6)]
    with ThreadPoolExecutor(6) as pool:
        first = pool.submit(worker.embed_query, "first")
        assert gated.entered.wait(10)
        found = [pool.submit(worker.embed_queries, texts) for texts in asked]
        wait_until(lambda: worker.waiting == 15)
        gated.gate.set()
        first.result(10)
        rows = [one.result(10) for one in found]
    worker.close()
    assert gated.passes == [1, 15]
    for texts, own in zip(asked, rows, strict=True):
        assert np.array_equal(own, HashingEmbedder().embed_queries(texts))


def test_a_pass_takes_no_more_than_its_limit_unless_one_thread_asks_more():
    gated = GatedEmbedder()
    worker = QueryWorker(gated)
    sizes = [MAX_BATCH + 6, MAX_BATCH - 1, 2]
    with ThreadPoolExecutor(4) as pool:
        running = [pool.submit(worker.embed_query, "first")]
        assert gated.entered.wait(10)
        for size in sizes:
            before = worker.waiting
            running.append(pool.submit(worker.embed_queries, [str(one) for one in range(size)]))
            wait_until(lambda wanted=before + size: worker.waiting == wanted)
        gated.gate.set()
        rows = [len(one.result(10)) for one in running[1:]]
    worker.close()
    assert rows == sizes
    assert gated.passes == [1, *sizes]


def test_those_who_wait_are_answered_after_a_pass_that_failed():
    class FirstFails(GatedEmbedder):
        def embed_queries(self, texts):
            rows = super().embed_queries(texts)
            if "bad" in texts:
                raise RuntimeError("the model broke")
            return rows

    gated = FirstFails()
    worker = QueryWorker(gated)
    with ThreadPoolExecutor(2) as pool:
        bad = pool.submit(worker.embed_query, "bad")
        assert gated.entered.wait(10)
        good = pool.submit(worker.embed_query, "good")
        wait_until(lambda: worker.waiting == 1)
        gated.gate.set()
        with pytest.raises(RuntimeError, match="the model broke"):
            bad.result(10)
        assert good.result(10).shape == (64,)
    worker.close()


def test_closing_finishes_the_pass_that_runs_and_those_who_wait():
    gated = GatedEmbedder()
    worker = QueryWorker(gated)
    with ThreadPoolExecutor(3) as pool:
        running = pool.submit(worker.embed_query, "runs")
        assert gated.entered.wait(10)
        waiting = pool.submit(worker.embed_query, "waits")
        wait_until(lambda: worker.waiting == 1)
        closing = pool.submit(worker.close)
        gated.gate.set()
        closing.result(10)
        assert running.done()
        assert waiting.result(10).shape == (64,)
