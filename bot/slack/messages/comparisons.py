"""A comparison: a table with a title a column, or lists where Slack takes no table."""

from collections.abc import Mapping, Sequence
from typing import Any

from slack_sdk.models.blocks import Block, RichTextBlock, RichTextElement, TableBlock
from slack_sdk.models.blocks.basic_components import TableBlockColumnSettings

from bot.domain import Comparison, ComparisonRow, QuotedSentence
from bot.slack.messages.answers import ending, understood
from bot.slack.messages.limits import TABLE_CHARACTERS, TABLE_COLUMNS, TABLE_ROWS, fitted
from bot.slack.messages.quoting import Room, running_text, sentence
from bot.slack.messages.rich import Words, bullets, one_line, paragraph, rich_text, section
from bot.slack.messages.shown import Controls
from bot.slack.messages.spoken import NOTHING_QUOTED, title_case
from bot.slack.mrkdwn import length

_LEAD, _TITLE, _DIMENSION, _CELL = 200, 75, 75, 500
_ROWS = 12
_CORNER = "Aspect"

_Row = tuple[str, tuple[QuotedSentence | None, ...]]


def comparison_blocks(
    comparison: Comparison,
    controls: Controls | None,
    above: Sequence[Block] = (),
    *,
    tables: bool = True,
) -> list[Block]:
    """Return a comparison as the blocks of a message.

    Args:
        comparison: What is compared.
        controls: Its buttons; None for none.
        above: What stands above it.
        tables: Whether a table may be used.
    """

    def build(share: float) -> list[Block]:
        room = Room(share)
        by_number = {one.number: one for one in comparison.citations}
        text = running_text(one_line(comparison.lead, _LEAD), comparison.sentences, by_number, room)
        blocks = [*above, *understood(comparison)]
        blocks += [rich_text(text)] if text else []
        titles = [title_case(one_line(one, _TITLE)) or "–" for one in comparison.titles]
        limit = max(40, int(_CELL * share))
        rows = _fitting(titles, comparison.rows, room, limit)
        if rows:
            table = _table(titles, rows, limit) if tables else None
            blocks.append(table or _lists(titles, rows, limit))
        return blocks + ending(comparison, room, share, controls)

    return fitted(build)


def lists_of(table: Mapping[str, Any]) -> RichTextBlock | None:
    """Return a table of a message, as JSON, as lists; None if it has no rows to show."""
    header, *rows = [[_text_of(cell) for cell in row] for row in table["rows"]]
    lines = [(row[0], list(zip(header[1:], row[1:], strict=True))) for row in rows]
    return _lined(lines) if lines else None


def _fitting(
    titles: Sequence[str], rows: Sequence[ComparisonRow], room: Room, limit: int
) -> list[_Row]:
    """Return the rows there is room for; a cell takes room even where nothing is quoted."""
    shown: list[_Row] = []
    for row in rows:
        quoted = [cell for cell in row.cells if cell is not None]
        cells = zip(titles, _texts(row.cells, limit), strict=True)
        texts = [row.dimension[:_DIMENSION], *(text for cell in cells for text in cell)]
        if len(shown) == _ROWS:
            room.left_out += len(quoted)
        elif room.take(texts, quoted):
            shown.append((one_line(row.dimension, _DIMENSION) or "–", row.cells))
    return shown


def _table(titles: Sequence[str], rows: Sequence[_Row], limit: int) -> TableBlock | None:
    """Return the table; None if it would break a limit."""
    grid = [[_CORNER, *titles], *([name, *_texts(cells, limit)] for name, cells in rows)]
    characters = sum(length(text) for row in grid for text in row)
    too_large = len(grid) > TABLE_ROWS or len(titles) >= TABLE_COLUMNS
    if too_large or characters > TABLE_CHARACTERS:
        return None
    head = [paragraph([Words(text, "bold")]) for text in grid[0]]
    body = [
        [
            paragraph([Words(row[0], "bold")]),
            *(paragraph([_cell(text)]) for text in row[1:]),
        ]
        for row in grid[1:]
    ]
    wrapped = [TableBlockColumnSettings(is_wrapped=True) for _ in grid[0]]
    return TableBlock(rows=[head, *body], column_settings=wrapped)


def _lists(titles: Sequence[str], rows: Sequence[_Row], limit: int) -> RichTextBlock:
    lines = [(name, list(zip(titles, _texts(cells, limit), strict=True))) for name, cells in rows]
    return _lined(lines)


def _lined(lines: Sequence[tuple[str, Sequence[tuple[str, str]]]]) -> RichTextBlock:
    elements: list[RichTextElement] = []
    for name, cells in lines:
        elements.append(section([Words(name, "bold")]))
        elements.append(
            bullets([Words(f"{title}: ", "italic"), Words(text)] for title, text in cells)
        )
    return rich_text(elements)


def _texts(cells: Sequence[QuotedSentence | None], limit: int) -> list[str]:
    return [NOTHING_QUOTED if one is None else _quoted(one, limit) for one in cells]


def _quoted(one: QuotedSentence, limit: int) -> str:
    introduction = f"{one_line(one.introduction, 150)} " if one.introduction.strip() else ""
    return introduction + sentence(one, limit)


def _text_of(cell: Mapping[str, Any]) -> str:
    """Return the text of a cell, whose elements are sections of text elements."""
    return "".join(part["text"] for line in cell["elements"] for part in line["elements"])


def _cell(text: str) -> Words:
    return Words(text, "italic" if text == NOTHING_QUOTED else "plain")
