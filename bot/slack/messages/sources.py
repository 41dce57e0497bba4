"""Where quotations stand, in small grey lines: an article a line."""

from collections.abc import Sequence
from datetime import date

from slack_sdk.models.blocks import Block, ContextBlock, MarkdownTextObject

from bot.domain import Citation
from bot.slack.messages.limits import CONTEXT_ELEMENTS
from bot.slack.messages.rich import clean
from bot.slack.mrkdwn import clip, length, link, literal

_SOURCES, _ELEMENT = 3000, 2000
_TITLE, _HEADING = 300, 120
_SHORTEST_TITLE, _SHORTEST_HEADING = 24, 12
_MONTHS = (
    "January February March April May June July August September October November December"
).split()


def readable(day: date) -> str:
    """Return a day as people write it: 3 February 2026."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def updated(day: date | None) -> str:
    """Return ", updated 3 February 2026", or nothing."""
    return f", updated {readable(day)}" if day else ""


def sources(citations: Sequence[Citation], share: float) -> list[Block]:
    """Name the articles, each once, with the numbers and headings of what is quoted from it."""
    articles: dict[tuple[str, str | None], list[Citation]] = {}
    for one in citations:
        articles.setdefault((one.article, one.url), []).append(one)
    headings = sum(len(_by_heading(cited)) for cited in articles.values())
    title_room = _room(_SOURCES * share / 2, len(articles), _TITLE)
    heading_room = _room(_SOURCES * share / 2, headings, _HEADING)
    lines = [
        _line(cited, max(_SHORTEST_TITLE, title_room), heading_room) for cited in articles.values()
    ]
    return context(lines)


def context(lines: Sequence[str]) -> list[Block]:
    """Return lines of mrkdwn as small grey text, in as few elements as hold them."""
    packed: list[str] = []
    for line in lines:
        if packed and length(packed[-1]) + 1 + length(line) <= _ELEMENT:
            packed[-1] += f"\n{line}"
        else:
            packed.append(line)
    # `verbatim`: Slack links no channel names, addresses or mentions of its own accord.
    elements = [MarkdownTextObject(text=one, verbatim=True) for one in packed]
    return [
        ContextBlock(elements=elements[start : start + CONTEXT_ELEMENTS])
        for start in range(0, len(elements), CONTEXT_ELEMENTS)
    ]


def words(text: str, limit: int) -> str:
    """Return text on one line as mrkdwn in which nothing formats, cut to a limit."""
    return clip(literal(" ".join(clean(text).split())), limit)


def heading_of(citation: Citation) -> str:
    """Return the headings in force, outermost first, without the article's own title."""
    named = [" ".join(clean(one).split()) for one in citation.heading]
    return " › ".join(one for one in named if one and one != citation.title)


def title_of(citation: Citation) -> str:
    """Return the article's title, or its file where it has none."""
    return " ".join(clean(citation.title).split()) or citation.article


def _line(cited: Sequence[Citation], title_room: int, heading_room: int) -> str:
    first = cited[0]
    line = link(first.url, literal(title_of(first)), title_room)
    under = _by_heading(cited) if heading_room >= _SHORTEST_HEADING else {"": list(cited)}
    bare = under.pop("", [])
    line += f" {numbers(bare)}" if bare else ""
    line += updated(first.updated)
    named = [f"{numbers(group)} {words(name, heading_room)}" for name, group in under.items()]
    return " · ".join([line, *named])


def _by_heading(cited: Sequence[Citation]) -> dict[str, list[Citation]]:
    groups: dict[str, list[Citation]] = {}
    for one in cited:
        groups.setdefault(heading_of(one), []).append(one)
    return groups


def numbers(cited: Sequence[Citation]) -> str:
    """Return numbers as they stand in the text, three and more in a row as one: [1] [4–7]."""
    runs: list[list[int]] = []
    for number in sorted({one.number for one in cited}):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return " ".join(
        f"[{run[0]}–{run[-1]}]" if len(run) > 2 else " ".join(f"[{number}]" for number in run)
        for run in runs
    )


def _room(characters: float, count: int, most: int) -> int:
    return min(most, int(characters / max(1, count)))
