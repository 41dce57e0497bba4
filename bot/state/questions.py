"""What was asked and how it went, kept as the privacy setting allows."""

from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from sqlalchemy import Select, func, insert, select

from bot.state.privacy import Known, QuestionLog, kept
from bot.state.schema import questions
from bot.state.transactions import Transactions

Outcome = Literal[
    "answer", "comparison", "clarification", "closest", "no_answer", "small_talk", "pinned"
]
OUTCOMES: tuple[str, ...] = get_args(Outcome)


@dataclass(frozen=True, slots=True)
class QuestionRecord:
    """A question and its outcome. Nothing in it says who asked.

    Attributes:
        reference: What the log calls it.
        asked_at: Seconds since 1970.
        surface: Where it was asked, such as "mention".
        outcome: What kind of reply it got.
        text: As the person wrote it; `Questions.record` takes out what the setting wants out.
        titles: The job titles it names.
        intent: The kind of answer wanted.
        confidence: The calibrated probability that the reply answers it.
        milliseconds: From its arrival to its reply.
        generation: The index that answered.
        articles: Those cited.
        sensitive: Whether it touches what one asks in private.
    """

    reference: str
    asked_at: float
    surface: str
    outcome: Outcome
    text: str
    titles: tuple[str, ...] = ()
    intent: str = ""
    confidence: float = 0.0
    milliseconds: float = 0.0
    generation: str = ""
    articles: tuple[str, ...] = ()
    sensitive: bool = False


_COLUMNS = [column for column in questions.c if column.name != "id"]


class Questions:
    """What was asked. Safe between threads and between processes."""

    def __init__(self, transactions: Transactions, *, policy: QuestionLog, known: Known) -> None:
        """Keep of texts what `policy` allows; `known` tells the articles' words from names."""
        self._transactions, self._policy, self._known = transactions, policy, known

    def record(self, record: QuestionRecord) -> None:
        """Keep a question, its text as the setting allows."""
        row = asdict(record)
        row["text"] = kept(record.text, self._policy, self._known)
        row["titles"], row["articles"] = list(record.titles), list(record.articles)
        with self._transactions.writing() as connection:
            connection.execute(insert(questions), row)

    def recent(self, limit: int = 100) -> tuple[QuestionRecord, ...]:
        """Return the last questions, newest first."""
        wanted = select(*_COLUMNS).order_by(questions.c.id.desc()).limit(limit)
        return self._found(wanted)

    def since(self, moment: float) -> tuple[QuestionRecord, ...]:
        """Return the questions asked since a time in seconds since 1970, oldest first."""
        wanted = select(*_COLUMNS).where(questions.c.asked_at >= moment).order_by(questions.c.id)
        return self._found(wanted)

    def _found(self, wanted: Select[Any]) -> tuple[QuestionRecord, ...]:
        with self._transactions.reading() as connection:
            rows = connection.execute(wanted).mappings().all()
        return tuple(
            QuestionRecord(
                **{**row, "titles": tuple(row["titles"]), "articles": tuple(row["articles"])}
            )
            for row in rows
        )

    def most_asked(self, limit: int = 100) -> tuple[str, ...]:
        """Return the questions that were answered most often, as far as their texts are kept."""
        wanted = (
            select(func.min(questions.c.text))
            .where(questions.c.text != "", questions.c.outcome.in_(("answer", "comparison")))
            .group_by(func.lower(questions.c.text))
            .order_by(func.count().desc(), func.max(questions.c.id).desc())
            .limit(limit)
        )
        with self._transactions.reading() as connection:
            return tuple(str(text) for text in connection.execute(wanted).scalars())

    def counts(self, since: float = 0.0) -> dict[str, int]:
        """Return how many questions had each outcome since a time in seconds since 1970."""
        wanted = (
            select(questions.c.outcome, func.count())
            .where(questions.c.asked_at >= since)
            .group_by(questions.c.outcome)
        )
        with self._transactions.reading() as connection:
            found = {str(outcome): int(number) for outcome, number in connection.execute(wanted)}
        return {outcome: found.get(outcome, 0) for outcome in OUTCOMES}
