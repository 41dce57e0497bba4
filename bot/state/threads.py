"""What was said in conversations with the bot, so that a follow-up is understood."""

import time
from dataclasses import dataclass
from typing import cast

from sqlalchemy import ColumnElement, Connection, and_, case, delete, insert, select, update

from bot.domain import Message
from bot.state.schema import thread_messages, threads
from bot.state.transactions import Clock, Transactions

MESSAGES = 20  # remembered in one conversation: more than any question was seen to lean on
RECENT_S = 3600.0  # what is older, at a direct message's top level, is another conversation


@dataclass(frozen=True, slots=True)
class Place:
    """Where a conversation goes on.

    Attributes:
        team: The workspace's id.
        channel: The channel's id.
        root: The time stamp of the message that began the thread; empty for the top level of a
            direct message, which is one conversation.
    """

    team: str
    channel: str
    root: str = ""


@dataclass(frozen=True, slots=True)
class ThreadState:
    """Who speaks in a thread.

    Attributes:
        asker: The person the bot answered last.
        others: Whether someone else wrote there since.
    """

    asker: str
    others: bool


class Threads:
    """The messages of recent conversations. Safe between threads and between processes."""

    def __init__(self, transactions: Transactions, *, clock: Clock = time.time) -> None:
        """Begin with those the database holds."""
        self._transactions, self._clock = transactions, clock
        added = transactions.insert(threads)
        self._answered = added.on_conflict_do_update(
            index_elements=[threads.c.team, threads.c.channel, threads.c.root],
            set_={
                "asker": added.excluded.asker,
                "others": added.excluded.others,
                "spoken_at": added.excluded.spoken_at,
            },
        ).returning(threads.c.id)

    def recall(self, place: Place) -> tuple[Message, ...]:
        """Return what was said there, oldest first; at most 20 messages.

        At a direct message's top level only what was said in the last hour.
        """
        wanted = (
            select(thread_messages.c.sender, thread_messages.c.text)
            .join(threads, threads.c.id == thread_messages.c.thread)
            .where(_at(place))
            .order_by(thread_messages.c.id.desc())
            .limit(MESSAGES)
        )
        if not place.root:
            wanted = wanted.where(thread_messages.c.said_at >= self._clock() - RECENT_S)
        with self._transactions.reading() as connection:
            rows = connection.execute(wanted).all()
        return tuple(Message(row.sender, row.text) for row in reversed(rows))

    def remember(self, place: Place, asker: str, question: str, answer: str) -> None:
        """Add a question and its answer; its asker is now whom the bot answered last."""
        now = self._clock()
        with self._transactions.writing() as connection:
            row = {
                "team": place.team,
                "channel": place.channel,
                "root": place.root,
                "asker": asker,
                "others": False,
                "spoken_at": now,
            }
            thread = cast("int", connection.execute(self._answered, row).scalar_one())
            for sender, text in (("user", question), ("bot", answer)):
                said = {"thread": thread, "sender": sender, "text": text, "said_at": now}
                connection.execute(insert(thread_messages), said)
            _forget_the_oldest(connection, thread)

    def amend(self, place: Place, before: str, question: str, answer: str) -> None:
        """Put an edited question and its answer in the place of the last one that read so."""
        with self._transactions.writing() as connection:
            asked = connection.execute(
                select(thread_messages.c.id, thread_messages.c.thread)
                .join(threads, threads.c.id == thread_messages.c.thread)
                .where(
                    _at(place),
                    thread_messages.c.sender == "user",
                    thread_messages.c.text == before,
                )
                .order_by(thread_messages.c.id.desc())
                .limit(1)
            ).first()
            if asked is None:
                return
            answered = (
                select(thread_messages.c.id)
                .where(thread_messages.c.thread == asked.thread, thread_messages.c.id > asked.id)
                .order_by(thread_messages.c.id)
                .limit(1)
                .scalar_subquery()
            )
            for which, text in ((asked.id, question), (answered, answer)):
                connection.execute(
                    update(thread_messages).where(thread_messages.c.id == which).values(text=text)
                )

    def heard(self, place: Place, speaker: str) -> None:
        """Note that a person wrote in a thread; nothing happens where the bot never answered."""
        with self._transactions.writing() as connection:
            connection.execute(
                update(threads)
                .where(_at(place))
                .values(
                    others=case((threads.c.asker != speaker, True), else_=threads.c.others),
                    spoken_at=self._clock(),
                )
            )

    def speakers(self, place: Place) -> ThreadState | None:
        """Return who speaks there; None where the bot never answered."""
        wanted = select(threads.c.asker, threads.c.others).where(_at(place))
        with self._transactions.reading() as connection:
            row = connection.execute(wanted).first()
        return None if row is None else ThreadState(row.asker, bool(row.others))


def _at(place: Place) -> ColumnElement[bool]:
    return and_(
        threads.c.team == place.team,
        threads.c.channel == place.channel,
        threads.c.root == place.root,
    )


def _forget_the_oldest(connection: Connection, thread: int) -> None:
    newest = (
        select(thread_messages.c.id)
        .where(thread_messages.c.thread == thread)
        .order_by(thread_messages.c.id.desc())
        .limit(MESSAGES)
    )
    connection.execute(
        delete(thread_messages).where(
            thread_messages.c.thread == thread, thread_messages.c.id.not_in(newest)
        )
    )
