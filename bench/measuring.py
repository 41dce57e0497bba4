"""Times and memory of whole processes, and of workers that take turns in processes of their own."""

import contextlib
import gc
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psutil  # type: ignore[import-untyped]  # without stubs

_MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Run:
    """A process that ended: its wall time, the most memory it held, what it printed."""

    seconds: float
    peak_mb: float
    stdout: str


def run(*arguments: str, program: Sequence[str] = (sys.executable,)) -> Run:
    """Run `python ARGUMENTS` to its end, or another program with them.

    Raises:
        RuntimeError: if it fails; an index built with doubtful articles (status 3) is no failure.
    """
    start = time.perf_counter()
    process = subprocess.Popen(
        [*program, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    peak = 0.0
    while True:
        with contextlib.suppress(psutil.Error):
            peak = max(peak, peak_mb(process.pid))
        try:
            out, errors = process.communicate(timeout=0.05)
        except subprocess.TimeoutExpired:
            continue
        break
    seconds = time.perf_counter() - start
    if process.returncode not in {0, 3}:
        raise RuntimeError(f"{arguments} ended with {process.returncode}: {errors[-2000:]}")
    return Run(seconds, peak, out)


def time_process(*arguments: str) -> float:
    """Return the wall time of `python ARGUMENTS` in seconds, nothing else looking on."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
    return time.perf_counter() - start


def rss_mb() -> float:
    """Return the resident memory of this process in MB."""
    gc.collect()
    return float(psutil.Process().memory_info().rss) / _MB


def peak_mb(pid: int | None = None) -> float:
    """Return the most memory a process ever held, in MB; without /proc, what it holds now."""
    try:
        lines = Path(f"/proc/{pid or 'self'}/status").read_text("utf-8").splitlines()
        return next(float(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        return float(psutil.Process(pid).memory_info().rss) / _MB


class Worker:
    """A process that does a piece of work whenever it is told: it speaks lines of JSON."""

    def __init__(self, *arguments: str, program: Sequence[str] = (sys.executable,)) -> None:
        """Start `python ARGUMENTS`, which must call `serve`; wait until it is ready.

        Args:
            arguments: Of the program.
            program: What is started, if not this Python; it must speak as `serve` does.
        """
        self._arguments = arguments
        self._process = subprocess.Popen(
            [*program, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.ready = self._read()

    def work(self, task: object = None) -> Any:  # noqa: ANN401 - JSON
        """Have one task done and return its result."""
        stdin = self._process.stdin
        if stdin is None:
            raise RuntimeError("the worker has no standard input")
        stdin.write(json.dumps(task) + "\n")
        stdin.flush()
        return self._read()

    def close(self) -> None:
        """End the process."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def _read(self) -> Any:  # noqa: ANN401 - JSON
        stdout = self._process.stdout
        line = stdout.readline() if stdout is not None else ""
        if not line:
            raise RuntimeError(f"{self._arguments} ended too early")
        return json.loads(line)


@contextlib.contextmanager
def workers(commands: Mapping[str, Sequence[str]]) -> Iterator[dict[str, Worker]]:
    """Keep one worker a command alive, one started after the other."""
    started: dict[str, Worker] = {}
    try:
        for name, arguments in commands.items():
            started[name] = Worker(*arguments)
        yield started
    finally:
        for worker in started.values():
            worker.close()


def serve(ready: object, work: Callable[[Any], object]) -> None:
    """Be a worker: print what is ready, then do each task that comes in, until input ends."""
    print(json.dumps(ready), flush=True)
    for line in sys.stdin:
        print(json.dumps(work(json.loads(line))), flush=True)


def timed_ms(call: Callable[..., object], *arguments: object) -> float:
    """Return how long a call took in milliseconds."""
    start = time.perf_counter()
    call(*arguments)
    return 1000 * (time.perf_counter() - start)


def median(values: Sequence[float]) -> float:
    """Return the median."""
    return float(np.median(values))


def p95(values: Sequence[float]) -> float:
    """Return the 95th percentile."""
    return float(np.percentile(values, 95))


def p50_p95(values: Sequence[float]) -> str:
    """Return both as they stand in a table: "4.0 / 5.1"."""
    return f"{median(values):.2f} / {p95(values):.2f}"
