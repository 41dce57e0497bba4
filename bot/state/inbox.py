"""Questions that came and are not answered yet, and the events that came already.

A row has an owner, the process that works on it, and a time at which it falls due for anyone else.
The owner puts that time off every few seconds; when it dies the time comes, and another process,
or the next one, takes the row up.
"""

import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, case, delete, exists, insert, select, update

from bot.state.schema import inbox, inbox_keys
from bot.state.transactions import Clock, Transactions

LEASE_S = 20.0  # longer than a stop of ten seconds; `renew` is called every five
KEYS_KEPT_S = 3600.0  # Slack's last retry comes after six minutes; the rest is to be safe
_NOBODY = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """A question that is kept until it is answered.

    Attributes:
        id: Its number; never given twice.
        asked: What was accepted, as JSON holds it.
        attempts: How often it was begun before: by a process that died, or that put it off.
        received_at: When it came, in seconds since 1970.
    """

    id: int
    asked: dict[str, Any]
    attempts: int
    received_at: float


class Inbox:
    """What is to be answered. Safe between threads and between processes."""

    def __init__(
        self, transactions: Transactions, *, clock: Clock = time.time, lease_s: float = LEASE_S
    ) -> None:
        """Begin as a new owner, with no rows.

        Args:
            transactions: The way to the database.
            clock: Seconds since 1970, the same for every process.
            lease_s: How long a row stays with its owner after `accept`, `due` or `renew`.
        """
        self._transactions, self._clock, self._lease_s = transactions, clock, lease_s
        self._owner = secrets.token_hex(8)
        self._finished: set[int] = set()  # finished, and perhaps not deleted yet
        keys = transactions.insert(inbox_keys)
        self._remember = keys.on_conflict_do_update(
            index_elements=[inbox_keys.c.key],
            set_={"seen_at": keys.excluded.seen_at},
            where=inbox_keys.c.seen_at < keys.excluded.seen_at - KEYS_KEPT_S,
        ).returning(inbox_keys.c.seen_at)
        self._add = insert(inbox).returning(inbox.c.id)

    def accept(self, keys: Sequence[str], asked: Mapping[str, Any]) -> Receipt | None:
        """Keep a question until it is finished, unless it came before; in one transaction.

        Args:
            keys: What it is known by. Without any it is always new.
            asked: Whatever JSON can hold. Its "channel" and "message_ts" are what `is_waiting`
                looks for.

        Returns:
            What to finish later; None if one of the keys was seen within the last hour.

        Raises:
            StateError: if the database cannot be used; then nothing is kept.
        """
        now = self._clock()
        with self._transactions.writing() as connection:
            if not self._are_new(connection, keys, now):
                return None
            row = {
                "asked": dict(asked),
                "channel": str(asked.get("channel") or ""),
                "message_ts": str(asked.get("message_ts") or ""),
                "attempts": 0,
                "received_at": now,
                "owner": self._owner,
                "due_at": now + self._lease_s,
            }
            number = connection.execute(self._add, row).scalar_one()
        return Receipt(number, dict(asked), 0, now)

    def seen(self, keys: Sequence[str]) -> bool:
        """Remember an event that needs no work; tell whether it is new."""
        with self._transactions.writing() as connection:
            return self._are_new(connection, keys, self._clock())

    def unsee(self, keys: Sequence[str]) -> None:
        """Forget events that `seen` remembered: what they asked for could not be done."""
        with self._transactions.writing() as connection:
            connection.execute(delete(inbox_keys).where(inbox_keys.c.key.in_(keys)))

    def _are_new(self, connection: Connection, keys: Sequence[str], now: float) -> bool:
        # In one order everywhere, or two processes might wait for each other.
        added = [
            connection.execute(self._remember, {"key": key, "seen_at": now}).first()
            for key in sorted(set(keys))
        ]
        return all(row is not None for row in added)

    def finish(self, receipt: Receipt) -> None:
        """Forget a question that was answered; its text is deleted at once.

        Raises:
            StateError: if the database cannot be used; then `renew` and `hand_back` try again.
        """
        self._finished.add(receipt.id)
        with self._transactions.writing() as connection:
            done = self._forget_finished(connection)
        self._finished -= done

    def _forget_finished(self, connection: Connection) -> set[int]:
        done = self._finished.copy()
        if done:
            connection.execute(delete(inbox).where(inbox.c.id.in_(done)))
        return done

    def retry_later(self, receipt: Receipt, delay_s: float) -> None:
        """Give a question back, to be taken up by anyone after a delay in seconds.

        Nothing happens if another process has taken it up already.
        """
        mine = and_(inbox.c.id == receipt.id, inbox.c.owner == self._owner)
        with self._transactions.writing() as connection:
            connection.execute(
                update(inbox)
                .where(mine)
                .values(
                    owner=_NOBODY,
                    due_at=self._clock() + delay_s,
                    attempts=inbox.c.attempts + 1,
                )
            )

    def hand_back(self) -> None:
        """Give all of this process's questions back at once: it is about to end."""
        with self._transactions.writing() as connection:
            done = self._forget_finished(connection)
            connection.execute(
                update(inbox)
                .where(inbox.c.owner == self._owner)
                .values(owner=_NOBODY, due_at=self._clock())
            )
        self._finished -= done

    def renew(self) -> None:
        """Keep this process's questions for another lease."""
        with self._transactions.writing() as connection:
            done = self._forget_finished(connection)
            connection.execute(
                update(inbox)
                .where(inbox.c.owner == self._owner)
                .values(due_at=self._clock() + self._lease_s)
            )
        self._finished -= done

    def due(self, limit: int = 50) -> list[Receipt]:
        """Take up questions that nobody works on, the longest due first.

        Those are the handed back, the put off whose delay is over, and those of processes that
        stopped renewing. No two callers get the same one. Own questions are never due: this
        process knows of them, however late it renewed them.
        """
        now = self._clock()
        free = (
            select(inbox.c.id)
            .where(inbox.c.due_at <= now, inbox.c.owner != self._owner)
            .order_by(inbox.c.due_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
            .cte("free")
        )
        # What was given back was counted then; what a dead process left is counted here.
        begun = case((inbox.c.owner == _NOBODY, 0), else_=1)
        take = (
            update(inbox)
            .where(inbox.c.id.in_(select(free.c.id)))
            .values(
                owner=self._owner,
                due_at=now + self._lease_s,
                attempts=inbox.c.attempts + begun,
            )
            .returning(inbox.c.id, inbox.c.asked, inbox.c.attempts, inbox.c.received_at)
        )
        with self._transactions.writing() as connection:
            rows = connection.execute(take).all()
        return sorted((Receipt(*row) for row in rows), key=lambda one: (one.received_at, one.id))

    def is_waiting(self, channel: str, message_ts: str) -> bool:
        """Tell whether a message's question is accepted and not finished."""
        found = exists().where(inbox.c.channel == channel, inbox.c.message_ts == message_ts)
        with self._transactions.reading() as connection:
            return bool(connection.execute(select(found)).scalar())
