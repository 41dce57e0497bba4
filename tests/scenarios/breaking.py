"""What the scenarios of failure share: answers that wait or fail, and the bot as a process."""

import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from bot.answering.answerer import Answerer
from bot.domain import Exchange
from bot.domain import Message as Said
from index.opening import LiveIndex
from playground.local_slack import LocalSlack
from playground.messages import Message
from tests.commands import ROOT, command_line
from tests.library import ENCODERS, INDEX, KNOWLEDGE

_START_S = 60.0
CPO = "what does a chief product officer do"


class HeldAnswerer(Answerer):
    """The real answerer, which waits at a gate, and fails on a word, when a test says so."""

    def __init__(self, index: LiveIndex, **parts: Any) -> None:
        super().__init__(index, **parts)
        self.gate = threading.Event()
        self.gate.set()
        self.failures: dict[str, Exception] = {}
        self.asked: list[str] = []

    def begin(self) -> None:
        """Hold nothing, fail nothing, and forget what was asked."""
        self.gate.set()
        self.failures.clear()
        self.asked.clear()

    def ask(self, text: str, thread: Sequence[Said] = (), **rest: Any) -> Exchange:
        self.asked.append(text)
        assert self.gate.wait(30)
        for word, error in self.failures.items():
            if word in text:
                raise error
        return super().ask(text, thread, **rest)


def held_answerer(library: LiveIndex) -> HeldAnswerer:
    """Return one on the shipped library, as the real one is opened."""
    opened = HeldAnswerer.open(library)
    assert isinstance(opened, HeldAnswerer)
    return opened


class Clock:
    """The time of day, which a test can put forward."""

    def __init__(self) -> None:
        self.ahead_s = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead_s


class BotProcess:
    """`pmrole serve` on the shipped library."""

    def __init__(self, slack: LocalSlack, database: Path | str, **settings: str) -> None:
        url = database if isinstance(database, str) else f"sqlite:///{database}"
        env = {
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_API_URL": slack.api_url,
            "DATABASE_URL": url,
            "KNOWLEDGE_DIR": str(KNOWLEDGE),
            "INDEX_DIR": str(INDEX),
            "ENCODER_DIR": str(ENCODERS),
            "HF_HUB_OFFLINE": "1",
            **settings,
        }
        self.said = ""  # before it answered
        self._process = subprocess.Popen(
            command_line(["serve"], env), cwd=ROOT, stderr=subprocess.PIPE, text=True
        )

    def wait_until_it_answers(self) -> None:
        """Return once it is connected."""
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self.said += line
            if "answers as" in line:
                return
        raise AssertionError(self.said)

    @property
    def has_ended(self) -> bool:
        """Whether it was stopped or killed."""
        return self._process.returncode is not None

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def kill(self) -> None:
        """End it without a word, as a machine that fails does."""
        self._process.kill()
        self._process.communicate()

    def stop(self) -> tuple[int, str]:
        """End it as a platform does; return its status and what it wrote."""
        self._process.send_signal(signal.SIGTERM)
        _, written = self._process.communicate(timeout=120)
        return self._process.returncode, written


def let_leases_end(database: Path) -> None:
    """Put the inbox forward by the time after which a dead process's questions are free."""
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE inbox SET due_at = due_at - 60 WHERE owner != ''")


def rows_of(database: Path) -> int:
    """Return how many questions wait in an inbox."""
    with closing(sqlite3.connect(database)) as connection:
        count: int = connection.execute("SELECT count(*) FROM inbox").fetchone()[0]
        return count


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """Hold the state database as another program would."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


def by_bot(slack: LocalSlack, messages: Sequence[Message]) -> list[Message]:
    """Return those of the bot."""
    return [one for one in messages if one.user == slack.bot_user]


def together(tasks: Sequence[Callable[[], object]]) -> None:
    """Run tasks at once, each on its own thread, to their end."""
    threads = [threading.Thread(target=one) for one in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
