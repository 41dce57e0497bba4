"""What admins did, for admins to read."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert, select

from bot.state.schema import audit
from bot.state.transactions import Clock, Transactions


@dataclass(frozen=True, slots=True)
class Act:
    """What an admin did.

    Attributes:
        done_at: Seconds since 1970.
        team: The workspace's id.
        user: The person's id, or a word for a program.
        act: What they did, in words: "rolled the index back".
        detail: What it was done to, by name.
    """

    done_at: float
    team: str
    user: str
    act: str
    detail: Mapping[str, Any] = field(default_factory=dict)


class Audit:
    """The acts of admins. They are never changed. Safe between threads and between processes."""

    def __init__(self, transactions: Transactions, *, clock: Clock = time.time) -> None:
        """Begin with those the database holds."""
        self._transactions, self._clock = transactions, clock

    def note(self, team: str, user: str, act: str, **detail: str | float) -> None:
        """Keep an act; no detail may be a secret or a person's question."""
        row = {"done_at": self._clock(), "team": team, "user": user, "act": act, "detail": detail}
        with self._transactions.writing() as connection:
            connection.execute(insert(audit), row)

    def recent(self, limit: int = 100) -> tuple[Act, ...]:
        """Return the last acts, newest first."""
        columns = [column for column in audit.c if column.name != "id"]
        wanted = select(*columns).order_by(audit.c.id.desc()).limit(limit)
        with self._transactions.reading() as connection:
            return tuple(Act(**row) for row in connection.execute(wanted).mappings())
