"""A reply as Slack blocks, inside Slack's limits whatever the articles hold. Pure.

A message may hold 50 blocks, a section 3,000 characters of text and fields of 2,000, a context
block 10 elements; all together about 13,297 characters, 125 fewer for each further block (beyond
which Slack answers msg_blocks_too_long). The shares below keep to that: what is quoted gets 4,800,
its sources 3,000, everything else less than 1,400.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, assert_never

from slack_sdk.models.blocks import Block, ContextBlock, MarkdownTextObject, SectionBlock

from bot.domain import (
    Answer,
    ArticleLink,
    Citation,
    Clarification,
    Comparison,
    ComparisonRow,
    Exchange,
    NoAnswer,
    QuotedSentence,
    Reply,
)
from bot.machine import plain_text
from bot.slack.mrkdwn import bold, clip, length, link

_SECTION, _ELEMENTS, _FIELDS, _TEXT = 3000, 10, 10, 3000
_QUOTED, _SOURCES = 4800, 3000
_SENTENCE, _CELL, _SOURCE = 1200, 500, 300
_ROWS, _SHOWN_SOURCES = 12, 50
_LEAD, _LINE, _MESSAGE = 200, 150, 1000

NOTHING_QUOTED = "not in the articles"


class Shown(NamedTuple):
    """A message: the text of notifications and screen readers, and the blocks of the screen."""

    text: str
    blocks: list[Block]


def render(reply: Reply) -> Shown:
    """Return a reply as a message."""
    match reply:
        case Answer() | Comparison():
            blocks = _quoting(reply)
        case Clarification():
            choices = [f"• {clip(choice, _LINE)}" for choice in reply.choices[:10]]
            blocks = _sections([clip(reply.prompt, _MESSAGE), *choices])
        case NoAnswer():
            articles = [f"• {_article(one)}" for one in reply.closest[:5]]
            blocks = _sections([clip(reply.message, _MESSAGE), *articles])
            blocks += _suggestions(reply.suggestions)
        case _:
            assert_never(reply)
    text = clip(plain_text(Exchange(reply, ())).strip() or "No answer.", _TEXT)
    return Shown(text, blocks or _sections([text]))


def notice(text: str) -> Shown:
    """Return a line of the bot's own as a message; its mrkdwn is kept."""
    return Shown(text, _sections([text]))


def _quoting(reply: Answer | Comparison) -> list[Block]:
    quoted = _Quoted()
    quoted.add_sentences(reply.sentences)
    if isinstance(reply, Comparison):
        quoted.add_rows(reply.titles, reply.rows)
    if reply.disagreement:
        quoted.blocks += _sections([bold("Sources disagree", _LINE)])
        quoted.add_sentences(reply.disagreement)
    blocks = _sections([bold(reply.lead, _LEAD)] if reply.lead.strip() else [])
    if reply.question.resolved:
        blocks += _context([f"Understood as: {clip(reply.question.resolved, _LINE)}"])
    blocks += quoted.blocks
    if quoted.left_out:
        blocks += _context([f"{quoted.left_out} more quotations do not fit into this message."])
    blocks += _sources([one for one in reply.citations if one.number in quoted.cited])
    return blocks + _suggestions(reply.suggestions)


class _Quoted:
    """What is quoted, until its share of the message is used up.

    Attributes:
        blocks: The quotations that fit.
        cited: The numbers of their citations.
        left_out: How many quotations did not fit.
    """

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.cited: set[int] = set()
        self.left_out = 0
        self._left = _QUOTED
        self._rows = _ROWS

    def add_sentences(self, sentences: Iterable[QuotedSentence]) -> None:
        lines = []
        for one in sentences:
            line = _sentence(one, _SENTENCE)
            if self._take([line], [one]):
                lines.append(line)
        self.blocks += _sections(lines)

    def add_rows(self, titles: Sequence[str], rows: Iterable[ComparisonRow]) -> None:
        """Add a section a dimension, with a field a title."""
        for row in rows:
            heading = bold(row.dimension, _LINE)
            fields = [
                f"{bold(title, _LINE)}\n{_sentence(cell, _CELL) if cell else NOTHING_QUOTED}"
                for title, cell in zip(titles, row.cells, strict=True)
            ][:_FIELDS]
            cells = [cell for cell in row.cells if cell is not None]
            if self._take([heading, *fields], cells, rows=1):
                self._rows -= 1
                self.blocks.append(
                    SectionBlock(text=_text(heading), fields=[_text(one) for one in fields])
                )

    def _take(
        self, texts: Sequence[str], quoted: Sequence[QuotedSentence], *, rows: int = 0
    ) -> bool:
        wanted = sum(length(text) + 1 for text in texts)
        cited = self.cited | {one.citation for one in quoted}
        if wanted > self._left or rows > self._rows or len(cited) > _SHOWN_SOURCES:
            self.left_out += len(quoted)
            return False
        self._left -= wanted
        self.cited = cited
        return True


def _sentence(one: QuotedSentence, limit: int) -> str:
    introduction = f"{clip(one.introduction, _LINE)} " if one.introduction else ""
    return f"{introduction}{clip(one.text, limit)} [{one.citation}]"


def _sources(citations: Sequence[Citation]) -> list[Block]:
    """Name where the quotations stand, ten to a context block, sharing the room there is."""
    room = min(_SOURCE, _SOURCES // max(1, len(citations)))
    lines = [_source(one, room) for one in citations]
    blocks = []
    for start in range(0, len(lines), _ELEMENTS):
        blocks += _context(lines[start : start + _ELEMENTS])
    return blocks


def _source(citation: Citation, limit: int) -> str:
    number = f"[{citation.number}] "
    updated = f", updated {citation.updated.isoformat()}" if citation.updated else ""
    names = [citation.title.strip() or citation.article, *citation.heading]
    where = " › ".join(names)
    return number + link(citation.url, where, limit - len(number) - len(updated)) + updated


def _article(one: ArticleLink) -> str:
    return link(one.url, one.title.strip() or one.article, _SOURCE)


def _suggestions(suggestions: Sequence[str]) -> list[Block]:
    lines = [f"• {clip(one, _LINE)}" for one in suggestions[:3] if one.strip()]
    return _context(["\n".join(["Ask next:", *lines])]) if lines else []


def _sections(lines: Iterable[str]) -> list[Block]:
    """Pack lines into as few sections as hold them."""
    packed: list[str] = []
    for line in lines:
        if not line.strip():
            continue
        if packed and length(packed[-1]) + 1 + length(line) <= _SECTION:
            packed[-1] += f"\n{line}"
        else:
            packed.append(line)
    return [SectionBlock(text=_text(one)) for one in packed]


def _context(lines: Sequence[str]) -> list[Block]:
    return [ContextBlock(elements=[_text(line) for line in lines])]


def _text(mrkdwn: str) -> MarkdownTextObject:
    # `verbatim`: Slack links no channel names, addresses or mentions of its own accord.
    return MarkdownTextObject(text=mrkdwn, verbatim=True)
