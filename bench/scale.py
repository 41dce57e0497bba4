"""How search grows to a million passages, in folders and in Postgres. Writes scale.md, scale.png.

python -m bench scale                               everything, the Postgres column up to 100,000
python -m bench scale --sizes 1000000 --postgres    one size again, without Postgres
python -m bench scale --sizes --postgres --no-builds     only the table, from what was measured
"""

import argparse
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bench.corpora import Recombiner
from bench.measuring import Worker, median, p95, run, workers
from bench.printing import HERE, machine
from bench.results import record
from bench.scale_articles import made_articles, shipped_sections, write_articles
from bench.scale_generation import make_generation
from bench.scale_plot import draw
from bench.scale_postgres import loaded
from bench.scale_tables import part
from bot.settings import Settings
from index.generation_store import GenerationStore

WORK = Path("var/bench/scale")
SIZES, POSTGRES_SIZES = (10_000, 100_000, 1_000_000), (10_000, 100_000)
# What is really built, with every text embedded; larger ones are made from it.
_BASE, _BUILT = 10_000, 100_000
_ROUNDS = 3
_SEEN = WORK / "seen.json"


class Seen:
    """What was measured so far, kept so that sizes can be measured one by one."""

    def __init__(self) -> None:
        """Read what is there."""
        self.values = self._read()

    @staticmethod
    def _read() -> dict[str, dict[str, Any]]:
        nothing: dict[str, dict[str, Any]] = {"builds": {}, "folder": {}, "postgres": {}}
        return json.loads(_SEEN.read_text("utf-8")) if _SEEN.is_file() else nothing

    def put(self, kind: str, name: str, value: object) -> None:
        """Keep a measurement, with when and on what it was made."""
        self.values = self._read()  # another run may have measured another size meanwhile
        self.values[kind][name] = value
        self.values.setdefault("machine", {})[f"{kind} {name}"] = machine()
        _SEEN.write_text(json.dumps(self.values, indent=1), encoding="utf-8")


def _base(seen: Seen) -> GenerationStore:
    """Build ten thousand passages, every text embedded by the real encoder, unless it was done."""
    index = WORK / f"real-{_BASE}"
    if "real" not in seen.values["builds"] or not (index / "CURRENT").is_file():
        knowledge = _articles(_BASE)
        shutil.rmtree(index, ignore_errors=True)
        done = run("-m", "bench.scale_building", str(knowledge), str(index))
        seen.put("builds", "real", json.loads(done.stdout))
    return GenerationStore(index)


def _articles(passages: int) -> Path:
    folder = WORK / f"articles-{passages}"
    shutil.rmtree(folder, ignore_errors=True)
    sections = shipped_sections(Settings().index_dir)
    write_articles(folder, made_articles(sections, passages))
    return folder


def _measure_builds(seen: Seen, base: GenerationStore) -> None:
    """Build a hundred thousand passages with mixed vectors, then really after 1 % changed."""
    knowledge, index = _articles(_BUILT), WORK / f"built-{_BUILT}"
    shutil.rmtree(index, ignore_errors=True)
    command = ["-m", "bench.scale_building", str(knowledge), str(index)]
    seen.put("builds", "mixed", json.loads(run(*command, str(base.folder)).stdout))
    files = sorted(knowledge.rglob("*.md"))
    maker = Recombiner(seed=_BUILT)
    for path in files[:: len(files) // (len(files) // 100)]:
        with path.open("a", encoding="utf-8") as page:
            page.write(f"\n{maker.passage()}\n")
    seen.put("builds", "again", json.loads(run(*command).stdout))


def _measure_folder(seen: Seen, base: GenerationStore, passages: int) -> None:
    folder = WORK / f"made-{passages}"
    store = GenerationStore(folder)
    if not (folder / "steps.json").is_file():
        shutil.rmtree(folder, ignore_errors=True)
        steps = make_generation(base.open(), passages, store)
        (folder / "steps.json").write_text(json.dumps(steps), encoding="utf-8")
    place = store.folder / store.current_name()
    files = [one for one in place.rglob("*") if one.is_file()]
    value: dict[str, Any] = {
        "steps": json.loads((folder / "steps.json").read_text("utf-8")),
        "disk": sum(one.stat().st_size for one in files) / 1e6,
        "sentences": store.manifest_of(store.current_name()).sentences,
        "articles": store.manifest_of(store.current_name()).articles,
    }
    command = ["-m", "bench.scale_asking", str(folder), str(_kept(passages))]
    with workers({"asking": command}) as started:
        value |= _asked(started["asking"])
        value["exact"] = started["asking"].work("exact")
        value["recall"] = started["asking"].work("recall")
    seen.put("folder", str(passages), value)


def _measure_postgres(seen: Seen, passages: int) -> None:
    folder = WORK / f"made-{passages}"
    with loaded(folder) as (url, name, took):
        command = ["-m", "bench.scale_asking", str(folder), str(_kept(passages)), url, name]
        with workers({"asking": command}) as started:
            value = {**took, **_asked(started["asking"])}
            value["recall"] = started["asking"].work("recall")
    seen.put("postgres", str(passages), value)


def _kept(passages: int) -> Path:
    """Return the file of what exact search finds."""
    return WORK / f"exact-{passages}.npz"


def _asked(worker: Worker) -> dict[str, Any]:
    """Ask every question some times over; the first round warms the caches of the system."""
    found: dict[str, Any] = {**worker.ready}
    for task in ("retrieval", "whole"):
        first = worker.work(task)
        times = [worker.work(task) for _ in range(_ROUNDS)]
        # The least of a question's times is what it takes where nobody else uses the machine.
        least = np.min(times, axis=0).tolist()
        every = [one for round_ in times for one in round_]
        found[task] = {
            "p50": median(every),
            "p95": p95(every),
            "least p50": median(least),
            "least p95": p95(least),
            "first p95": p95(first),
        }
    cpu = worker.work("cpu")
    found["cpu"] = {"p50": median(cpu), "p95": p95(cpu)}
    found["memory"] = worker.work("memory")
    return found


def main(argv: Sequence[str] | None = None) -> int:
    """Measure what is asked for; write scale.md and scale.png from all that was measured."""
    parser = argparse.ArgumentParser(
        prog="bench scale", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES, help="of folder stores")
    parser.add_argument("--postgres", type=int, nargs="*", default=POSTGRES_SIZES, help="of those")
    parser.add_argument("--no-builds", action="store_true", help="no real builds of articles")
    options = parser.parse_args(argv)
    WORK.mkdir(parents=True, exist_ok=True)
    seen = Seen()
    base = _base(seen)
    if not options.no_builds:
        _measure_builds(seen, base)
    for passages in options.sizes:
        _measure_folder(seen, base, passages)
    for passages in options.postgres:
        _measure_postgres(seen, passages)
    found = part(seen.values)
    draw({name: seen.values[name] for name in ("folder", "postgres")}, HERE / "scale.png")
    text = f"# A million passages\n\n{machine()}\n\n{found.text}\n"
    (HERE / "scale.md").write_text(text, encoding="utf-8")
    return record(found)


if __name__ == "__main__":
    raise SystemExit(main())
