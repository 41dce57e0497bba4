"""What every format module returns: an article as plain parts, before it becomes one text."""

from dataclasses import dataclass
from datetime import date

from index.documents import BlockKind


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of an article that becomes one block.

    Attributes:
        kind: What it is. A row reads "Column: value; Column: value".
        text: Its plain text, never empty.
        level: 1 to 6 for a heading, as in HTML; 0 for everything else.
    """

    kind: BlockKind
    text: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class Parsed:
    """An article as its format gives it; what the format does not say is None."""

    title: str | None
    parts: tuple[Part, ...]
    author: str | None = None
    updated: date | None = None
    url: str | None = None


def row_text(header: tuple[str, ...], cells: tuple[str, ...]) -> str:
    """Read a table row out as "Column: value; Column: value"; no full stop is added.

    A column without a header gives its bare value, so a row's name comes first. Empty cells are
    passed over.
    """
    named = [
        (header[index] if index < len(header) else "", cell) for index, cell in enumerate(cells)
    ]
    pieces = [f"{name}: {cell}" if name else cell for name, cell in named if cell]
    return "; ".join(pieces)
