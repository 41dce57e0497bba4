"""Answers that admins approved, shown before what the articles say."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Row, insert, select, update

from bot.state.schema import pins
from bot.state.transactions import Clock, Transactions

FRESH_S = 5.0  # how late other processes hear of a new pin
_LISTED = 50


@dataclass(frozen=True, slots=True, eq=False)
class Pin:
    """An approved answer.

    Attributes:
        id: The row; `Pins.add` sets it.
        team: The workspace it is shown in.
        question: What it answers.
        vector: What the question means, as `bot.insights.pinned` packs it.
        answer: In the words of a person.
        source_url: Where they wrote it; empty if that is not known.
        approved_by: The admin's name.
        approved_at: Seconds since 1970; likewise.
        articles: The SHA-256 of the texts of the articles it was approved beside, by path.
        ended_at: When it stopped being shown; None while it is.
        ended_why: Why, in a few words; empty while it is shown.
    """

    team: str
    question: str
    vector: bytes
    answer: str
    source_url: str
    approved_by: str
    articles: Mapping[str, str]
    id: int = 0
    approved_at: float = 0.0
    ended_at: float | None = None
    ended_why: str = ""


_COLUMNS = [pins.c[one.name] for one in fields(Pin)]


class Pins:
    """Approved answers. Safe between threads and between processes.

    Every question asks for them, so those that are shown are kept in memory for a few seconds.
    """

    def __init__(self, transactions: Transactions, *, clock: Clock = time.time) -> None:
        """Begin with those the database holds."""
        self._transactions, self._clock = transactions, clock
        self._lock = threading.Lock()
        self._shown: tuple[Pin, ...] = ()
        self._read_at: float | None = None

    def add(self, pin: Pin) -> Pin:
        """Show an answer from now on, this process at once; return it as it is kept."""
        added = {"approved_at": self._clock(), "ended_at": None, "ended_why": ""}
        row = {one.name: getattr(pin, one.name) for one in fields(Pin)} | added
        row["articles"] = dict(pin.articles)
        del row["id"]
        with self._transactions.writing() as connection:
            number = connection.execute(insert(pins).returning(pins.c.id), row).scalar_one()
        self._forget_what_was_read()
        return Pin(id=int(number), **row)

    def shown(self, team: str) -> tuple[Pin, ...]:
        """Return a workspace's pins that have not ended, at most five seconds old, oldest first."""
        with self._lock:
            now = self._clock()
            if self._read_at is None or not 0 <= now - self._read_at < FRESH_S:
                wanted = select(*_COLUMNS).where(pins.c.ended_at.is_(None)).order_by(pins.c.id)
                with self._transactions.reading() as connection:
                    self._shown = tuple(_pin(row) for row in connection.execute(wanted))
                self._read_at = now
            return tuple(one for one in self._shown if one.team == team)

    def teams(self) -> frozenset[str]:
        """Return the workspaces that have pins."""
        wanted = select(pins.c.team).where(pins.c.ended_at.is_(None)).distinct()
        with self._transactions.reading() as connection:
            return frozenset(connection.execute(wanted).scalars())

    def listed(self, team: str) -> tuple[Pin, ...]:
        """Return a workspace's last pins, those that ended too, newest first."""
        wanted = (
            select(*_COLUMNS).where(pins.c.team == team).order_by(pins.c.id.desc()).limit(_LISTED)
        )
        with self._transactions.reading() as connection:
            return tuple(_pin(row) for row in connection.execute(wanted))

    def end(self, team: str, id: int, why: str) -> bool:  # noqa: A002 - the column's name
        """Show a pin no more; tell whether it was shown until now.

        Args:
            team: Its workspace: no other ends it.
            id: The pin.
            why: In a few words.
        """
        now = self._clock()
        mine = (pins.c.id == id, pins.c.team == team, pins.c.ended_at.is_(None))
        with self._transactions.writing() as connection:
            ended = connection.execute(
                update(pins).where(*mine).values(ended_at=now, ended_why=why)
            )
        self._forget_what_was_read()
        return ended.rowcount == 1

    def _forget_what_was_read(self) -> None:
        with self._lock:
            self._read_at = None


def _pin(row: Row[Any]) -> Pin:
    return Pin(*tuple(row))
