"""What the bot knows, as the Home tab and the pickers show it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import PurePosixPath

from bot.answering.answerer import Answerer
from bot.answering.titles import Vocabulary
from bot.domain import ArticleLink
from bot.insights.gaps import Gaps
from bot.insights.usage import usage_of
from bot.slack.messages import EXAMPLES, AdminPanel, Home, Topic, gap_summary, week_line
from bot.slack.work import Work
from bot.state.retention import DAY_S
from bot.state.store import State
from index.errors import EncoderBusyError
from index.manifest import Manifest
from index.passages import Article

# The gaps of the Home tab: how many, of how many seconds back, and of how many texts at most, since
# whoever opens it waits for it.
_GAPS, _GAPS_OF_S, _GAP_TEXTS = 5, 30 * DAY_S, 500


class Catalogue:
    """Reads the published generation. Safe between threads."""

    def __init__(self, answerer: Answerer, state: State, gaps: Gaps, work: Work) -> None:
        """Show what an answerer answers from, how that goes, what is missing, how busy it is."""
        self._answerer, self._state = answerer, state
        self._gaps, self._work = gaps, work

    def titles(self) -> tuple[str, ...]:
        """Return the titles that can be compared, as answers write them, the ladder first."""
        vocabulary = self._answerer.vocabulary
        on = sorted((one for one in vocabulary.titles if one.level), key=lambda one: one.level or 0)
        beside = [one for one in vocabulary.titles if not one.level]
        return tuple(one.display for one in [*on, *beside])

    def display(self, name: str) -> str:
        """Return a canonical title as answers write it."""
        title = self._answerer.vocabulary.title(name)
        return title.display if title else name

    def folders(self) -> tuple[tuple[str, str], ...]:
        """Return the folders that articles are in, as a search is kept to them, with names."""
        paths = [one.path for one in self._answerer.generation().passages.articles()]
        folders = {PurePosixPath(path).parent.as_posix() for path in paths}
        named = sorted(folders, key=lambda folder: (folder == ".", folder))
        return tuple((folder, _topic_name(folder.strip("."))) for folder in named)

    def home(self, *, admin: bool) -> Home:
        """Return what the Home tab shows, with figures for admins."""
        generation = self._answerer.generation()
        return Home(
            topics=_topics(generation.passages.articles()),
            ladder=_ladder(self._answerer.vocabulary),
            examples=EXAMPLES,
            admin=self._panel(generation.manifest) if admin else None,
        )

    def _panel(self, manifest: Manifest) -> AdminPanel:
        midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        today = self._state.questions.counts(midnight.timestamp())
        return AdminPanel(
            generation=manifest.name,
            built=datetime.fromisoformat(manifest.built),
            articles=manifest.articles,
            passages=manifest.chunks,
            waiting=self._work.unfinished,
            asked_today=sum(today.values()) - today["small_talk"],
            unanswered_today=today["closest"] + today["no_answer"],
            week=self._week(),
            gaps=self._top_gaps(),
        )

    def _week(self) -> str:
        usage = usage_of(self._state, self._answerer.generation(), weeks=1)
        return week_line(usage.weeks[0]) if usage.weeks[0].questions else ""

    def _top_gaps(self) -> tuple[str, ...]:
        try:
            report = self._gaps.report(self._state.clock() - _GAPS_OF_S, _GAPS, most=_GAP_TEXTS)
        except EncoderBusyError:
            return ()  # people who ask go first
        return tuple(gap_summary(one) for one in report.gaps)


def _topics(articles: Sequence[Article]) -> tuple[Topic, ...]:
    """Group articles by their folder; those beside the folders come last."""
    folders: dict[str, list[ArticleLink]] = defaultdict(list)
    for one in articles:
        folder = PurePosixPath(one.path).parent.as_posix().strip(".")
        folders[folder].append(ArticleLink(one.path, one.title, one.url, one.updated))
    named = sorted(folders, key=lambda folder: (not folder, folder))
    return tuple(
        Topic(_topic_name(folder), tuple(links))
        for folder, links in ((name, folders[name]) for name in named)
    )


def _topic_name(folder: str) -> str:
    return folder.replace("-", " ").replace("/", " › ").capitalize() or "General"


def _ladder(vocabulary: Vocabulary) -> tuple[tuple[str, str], ...]:
    """Return the rungs from the first to the last: a question, and the title it is about."""
    titles = [vocabulary.title(name) for name in vocabulary.ladder.order]
    return tuple(
        (f"What does {with_article(one.display)} do?", one.display) for one in titles if one
    )


def with_article(name: str) -> str:
    """Return a title as one speaks of one holder of it: a director, an associate."""
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"
