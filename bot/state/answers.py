"""Answers given, kept so that their buttons work and an edited question mends its answer."""

import secrets
import time
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Row, delete, select, update

from bot.state.schema import answers
from bot.state.transactions import Clock, Transactions


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer that people were shown.

    Attributes:
        id: What its buttons carry; see `new_id`.
        team: The workspace's id.
        channel: The channel's id.
        question_ts: The time stamp of the question's message; empty where there is none.
        message_ts: That of the bot's message; empty if only the asker saw it.
        root: The thread it stands in.
        asker: The user id of who asked; empty unless a button needs it.
        surface: Where it was asked, such as "mention".
        reference: What the log calls the question.
        text: The question as it was asked; the retention sweep takes it out.
        reply: What is needed to show it again, as JSON holds it.
        kept_at: When it was kept, in seconds since 1970; `Answers.keep` sets it.
    """

    id: str
    team: str
    channel: str
    question_ts: str
    message_ts: str
    root: str
    asker: str
    surface: str
    reference: str
    text: str
    reply: dict[str, Any]
    kept_at: float = 0.0


_COLUMNS = [answers.c[one.name] for one in fields(KeptAnswer)]


def new_id() -> str:
    """Return a random id for an answer, which nobody can guess."""
    return secrets.token_urlsafe(12)


class Answers:
    """Answers given. Safe between threads and between processes."""

    def __init__(self, transactions: Transactions, *, clock: Clock = time.time) -> None:
        """Begin with those the database holds."""
        self._transactions, self._clock = transactions, clock
        added = transactions.insert(answers)
        self._put = added.on_conflict_do_update(
            index_elements=[answers.c.id],
            set_={column.name: added.excluded[column.name] for column in answers.c},
        )

    def keep(self, answer: KeptAnswer) -> None:
        """Keep an answer from now on; one with the same id is replaced."""
        row = {one.name: getattr(answer, one.name) for one in fields(KeptAnswer)}
        row |= {"as_asked": True, "kept_at": self._clock()}
        with self._transactions.writing() as connection:
            connection.execute(self._put, row)

    def find(self, id: str) -> KeptAnswer | None:  # noqa: A002 - the column's name
        """Return an answer; None if it was forgotten or never kept."""
        with self._transactions.reading() as connection:
            return _kept(connection.execute(select(*_COLUMNS).where(answers.c.id == id)).first())

    def of_question(self, team: str, channel: str, question_ts: str) -> KeptAnswer | None:
        """Return the last answer to a message; None if there is none."""
        wanted = (
            select(*_COLUMNS)
            .where(
                answers.c.team == team,
                answers.c.channel == channel,
                answers.c.question_ts == question_ts,
            )
            .order_by(answers.c.kept_at.desc())
            .limit(1)
        )
        with self._transactions.reading() as connection:
            return _kept(connection.execute(wanted).first())

    def placed(self, id: str, message_ts: str) -> bool:  # noqa: A002 - the column's name
        """Note the time stamp of the message that shows an answer; tell whether it is there."""
        change = update(answers).where(answers.c.id == id).values(message_ts=message_ts)
        with self._transactions.writing() as connection:
            return connection.execute(change).rowcount > 0

    def forget(self, id: str) -> None:  # noqa: A002 - the column's name
        """Delete an answer."""
        with self._transactions.writing() as connection:
            connection.execute(delete(answers).where(answers.c.id == id))


def _kept(row: Row[Any] | None) -> KeptAnswer | None:
    return None if row is None else KeptAnswer(*tuple(row))
