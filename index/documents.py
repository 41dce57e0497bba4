"""What an article becomes once it is parsed: one plain text and the blocks that lie in it."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

BlockKind = Literal["heading", "paragraph", "item", "row", "quote", "code"]


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of characters, ``text[start:end]``."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph, list item, table row, quotation or code listing of a document.

    Attributes:
        kind: What it is. A table row reads "Column: value; Column: value".
        span: Where it stands in the document's text.
        heading: The headings in force, outermost first; for a heading block its own text is last.
    """

    kind: BlockKind
    span: Span
    heading: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A stretch of a document that is not indexed: an advert, a biography, a link list."""

    span: Span
    reason: str


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed article.

    Attributes:
        path: The article's path relative to the knowledge folder, with forward slashes.
        title: From front matter, the first heading, the document's properties or the file name.
        text: The whole readable text, Unicode NFC; blocks are parted by one or two line ends.
        blocks: In the order of the text, not overlapping; together they cover all but white space.
        url: Where readers find the original, if the article says so.
        updated: The day the article says it was last changed.
        author: As the article names its author.
        aliases: Other names of the subject, from front matter.
        sources: What the article cites, one readable line each.
        left_out: Stretches that are not indexed, with the reason, in the order of the text.
        questions: What the article says it answers, from front matter.
    """

    path: str
    title: str
    text: str
    blocks: tuple[Block, ...]
    url: str | None = None
    updated: date | None = None
    author: str | None = None
    aliases: tuple[str, ...] = ()
    sources: tuple[str, ...] = field(default=())
    left_out: tuple[LeftOut, ...] = ()
    questions: tuple[str, ...] = ()

    @property
    def topic(self) -> str:
        """The first folder of the path, or an empty string for an article at the top."""
        return self.path.split("/", 1)[0] if "/" in self.path else ""
