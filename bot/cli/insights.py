"""`pmrole gaps` and `pmrole stats`: what people could not find, and how the bot is used."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from bot.cli import FAILED, OK
from bot.cli.asking import open_answerer
from bot.cli.stored import opened_state
from bot.index_store import index_store
from bot.insights.gaps import Gap, Gaps
from bot.insights.meanings import Meanings
from bot.insights.usage import Usage, Week, as_csv, usage_of
from bot.settings import Settings
from bot.state.retention import DAY_S

_NO_STATE = "nothing was asked in Slack yet"
_NO_TEXTS = "pmrole: gaps need the texts of questions, and QUESTION_LOG=off keeps none"


def gaps(options: argparse.Namespace, settings: Settings) -> int:
    """Print what people could not find, the most asked first."""
    answerer = open_answerer(settings)
    with opened_state(settings) as state:
        if state is None:
            print(_NO_STATE)
            return OK
        since = state.clock() - options.days * DAY_S
        report = Gaps(answerer, state, Meanings(answerer)).report(since, options.limit)
    if report.textless and not report.missed:
        print(_NO_TEXTS, file=sys.stderr)
        return FAILED
    if not report.gaps:
        print(f"nothing in {options.days} days that the articles do not answer")
    for gap in report.gaps:
        print("\n".join(_gap_lines(gap)))
    return OK


def stats(options: argparse.Namespace, settings: Settings) -> int:
    """Print how the bot was used by week, and write it as CSV where that is wanted."""
    generation = index_store(settings).open()
    with opened_state(settings) as state:
        if state is None:
            print(_NO_STATE)
            return OK
        usage = usage_of(state, generation, weeks=options.weeks)
    if options.csv is not None:
        _write(options.csv, as_csv(usage))
        return OK
    print("\n".join(_usage_lines(usage)))
    return OK


def _write(file: str, table: str) -> None:
    if file == "-":
        print(table, end="")
    else:
        Path(file).write_text(table, encoding="utf-8")


def _gap_lines(gap: Gap) -> list[str]:
    whys = ", ".join(f"{count} {why}" for why, count in gap.whys.items())
    since = datetime.fromtimestamp(gap.since, UTC).date().isoformat()
    lines = [f"{gap.count:>5}  {gap.example}", f"       since {since}: {whys}"]
    if gap.nearest:
        lines.append(f"       nearest: {', '.join(one.article for one in gap.nearest)}")
    return lines


def _usage_lines(usage: Usage) -> list[str]:
    lines = ["week        questions  answered  thumbs up  p50 ms  p95 ms  most asked about"]
    lines += [_week_line(one) for one in usage.weeks]
    lines.append(f"{len(usage.unused)} of {usage.articles} articles were quoted to nobody:")
    return lines + [f"  {one.article}" for one in usage.unused]


def _week_line(week: Week) -> str:
    titles = ", ".join(f"{title} {count}" for title, count in week.titles)
    return (
        f"{week.monday.isoformat()}  {week.questions:>9}  {_percent(week.answered_share):>8}  "
        f"{_percent(week.satisfaction):>9}  {week.p50_ms:>6.0f}  {week.p95_ms:>6.0f}  {titles}"
    ).rstrip()


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.0%}"
