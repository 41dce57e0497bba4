"""How long and how much memory indexing takes, beside the floor, and how fast it embeds."""

import argparse
import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import corpora
from bench.measuring import Run, median, run, workers
from bench.printing import Figure, Part, at_least, at_most, figures_table, table
from bench.results import record
from bench.serving import encoder_folder
from bot.settings import Settings
from index.embedding import find_model
from index.generation_store import GenerationStore
from index.manifest import Manifest

WORK = Path("var/bench/building")
_TURNS = 2
_SLABS, _SLAB_TEXTS = 6, 96
_HEADER = ("build", "articles / passages / sentences", "s", "peak MB", "")
_THROUGHPUT_RATIO = 2.0
_REINDEX_MB = 400.0


@dataclass(frozen=True, slots=True)
class Built:
    """One build that ended: what it holds and what it cost."""

    what: str
    manifest: Manifest
    seconds: float
    peak_mb: float
    note: str = ""

    def row(self) -> tuple[str, ...]:
        """Return a row of the table of builds."""
        held = self.manifest
        size = f"{held.articles} / {held.chunks} / {held.sentences}"
        return self.what, size, f"{self.seconds:.1f}", f"{self.peak_mb:.0f}", self.note


def measure() -> Part:
    """Measure builds of the shipped knowledge and of 2,000 passages, and how fast texts embed."""
    shutil.rmtree(WORK, ignore_errors=True)
    shipped, floor = _shipped_beside_floor()
    builds = [shipped, *_synthetic(2_000)]
    reindex_text, reindexed = _reindex_in_a_running_bot()
    speed_text, speed = _throughput()
    text = "\n\n".join(
        (
            "### Builds, each a fresh process; the encoder was compiled before",
            f"Other articles than the shipped ones are {corpora.SAID}.",
            table(_HEADER, [*(one.row() for one in builds), floor]),
            reindex_text,
            speed_text,
        )
    )
    figures = (*_sizes(builds), reindexed, *speed)
    return Part("Building", f"{text}\n\n{figures_table(figures)}", figures)


def measure_large() -> Part:
    """Measure builds of 20,000 passages."""
    builds = _synthetic(20_000)
    text = f"Articles {corpora.SAID}.\n\n{table(_HEADER, [one.row() for one in builds])}"
    return Part("Building, large", text, _sizes(builds))


def _sizes(builds: Sequence[Built]) -> tuple[Figure, ...]:
    return tuple(
        Figure(f"build, {one.what}", f"{one.seconds:.1f} s, peak {one.peak_mb:.0f} MB")
        for one in builds
    )


def _build(what: str, knowledge: Path, index: Path, *, full: bool = True) -> Built:
    arguments = ["--knowledge", str(knowledge), "--index", str(index)]
    done: Run = run("-m", "bot", "index", "build", *arguments, *(["--full"] if full else []))
    store = GenerationStore(index)
    manifest = Manifest.read(store.folder / store.current_name())
    embedded = next((part for part in done.stdout.split(";") if "texts embedded" in part), "")
    note = embedded.split(" texts embedded")[0].strip() + " texts embedded"
    return Built(what, manifest, done.seconds, done.peak_mb, note)


def _shipped_beside_floor() -> tuple[Built, tuple[str, ...]]:
    """Build the shipped knowledge and the floor over its passages, by turns."""
    settings = Settings()
    passages, index = WORK / "passages.txt", WORK / "shipped"
    corpora.write_lines(passages, corpora.shipped_passages(settings.index_dir))
    model = find_model(settings.embedding_model).location
    ours: list[Built] = []
    theirs: list[Run] = []
    for _ in range(_TURNS):
        ours.append(_build("shipped knowledge", settings.knowledge_dir, index))
        floor = ("build", model, str(passages), str(WORK / "floor"))
        theirs.append(run("-m", "bench.floor", *floor))
    last = ours[-1]
    seconds = median([one.seconds for one in ours])
    peak = max(one.peak_mb for one in ours)
    count = len(passages.read_text("utf-8").splitlines())
    floor_row = (
        "floor (sentence-transformers + faiss)",
        f"- / {count} / none",
        f"{median([one.seconds for one in theirs]):.1f}",
        f"{max(one.peak_mb for one in theirs):.0f}",
        f"{count} texts embedded",
    )
    return Built(last.what, last.manifest, seconds, peak, last.note), floor_row


