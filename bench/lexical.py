"""Which BM25: our postings, tantivy, bm25s, SQLite FTS5 or rank-bm25. Writes lexical.md."""

import argparse
import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.corpora import SAID, Recombiner, questions, write_lines
from bench.engines import BUILDERS, OURS, K
from bench.measuring import median, p50_p95, run
from bench.printing import HERE, Figure, Part, machine, table
from bench.results import record

WORK = Path("var/bench/lexical")
SIZES = (1_000, 10_000, 100_000)
_TURNS = 2
_CHOICE = (
    "Chosen: weights that NumPy adds up from files of postings, as tantivy weighs them. It opens "
    "and answers as quickly as any at every size, and alone tells the score of any passage, not of "
    "the best only: what another signal finds gets its due for words too. tantivy, whose stemmer "
    "is used, needs less of the disk. bm25s takes as long to import as a whole cold answer, "
    "and holds more; SQLite FTS5 needs no package, but its time grows with every passage that "
    "shares a word with the question; rank-bm25 keeps no file, so every start builds it again."
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What one library cost at one size."""

    engine: str
    count: int
    build_s: list[float]
    asked: list[dict[str, Any]]
    disk_mb: float


def measure() -> Part:
    """Build and ask every library at every size, by turns, each in a process of its own."""
    shutil.rmtree(WORK, ignore_errors=True)
    write_lines(WORK / "questions.txt", questions())
    texts = list(Recombiner(seed=9).passages(max(SIZES)))
    seen = [one for count in SIZES for one in _measure_size(count, texts[:count])]
    header = (
        "passages",
        "library",
        "build s",
        "first load ms",
        "next load ms",
        "p50 / p95 ms",
        "MB resident",
        "files MB",
    )
    rows = [_row(one) for one in seen]
    ours = next(one for one in seen if one.engine == OURS and one.count == max(SIZES))
    figures = (
        Figure(
            f"BM25 at {max(SIZES):,} passages",
            f"load {median([one['again_ms'] for one in ours.asked]):.1f} ms, p50 / p95 "
            f"{p50_p95([ms for one in ours.asked for ms in one['ms']])} ms, "
            f"{_resident(ours):.0f} MB",
        ),
    )
    said = (
        f"Passages {SAID}. {len(questions())} questions, {K} hits each, "
        f"{_TURNS} processes a library by turns; loading ends with the first answer, the first "
        "load imports the library too. Memory is of the whole process, of which Python with "
        f"NumPy is {median([one['empty'] for one in seen[0].asked]):.0f} MB. Ours, tantivy and "
        "FTS5 stem; bm25s and rank-bm25 do not (for bm25s that would need PyStemmer). rank-bm25 "
        "keeps no file: it is built at every load."
    )
    text = f"{said}\n\n{table(header, rows)}\n\n{_CHOICE}"
    return Part("Lexical", text, figures)


def _measure_size(count: int, texts: Sequence[str]) -> list[Seen]:
    folder = WORK / str(count)
    folder.mkdir(parents=True)
    file = folder / "texts.txt"
    write_lines(file, texts)
    places = (str(file), str(folder))
    asked: dict[str, list[dict[str, Any]]] = {engine: [] for engine in BUILDERS}
    built: dict[str, list[float]] = {}
    sizes: dict[str, float] = {}
    for engine in BUILDERS:
        before = _size_mb(folder)
        done = run("-m", "bench.engines", "build", engine, *places)
        built[engine] = [json.loads(done.stdout)["seconds"]]
        sizes[engine] = _size_mb(folder) - before
    for _ in range(_TURNS):
        for engine, answers in asked.items():
            done = run("-m", "bench.engines", "ask", engine, *places, str(WORK / "questions.txt"))
            answers.append(json.loads(done.stdout))
    return [Seen(engine, count, built[engine], asked[engine], sizes[engine]) for engine in BUILDERS]


def _row(one: Seen) -> tuple[str, ...]:
    kept = one.engine != "rank-bm25"
    return (
        f"{one.count:,}",
        one.engine,
        f"{median(one.build_s):.2f}" if kept else "at load",
        f"{median([asked['load_ms'] for asked in one.asked]):.1f}",
        f"{median([asked['again_ms'] for asked in one.asked]):.1f}",
        p50_p95([ms for asked in one.asked for ms in asked["ms"]]),
        f"{_resident(one):.0f}",
        f"{one.disk_mb:.1f}" if kept else "none",
    )


def _resident(one: Seen) -> float:
    return median([asked["rss"] for asked in one.asked])


def _size_mb(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print and write lexical.md."""
    argparse.ArgumentParser(prog="bench lexical", description=__doc__).parse_args(argv)
    part = measure()
    text = f"# BM25 over passages\n\n{machine()}\n\n{part.text}\n"
    (HERE / "lexical.md").write_text(text, encoding="utf-8")
    return record(part)


if __name__ == "__main__":
    raise SystemExit(main())
