"""`python -m bench`: all that need no outside data; `python -m bench NAME`: one of them.

Each keeps its figures under var/bench/figures; results.md is written from those of all.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from bench import building, lexical, memory, serving, slack, vectors
from bench.results import record, write_results

_NAMES = (
    "serving",
    "slack",
    "memory",
    "building",
    "vectors",
    "lexical",
    "scifact",
    "results",
    "answers",
    "cpu",
    "paraphrases",
    "replicas",
    "scale",
)


def main(argv: Sequence[str]) -> int:
    """Run one bench by name with its own options, or all and write results.md."""
    if argv and argv[0] in _NAMES:
        status: int = import_module(f"bench.{argv[0]}").main(argv[1:])
        return status
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("name", nargs="?", help=f"one of {', '.join(_NAMES)}; without it, all")
    parser.add_argument("--large", action="store_true", help="build 20,000 passages too (minutes)")
    options = parser.parse_args(argv)
    if options.name is not None:
        parser.error(f"no bench {options.name!r}; there are {', '.join(_NAMES)}")
    _run_all(large=options.large)
    return 0


def _run_all(*, large: bool) -> None:
    runs: list[Callable[[], int]] = [
        lambda: record(serving.measure()),
        lambda: record(slack.measure()),
        lambda: record(memory.measure()),
        lambda: record(building.measure()),
        lambda: vectors.main([]),
        lambda: lexical.main([]),
    ]
    if large:
        runs.append(lambda: record(building.measure_large()))
    for run in runs:
        run()
    print(write_results())


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
