"""SciFact (BEIR): does retrieval reach what is published, compiled encoder or not?

    python -m bench scifact FOLDER

The folder holds corpus.jsonl.gz and queries.test.jsonl.gz. Vectors are kept under
var/bench/scifact, so that a second run takes seconds; `--fresh` makes them again. `--whole` leaves
out the default size of passages and the uncompiled model, which take most of the time.
"""

import argparse
import gzip
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, cast

import numpy as np

from bench.keeping import KeepingEmbedder
from bench.printing import (
    HERE,
    Figure,
    Part,
    at_least,
    figures_table,
    machine,
    table,
    write_section,
)
from bench.results import record
from bot.settings import Settings
from index.build import BuildOptions, build_index
from index.chunking import MAX_TOKENS
from index.embedding import (
    DEFAULT_MODEL,
    Embedder,
    Matrix,
    SentenceTransformerEmbedder,
    Vector,
    find_model,
)
from index.evaluation import ndcg
from index.export import open_embedder
from index.generation import Generation
from index.generation_store import GenerationStore
from index.hits import DENSE, HYBRID, LEXICAL, Weights
from index.retrieval import Retriever
from index.vectors import VectorSet

WORK = Path("var/bench/scifact")
PUBLISHED, TOLERANCE = 0.645, 0.01
HYBRID_BAR, LATER_BAR = 0.70, 0.735
_WHOLE = 100_000
_DEPTH = 100
_SLAB = 512


@dataclass(frozen=True, slots=True)
class Claim:
    """A test query and the abstracts that were judged to bear on it."""

    text: str
    relevant: frozenset[str]


def measure(data: Path, *, fresh: bool = False, whole_only: bool = False) -> Part:
    """Measure nDCG@10 on SciFact, dense and hybrid, compiled and not."""
    if fresh:
        shutil.rmtree(WORK, ignore_errors=True)
    articles = _write_articles(data)
    claims = _read_claims(data)
    source = find_model(DEFAULT_MODEL)
    compiled = open_embedder(source, Settings().encoder_dir, threads=2)
    encoder = KeepingEmbedder(compiled, WORK / "vectors")
    whole = _generation(articles, encoder, _WHOLE)
    default = None if whole_only else _generation(articles, encoder, MAX_TOKENS)
    vectors = encoder.embed_queries([one.text for one in claims])
    scores = {
        "dense, one passage an abstract": _mean_ndcg(whole, claims, vectors, DENSE),
        "BM25, one passage an abstract": _mean_ndcg(whole, claims, vectors, LEXICAL),
        "hybrid, one passage an abstract": _mean_ndcg(whole, claims, vectors, HYBRID),
    }
    reference = None
    if default is not None:
        scores |= {
            "dense, default passages": _mean_ndcg(default, claims, vectors, DENSE),
            "BM25, default passages": _mean_ndcg(default, claims, vectors, LEXICAL),
            "hybrid, default passages": _mean_ndcg(default, claims, vectors, HYBRID),
        }
        reference = _uncompiled(whole, claims, SentenceTransformerEmbedder(source))
    return Part("SciFact", *_report(scores, reference, whole, default, (claims, vectors)))


def _report(
    scores: dict[str, float],
    reference: float | None,
    whole: Generation,
    default: Generation | None,
    asked: tuple[Sequence[Claim], Matrix],
) -> tuple[str, tuple[Figure, ...]]:
    claims, vectors = asked
    rows = [(name, f"{score:.3f}") for name, score in scores.items()]
    if reference is not None:
        rows.append(("dense, one passage an abstract, sentence-transformers", f"{reference:.3f}"))
    dense = scores["dense, one passage an abstract"]
    figures = (
        Figure(
            "SciFact nDCG@10, dense, compiled encoder",
            f"{dense:.3f}" + (f" (sentence-transformers {reference:.3f})" if reference else ""),
            f"published {PUBLISHED}, within {TOLERANCE}",
            abs(dense - PUBLISHED) <= TOLERANCE,
        ),
        *(
            at_least(f"SciFact nDCG@10, {name}", score, bar, f"{score:.3f}", f"at least {bar}")
            for name, score in scores.items()
            if name.startswith("hybrid")
            for bar in (HYBRID_BAR, LATER_BAR)
        ),
    )
    small = ""
    if default is not None:
        small = f", or {default.manifest.chunks} of at most {MAX_TOKENS} word pieces"
    held = cast("VectorSet", whole.sentence_vectors)  # it lies in a folder
    text = (
        f"{machine()}\n\n{len(claims)} test claims; {whole.manifest.articles} abstracts: "
        f"{whole.manifest.chunks} passages of one abstract each{small}; "
        f"{whole.manifest.sentences} sentences. Nothing is left "
        "out as boilerplate. The first 100 passages, as articles each once. nDCG@10:\n\n"
        f"{table(('way', 'nDCG@10'), rows)}\n\n{_vector_recall(held, vectors)}\n\n"
        f"{figures_table(figures)}"
    )
    return text, figures


