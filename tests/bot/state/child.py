"""What tests let a process of its own do with a state database.

It says "ready" when everything is imported, and acts when it is told to go on.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bot.state.store import State
from tests.commands import ROOT


def _say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def open_and_close(url: str) -> None:
    """Open the database."""
    State.open(url).close()


def accept(url: str, *keys: str) -> None:
    """Offer a question for each pair of keys; print the pairs that were new."""
    state = State.open(url)
    for pair in keys:
        if state.inbox.accept(pair.split("+"), {"channel": "C1", "message_ts": pair}):
            _say(pair)


def accept_and_wait(url: str, *keys: str) -> None:
    """Accept questions, and never finish them."""
    accept(url, *keys)
    _say("waiting")
    time.sleep(60)


def take_due(url: str, seconds: str) -> None:
    """Take up what is due so many seconds from now, two at a time; print what it was."""
    state = State.open(url, clock=lambda: time.time() + float(seconds))
    while taken := state.inbox.due(limit=2):
        for one in taken:
            _say(one.asked["message_ts"], one.attempts)


def wish(url: str, *texts: str) -> None:
    """Ask to be told of the answers to questions, as one and the same person."""
    state = State.open(url)
    for text in texts:
        state.waiting.add("T1", "U1", text, "ref")


def claim(url: str) -> None:
    """Claim every wish, every path and every reindex that waits; print those that were got."""
    state = State.open(url)
    for waiter in state.waiting.untold():
        if state.waiting.claim(waiter.id):
            _say("wish", waiter.id)
    for one in state.reindexes.with_status("blocked"):
        if state.reindexes.claim(one.id, "blocked", "publishing"):
            _say("reindex", one.id)
    for number in range(20):
        if state.uploads.claim(f"{number}.md", b"text", "U1"):
            _say("path", number)


def vote(url: str, answer: str, voter: str) -> None:
    """Vote for an answer."""
    State.open(url).feedback.vote(answer, voter, "up")


_ACTIONS: dict[str, Callable[..., None]] = {
    one.__name__: one
    for one in (open_and_close, accept, accept_and_wait, take_due, wish, claim, vote)
}


@contextmanager
def children(*calls: tuple[str, ...]) -> Iterator[list[subprocess.Popen[str]]]:
    """Start processes; when all are ready, let them go on at the same time."""
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.bot.state.child", *call],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for call in calls
    ]
    try:
        for one in started:
            wait_for(one, "ready")
        for one in started:
            assert one.stdin is not None
            one.stdin.write("go\n")
            one.stdin.flush()
        yield started
    finally:
        for one in started:
            one.kill()
            one.communicate()


def wait_for(process: subprocess.Popen[str], word: str) -> None:
    """Read what a process prints until it prints a word."""
    assert process.stdout is not None
    while (line := process.stdout.readline()) != f"{word}\n":
        assert line, f"the process ended before it said {word}"


def lines_of(process: subprocess.Popen[str]) -> list[str]:
    """Return what a process prints until it ends well."""
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    return output.splitlines()


if __name__ == "__main__":
    _say("ready")
    sys.stdin.readline()
    _ACTIONS[sys.argv[1]](*sys.argv[2:])
