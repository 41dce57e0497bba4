"""How the bot is used, by week: figures without anybody in them."""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from bot.domain import ArticleLink
from bot.state.feedback import Vote
from bot.state.questions import Outcome, QuestionRecord
from bot.state.store import State
from index.evaluation import percentile
from index.generation import Generation

WEEKS = 4
# Replies that hold what was asked for; a clarification may yet lead to one, and counts for neither.
ANSWERED: tuple[Outcome, ...] = ("answer", "comparison", "pinned")
REFUSED: tuple[Outcome, ...] = ("closest", "no_answer")
_TITLES = 5


@dataclass(frozen=True, slots=True)
class Week:
    """A week's figures, from Monday on, UTC.

    Attributes:
        monday: Its first day.
        questions: How many were asked, without greetings and the like.
        answered: How many of them were answered.
        refused: How many the articles did not hold.
        helpful: Thumbs up.
        unhelpful: Thumbs down.
        p50_ms: The median time from a question to its reply.
        p95_ms: The time within which 95 of 100 were replied to.
        titles: The job titles most asked about, with how often.
    """

    monday: date
    questions: int = 0
    answered: int = 0
    refused: int = 0
    helpful: int = 0
    unhelpful: int = 0
    p50_ms: float = 0.0
    p95_ms: float = 0.0
    titles: tuple[tuple[str, int], ...] = ()

    @property
    def answered_share(self) -> float | None:
        """Answered of answered and refused, 0 to 1; None where there are none."""
        return _share(self.answered, self.answered + self.refused)

    @property
    def satisfaction(self) -> float | None:
        """Thumbs up of all thumbs, 0 to 1; None where there are none."""
        return _share(self.helpful, self.helpful + self.unhelpful)


@dataclass(frozen=True, slots=True)
class Usage:
    """How the bot was used.

    Attributes:
        weeks: The newest first, those without questions too.
        unused: Articles that no answer of these weeks quotes.
        articles: How many articles there are.
    """

    weeks: tuple[Week, ...]
    unused: tuple[ArticleLink, ...]
    articles: int


def usage_of(state: State, generation: Generation, *, weeks: int = WEEKS) -> Usage:
    """Count how the bot was used in the last weeks, this one among them.

    Raises:
        StateError: if the database cannot be read.
    """
    this = monday_of(state.clock())
    mondays = [this - timedelta(weeks=back) for back in range(weeks)]
    since = start_of(mondays[-1])
    asked = state.questions.since(since)
    quoted = {article for one in asked for article in one.articles}
    articles = generation.passages.articles()
    unused = [
        ArticleLink(one.path, one.title, one.url, one.updated)
        for one in articles
        if one.path not in quoted
    ]
    figures = by_week(asked, state.feedback.votes_since(since))
    counted = tuple(figures.get(monday, Week(monday)) for monday in mondays)
    return Usage(counted, tuple(unused), len(articles))


def monday_of(moment: float) -> date:
    """Return the Monday of the week of a time in seconds since 1970, UTC."""
    day = datetime.fromtimestamp(moment, UTC).date()
    return day - timedelta(days=day.weekday())


def start_of(day: date) -> float:
    """Return when a day begins, in seconds since 1970, UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()


def by_week(asked: Iterable[QuestionRecord], votes: Iterable[Vote]) -> dict[date, Week]:
    """Return the figures of every week in which something was asked or voted on."""
    questions: dict[date, list[QuestionRecord]] = defaultdict(list)
    thumbs: dict[date, Counter[str]] = defaultdict(Counter)
    for one in asked:
        if one.outcome != "small_talk":
            questions[monday_of(one.asked_at)].append(one)
    for vote in votes:
        thumbs[monday_of(vote.voted_at)][vote.verdict] += 1
    return {
        monday: _week(monday, questions.get(monday, ()), thumbs.get(monday, {}))
        for monday in questions.keys() | thumbs.keys()
    }


def as_csv(usage: Usage) -> str:
    """Return the figures as a table that spreadsheets read: a line a week, the oldest first.

    Nothing in it says what anybody asked, or who did.
    """
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\n")
    table.writerow(
        [
            "week",
            "questions",
            "answered",
            "refused",
            "answered_share",
            "helpful",
            "unhelpful",
            "satisfaction",
            "p50_ms",
            "p95_ms",
            "top_titles",
        ]
    )
    for week in reversed(usage.weeks):
        table.writerow(
            [
                week.monday.isoformat(),
                week.questions,
                week.answered,
                week.refused,
                _rounded(week.answered_share),
                week.helpful,
                week.unhelpful,
                _rounded(week.satisfaction),
                round(week.p50_ms, 1),
                round(week.p95_ms, 1),
                _inert("; ".join(f"{title} {count}" for title, count in week.titles)),
            ]
        )
    return written.getvalue()


def _week(monday: date, asked: Sequence[QuestionRecord], thumbs: Mapping[str, int]) -> Week:
    outcomes = Counter(one.outcome for one in asked)
    times = [one.milliseconds for one in asked]
    titles = Counter(title for one in asked for title in one.titles)
    most = sorted(titles.items(), key=lambda pair: (-pair[1], pair[0]))
    return Week(
        monday=monday,
        questions=len(asked),
        answered=sum(outcomes[one] for one in ANSWERED),
        refused=sum(outcomes[one] for one in REFUSED),
        helpful=thumbs.get("up", 0),
        unhelpful=thumbs.get("down", 0),
        p50_ms=percentile(times, 50),
        p95_ms=percentile(times, 95),
        titles=tuple(most[:_TITLES]),
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _rounded(share: float | None) -> str:
    return "" if share is None else f"{share:.3f}"


def _inert(cell: str) -> str:
    """Return a cell on one line that no spreadsheet takes for a formula."""
    line = " ".join(cell.split())
    return f"'{line}" if line.startswith(("=", "+", "-", "@")) else line
