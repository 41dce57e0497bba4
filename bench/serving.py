"""How fast and how small answering is, beside the floors: cold, warm, in memory, in a crowd."""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from bench.corpora import questions, shipped_passages, write_lines
from bench.crowd import PEOPLE
from bench.measuring import Worker, median, p50_p95, run, time_process, workers
from bench.printing import Figure, Part, at_least, at_most, figures_table, table
from bench.results import record
from bot.settings import Settings
from index.embedding import find_model
from index.generation_store import GenerationStore
from index.manifest import Manifest

WORK = Path("var/bench/serving")
_QUESTION = "what does a VP of product do"
_COLD, _COLD_FLOOR = 9, 5
_ROUNDS = 20
# The floor is slow and its memory does not grow: it takes every fifth turn.
_FLOOR_EVERY = 5
_CROWD_ROUNDS = 5
_BARE_RATIO, _FLOOR_RATIO = 2.0, 1 / 8
_RETRIEVAL_RATIO, _WHOLE_RATIO = 1 / 3, 2 / 3
_RSS_MB, _RSS_RATIO = 256.0, 1 / 2
_CROWD_RATIO, _CROWD_P95_RATIO = 1.8, 1 / 3


def encoder_folder() -> Path:
    """Return where the encoder of the published index lies."""
    settings = Settings()
    store = GenerationStore(settings.index_dir)
    manifest = Manifest.read(store.folder / store.current_name())
    return settings.encoder_dir / manifest.encoder


def prepare_floor() -> Path:
    """Build the floor's index over the shipped passages; return its folder."""
    settings = Settings()
    folder = WORK / "floor"
    write_lines(WORK / "passages.txt", shipped_passages(settings.index_dir))
    model = find_model(settings.embedding_model).location
    run("-m", "bench.floor", "build", model, str(WORK / "passages.txt"), str(folder))
    return folder


def measure() -> Part:
    """Measure everything about serving."""
    folder = prepare_floor()
    cold_text, cold = _cold(folder)
    warm_text, warm = _warm(folder)
    crowd_text, crowd = _crowd()
    figures = (*cold, *warm, *crowd)
    text = "\n\n".join((cold_text, warm_text, crowd_text, figures_table(figures)))
    return Part("Serving", text, figures)


def _commands(folder: Path) -> dict[str, list[str]]:
    model = find_model(Settings().embedding_model).location
    bare, floor = str(encoder_folder()), [model, str(folder)]
    return {
        "`pmrole ask`": ["-m", "bot", "ask", _QUESTION],
        "bare onnxruntime + faiss": ["-m", "bench.bare", bare, str(folder), _QUESTION],
        "sentence-transformers + faiss": ["-m", "bench.floor", "ask", *floor, _QUESTION],
    }


def _cold(folder: Path) -> tuple[str, tuple[Figure, ...]]:
    """Time whole processes, by turns."""
    commands = _commands(folder)
    ours, bare, floor = commands
    times: dict[str, list[float]] = {name: [] for name in commands}
    for turn in range(_COLD):
        for name, arguments in commands.items():
            if name != floor or turn < _COLD_FLOOR:
                times[name].append(time_process(*arguments))
    typical = {name: median(seconds) for name, seconds in times.items()}
    rows = [
        (name, f"{typical[name]:.2f}", f"{min(seconds):.2f}", len(seconds))
        for name, seconds in times.items()
    ]
    of_bare, of_floor = typical[ours] / typical[bare], typical[ours] / typical[floor]
    return (
        "### Cold: process start to the printed answer\n\n"
        + table(("way", "median s", "least s", "runs"), rows),
        (
            at_most(
                "cold `pmrole ask` against the bare onnxruntime floor",
                of_bare,
                _BARE_RATIO,
                f"{typical[ours]:.2f} s / {typical[bare]:.2f} s = {of_bare:.2f}x",
                "at most 2x",
            ),
            at_most(
                "cold `pmrole ask` against sentence-transformers + faiss",
                of_floor,
                _FLOOR_RATIO,
                f"{typical[ours]:.2f} s / {typical[floor]:.2f} s = 1/{1 / of_floor:.1f}",
                "at most 1/8 of the fastest peer (none is faster than this floor)",
            ),
        ),
    )


