"""Exact and approximate vector search: recall, time, size. Writes vectors.md."""

import argparse
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from bench.corpora import Recombiner, questions
from bench.keeping import KeepingEmbedder
from bench.measuring import p50_p95, timed_ms
from bench.printing import HERE, Part, at_least, figures_table, machine, table
from bench.results import record
from bench.serving import encoder_folder
from index.embedding import Matrix, Vector
from index.encoder import CompiledEncoder
from index.vectors import EXACT_LIMIT, Rows, VectorSet, VectorWriter

WORK = Path("var/bench/vectors")
SIZES = (1_000, 10_000, 40_000, 100_000)
# The retriever asks for 100 passages and 200 sentences, not for ten.
_DEEP = 200
_RECALL_BAR = 0.98
_EMBEDDED = 5_000
_MADE_QUERIES = 150
_CANDIDATES = (200, 400, 800)
_PROBED = (1 / 16, 1 / 8, 1 / 4, 1 / 2)
_SAID = (
    f"{_EMBEDDED:,} altered sentences and passages of the shipped articles (bench/corpora.py) were "
    "embedded by the compiled encoder. Every vector beyond them mixes one of them with another "
    "(15 to 40 %) and with noise of the same covariance (10 %), and is made a unit vector. "
    f"Queries: {len(questions())} real questions and {_MADE_QUERIES} altered sentences that are "
    "not in the set."
)


@dataclass(frozen=True, slots=True)
class Found:
    """What was measured of one set of vectors."""

    count: int
    exact: bool
    recall: float
    deep_recall: float
    ms: list[float]
    deep_ms: list[float]
    exact_ms: list[float]
    one_thread_ms: list[float]
    build_seconds: float
    file_mb: float


def measure() -> Part:
    """Measure every size; at the largest, other numbers of candidates too."""
    for count in SIZES:
        shutil.rmtree(WORK / str(count), ignore_errors=True)
    base, queries = _embedded()
    rows = _grown(base, max(SIZES))
    found: list[Found] = []
    candidates = ""
    for count in SIZES:
        folder = WORK / str(count)
        seconds = _write(folder, rows[:count])
        found.append(_measure_set(folder, queries, seconds))
        if not found[-1].exact:
            candidates = _by_candidates(folder, queries)
    figures = tuple(
        at_least(
            f"recall@10 at {one.count:,} vectors ({'exact' if one.exact else 'approximate'})",
            one.recall,
            _RECALL_BAR,
            f"{one.recall:.4f}, p50 / p95 {p50_p95(one.ms)} ms, {one.file_mb:.0f} MB",
            "at least 0.98",
        )
        for one in found
    )
    text = "\n\n".join((_SAID, _sizes_table(found), candidates, figures_table(figures)))
    return Part("Vectors", text, figures)


def _sizes_table(found: Sequence[Found]) -> str:
    rows = [
        (
            f"{one.count:,}",
            "exact" if one.exact else "inverted file",
            f"{one.recall:.4f}",
            f"{one.deep_recall:.4f}",
            p50_p95(one.ms),
            p50_p95(one.deep_ms),
            p50_p95(one.exact_ms),
            p50_p95(one.one_thread_ms),
            f"{one.build_seconds:.1f}",
            f"{one.file_mb:.1f}",
        )
        for one in found
    ]
    header = (
        "vectors",
        "search",
        "recall@10",
        f"recall@{_DEEP}",
        "10: p50 / p95 ms",
        f"{_DEEP}: p50 / p95 ms",
        "IndexFlatIP, 10, all threads",
        "the same, one thread",
        "build s",
        "files MB",
    )
    return f"Exact up to {EXACT_LIMIT:,} vectors, one query at a time:\n\n{table(header, rows)}"


