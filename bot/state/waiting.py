"""People who want to be told once their question can be answered.

Each is told at most once: who tells takes the row first, by one statement that only one of any
number of processes can win, and only then sends. If the process dies in between, or Slack's answer
is lost, nobody is told, which is better than being told twice.
"""

import time
from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update

from bot.state.schema import waiting
from bot.state.transactions import Clock, Transactions

# Further questions of one person are not taken: nobody waits for so many answers.
MOST_A_PERSON = 50


@dataclass(frozen=True, slots=True)
class Waiter:
    """Somebody who wants to be told.

    Attributes:
        id: The row.
        team: The workspace's id.
        user: The person's id; they agreed to its being kept.
        text: The question, so that it can be understood alone.
        reference: What the log calls the question.
        asked_at: When they agreed, in seconds since 1970.
    """

    id: int
    team: str
    user: str
    text: str
    reference: str
    asked_at: float


_COLUMNS = [waiting.c[name] for name in ("id", "team", "user", "text", "reference", "asked_at")]


class Waiting:
    """Who waits for what. Safe between threads and between processes."""

    def __init__(self, transactions: Transactions, *, clock: Clock = time.time) -> None:
        """Begin with those the database holds."""
        self._transactions, self._clock = transactions, clock

    def add(self, team: str, user: str, text: str, reference: str) -> bool:
        """Let a person wait for the answer to a question.

        Returns:
            Whether they wait now: not if they wait for too many already.
        """
        theirs = select(waiting.c.text).where(
            waiting.c.team == team, waiting.c.user == user, waiting.c.told_at.is_(None)
        )
        with self._transactions.writing() as connection:
            self._transactions.alone(connection, f"waiting {team} {user}")
            held = connection.execute(theirs).scalars().all()
            if text in held:
                return True
            if len(held) >= MOST_A_PERSON:
                return False
            row = {"team": team, "user": user, "text": text, "reference": reference}
            connection.execute(insert(waiting), {**row, "asked_at": self._clock()})
        return True

    def untold(self) -> tuple[Waiter, ...]:
        """Return those who were not told yet, who waits longest first."""
        wanted = select(*_COLUMNS).where(waiting.c.told_at.is_(None)).order_by(waiting.c.id)
        with self._transactions.reading() as connection:
            return tuple(Waiter(*row) for row in connection.execute(wanted))

    def claim(self, id: int) -> bool:  # noqa: A002 - the column's name
        """Take it upon this process to tell somebody; False if another did."""
        now = self._clock()
        with self._transactions.writing() as connection:
            taken = connection.execute(
                update(waiting)
                .where(waiting.c.id == id, waiting.c.told_at.is_(None))
                .values(told_at=now)
            )
            return taken.rowcount == 1

    def release(self, id: int) -> None:  # noqa: A002 - the column's name
        """Let somebody be told another time; only where Slack surely took no message."""
        with self._transactions.writing() as connection:
            connection.execute(update(waiting).where(waiting.c.id == id).values(told_at=None))

    def forget(self, id: int) -> None:  # noqa: A002 - the column's name
        """Delete a row: the person was told, or can never be."""
        with self._transactions.writing() as connection:
            connection.execute(delete(waiting).where(waiting.c.id == id))