def _synthetic(passages: int) -> list[Built]:
    """Build made articles, then again after one in a hundred changed."""
    folder, index = WORK / f"articles-{passages}", WORK / f"index-{passages}"
    for old in (folder, index):
        shutil.rmtree(old, ignore_errors=True)
    count = corpora.Recombiner().write_articles(folder, passages)
    first = _build(f"about {passages:,} passages", folder, index)
    changed = sorted(folder.iterdir())[: max(1, count // 100)]
    maker = corpora.Recombiner(seed=passages)
    for path in changed:
        with path.open("a", encoding="utf-8") as page:
            page.write(f"\n{maker.passage()}\n")
    again = _build(
        f"the same, {len(changed)} of {count} articles changed", folder, index, full=False
    )
    return [first, again]


def _reindex_in_a_running_bot() -> tuple[str, Figure]:
    knowledge, index = WORK / "articles-2000", WORK / "index-running"
    seen = json.loads(run("-m", "bench.reindexing", str(knowledge), str(index)).stdout)
    shown = f"{seen['peak']:.0f} MB"
    text = (
        "### A running bot that indexes again in its own process\n\n"
        f"{seen['passages']} passages in {seen['seconds']:.1f} s: resident {seen['before']:.0f} MB "
        f"before, {shown} at the peak, {seen['after']:.0f} MB after."
    )
    return (
        text,
        at_most(
            "peak of a running bot that re-indexes 2,000 passages",
            seen["peak"],
            _REINDEX_MB,
            shown,
            "at most 400 MB",
        ),
    )


def _throughput() -> tuple[str, tuple[Figure, ...]]:
    """Give the same texts to both encoders, slab by slab, by turns."""
    maker = corpora.Recombiner(seed=7)
    kinds = {
        "passages": [list(maker.passages(_SLAB_TEXTS)) for _ in range(_SLABS)],
        "sentences": [[maker.sentence() for _ in range(_SLAB_TEXTS)] for _ in range(_SLABS)],
    }
    model = find_model(Settings().embedding_model).location
    commands = {
        "ours": ["-m", "bench.encoding", "compiled", str(encoder_folder())],
        "theirs": ["-m", "bench.encoding", "sentence-transformers", model],
    }
    rows: list[tuple[str, ...]] = []
    figures: list[Figure] = []
    with workers(commands) as started:
        for worker in started.values():
            worker.work(kinds["sentences"][0])  # to warm up
        for kind, slabs in kinds.items():
            ours, theirs = (
                _SLAB_TEXTS * 1000 / median(ms)
                for ms in zip(
                    *([one.work(slab) for one in started.values()] for slab in slabs), strict=True
                )
            )
            rows.append((kind, f"{ours:.0f}", f"{theirs:.0f}", f"{ours / theirs:.2f}x"))
            figures.append(
                at_least(
                    f"indexing throughput, {kind}, against sentence-transformers' encode",
                    ours / theirs,
                    _THROUGHPUT_RATIO,
                    f"{ours:.0f} / {theirs:.0f} a second = {ours / theirs:.2f}x",
                    "at least 2x",
                )
            )
    header = ("texts", "compiled, a second", "sentence-transformers' encode", "ratio")
    heading = f"### Embedding {_SLABS} slabs of {_SLAB_TEXTS} texts by turns, both with every core"
    return f"{heading}\n\n{table(header, rows)}", tuple(figures)


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="bench building", description=__doc__)
    parser.add_argument("--large", action="store_true", help="20,000 passages instead (minutes)")
    options = parser.parse_args(argv)
    return record(measure_large() if options.large else measure())


if __name__ == "__main__":
    raise SystemExit(main())
