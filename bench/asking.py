"""A process that answers questions one way, for `bench.serving` to time beside the others.

python -m bench.asking whole|retrieval|bare|floor|floor-one [ENCODER-OR-MODEL FOLDER]
"""

import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from bench.corpora import questions
from bench.measuring import peak_mb, rss_mb, serve, timed_ms

Ask = Callable[[str], object]


def _open_whole() -> Ask:
    answering = import_module("bot.cli.asking")
    settings = import_module("bot.settings").Settings()
    ask: Ask = answering.open_answerer(settings).ask
    return ask


def _open_retrieval() -> Ask:
    settings = import_module("bot.settings").Settings()
    live = import_module("bot.index_store").live_index(settings)
    search: Ask = live.retriever().search
    return search


def _open_bare(encoder: str, folder: str) -> Ask:
    ask: Ask = import_module("bench.bare").open_bare(Path(encoder), Path(folder))
    return ask


def _open_floor(model: str, folder: str) -> Ask:
    ask: Ask = import_module("bench.floor").open_floor(model, Path(folder))
    return ask


def _open_floor_on_one_thread(model: str, folder: str) -> Ask:
    # On a busy machine PyTorch's threads wait for each other more than they help.
    import_module("torch").set_num_threads(1)
    return _open_floor(model, folder)


_OPENERS: dict[str, Callable[..., Ask]] = {
    "whole": _open_whole,
    "retrieval": _open_retrieval,
    "bare": _open_bare,
    "floor": _open_floor,
    "floor-one": _open_floor_on_one_thread,
}


def main(argv: list[str]) -> int:
    """Answer all questions each time it is told to, and say how long each took."""
    start = time.perf_counter()
    ask = _OPENERS[argv[0]](*argv[1:])
    asked = questions()
    ready = {"seconds": time.perf_counter() - start, "rss": rss_mb()}

    def work(_task: object) -> dict[str, object]:
        times = [timed_ms(ask, question) for question in asked]
        return {"ms": times, "rss": rss_mb(), "peak": peak_mb()}

    serve(ready, work)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
