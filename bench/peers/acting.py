"""What every pipeline is told to do, in a process of its own; nothing but the standard library.

    python -m bench.peers.NAME build MODEL TEXTS INDEX
    python -m bench.peers.NAME ask MODEL INDEX "a question"
    python -m bench.peers.NAME serve MODEL INDEX

TEXTS is a folder of files, INDEX the folder where the pipeline keeps what it built of them. `serve`
reads a line of JSON, {"first": a question, "questions": [...]}, answers the first to wake up and
the others on the clock, and prints what it found.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

# Every pipeline is asked for as many hits, whatever its own default.
HITS = 5

Build = Callable[[str, Path, Path], int]
# Gives where each hit comes from, the best first: a file of TEXTS.
Ask = Callable[[str], list[str]]
Open = Callable[[str, Path], Ask]


def act(build: Build, open_saved: Open) -> int:
    """Do what the command line says.

    Args:
        build: Indexes a folder of texts with a model, keeps the index, returns how many pieces the
            texts were split into.
        open_saved: Opens a kept index.
    """
    verb, model, folder, *rest = sys.argv[1:]
    if verb == "build":
        pieces = build(model, Path(folder), Path(rest[0]))
        print(json.dumps({"pieces": pieces, "peak": peak_mb(), "cpu": time.process_time()}))
    elif verb == "ask":
        print(open_saved(model, Path(folder))(rest[0]), flush=True)
    else:
        start = time.perf_counter()
        ask = open_saved(model, Path(folder))
        _serve(ask, time.perf_counter() - start)
    return 0


def peak_mb() -> float:
    """Return the most memory this process ever held, in MB."""
    return _status("VmHWM")


def _serve(ask: Ask, seconds: float) -> None:
    print(json.dumps({"seconds": seconds}), flush=True)
    for line in sys.stdin:
        task = json.loads(line)
        ask(task["first"])
        times, found, cpu = [], [], time.process_time()
        for question in task["questions"]:
            start = time.perf_counter()
            hits = ask(question)
            times.append(round(1000 * (time.perf_counter() - start), 3))
            found.append(hits)
        cpu_ms = 1000 * (time.process_time() - cpu)
        held = {"rss": _status("VmRSS"), "peak": peak_mb()}
        print(json.dumps({"ms": times, "cpu_ms": cpu_ms, "found": found, **held}), flush=True)


def _status(name: str) -> float:
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    return next(float(line.split()[1]) / 1024 for line in lines if line.startswith(name))


def within(texts: Path, file: object) -> str:
    """Return a file's path inside the folder of texts, as hits are to name it."""
    return Path(str(file)).resolve().relative_to(texts.resolve()).as_posix()
