"""`make bench-peers`: LlamaIndex, LangChain, Haystack, txtai and PM Role, side by side.

    python -m bench.peers [--turns N] [--only NAME ...] [--again] [--torch-index URL]

Makes the environments (var/peers), measures, and writes bench/peers.md. Every figure is kept under
var/bench/peers as soon as there is one: a run that was stopped goes on when it is started again.
"""

import argparse
import json
import shutil
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from bench.peers import environments
from bench.peers.kept import Kept
from bench.peers.pipelines import EVERY, OURS, Pipeline
from bench.peers.showing import show
from bench.peers.texts import Asked, questions, write_articles
from bench.peers.turns import Bench
from bench.printing import HERE, Part, machine
from bench.results import record
from bot.settings import Settings
from index.embedding import find_model

WORK = Path("var/bench/peers")
_BUILDS, _ROUNDS = 3, 3
# A cold start takes seconds, and varies most: so many a round.
_COLD_STARTS = 3


def main(argv: Sequence[str] | None = None) -> int:
    """Measure what was not measured yet, and write the page."""
    options = _options(argv)
    if options.again:
        shutil.rmtree(WORK, ignore_errors=True)
    wanted = [one for one in EVERY if one == OURS or not options.only or one.key in options.only]
    installed, missing = _installed(wanted, options.torch_index)
    bench = _bench(installed)
    bench.measure_recall()
    for turn in range(options.rounds):
        if turn < options.builds:
            bench.measure_build(turn)
        for start in range(_COLD_STARTS):
            bench.measure_cold(turn * _COLD_STARTS + start)
        bench.measure_warm(turn)
    return _write(bench, missing)


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.peers", description=__doc__)
    names = [one.key for one in EVERY]
    parser.add_argument("--only", nargs="+", choices=names, metavar="NAME", help=", ".join(names))
    parser.add_argument("--builds", type=int, default=_BUILDS, help="how often each builds")
    parser.add_argument("--rounds", type=int, default=_ROUNDS, help="of cold and warm answers")
    parser.add_argument("--again", action="store_true", help="forget what was measured")
    parser.add_argument("--torch-index", default="", metavar="URL", help="of CPU builds of torch")
    return parser.parse_args(argv)


def _installed(
    wanted: Sequence[Pipeline], torch_index: str
) -> tuple[tuple[Pipeline, ...], list[str]]:
    """Make the environments; return those there are, and what is to be said of the others.

    Raises:
        NotInstalledError: if it is PM Role's that cannot be made.
    """
    installed: list[Pipeline] = []
    missing: list[str] = []
    for one in wanted:
        try:
            environments.make(one, torch_index)
        except environments.NotInstalledError as error:
            if one == OURS:
                raise
            print(error, file=sys.stderr, flush=True)
            missing.append(one.title)
        else:
            installed.append(one)
    return tuple(installed), missing


def _bench(installed: tuple[Pipeline, ...]) -> Bench:
    """Write the articles and the questions where a run begins; open the figures."""
    articles, file = WORK / "articles", WORK / "questions.json"
    kept = {one.key: Kept(WORK, one) for one in installed}
    if not file.is_file():
        write_articles(articles)
        asked = tuple(questions())
        file.write_text(json.dumps([asdict(one) for one in asked]), encoding="utf-8")
    asked = tuple(Asked(**one) for one in json.loads(file.read_text("utf-8")))
    kept[OURS.key].describe(articles=sum(path.is_file() for path in articles.rglob("*")))
    for one in installed:
        if "size_mb" not in kept[one.key].values:
            packages = environments.versions(one)
            kept[one.key].describe(
                size_mb=environments.size_mb(one),
                packages=len(packages),
                version=packages[one.package],
            )
    model = find_model(Settings().embedding_model).location
    return Bench(WORK, model, installed, kept, asked)


def _write(bench: Bench, missing: Sequence[str]) -> int:
    values = {key: one.values for key, one in bench.kept.items()}
    body, figures = show(bench.ways, values, bench.asked)
    versions = "; ".join(
        f"{one['title']}: {one['version']}, {one['packages']} packages" for one in values.values()
    )
    absent = f"Could not be installed, and is not shown: {', '.join(missing)}. " if missing else ""
    text = f"{absent}{versions}.\n\n{body}"
    page = f"# PM Role beside its peers\n\n{machine()}\n\n{text}\n"
    (HERE / "peers.md").write_text(page, encoding="utf-8")
    return record(Part("Peers", text, figures))


if __name__ == "__main__":
    raise SystemExit(main())
