"""The whole state as one value."""

import time
from dataclasses import dataclass, field

from sqlalchemy import Engine, select

from bot.state.answers import Answers
from bot.state.audit import Audit
from bot.state.channels import Channels
from bot.state.database import open_database
from bot.state.feedback import Feedback
from bot.state.inbox import Inbox
from bot.state.pins import Pins
from bot.state.privacy import Known, QuestionLog
from bot.state.questions import Questions
from bot.state.reindexes import Reindexes
from bot.state.schema import inbox
from bot.state.threads import Threads
from bot.state.transactions import Clock, Transactions
from bot.state.uploads import Uploads
from bot.state.waiting import Waiting

RETENTION_DAYS = 90


def _none_known(_word: str) -> bool:
    """Know no word: every capitalised one counts as a name."""
    return False


@dataclass(frozen=True)
class State:
    """What outlives a restart. Safe between threads; each process opens its own.

    Attributes:
        inbox: What is to be answered.
        threads: What was said in conversations.
        questions: What was asked, for statistics.
        answers: What was answered, for buttons and edits.
        feedback: What people thought of it.
        channels: What admins set.
        audit: What admins did.
        reindexes: When the articles were indexed anew, and what came of it.
        uploads: What articles they brought and took away.
        waiting: Who wants to be told.
        pins: What admins approved.
        engine: The database, for slack_sdk's installation stores.
        transactions: The way to it that repositories use.
        policy: How much of texts is kept.
        retention_days: How long.
        known: Whether the articles hold a word.
        clock: Seconds since 1970.
    """

    inbox: Inbox
    threads: Threads
    questions: Questions
    answers: Answers
    feedback: Feedback
    channels: Channels
    audit: Audit
    reindexes: Reindexes
    uploads: Uploads
    waiting: Waiting
    pins: Pins
    engine: Engine = field(repr=False)  # its address may hold a password
    transactions: Transactions = field(repr=False)
    policy: QuestionLog = "redacted"
    retention_days: int = RETENTION_DAYS
    known: Known = field(default=_none_known, repr=False)
    clock: Clock = field(default=time.time, repr=False)

    @classmethod
    def open(
        cls,
        url: str,
        *,
        clock: Clock = time.time,
        policy: QuestionLog = "redacted",
        retention_days: int = RETENTION_DAYS,
        known: Known = _none_known,
    ) -> "State":
        """Open the state in a database, as `open_database` does.

        Args:
            url: The setting DATABASE_URL.
            clock: Seconds since 1970, the same for every process.
            policy: The setting QUESTION_LOG.
            retention_days: The setting RETENTION_DAYS.
            known: Whether the articles hold a word, given in small letters; without it every
                capitalised word of a stored question counts as a name.

        Raises:
            StateError: if the database cannot be used.
        """
        engine = open_database(url)
        ways = Transactions(engine)
        return cls(
            inbox=Inbox(ways, clock=clock),
            threads=Threads(ways, clock=clock),
            questions=Questions(ways, policy=policy, known=known),
            answers=Answers(ways, clock=clock),
            feedback=Feedback(ways, policy=policy, known=known, clock=clock),
            channels=Channels(ways, clock=clock),
            audit=Audit(ways, clock=clock),
            reindexes=Reindexes(ways, clock=clock),
            uploads=Uploads(ways, clock=clock),
            waiting=Waiting(ways, clock=clock),
            pins=Pins(ways, clock=clock),
            engine=engine,
            transactions=ways,
            policy=policy,
            retention_days=retention_days,
            known=known,
            clock=clock,
        )

    def check(self) -> None:
        """Read from the database, which has its tables as long as its file is there.

        Raises:
            StateError: if it does not answer.
        """
        with self.transactions.reading() as connection:
            connection.execute(select(inbox.c.id).limit(1))

    def close(self) -> None:
        """Close the connections; rows of the inbox stay with this process until its lease ends."""
        self.engine.dispose()