def _write_articles(data: Path) -> Path:
    """Write each abstract as an article: the title in its front matter, then one paragraph."""
    folder = WORK / "articles"
    done = WORK / "articles.done"
    if done.is_file():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    for item in _lines(data / "corpus.jsonl.gz"):
        title = json.dumps(" ".join(item["title"].split()), ensure_ascii=False)
        text = " ".join(item["text"].split())
        page = f"---\ntitle: {title}\n---\n\n{text}\n"
        (folder / f"{item['id']}.txt").write_text(page, encoding="utf-8")
    done.touch()
    return folder


def _read_claims(data: Path) -> list[Claim]:
    return [
        Claim(item["text"], frozenset(name for name, grade in item["rel"].items() if grade > 0))
        for item in _lines(data / "queries.test.jsonl.gz")
    ]


def _lines(file: Path) -> list[dict[str, Any]]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _generation(articles: Path, encoder: Embedder, chunk_tokens: int) -> Generation:
    """Build a generation of this chunk size from kept vectors, and those that are missing."""
    store = GenerationStore(WORK / f"index-{chunk_tokens}")
    report = build_index(
        articles,
        store,
        lambda: (DEFAULT_MODEL, encoder),
        options=BuildOptions(chunk_tokens=chunk_tokens, keep_boilerplate=True),
    )
    store.prune(kept=1)
    refused = [one for one in report.problems if not one.indexed]
    print(
        f"{report.generation}: {report.chunks} passages, {len(report.problems)} problems, seconds:"
    )
    print(f"  {report.seconds}; {len(refused)} articles refused")
    for one in refused:
        print(f"  refused {one.path}: {one.reason}")
    return store.open()


def _mean_ndcg(
    generation: Generation, claims: Sequence[Claim], vectors: Matrix, weights: Weights
) -> float:
    retriever = Retriever(generation, _unused, weights=weights)

    def ranked(claim: Claim, vector: Vector) -> list[str]:
        hits = retriever.search_vector(claim.text, vector, _DEPTH)
        return list(dict.fromkeys(PurePosixPath(hit.article).stem for hit in hits))

    return _mean(claims, vectors, ranked)


def _uncompiled(
    whole: Generation, claims: Sequence[Claim], embedder: SentenceTransformerEmbedder
) -> float:
    """Rank the abstracts by sentence-transformers' own vectors, everything compared."""
    passages = list(whole.passages.all())
    texts = [one.chunk.embedded_text for one in passages]
    kept = KeepingEmbedder(embedder, WORK / "vectors")
    # In slabs, so that a run that is stopped goes on where it was.
    slabs = [texts[start : start + _SLAB] for start in range(0, len(texts), _SLAB)]
    rows = np.concatenate([kept.embed_documents(slab) for slab in slabs])
    names = [PurePosixPath(one.chunk.path).stem for one in passages]

    def ranked(_claim: Claim, vector: Vector) -> list[str]:
        order = np.argsort(-(rows @ vector), kind="stable")[:_DEPTH]
        return list(dict.fromkeys(names[row] for row in order))

    return _mean(claims, embedder.embed_queries([one.text for one in claims]), ranked)


def _mean(
    claims: Sequence[Claim], vectors: Matrix, ranked: Callable[[Claim, Vector], list[str]]
) -> float:
    values = [
        ndcg(ranked(claim, vector), claim.relevant)
        for claim, vector in zip(claims, vectors, strict=True)
    ]
    return float(np.mean(values))


def _vector_recall(held: VectorSet, vectors: Matrix) -> str:
    """Say how much of exact search the search of these real sentences finds."""
    shared = dict.fromkeys((10, 200), 0)
    for vector in vectors:
        exact = held.search_exactly(vector, max(shared))
        for k in shared:
            shared[k] += len(set(held.search(vector, k)[0].tolist()) & set(exact[:k].tolist()))
    kind = "exact" if held.is_exact else "approximate"
    found = ", ".join(f"recall@{k} {n / (k * len(vectors)):.4f}" for k, n in shared.items())
    return f"The vectors of these {len(held)} sentences are searched by {kind} search: {found}."


def _unused(text: str) -> Vector:
    raise NotImplementedError(text)  # every query comes with its vector


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print, and keep the section in quality.md."""
    parser = argparse.ArgumentParser(prog="bench scifact", description=__doc__)
    parser.add_argument("folder", type=Path, help="the folder of the data set")
    parser.add_argument("--fresh", action="store_true", help="embed everything again")
    parser.add_argument("--whole", action="store_true", help="whole abstracts only")
    options = parser.parse_args(argv)
    part = measure(options.folder, fresh=options.fresh, whole_only=options.whole)
    write_section(HERE / "quality.md", part.title, part.text)
    return record(part)


if __name__ == "__main__":
    raise SystemExit(main())
