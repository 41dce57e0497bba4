"""How soon Slack is told that a question arrived, and how soon it is answered, in a crowd.

The bot is `pmrole serve`, over Socket Mode; the local Slack has a process of its own, so that they
do not share an interpreter.
"""

import argparse
import contextlib
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from bench.asking_slack import PEOPLE
from bench.measuring import Worker
from bench.printing import Figure, Part, at_most, table
from bench.results import record

_ROUNDS = 10
_ACK_P99_MS = 200.0
_END_S = 15.0


def measure() -> Part:
    """Let 64 people ask at once, ten times."""
    worker = Worker("-m", "bench.asking_slack")
    try:
        with _bot(worker.ready):
            worker.work()  # what every first question reads
            rounds = [worker.work() for _ in range(_ROUNDS)]
    finally:
        worker.close()
    acks = np.array([one for found in rounds for one in found["acks"]])
    answers = np.array([one for found in rounds for one in found["answers"]])
    again = sum(found["again"] for found in rounds)
    rows = [
        (
            what,
            len(times),
            f"{np.percentile(times, 50):.0f}",
            f"{np.percentile(times, 95):.0f}",
            f"{np.percentile(times, 99):.0f}",
            f"{times.max():.0f}",
        )
        for what, times in (("acknowledgement", acks), ("answer", answers))
    ]
    said = (
        f"{PEOPLE} people ask at once, {_ROUNDS} times: a third mentions the bot, a third writes "
        "to it, a third uses `/pmrole`. The bot is `pmrole serve` over Socket Mode, the local "
        f"Slack a process beside it. {len(acks)} deliveries, the bot's own messages among them, as "
        f"Slack tells of those too; {again} had to be delivered again."
    )
    header = ("what", "count", "p50 ms", "p95 ms", "p99 ms", "most ms")
    p99 = float(np.percentile(acks, 99))
    figures = (
        at_most(
            f"acknowledgement while {PEOPLE} people ask at once, p99",
            p99,
            _ACK_P99_MS,
            f"{p99:.0f} ms, of {len(acks)} deliveries",
            "at most 200 ms",
        ),
        Figure(
            f"answer while {PEOPLE} people ask at once, p50 / p95",
            f"{np.percentile(answers, 50):.0f} / {np.percentile(answers, 95):.0f} ms",
        ),
    )
    return Part("Slack", f"{said}\n\n{table(header, rows)}", figures)


@contextlib.contextmanager
def _bot(slack: Mapping[str, str]) -> Iterator[None]:
    """Run `pmrole serve` on the published index, with a state of its own."""
    with tempfile.TemporaryDirectory() as folder:
        settings = {**slack, "DATABASE_URL": f"sqlite:///{Path(folder, 'state.db')}"}
        values = [f"{name}={value}" for name, value in settings.items()]
        command = ["env", *values, sys.executable, "-m", "bot", "serve"]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        try:
            line = process.stderr.readline() if process.stderr is not None else ""
            if "answers as" not in line:
                raise RuntimeError(f"`pmrole serve` did not start: {line}")
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=_END_S)


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print."""
    argparse.ArgumentParser(prog="bench slack", description=__doc__).parse_args(argv)
    return record(measure())


if __name__ == "__main__":
    raise SystemExit(main())
