"""What people thought of answers. Who they are is not kept."""

import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from sqlalchemy import case, func, select

from bot.state.privacy import Known, QuestionLog, kept
from bot.state.schema import answers, salts, votes
from bot.state.transactions import Clock, Transactions

Verdict = Literal["up", "down"]
_SALT = "voters"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many found answers good or bad, and how often each reason was given."""

    up: int = 0
    down: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Vote:
    """A verdict, and when it was given, in seconds since 1970."""

    verdict: Verdict
    voted_at: float


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one person thought of one answer; `voted_at` in seconds since 1970."""

    answer: str
    verdict: Verdict
    reason: str
    comment: str
    voted_at: float


class Feedback:
    """Votes on answers. Safe between threads and between processes.

    A voter is stored as a keyed hash of user and answer: enough to count each once, and not to
    find out who it was, or that two answers had the same voter.
    """

    def __init__(
        self,
        transactions: Transactions,
        *,
        policy: QuestionLog,
        known: Known,
        clock: Clock = time.time,
    ) -> None:
        """Keep of comments what `policy` allows; `known` tells the articles' words from names."""
        self._transactions, self._clock = transactions, clock
        self._policy, self._known = policy, known
        added = transactions.insert(votes)
        new, person = added.excluded, [votes.c.answer, votes.c.voter]
        # A reason explains one verdict; it goes when the verdict changes.
        same = votes.c.verdict == new.verdict
        self._voted = added.on_conflict_do_update(
            index_elements=person,
            set_={
                "verdict": new.verdict,
                "reason": case((same, votes.c.reason), else_=""),
                "comment": case((same, votes.c.comment), else_=""),
                "voted_at": new.voted_at,
            },
        )
        self._explained = added.on_conflict_do_update(
            index_elements=person,
            set_={name: new[name] for name in ("verdict", "reason", "comment", "voted_at")},
        )
        self._salt = b""

    def vote(self, answer_id: str, voter: str, verdict: Verdict) -> None:
        """Count a person's verdict on an answer; of several the last one counts."""
        row = self._row(answer_id, voter, verdict)
        with self._transactions.writing() as connection:
            connection.execute(self._voted, row)

    def explain(self, answer_id: str, voter: str, reason: str, comment: str) -> None:
        """Note why a person found an answer bad; it counts as a vote against it.

        Args:
            answer_id: The answer.
            voter: The person's user id.
            reason: One of the reasons offered.
            comment: In the person's own words; kept as QUESTION_LOG says.
        """
        row = self._row(answer_id, voter, "down")
        row |= {"reason": reason, "comment": kept(comment, self._policy, self._known)}
        with self._transactions.writing() as connection:
            connection.execute(self._explained, row)

    def tally(self, answer_id: str | None = None, *, since: float = 0.0) -> Tally:
        """Count the verdicts on an answer, or on all, since a time in seconds since 1970."""
        wanted = (
            select(votes.c.verdict, votes.c.reason, func.count())
            .where(votes.c.voted_at >= since)
            .group_by(votes.c.verdict, votes.c.reason)
        )
        if answer_id is not None:
            wanted = wanted.where(votes.c.answer == answer_id)
        with self._transactions.reading() as connection:
            rows = connection.execute(wanted).all()
        sums = {"up": 0, "down": 0}
        reasons: dict[str, int] = {}
        for verdict, reason, number in rows:
            sums[verdict] += number
            if reason:
                reasons[reason] = reasons.get(reason, 0) + number
        return Tally(sums["up"], sums["down"], reasons)

    def votes_since(self, moment: float) -> tuple[Vote, ...]:
        """Return the verdicts since a time in seconds since 1970, in no order."""
        wanted = select(votes.c.verdict, votes.c.voted_at).where(votes.c.voted_at >= moment)
        with self._transactions.reading() as connection:
            return tuple(Vote(*row) for row in connection.execute(wanted))

    def disliked(self, since: float) -> frozenset[str]:
        """Return the references of questions whose answers were voted against since a time."""
        wanted = (
            select(answers.c.reference)
            .join(votes, votes.c.answer == answers.c.id)
            .where(votes.c.verdict == "down", votes.c.voted_at >= since)
            .distinct()
        )
        with self._transactions.reading() as connection:
            return frozenset(connection.execute(wanted).scalars())

    def recent(self, limit: int = 100) -> tuple[Opinion, ...]:
        """Return the last verdicts, newest first."""
        columns = (votes.c[name] for name in ("answer", "verdict", "reason", "comment", "voted_at"))
        wanted = select(*columns).order_by(votes.c.voted_at.desc()).limit(limit)
        with self._transactions.reading() as connection:
            return tuple(Opinion(*row) for row in connection.execute(wanted))

    def _row(self, answer_id: str, voter: str, verdict: Verdict) -> dict[str, object]:
        return {
            "answer": answer_id,
            "voter": self._pseudonym(answer_id, voter),
            "verdict": verdict,
            "reason": "",
            "comment": "",
            "voted_at": self._clock(),
        }

    def _pseudonym(self, answer_id: str, voter: str) -> str:
        self._salt = self._salt or self._stored_salt()
        seen = f"{answer_id}\0{voter}".encode("utf-8", "replace")
        return hmac.new(self._salt, seen, hashlib.sha256).hexdigest()

    def _stored_salt(self) -> bytes:
        """Return the database's salt; the first process to need it makes it."""
        add = self._transactions.insert(salts).on_conflict_do_nothing()
        wanted = select(salts.c.value).where(salts.c.name == _SALT)
        with self._transactions.writing() as connection:
            connection.execute(add, {"name": _SALT, "value": secrets.token_hex(32)})
            return bytes.fromhex(connection.execute(wanted).scalar_one())
