"""What is old enough is deleted, a little at a time, so that nobody waits for it."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Table, bindparam, delete, or_, select, tuple_, update

from bot.state.inbox import KEYS_KEPT_S
from bot.state.privacy import kept
from bot.state.schema import (
    answers,
    inbox,
    inbox_keys,
    pins,
    questions,
    reindexes,
    slack_oauth_states,
    threads,
    votes,
    waiting,
)
from bot.state.store import State

DAY_S = 86_400.0
THREADS_KEPT_S = 7 * DAY_S  # of silence
UNANSWERED_KEPT_S = 7 * DAY_S  # by then nobody waits for the answer
AS_ASKED_KEPT_S = DAY_S  # an answer's question as it was asked, for the answer's buttons
TOLD_KEPT_S = DAY_S  # whoever takes a wish up ends it within seconds, unless it dies
_AT_ONCE = 500  # rows a transaction: a few milliseconds


@dataclass(frozen=True, slots=True)
class Swept:
    """How many rows went, or lost their text."""

    keys: int
    unanswered: int
    threads: int
    questions: int
    answers: int
    texts: int
    comments: int
    waiting: int
    pins: int
    oauth_states: int
    reindexes: int = 0


def sweep(state: State, now: float | None = None) -> Swept:
    """Delete what is older than the retention setting, and the rest that is needed no more.

    Args:
        state: The opened state; its policy and its days of retention count.
        now: Seconds since 1970; the state's own clock if not given.

    Raises:
        StateError: if the database cannot be used; what was swept before stays swept.
    """
    now = state.clock() if now is None else now
    old = now - state.retention_days * DAY_S
    silent = now - (DAY_S if state.policy == "off" else THREADS_KEPT_S)
    moment = datetime.fromtimestamp(now, UTC).replace(tzinfo=None)  # as slack_sdk stores it
    return Swept(
        keys=_delete(state, inbox_keys, inbox_keys.c.seen_at < now - KEYS_KEPT_S),
        unanswered=_delete(state, inbox, inbox.c.received_at < now - UNANSWERED_KEPT_S),
        threads=_delete(state, threads, threads.c.spoken_at < silent),
        questions=_delete(state, questions, questions.c.asked_at < old),
        answers=_delete(state, answers, answers.c.kept_at < old),
        texts=_take_texts_out(state, now - AS_ASKED_KEPT_S),
        comments=_take_comments_out(state, old),
        waiting=_delete(state, waiting, _waited_for_nothing(old, now)),
        pins=_delete(state, pins, pins.c.ended_at < old),
        oauth_states=_delete(state, slack_oauth_states, slack_oauth_states.c.expire_at < moment),
        # Their reports name questions that people asked.
        reindexes=_delete(state, reindexes, reindexes.c.begun_at < old),
    )


def _waited_for_nothing(old: float, now: float) -> ColumnElement[bool]:
    """Choose wishes that are as old as questions become, and those taken up long ago."""
    return or_(waiting.c.asked_at < old, waiting.c.told_at < now - TOLD_KEPT_S)


def _delete(state: State, table: Table, which: ColumnElement[bool]) -> int:
    key = table.primary_key.columns[0]
    # What another process changes or deletes at this moment is left to the next sweep.
    some = select(key).where(which).limit(_AT_ONCE).with_for_update(skip_locked=True)
    gone = 0
    while True:
        with state.transactions.writing() as connection:
            number = connection.execute(delete(table).where(key.in_(some))).rowcount
        gone += number
        if number < _AT_ONCE:
            return gone


def _take_texts_out(state: State, before: float) -> int:
    """Leave of answers' questions what the policy allows, and no asker."""
    if state.policy == "full":
        return 0
    some = (
        select(answers.c.id, answers.c.text)
        .where(answers.c.kept_at < before, answers.c.as_asked)
        .order_by(answers.c.id)  # the same in every process: none waits for another in a circle
        .limit(_AT_ONCE)
    )
    change = (
        update(answers)
        .where(answers.c.id == bindparam("which"))
        .values(text=bindparam("left"), asker="", as_asked=False)
    )
    changed = 0
    while True:
        with state.transactions.reading() as connection:
            rows = connection.execute(some).all()
        if not rows:
            return changed
        left = [
            {"which": row.id, "left": kept(row.text, state.policy, state.known)} for row in rows
        ]
        with state.transactions.writing() as connection:
            connection.execute(change, left)
        changed += len(rows)


def _take_comments_out(state: State, before: float) -> int:
    """Leave of old feedback the verdict and the reason, which say nothing of a person."""
    some = (
        select(votes.c.answer, votes.c.voter)
        .where(votes.c.voted_at < before, votes.c.comment != "")
        .limit(_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    change = update(votes).where(tuple_(votes.c.answer, votes.c.voter).in_(some)).values(comment="")
    changed = 0
    while True:
        with state.transactions.writing() as connection:
            number = connection.execute(change).rowcount
        changed += number
        if number < _AT_ONCE:
            return changed
