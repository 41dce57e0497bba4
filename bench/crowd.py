"""Many people asking at once: the one worker's micro-batches against a session that all call.

python -m bench.crowd ENCODER [CORE]    a process for `bench.serving`, pinned to a core or not
"""

import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from bench.corpora import questions
from bench.measuring import p95, serve
from index.embedding import Vector
from index.encoder import CompiledEncoder
from index.worker import QueryWorker

PEOPLE = 64
_EACH = 8


def ask_together(embed: Callable[[str], Vector]) -> dict[str, float]:
    """Let 64 threads ask eight questions each.

    Returns questions a second, their p95 in ms, and CPU ms a question: on a machine that others
    use too, 64 threads are given a larger share of it than one worker, so wall times favour them.
    """
    asked = questions()
    times: list[float] = []
    gate = threading.Barrier(PEOPLE + 1)

    def person(number: int) -> None:
        gate.wait()
        for turn in range(_EACH):
            start = time.perf_counter()
            embed(asked[(number * _EACH + turn) % len(asked)])
            times.append(1000 * (time.perf_counter() - start))

    threads = [threading.Thread(target=person, args=(number,)) for number in range(PEOPLE)]
    for thread in threads:
        thread.start()
    gate.wait()
    start, used = time.perf_counter(), time.process_time()
    for thread in threads:
        thread.join()
    seconds, used = time.perf_counter() - start, time.process_time() - used
    return {"rate": len(times) / seconds, "p95": p95(times), "cpu": 1000 * used / len(times)}


def main(argv: list[str]) -> int:
    """Serve rounds of "worker" and "threads"."""
    if len(argv) > 1:
        os.sched_setaffinity(0, {int(argv[1])})
    encoder = CompiledEncoder(Path(argv[0]))
    worker = QueryWorker(encoder)

    def directly(text: str) -> Vector:
        row: Vector = encoder.embed_queries([text])[0]
        return row

    ways = {"worker": worker.embed_query, "threads": directly}
    serve(None, lambda way: ask_together(ways[way]))
    worker.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