def _embedded() -> tuple[Matrix, Matrix]:
    compiled = CompiledEncoder(encoder_folder(), threads=2)
    encoder = KeepingEmbedder(compiled, WORK / "kept")
    maker = Recombiner(seed=3)
    texts = [*maker.passages(_EMBEDDED // 4)]
    texts += [maker.sentence() for _ in range(_EMBEDDED - len(texts))]
    order = np.random.default_rng(4).permutation(len(texts))
    base = encoder.embed_documents([texts[one] for one in order.tolist()])
    asked = [*questions(), *(Recombiner(seed=5).sentence() for _ in range(_MADE_QUERIES))]
    return base, encoder.embed_queries(asked)


def _grown(base: Matrix, count: int) -> Matrix:
    """Return unit rows: the real ones first, then mixtures."""
    random = np.random.default_rng(6)
    more = count - len(base)
    one, other = (random.integers(len(base), size=more) for _ in range(2))
    share = random.uniform(0.15, 0.40, size=(more, 1)).astype(np.float32)
    mixed = (1 - share) * base[one] + share * base[other]
    # The difference of two random rows has the covariance of the rows themselves.
    noise = (
        base[random.integers(len(base), size=more)] - base[random.integers(len(base), size=more)]
    )
    mixed += np.float32(0.1) * noise
    mixed /= np.linalg.norm(mixed, axis=1, keepdims=True)
    return np.concatenate([base, mixed]).astype(np.float32)


def _write(folder: Path, rows: Matrix) -> float:
    folder.mkdir(parents=True)

    def write() -> None:
        keys = np.arange(len(rows), dtype=np.uint64)
        writer = VectorWriter(folder, "v", keys, rows.shape[1])
        writer.put(np.arange(len(rows)), rows)
        writer.close()

    return timed_ms(write) / 1000


def _measure_set(folder: Path, queries: Matrix, build_seconds: float) -> Found:
    held = VectorSet(folder, "v")
    flat = faiss.IndexFlatIP(held.dimension)
    flat.add(held.vectors(np.arange(len(held))))
    times: dict[str, list[float]] = {"10": [], "deep": [], "flat": [], "one": []}
    shared = deep_shared = 0
    for query in queries:
        times["10"].append(timed_ms(held.search, query, 10))
        times["deep"].append(timed_ms(held.search, query, _DEEP))
        times["one"].append(timed_ms(flat.search, query[None, :], 10))
        faiss.omp_set_num_threads(os.cpu_count() or 1)
        times["flat"].append(timed_ms(flat.search, query[None, :], 10))
        faiss.omp_set_num_threads(1)  # as index.vectors has it
        truth = held.search_exactly(query, _DEEP)
        shared += _as_good(held, query, held.search(query, 10)[0], truth[:10])
        deep_shared += _as_good(held, query, held.search(query, _DEEP)[0], truth)
    return Found(
        count=len(held),
        exact=held.is_exact,
        recall=shared / (10 * len(queries)),
        deep_recall=deep_shared / (_DEEP * len(queries)),
        ms=times["10"],
        deep_ms=times["deep"],
        exact_ms=times["flat"],
        one_thread_ms=times["one"],
        build_seconds=build_seconds,
        file_mb=sum(path.stat().st_size for path in folder.iterdir()) / 1e6,
    )


def _by_candidates(folder: Path, queries: Matrix) -> str:
    """Show what other numbers of lists and candidates would give, with the index on disk."""
    held = VectorSet(folder, "v")
    index: Any = faiss.read_index(str(folder / "v.faiss"))
    exact = [held.search_exactly(query, _DEEP) for query in queries]

    def search(query: Vector, wanted: int, k: int) -> Rows:
        _, near = index.search(query[None, :], wanted)
        chosen: Rows = np.sort(near[0][near[0] >= 0])
        return chosen[np.argsort(-held.scores(query, chosen), kind="stable")[:k]]

    lines = []
    for share, wanted in product(_PROBED, _CANDIDATES):
        index.nprobe = round(share * index.nlist)
        times = [timed_ms(search, query, wanted, 10) for query in queries]
        recalls = [
            sum(
                _as_good(held, query, search(query, wanted, k), truth[:k])
                for query, truth in zip(queries, exact, strict=True)
            )
            / (k * len(queries))
            for k in (10, _DEEP)
        ]
        lines.append(
            (f"1/{1 / share:.0f}", wanted, f"{recalls[0]:.4f}", f"{recalls[1]:.4f}", p50_p95(times))
        )
    said = f"Lists searched and candidates scored again, at {len(held):,} vectors"
    return f"{said} in {index.nlist} lists:\n\n" + table(
        ("of the lists", "candidates", "recall@10", f"recall@{_DEEP}", "p50 / p95 ms"), lines
    )


def _as_good(held: VectorSet, query: Vector, found: Rows, truth: Rows) -> int:
    """Count rows that score no less than the last true one: equal vectors are equally right."""
    least = held.scores(query, truth).min() - 1e-6
    return min(len(truth), int(np.sum(held.scores(query, found) >= least)))


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print and write vectors.md."""
    argparse.ArgumentParser(prog="bench vectors", description=__doc__).parse_args(argv)
    part = measure()
    text = f"# Vector search\n\n{machine()}\n\n{part.text}\n"
    (HERE / "vectors.md").write_text(text, encoding="utf-8")
    return record(part)


if __name__ == "__main__":
    raise SystemExit(main())
