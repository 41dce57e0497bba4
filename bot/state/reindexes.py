"""Reindexes: who began them, where they are told of, and what became of them."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, insert, select, update

from bot.state.schema import reindexes
from bot.state.transactions import Clock, Transactions


@dataclass(frozen=True, slots=True)
class Reindex:
    """A reindex.

    Attributes:
        id: Its number.
        begun_at: When, in seconds since 1970.
        team: The workspace's id; empty if nobody in Slack began it.
        user: The person's id, or a word for a program.
        channel: Where the message that tells of it is; empty if there is none.
        message_ts: That message.
        status: "running", "published", "blocked" (it waits for a decision), "publishing" or
            "discarding" (the decision is carried out), "discarded", "superseded" (another one
            took its place), "failed" or "interrupted".
        generation: The generation it made; empty while it has made none.
        report: What it came to.
    """

    id: int
    begun_at: float
    team: str
    user: str
    channel: str
    message_ts: str
    status: str
    generation: str
    report: Mapping[str, Any] = field(default_factory=dict)


class Reindexes:
    """The reindexes of an index. Safe between threads and between processes."""

    def __init__(self, transactions: Transactions, *, clock: Clock = time.time) -> None:
        """Begin with those the database holds."""
        self._transactions, self._clock = transactions, clock

    def begin(self, user: str, team: str = "") -> int:
        """Note that a reindex runs; return its number."""
        row = {
            **dict.fromkeys(("channel", "message_ts", "generation"), ""),
            "team": team,
            "user": user,
            "status": "running",
            "report": {},
            "begun_at": self._clock(),
        }
        with self._transactions.writing() as connection:
            made = connection.execute(insert(reindexes), row)
        return int(made.inserted_primary_key[0]) if made.inserted_primary_key else 0

    def tell_at(self, number: int, channel: str, message_ts: str) -> None:
        """Note which message tells of a reindex."""
        self._change(number, {"channel": channel, "message_ts": message_ts})

    def end(
        self,
        number: int,
        status: str,
        *,
        generation: str | None = None,
        report: Mapping[str, Any] | None = None,
    ) -> None:
        """Note what became of a reindex; what is not given stays as it is."""
        values: dict[str, Any] = {"status": status}
        values |= {} if generation is None else {"generation": generation}
        values |= {} if report is None else {"report": dict(report)}
        self._change(number, values)

    def claim(self, number: int, was: str, becomes: str) -> bool:
        """Change a status if it still is what it was; tell whether it did: of two, one wins."""
        wanted = (
            update(reindexes)
            .where(reindexes.c.id == number, reindexes.c.status == was)
            .values(status=becomes)
        )
        with self._transactions.writing() as connection:
            return connection.execute(wanted).rowcount == 1

    def find(self, number: int) -> Reindex | None:
        """Return one reindex."""
        return next(iter(self._some(reindexes.c.id == number, 1)), None)

    def with_status(self, *statuses: str) -> tuple[Reindex, ...]:
        """Return the reindexes of some statuses, newest first."""
        return self._some(reindexes.c.status.in_(statuses), None)

    def recent(self, limit: int = 20) -> tuple[Reindex, ...]:
        """Return the last reindexes, newest first."""
        return self._some(reindexes.c.id > 0, limit)

    def _change(self, number: int, values: Mapping[str, Any]) -> None:
        with self._transactions.writing() as connection:
            connection.execute(update(reindexes).where(reindexes.c.id == number).values(**values))

    def _some(self, which: ColumnElement[bool], limit: int | None) -> tuple[Reindex, ...]:
        wanted = select(reindexes).where(which).order_by(reindexes.c.id.desc()).limit(limit)
        with self._transactions.reading() as connection:
            return tuple(Reindex(**row) for row in connection.execute(wanted).mappings())
