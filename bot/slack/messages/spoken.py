"""A reply as plain text, for notifications and screen readers: first what answers, no mark-up."""

from collections.abc import Sequence
from typing import assert_never

from bot.domain import (
    Answer,
    Citation,
    Clarification,
    Comparison,
    NoAnswer,
    QuotedSentence,
    Reply,
)
from bot.slack.messages.limits import FALLBACK_TEXT
from bot.slack.messages.rich import clean
from bot.slack.messages.sources import numbers, title_of, updated
from bot.slack.mrkdwn import clip

NOTHING_QUOTED = "not in the articles"
_NOTHING = "No answer."


def spoken(reply: Reply, before: str = "") -> str:
    """Return a reply as text that can be heard, escaped for Slack, at most 3,000 characters.

    Args:
        reply: What the person is told.
        before: What is said before it, as plain text.
    """
    match reply:
        case Answer():
            said = [_joined(reply.sentences)]
        case Comparison():
            said = [_joined(reply.sentences), *_rows(reply)]
        case Clarification():
            said = [_line(reply.prompt), *[_line(one) for one in reply.choices[:10]]]
        case NoAnswer():
            named = [_line(one.title) or one.article for one in reply.closest[:5]]
            said = [_line(reply.message), *named]
        case _:
            assert_never(reply)
    if isinstance(reply, Answer | Comparison):
        said += _ending(reply)
    return as_text("\n".join(one for one in [before, *said] if one))


def as_text(text: str) -> str:
    """Return a message's text: escaped, never empty, at most 3,000 characters."""
    return clip(clean(text).strip() or _NOTHING, FALLBACK_TEXT)


def title_case(title: str) -> str:
    """Return a title with its first letter capital, as a heading begins."""
    return title[:1].upper() + title[1:]


def _rows(comparison: Comparison) -> list[str]:
    lines = []
    for row in comparison.rows:
        cells = [
            f"{title_case(_line(title))}: {_sentence(cell) if cell else NOTHING_QUOTED + '.'}"
            for title, cell in zip(comparison.titles, row.cells, strict=True)
        ]
        lines.append(f"{_line(row.dimension)}. {' '.join(cells)}")
    return lines


def _ending(reply: Answer | Comparison) -> list[str]:
    ending = []
    if reply.disagreement:
        ending.append(f"Sources disagree: {_joined(reply.disagreement)}")
    if reply.lead.strip():
        ending.append(f"About: {_line(reply.lead)}.")
    if reply.citations:
        ending.append(f"From: {'; '.join(_sources(reply.citations))}.")
    return ending


def _sources(citations: Sequence[Citation]) -> list[str]:
    articles: dict[str, list[Citation]] = {}
    for one in citations:
        articles.setdefault(one.article, []).append(one)
    return [
        f"{title_of(cited[0])}{updated(cited[0].updated)} {numbers(cited)}"
        for cited in articles.values()
    ]


def _joined(sentences: Sequence[QuotedSentence]) -> str:
    return " ".join(_sentence(one) for one in sentences)


def _sentence(one: QuotedSentence) -> str:
    return _line(f"{one.introduction} {one.text} [{one.citation}]")


def _line(text: str) -> str:
    return " ".join(text.split())
