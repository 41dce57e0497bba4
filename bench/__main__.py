"""`python -m bench`: all that need no outside data; `python -m bench NAME`: one of them."""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from bench import building, lexical, serving, vectors
from bench.printing import HERE, NOISE, Part, figures_table, machine

_NAMES = ("serving", "building", "vectors", "lexical", "scifact", "answers", "cpu")


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
    serving_part = _shown(serving.measure())
    building_part = _shown(building.measure(large=large))
    vectors_part = _shown(vectors.measure())
    vectors.keep(vectors_part)
    lexical_part = _shown(lexical.measure())
    lexical.keep(lexical_part)
    parts = (serving_part, building_part, vectors_part, lexical_part)
    command = "python -m bench" + (" --large" if large else "")
    summary = figures_table([figure for part in parts for figure in part.figures])
    # Vectors and lexical have files of their own.
    details = "\n\n".join(f"## {part.title}\n\n{part.text}" for part in parts[:2])
    text = f"# Results\n\n`{command}`: {machine()} {NOISE}\n\n{summary}\n\n{details}\n"
    print(text)
    (HERE / "results.md").write_text(text, encoding="utf-8")


def _shown(part: Part) -> Part:
    print(f"{part.title}: done", file=sys.stderr)
    return part


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
