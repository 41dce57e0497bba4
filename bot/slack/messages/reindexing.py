"""A reindex: how far it has come, what it came to, what is to be decided, what is kept."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC

from slack_sdk.models.blocks import ActionsBlock, Block

from bot.reindexing.comparing import AnswerDiff, ChangedAnswer
from bot.reindexing.history import Kept
from bot.reindexing.outcome import Outcome
from bot.reindexing.progress import Progress
from bot.slack import names
from bot.slack.messages.buttons import button, confirmation
from bot.slack.messages.limits import fitted
from bot.slack.messages.rich import (
    Words,
    bullets,
    one_line,
    paragraph,
    person,
    rich_text,
    section,
)
from bot.slack.messages.shown import Shown
from bot.slack.messages.sources import readable
from bot.slack.messages.spoken import as_text
from index.build import EMBEDDING, READING

_LISTED = 8
_PATH, _REASON, _QUESTION = 120, 160, 160
_ANSWERS_ON = "Questions are answered from the old index meanwhile."


def progress_message(by: str, now: Progress | None) -> Shown:
    """Say how far a reindex has come; None: it begins."""
    title = [person(by), Words(" indexes the articles anew. ", "bold"), Words(_ANSWERS_ON)]
    lines = [[Words(line)] for line in _progress(now)]
    spoken = "The articles are being indexed anew."
    return Shown(spoken, [rich_text([section(title), bullets(lines)])])


def outcome_message(row: int, by: str, outcome: Outcome) -> Shown:
    """Say what a reindex came to; where it waits for a decision, ask for it."""
    if outcome.published:
        said = f"New index published: {_count(outcome.articles, 'article')}"
    else:
        lost = len(outcome.diff.lost) if outcome.diff else 0
        said = f"New index not published: {_count(lost, 'saved question')} would lose their answer"
    return _shown(said, by, outcome, _decision(row) if not outcome.published else [])


def decided_message(by: str, outcome: Outcome, decided_by: str) -> Shown:
    """Say what was decided of a reindex that waited."""
    said = "New index published all the same" if outcome.published else "The old index is kept"
    return _shown(said, by, outcome, [paragraph([Words("Decided by "), person(decided_by)])])


def history_message(
    kept: Sequence[Kept], begun_by: Mapping[str, str], waiting: int | None
) -> Shown:
    """Say which generations are kept, with a button to return to each.

    Args:
        kept: The generations, newest first.
        begun_by: Who had each built, as far as that is known.
        waiting: The number of the reindex that waits for a decision, if there is one.
    """
    blocks: list[Block] = [paragraph([Words("Indexes that are kept", "bold")])]
    for one in kept:
        blocks.append(paragraph(_generation(one, begun_by.get(one.name, ""))))
        if one.waiting and waiting is not None:
            blocks += _decision(waiting)
        elif not (one.current or one.waiting or one.problem):
            back = button("Return to this one", names.ROLL_BACK, one.name, confirm=_RETURN)
            blocks.append(ActionsBlock(elements=[back]))
    return Shown(as_text(f"{_count(len(kept), 'index', 'indexes')} kept."), blocks)


def admin_act(user: str, act: str, detail: Mapping[str, str | float]) -> Shown:
    """Say what an admin did."""
    named = [
        [Words(f"{_line(name, 60)}: {_line(str(value), 200)}")] for name, value in detail.items()
    ]
    text = [section([person(user), Words(f" {_line(act, 200)}.")])]
    lines = [bullets(named)] if named else []
    return Shown(as_text(f"An admin {act}."), [rich_text([*text, *lines])])


def _progress(now: Progress | None) -> Iterable[str]:
    if now is None:
        yield "beginning"
        return
    yield f"{now.step}: {now.done:,} of {now.total:,}"
    if now.articles and now.step != READING:
        yield f"{_count(now.articles, 'article')} read"
    if now.embedded and now.step != EMBEDDING:
        yield f"{_count(now.embedded, 'text')} embedded"
    if now.seconds_left is not None:
        yield f"about {_duration(now.seconds_left)} left"


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min"


def _shown(said: str, by: str, outcome: Outcome, end: list[Block]) -> Shown:
    def build(share: float) -> list[Block]:
        most = max(1, int(_LISTED * share))
        title = [Words(f"{said}.", "bold"), Words(" Begun by "), person(by), Words(".")]
        facts = bullets([Words(line)] for line in _facts(outcome))
        lists = [*_articles(outcome, most), *_answers(outcome.diff, most)]
        return [rich_text([section(title), facts]), *lists, *end]

    return Shown(as_text(f"{said}."), fitted(build))


def _facts(outcome: Outcome) -> Iterable[str]:
    yield (
        f"{_count(outcome.articles, 'article')}, {_count(outcome.passages, 'passage')}, "
        f"{_count(outcome.embedded, 'text')} embedded, {_duration(outcome.seconds)}"
    )
    yield (
        f"{len(outcome.added):,} added, {len(outcome.changed):,} changed, "
        f"{len(outcome.removed):,} removed, {len(outcome.rejected):,} rejected"
    )
    diff = outcome.diff
    if diff is None:
        yield "no older index that answers could be compared with"
    else:
        yield (
            f"{_count(diff.asked, 'saved question')} asked of both: {len(diff.lost):,} lost, "
            f"{len(diff.changed):,} changed, {len(diff.gained):,} newly answered"
        )
    yield f"index {_line(outcome.generation, 80)}"


def _articles(outcome: Outcome, most: int) -> list[Block]:
    plainly = (
        ("Added", [(path, "") for path in outcome.added]),
        ("Changed", [(path, "") for path in outcome.changed]),
        ("Removed", [(path, "") for path in outcome.removed]),
        ("Rejected", list(outcome.rejected)),
        ("To be mended", list(outcome.doubtful)),
    )
    return [
        _list(title, [_article(*one) for one in articles], most)
        for title, articles in plainly
        if articles
    ]


def _article(path: str, reason: str) -> str:
    named = _line(path, _PATH)
    return f"{named}: {_line(reason, _REASON)}" if reason else named


def _answers(diff: AnswerDiff | None, most: int) -> list[Block]:
    if diff is None:
        return []
    kinds = (
        ("Answers lost", diff.lost),
        ("Answers changed", diff.changed),
        ("Newly answered", diff.gained),
    )
    return [
        _list(title, [_answer(one) for one in changes], most) for title, changes in kinds if changes
    ]


def _answer(one: ChangedAnswer) -> str:
    before, after = (
        ", ".join(_line(path, _PATH) for path in paths[:2]) or "no answer"
        for paths in (one.before, one.after)
    )
    articles = f"{before} → {after}" if before != after else before
    return f"{_line(one.question, _QUESTION)} ({_line(articles, 2 * _PATH)})"


def _list(title: str, lines: Sequence[str], most: int) -> Block:
    shown = [[Words(line)] for line in lines[:most]]
    more = len(lines) - len(shown)
    shown += [[Words(f"and {more:,} more", "italic")]] if more > 0 else []
    return rich_text([section([Words(title, "bold")]), bullets(shown)])


def _generation(one: Kept, by: str) -> list[Words]:
    if one.problem:
        return [Words(_line(one.name, 80), "bold"), Words(f" {_line(one.problem, 300)}")]
    marks = {"answers now": one.current, "waits for a decision": one.waiting}
    mark = "".join(f", {said}" for said, holds in marks.items() if holds)
    day = ""
    if one.built is not None:
        built = one.built.astimezone(UTC)
        day = f", built {readable(built.date())} at {built:%H:%M} UTC"
    held = f": {_count(one.articles, 'article')}, {_count(one.passages, 'passage')}{day}{mark}"
    whose = [Words(", begun by "), person(by)] if by else []
    return [Words(_line(one.name, 80), "bold"), Words(held), *whose]


def _decision(row: int) -> list[Block]:
    return [
        ActionsBlock(
            elements=[
                button("Publish anyway", names.PUBLISH_ANYWAY, str(row)),
                button("Keep the old one", names.KEEP_OLD, str(row)),
            ]
        )
    ]


_RETURN = confirmation(
    "Return to this index?", "Every question from now on is answered from it.", "Return"
)


def _line(text: str, limit: int) -> str:
    """Return the beginning of a text on one line, never empty; a long rest is not looked at."""
    line = one_line(text[: 8 * limit], limit)
    return line if any(one.isprintable() and not one.isspace() for one in line) else "…"


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"
