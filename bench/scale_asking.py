"""A process that answers from one large generation, for `bench.scale` to time and to weigh.

python -m bench.scale_asking FOLDER EXACT                 the folder store
python -m bench.scale_asking FOLDER EXACT URL NAME        the same generation in Postgres
"""

import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from bench.corpora import questions
from bench.measuring import peak_mb, rss_mb, serve, timed_ms
from bench.scale_exact import exact, nearest, recall
from bench.serving import encoder_folder
from bot.answering.answerer import Answerer
from index.embedding import Matrix, Vector
from index.encoder import CompiledEncoder
from index.generation import Generation
from index.generation_store import GenerationStore
from index.helping import SWITCH_S
from index.opening import FixedIndex
from index.retrieval import Retriever

_SETS = ("open_questions", "paraphrases")
_COMPARED = 100


def asked() -> list[str]:
    """Return the questions: those of the other benches, and those that quality is measured by."""
    found = questions()
    for name in _SETS:
        lines = Path("tests/data", f"{name}.jsonl").read_text("utf-8").splitlines()
        found += [json.loads(line)["question"] for line in lines]
    return list(dict.fromkeys(found))


def _open(store: GenerationStore, postgres: list[str]) -> Generation:
    if not postgres:
        return store.open()
    from index.postgres.connecting import Connections  # noqa: PLC0415 - not in the folder's process
    from index.postgres.reading import open_generation  # noqa: PLC0415 - not in the folder's process

    return open_generation(Connections(postgres[0]), postgres[1])


class _Asking:
    """A generation that answers."""

    def __init__(self, folder: Path, kept: Path, postgres: list[str]) -> None:
        encoder = CompiledEncoder(encoder_folder())
        before = rss_mb()
        start = time.perf_counter()
        self._store = GenerationStore(folder)
        self.generation = _open(self._store, postgres)
        loaded = time.perf_counter() - start
        index = FixedIndex(self.generation, encoder)
        self._retriever = index.retriever()
        self._answerer = Answerer.open(index)
        self.ready = {"load": loaded, "ready": time.perf_counter() - start, "before": before}
        self._kept, self._questions = kept, asked()
        self._vectors: Matrix = np.concatenate(
            [encoder.embed_queries([one]) for one in self._questions]
        )

    def work(self, task: str) -> Any:  # noqa: ANN401 - JSON
        """Do one task: time retrieval or whole questions, weigh the process, measure recall."""
        if task == "retrieval":
            asked = zip(self._questions, self._vectors, strict=True)
            return [timed_ms(self._retriever.search_vector, *one, 10) for one in asked]
        if task == "cpu":
            return [self._cpu_ms(*one) for one in zip(self._questions, self._vectors, strict=True)]
        if task == "whole":
            return [timed_ms(self._answerer.ask, one) for one in self._questions]
        if task == "memory":
            return {"rss": rss_mb(), "peak": peak_mb(), **_kinds()}
        if task == "exact":
            return self._find_exactly()
        return self._recall()

    def _cpu_ms(self, question: str, vector: Vector) -> float:
        """Return what a search takes of all cores together, whoever else uses them."""
        start = time.process_time()
        self._retriever.search_vector(question, vector, 10)
        return 1000 * (time.process_time() - start)

    def _find_exactly(self) -> float:
        folder = self._store.folder / self._store.current_name()
        start = time.perf_counter()
        chunks, sentences = (
            nearest(folder / f"{name}.f16.npy", self._vectors[:_COMPARED])
            for name in ("chunks", "sentences")
        )
        np.savez(self._kept, chunks=chunks, sentences=sentences)
        return time.perf_counter() - start

    def _recall(self) -> dict[str, float]:
        queries = self._vectors[:_COMPARED]
        chunks, sentences = exact(self.generation, queries, self._kept)
        truly = Retriever(
            replace(self.generation, chunk_vectors=chunks, sentence_vectors=sentences),
            lambda _text: queries[0],
        )
        agreed = []
        for question, query in zip(self._questions, queries, strict=False):
            wanted = {hit.row for hit in truly.search_vector(question, query, 10)}
            found = {hit.row for hit in self._retriever.search_vector(question, query, 10)}
            agreed.append(len(wanted & found) / max(1, len(wanted)))
        with np.load(self._kept, allow_pickle=False) as known:
            return {
                "passages": recall(self.generation.chunk_vectors, queries, known["chunks"], 10),
                "sentences": recall(
                    self.generation.sentence_vectors, queries, known["sentences"], 10
                ),
                "fused": float(np.mean(agreed)),
            }


def _kinds() -> dict[str, float]:
    """Return how much of the resident memory is the process's own, and how much mapped files."""
    try:
        lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    except OSError:
        return {}
    pairs = (line.split(":", 1) for line in lines)
    values = {name: text.split()[0] for name, text in pairs if name in {"RssAnon", "RssFile"}}
    return {name: float(value) / 1024 for name, value in values.items()}


def main(argv: list[str]) -> int:
    """Open, then do what is asked."""
    folder, kept, *postgres = argv
    sys.setswitchinterval(SWITCH_S)  # as the bot does that serves
    asking = _Asking(Path(folder), Path(kept), postgres)
    serve(asking.ready, asking.work)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
