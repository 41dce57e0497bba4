"""The measurements: what is compared runs by turns, and each turn is kept as it ends.

A turn that compares processes side by side (cold, warm) is measured again as a whole where one
pipeline lacks it; builds and recall stand for themselves.
"""

import json
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.measuring import Worker, run
from bench.peers.kept import Kept
from bench.peers.pipelines import GENERATIONS, KNOWLEDGE, OURS, Pipeline, Way, ways
from bench.peers.texts import Asked, write_many, write_passages

# Asked to wake a process up; none of the questions that are timed.
_FIRST = "what does a VP of product do"
_SLAB = 29
# On a busy machine PyTorch's threads wait for each other: peers with all of them take every third
# turn.
_EVERY = 3
# What each number of threads takes.
_THREADS: dict[str, tuple[str, ...]] = {"default": (), "one": ("OMP_NUM_THREADS=1",)}


@dataclass(frozen=True, slots=True)
class Bench:
    """What is measured, with what.

    Attributes:
        work: The folder for texts, indexes and figures.
        model: The folder of the embedding model.
        pipelines: Those that are installed; ours is the first.
        kept: Their figures.
        asked: The questions.
    """

    work: Path
    model: str
    pipelines: tuple[Pipeline, ...]
    kept: dict[str, Kept]
    asked: tuple[Asked, ...]

    @property
    def ways(self) -> list[Way]:
        """Every way of asking."""
        return ways(self.pipelines, self.model)

    def index(self, pipeline: Pipeline) -> Path:
        """Return the folder of a pipeline's index over the passages."""
        return self.work / "index" / pipeline.key

    def measure_recall(self) -> None:
        """Let each pipeline split and index the articles, and note what it finds."""
        for one in self.pipelines:
            if self.kept[one.key].has("recall", 0):
                continue
            index = self.work / "index-articles" / one.key
            seen = self._built(one, self.work / "articles", index)
            for way in (way for way in self.ways if way.pipeline == one):
                program = one.program(*_THREADS["one"])
                worker = Worker("serve", way.model, str(index), program=program)
                found = worker.work(self._task(self.asked))["found"]
                worker.close()
                seen[way.key] = found
            self.kept[one.key].keep("recall", 0, seen)

    def measure_build(self, turn: int) -> None:
        """Let each pipeline build its index over the passages."""
        for one in self.pipelines:
            if self.kept[one.key].has("build", turn) and self.index(one).is_dir():
                continue
            texts = self.work / ("many" if one == OURS else "passages")
            if one == OURS and not texts.is_dir():
                write_many(texts, self.kept[OURS.key].turns("recall")[0]["pieces"])
            seen = self._built(one, texts, self.index(one))
            if one == OURS and not (self.work / "passages").is_dir():
                write_passages(self.work / "passages", self.index(OURS) / GENERATIONS)
            self.kept[one.key].keep("build", turn, seen)

    def measure_cold(self, turn: int) -> None:
        """Time each pipeline from the start of a process to what it prints."""
        if all(self.kept[one.key].has("cold", turn) for one in self.pipelines):
            return
        for one in self.pipelines:
            before = _cpu_of_children()
            seconds = _first_line_s(self._cold_command(one))
            _tell("cold", one, f"{seconds:.2f} s")
            figures = {"seconds": seconds, "cpu": _cpu_of_children() - before}
            self.kept[one.key].keep("cold", turn, figures)

    def measure_warm(self, turn: int) -> None:
        """Let every way answer the questions, some at a time, the processes side by side."""
        if all(self.kept[one.key].has("warm", turn) for one in self.pipelines):
            return
        seen: dict[str, dict[str, Any]] = {one.key: {} for one in self.pipelines}
        sides = [(way, threads) for way in self.ways for threads in way.threads]
        for (way, threads), figures in zip(sides, self._side_by_side(sides), strict=True):
            seen[way.pipeline.key].setdefault(way.key, {})[threads] = figures
        for one in self.pipelines:
            _tell("warm", one, "done")
            self.kept[one.key].keep("warm", turn, seen[one.key])

    def _side_by_side(self, sides: Sequence[tuple[Way, str]]) -> list[dict[str, Any]]:
        """Return for each process the times of all questions, and its memory at the end."""
        started: list[Worker] = []
        figures: list[dict[str, Any]] = [{"ms": [], "cpu_ms": 0.0} for _ in sides]
        try:
            for way, threads in sides:
                index = str(self.index(way.pipeline))
                program = way.pipeline.program(*_THREADS[threads])
                started.append(Worker("serve", way.model, index, program=program))
            for turn, start in enumerate(range(0, len(self.asked), _SLAB)):
                task = self._task(self.asked[start : start + _SLAB])
                for (way, threads), worker, so_far in zip(sides, started, figures, strict=True):
                    if turn % _EVERY and way.pipeline != OURS and threads == "default":
                        continue
                    seen = worker.work(task)
                    so_far["ms"] += seen["ms"]
                    so_far["cpu_ms"] += seen["cpu_ms"]
                    so_far |= {"rss": seen["rss"], "peak": seen["peak"]}
        finally:
            for worker in started:
                worker.close()
        return figures

    def _built(self, pipeline: Pipeline, texts: Path, index: Path) -> dict[str, Any]:
        # Beside the index there was: a build that is stopped leaves that one.
        fresh = index.with_suffix(".new")
        shutil.rmtree(fresh, ignore_errors=True)
        done = run("build", self.model, str(texts), str(fresh), program=pipeline.program())
        shutil.rmtree(index, ignore_errors=True)
        fresh.rename(index)
        seen: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        _tell("build", pipeline, f"{done.seconds:.0f} s, {seen['pieces']} pieces")
        return {"seconds": done.seconds, **seen}

    def _cold_command(self, pipeline: Pipeline) -> list[str]:
        index = self.index(pipeline)
        if pipeline != OURS:
            return [*pipeline.program(), "ask", self.model, str(index), _FIRST]
        folders = ["--knowledge", index / KNOWLEDGE, "--index", index / GENERATIONS]
        pmrole = pipeline.environment / "bin" / "pmrole"
        return [str(part) for part in (pmrole, "ask", *folders, _FIRST)]

    @staticmethod
    def _task(asked: Sequence[Asked]) -> dict[str, object]:
        return {"first": _FIRST, "questions": [one.question for one in asked]}


def _first_line_s(command: Sequence[str]) -> float:
    """Return how long a process takes until it prints its first line, in seconds."""
    start = time.perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        line = process.stdout.readline() if process.stdout is not None else ""
        seconds = time.perf_counter() - start
        _, errors = process.communicate()
    if process.returncode != 0 or not line:
        raise RuntimeError(f"{command} ended with {process.returncode}: {errors[-2000:]}")
    return seconds


def _cpu_of_children() -> float:
    """Return the CPU time of all processes that ended here, in seconds."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _tell(what: str, pipeline: Pipeline, outcome: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {what}, {pipeline.title}: {outcome}", file=sys.stderr)