def _warm(folder: Path) -> tuple[str, tuple[Figure, ...]]:
    """Let four processes answer the same fifty questions by turns, a thousand in all."""
    model = find_model(Settings().embedding_model).location
    commands = {
        "whole question": ["-m", "bench.asking", "whole"],
        "retrieval alone": ["-m", "bench.asking", "retrieval"],
        "bare floor": ["-m", "bench.asking", "bare", str(encoder_folder()), str(folder)],
        "floor": ["-m", "bench.asking", "floor", model, str(folder)],
        "floor, one thread": ["-m", "bench.asking", "floor-one", model, str(folder)],
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    last: dict[str, dict[str, float]] = {}
    with workers(commands) as started:
        ready = {name: worker.ready for name, worker in started.items()}
        for turn in range(_ROUNDS):
            for name, worker in started.items():
                if name.startswith("floor") and turn % _FLOOR_EVERY:
                    continue
                last[name] = worker.work()
                times[name] += last[name]["ms"]  # type: ignore[arg-type]
    rows = [
        (
            name,
            f"{ready[name]['seconds']:.2f}",
            p50_p95(times[name]),
            f"{ready[name]['rss']:.0f}",
            f"{last[name]['rss']:.0f}",
            f"{last[name]['peak']:.0f}",
        )
        for name in commands
    ]
    header = (
        "way",
        "ready s",
        "p50 / p95 ms",
        "MB resident when ready",
        f"after {_ROUNDS * len(questions())} questions (floor: a fifth of them)",
        "peak MB",
    )
    text = f"### Warm: {len(questions())} questions, {_ROUNDS} rounds\n\n{table(header, rows)}"
    typical = {name: median(one) for name, one in times.items()}
    return text, (*_warm_figures(typical), *_memory_figures(last))


def _warm_figures(typical: dict[str, float]) -> tuple[Figure, ...]:
    floor = min(typical["floor"], typical["floor, one thread"])
    bars = {
        "retrieval alone": (_RETRIEVAL_RATIO, "at most 1/3 of the fastest peer's retrieval"),
        "whole question": (_WHOLE_RATIO, "at most 2/3 of the fastest peer's retrieval"),
    }
    return tuple(
        at_most(
            f"warm p50, {name}, against sentence-transformers + faiss",
            typical[name] / floor,
            limit,
            f"{typical[name]:.2f} ms / {floor:.2f} ms = {typical[name] / floor:.2f}",
            bar,
        )
        for name, (limit, bar) in bars.items()
    )


def _memory_figures(last: dict[str, dict[str, float]]) -> tuple[Figure, ...]:
    ours = last["whole question"]["rss"]
    floor = min(last["floor"]["rss"], last["floor, one thread"]["rss"])
    return (
        at_most("resident after 1,000 answers", ours, _RSS_MB, f"{ours:.0f} MB", "at most 256 MB"),
        at_most(
            "the same against sentence-transformers + faiss",
            ours / floor,
            _RSS_RATIO,
            f"{ours:.0f} MB / {floor:.0f} MB = {ours / floor:.2f}",
            "at most 1/2 of the leanest peer (none is leaner than this floor)",
        ),
    )


def _crowd() -> tuple[str, tuple[Figure, ...]]:
    """Let 64 threads ask at once, pinned to one core and not, both ways by turns."""
    encoder = str(encoder_folder())
    settings = {"all cores": ["-m", "bench.crowd", encoder]}
    if hasattr(os, "sched_getaffinity"):
        core = max(os.sched_getaffinity(0))
        settings = {"one core": ["-m", "bench.crowd", encoder, str(core)], **settings}
    rows: list[tuple[str, ...]] = []
    figures: list[Figure] = []
    for name, command in settings.items():
        found = _crowd_rounds(command)
        rows += [
            (name, way, f"{seen['rate']:.0f}", f"{seen['p95']:.0f}", f"{seen['cpu']:.2f}")
            for way, seen in found.items()
        ]
        figures += _crowd_figures(name, found["worker"], found["threads"])
    header = ("cores", "way", "questions a second", "p95 ms", "CPU ms a question")
    said = (
        "Where others use the machine too, 64 threads are given more of it than one worker: the "
        "ratio of CPU time tells what a quiet machine would show."
    )
    heading = f"### A crowd: {PEOPLE} threads asking at once, embedding only"
    return f"{heading}\n\n{table(header, rows)}\n\n{said}", tuple(figures)


def _crowd_rounds(command: Sequence[str]) -> dict[str, dict[str, float]]:
    """Return the medians of what each way gave."""
    rounds: dict[str, list[dict[str, float]]] = {"worker": [], "threads": []}
    worker = Worker(*command)
    for _ in range(_CROWD_ROUNDS):
        for way, seen in rounds.items():
            seen.append(worker.work(way))
    worker.close()
    return {
        way: {what: median([one[what] for one in seen]) for what in seen[0]}
        for way, seen in rounds.items()
    }


def _crowd_figures(
    name: str, ours: dict[str, float], theirs: dict[str, float]
) -> tuple[Figure, ...]:
    rate, slow = ours["rate"] / theirs["rate"], ours["p95"] / theirs["p95"]
    cpu = theirs["cpu"] / ours["cpu"]
    return (
        at_least(
            f"64 at once, {name}: throughput against threads",
            rate,
            _CROWD_RATIO,
            f"{ours['rate']:.0f} / {theirs['rate']:.0f} a second = {rate:.2f}x",
            "at least 1.8x",
        ),
        at_least(
            f"64 at once, {name}: questions for the same CPU time",
            cpu,
            _CROWD_RATIO,
            f"{theirs['cpu']:.2f} / {ours['cpu']:.2f} ms a question = {cpu:.2f}x",
            "at least 1.8x",
        ),
        at_most(
            f"64 at once, {name}: p95 against threads",
            slow,
            _CROWD_P95_RATIO,
            f"{ours['p95']:.0f} / {theirs['p95']:.0f} ms = {slow:.2f}",
            "at most 1/3",
        ),
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print."""
    argparse.ArgumentParser(prog="bench serving", description=__doc__).parse_args(argv)
    return record(measure())


if __name__ == "__main__":
    raise SystemExit(main())
