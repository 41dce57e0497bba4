"""Three replicas on one Postgres, many people asking for minutes, one replica killed, one reindex.

The local Slack has a process of its own. Postgres is the one that the tests start; everything
shares this machine, so the figures say what is kept, and little of what three machines would do.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bench.measuring import Worker
from bench.printing import Figure, Part, table
from bench.results import record
from tests.postgres import running_postgres

PEOPLE = 64
_REPLICAS = 3
_MINUTES = 5.0
# When a replica is killed and when the articles are indexed anew, as shares of the time.
_KILLED_AT, _REINDEXED_AT = 0.3, 0.45
_END_S = 60.0
_NEW = """---
title: Product guilds
---
# Product guilds

A product guild is a group of product managers who share what they learned.

## How often does a product guild meet?

A product guild meets every second Thursday for ninety minutes, and its notes are open to all.
"""
_ASKED, _SAID = "How often does a product guild meet?", "every second Thursday"


def measure(minutes: float, people: int, store: str) -> Part:
    """Let people ask for some minutes, and do to the replicas what happens to them.

    Args:
        minutes: How long people ask.
        people: How many.
        store: INDEX_STORE of the replicas.
    """
    with running_postgres() as postgres, postgres.database(tables=False) as url:
        slack = Worker("-m", "bench.asking_long")
        folder = Path(tempfile.mkdtemp(prefix="pmrole-bench-"))
        replicas: list[_Replica] = []
        try:
            settings = _settings(slack.ready, url, store, folder)
            _run(settings, "index", "build")
            replicas = [_Replica(settings, folder, number) for number in range(_REPLICAS)]
            seen = _five_minutes(slack, replicas, folder, minutes, people)
        finally:
            for one in replicas:
                one.stop()
            slack.close()
            shutil.rmtree(folder, ignore_errors=True)
    return _part(seen, minutes, people, store)


def _settings(slack: Mapping[str, str], url: str, store: str, folder: Path) -> dict[str, str]:
    shutil.copytree("knowledge", folder / "knowledge")
    return {
        **slack,
        "DATABASE_URL": url,
        "INDEX_STORE": store,
        "KNOWLEDGE_DIR": str(folder / "knowledge"),
        "INDEX_DIR": str(folder / "index"),
        "HF_HUB_OFFLINE": "1",
    }


def _run(settings: Mapping[str, str], *arguments: str) -> None:
    subprocess.run(_command(settings, *arguments), check=True, capture_output=True)


def _command(settings: Mapping[str, str], *arguments: str) -> list[str]:
    values = [f"{name}={value}" for name, value in settings.items()]
    return ["env", *values, sys.executable, "-m", "bot", *arguments]


class _Replica:
    """`pmrole serve`, whose log goes to a file."""

    def __init__(self, settings: Mapping[str, str], folder: Path, number: int) -> None:
        self.log = folder / f"replica-{number}.log"
        own = {**settings, "INDEX_DIR": str(folder / f"index-{number}")}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(_command(own, "serve"), stderr=log)
        end = time.monotonic() + 4 * _END_S
        while "answers as" not in self.log.read_text("utf-8"):
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"`pmrole serve` did not start: {self.log.read_text('utf-8')}")
            time.sleep(0.1)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(_END_S)


def _five_minutes(
    slack: Worker, replicas: Sequence[_Replica], folder: Path, minutes: float, people: int
) -> dict[str, Any]:
    begun = time.monotonic()
    slack.work({"do": "begin", "people": people})

    def until(share: float) -> None:
        time.sleep(max(0.0, begun + 60 * minutes * share - time.monotonic()))

    until(_KILLED_AT)
    replicas[0].process.kill()
    killed = time.time()
    until(_REINDEXED_AT)
    (folder / "knowledge" / "product-guilds.md").write_text(_NEW, encoding="utf-8")
    reindexed = time.time()
    said = slack.work({"do": "reindex"})
    published = time.time()
    until(1.0)
    # Each replica hears some of these.
    held = [slack.work({"do": "ask", "question": _ASKED}) for _ in range(3 * len(replicas))]
    seen: dict[str, Any] = slack.work({"do": "end"})
    return {
        **seen,
        "killed": killed,
        "reindexed": (reindexed, published),
        "said": said,
        "new": sum(_SAID in one for one in held) / len(held),
    }


def _part(seen: Mapping[str, Any], minutes: float, people: int, store: str) -> Part:
    askers = seen["people"]
    asked = sum(len(one["asked"]) for one in askers)
    lost = sum(max(0, len(one["asked"]) - one["answers"]) for one in askers)
    twice = sum(max(0, one["answers"] - len(one["asked"])) for one in askers)
    times = [
        (at, took) for one in askers for at, took in zip(one["asked"], one["took"], strict=False)
    ]
    begun, published = seen["reindexed"]
    spans = (
        ("all", 0.0, float("inf")),
        ("before the kill", 0.0, seen["killed"]),
        ("from the kill to the reindex", seen["killed"], begun),
        ("while the articles are indexed", begun, published),
        ("after it", published, float("inf")),
    )
    rows = []
    for name, first, last in spans:
        took = np.array([took for at, took in times if first <= at < last])
        if len(took):
            p50, p95 = np.percentile(took, 50), np.percentile(took, 95)
            rows.append((name, len(took), f"{p50:.2f}", f"{p95:.2f}", f"{took.max():.2f}"))
    acks = np.array(seen["acks"])
    text = (
        f"{people} people ask for {minutes:g} minutes, INDEX_STORE={store}: a third mentions the "
        "bot, a third writes to it, a third uses `/pmrole`; each reads an answer for 4 to 12 s and "
        f"asks again. {_REPLICAS} replicas, Postgres and the local Slack share this machine. One "
        f"replica is killed (`kill -9`) after {60 * minutes * _KILLED_AT:.0f} s, an admin has the "
        f"articles indexed anew after {60 * minutes * _REINDEXED_AT:.0f} s, which takes "
        f"{published - begun:.0f} s. {seen['deliveries']} deliveries, {seen['again']} of them once "
        f"more, {seen['given_up']} given up; the slowest acknowledgement took {acks.max():.0f} ms "
        f"(p99 {np.percentile(acks, 99):.0f} ms). Asked at the end, {seen['new']:.0%} of the "
        "answers come from the new article.\n\n"
        f"{table(('when asked', 'questions', 'p50 s', 'p95 s', 'most s'), rows)}"
    )
    figures = (
        Figure(
            "questions lost with three replicas, one killed",
            f"{lost} of {asked}",
            "none",
            lost == 0,
        ),
        Figure("questions answered twice there", f"{twice} of {asked}", "none", twice == 0),
        Figure("questions answered a second there", f"{asked / (60 * minutes):.1f}"),
    )
    return Part("Replicas", text, figures)


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="bench replicas", description=__doc__)
    parser.add_argument("--minutes", type=float, default=_MINUTES)
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--store", default="postgres", help="INDEX_STORE of the replicas")
    options = parser.parse_args(argv)
    return record(measure(options.minutes, options.people, options.store))


if __name__ == "__main__":
    raise SystemExit(main())
