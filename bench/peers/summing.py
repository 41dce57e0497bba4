"""What the turns of a pipeline come to: medians, and shares of questions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench.measuring import median, p95
from bench.peers.pipelines import WHOLE
from bench.peers.texts import Asked


@dataclass(frozen=True, slots=True)
class Summary:
    """One way of asking, as tables show it.

    Attributes:
        title: As tables have it.
        whole: Whether a composed answer is what comes of it, not hits.
        has_cold: Whether there is a command that answers one question this way.
        cold_s: From the start of a process of this pipeline to its first line.
        cold_cpu_s: The CPU time of a cold start.
        build_s: Of the index over the passages.
        build_cpu_s: The CPU time of a build.
        build_peak_mb: The most memory that took.
        warm_ms: The 50th and 95th percentile, by PyTorch's threads.
        cpu_ms: The CPU time of a question, with the threads that take the least.
        rss_mb: Resident once all questions are answered.
        peak_mb: The most memory until then.
        size_mb: Of everything installed, the embedding model left out.
        pieces: What the articles were split into.
    """

    title: str
    whole: bool
    has_cold: bool
    cold_s: float
    cold_cpu_s: float
    build_s: float
    build_cpu_s: float
    build_peak_mb: float
    warm_ms: Mapping[str, tuple[float, float]]
    cpu_ms: float
    rss_mb: float
    peak_mb: float
    size_mb: float
    pieces: int

    @property
    def best_ms(self) -> tuple[float, float]:
        """The percentiles with the setting of threads that has the lower median."""
        return min(self.warm_ms.values())


def summarise(title: str, key: str, values: Mapping[str, Any]) -> Summary:
    """Return what the kept figures of a pipeline come to, for one way of asking it."""
    warm = [turn[key] for turn in _turns(values, "warm")]
    times = {threads: [ms for turn in warm for ms in turn[threads]["ms"]] for threads in warm[0]}
    ends = [end for turn in warm for end in turn.values()]
    cold = _turns(values, "cold")
    builds = _turns(values, "build")
    return Summary(
        title=title,
        whole=key == WHOLE,
        has_cold=key == WHOLE or WHOLE not in _turns(values, "warm")[0],
        cold_s=median([turn["seconds"] for turn in cold]),
        cold_cpu_s=median([turn["cpu"] for turn in cold]),
        build_s=median([turn["seconds"] for turn in builds]),
        build_peak_mb=median([turn["peak"] for turn in builds]),
        build_cpu_s=median([turn["cpu"] for turn in builds]),
        cpu_ms=min(
            median([turn[threads]["cpu_ms"] / len(turn[threads]["ms"]) for turn in warm])
            for threads in times
        ),
        warm_ms={threads: (median(ms), p95(ms)) for threads, ms in times.items()},
        rss_mb=median([end["rss"] for end in ends]),
        peak_mb=median([end["peak"] for end in ends]),
        size_mb=values["size_mb"],
        pieces=_turns(values, "recall")[0]["pieces"],
    )


def recall(found: Sequence[Sequence[str]], asked: Sequence[Asked], among: int | None) -> float:
    """Return the share of questions whose article is among the first hits' articles.

    Args:
        found: The articles of each question's hits, the best first; several may be the same.
        asked: The questions, in the same order.
        among: How many hits count; None for all of them.

    Raises:
        ValueError: if there are not as many lists of hits as questions, or no question at all.
    """
    if not asked:
        raise ValueError("there is no question to be answered")
    right = [one.article in hits[:among] for hits, one in zip(found, asked, strict=True)]
    return sum(right) / len(right)


def loads(values: Sequence[Mapping[str, Any]]) -> list[float]:
    """Return the load of the machine at the end of every turn that was kept."""
    return sorted(
        turn["load"]
        for one in values
        for measure in ("cold", "build", "warm")
        for turn in _turns(one, measure)
    )


def _turns(values: Mapping[str, Any], measure: str) -> list[Any]:
    turns: dict[str, Any] = values[measure]
    return [turns[turn] for turn in sorted(turns, key=int)]
