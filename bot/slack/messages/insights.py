"""What people could not find, and how the bot is used, for admins."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from slack_sdk.models.blocks import Block, RichTextElement

from bot.insights.gaps import Gap, GapReport
from bot.insights.usage import Usage, Week
from bot.slack.messages.limits import fitted
from bot.slack.messages.refusals import article_words
from bot.slack.messages.rich import Words, bullets, one_line, paragraph, rich_text, section
from bot.slack.messages.shown import Shown
from bot.slack.messages.sources import readable
from bot.slack.messages.spoken import as_text

_EXAMPLE = 300
_UNUSED = 20
NO_TEXTS = (
    "Gaps are found in the texts of questions, and with QUESTION_LOG=off none is kept. With "
    "QUESTION_LOG=redacted they are kept without names."
)
NO_GAPS = "Nothing was asked that the articles do not answer."
_WHYS = {
    "no_answer": "without any answer",
    "closest": "with near articles only",
    "unsure": "answered with doubt",
    "disliked": "found not helpful",
}


def gaps_message(report: GapReport, days: int) -> Shown:
    """Return what people could not find.

    Args:
        report: The gaps.
        days: How far back they were looked for.
    """
    if not report.gaps:
        told = NO_TEXTS if report.textless and not report.missed else NO_GAPS
        return Shown(told, [paragraph([Words(told)])])
    heading = f"What people could not find in {days} days"

    def build(share: float) -> list[Block]:
        most = max(1, int(len(report.gaps) * share))
        lines = [_gap_line(one) for one in report.gaps[:most]]
        return [rich_text([section([Words(heading, "bold")]), bullets(lines)])]

    return Shown(as_text(f"{heading}: {report.gaps[0].example}"), fitted(build))


def gap_summary(gap: Gap) -> str:
    """Return a gap in a line, as plain text: how often, since when, and what was asked."""
    return f"{_times(gap.count)}: {one_line(gap.example, _EXAMPLE)}"


def stats_message(usage: Usage) -> Shown:
    """Return how the bot was used, a week a line, and which articles nobody needed."""
    heading = "How I was used, by week from Monday, UTC"
    lines = [[Words(week_line(one))] for one in usage.weeks]
    titles = _titles(usage.weeks)
    unused = usage.unused[:_UNUSED]

    def build(share: float) -> list[Block]:
        text: list[RichTextElement] = [section([Words(heading, "bold")]), bullets(lines)]
        if titles:
            text.append(section([Words("Most asked about: ", "bold"), Words(titles)]))
        if unused:
            quoted = f"{len(usage.unused)} of {usage.articles} articles were quoted to nobody"
            few = unused[: max(1, int(len(unused) * share))]
            more = len(usage.unused) - len(few)
            named = [article_words(one) for one in few]
            named += [[Words(f"and {more} more", "italic")]] if more else []
            text += [section([Words(quoted, "bold")]), bullets(named)]
        return [rich_text(text)]

    return Shown(
        as_text("\n".join([heading, *(week_line(one) for one in usage.weeks)])), fitted(build)
    )


def week_line(week: Week) -> str:
    """Return a week's figures in a line, as plain text."""
    said = [f"{readable(week.monday)}: {week.questions:,} questions"]
    if week.answered_share is not None:
        said.append(f"{week.answered_share:.0%} answered")
    if week.satisfaction is not None:
        thumbs = week.helpful + week.unhelpful
        said.append(f"{week.satisfaction:.0%} of {thumbs:,} thumbs up")
    if week.questions:
        said.append(f"half within {week.p50_ms:.0f} ms, 95 % within {week.p95_ms:.0f} ms")
    return ", ".join(said)


def whys_line(whys: Mapping[str, int]) -> str:
    """Return how many questions of a gap were refused, doubtful or found bad, as plain text."""
    return ", ".join(f"{count:,} {_WHYS[why]}" for why, count in whys.items())


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"


def _gap_line(gap: Gap) -> list[Words]:
    since = readable(datetime.fromtimestamp(gap.since, UTC).date())
    said = [
        Words(f"{_times(gap.count)}: ", "bold"),
        Words(one_line(gap.example, _EXAMPLE) or "…", "bold"),
        Words(f"\nsince {since}, {whys_line(gap.whys)}"),
    ]
    if gap.nearest:
        said.append(Words("\nnearest: ", "italic"))
        for place, link in enumerate(gap.nearest):
            said += [Words(", ")] if place else []
            said += article_words(link)[:1]
    return said


def _titles(weeks: Sequence[Week]) -> str:
    counts: dict[str, int] = {}
    for week in weeks:
        for title, count in week.titles:
            counts[title] = counts.get(title, 0) + count
    most = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:5]
    return ", ".join(f"{one_line(title, 75)} ({count:,})" for title, count in most)
