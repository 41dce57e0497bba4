"""Markdown (CommonMark with tables and strikethrough) into plain parts."""

from collections.abc import Iterator, Sequence

import lxml.html
from lxml import etree
from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.documents import BlockKind
from index.formats.elements import parts_of
from index.formats.parsed import Parsed, Part, row_text

# The default of 20 drops what is nested deeper, lists within lists included, without a word.
_MARKDOWN = MarkdownIt("commonmark", {"maxNesting": 100}).enable(["table", "strikethrough"])
_KINDS: dict[str, BlockKind] = {
    "li": "item",
    "blockquote": "quote",
    "h1": "heading",
    "h2": "heading",
    "h3": "heading",
    "h4": "heading",
    "h5": "heading",
    "h6": "heading",
}
_CELLS = ("th", "td")


def parse_markdown(text: str) -> Parsed:
    """Read Markdown without front matter.

    Links become their text, images vanish, code spans and listings keep theirs; of HTML only the
    text stays. The title is the first heading.
    """
    parts = tuple(_parts(_MARKDOWN.parse(text)))
    title = next((part.text for part in parts if part.kind == "heading"), None)
    return Parsed(title, parts)


def _parts(tokens: Sequence[Token]) -> Iterator[Part]:
    around: list[tuple[BlockKind, int]] = [("paragraph", 0)]
    rows: list[list[str]] = []
    for token in tokens:
        if token.tag in _KINDS:
            _enter_or_leave(token, around)
        elif token.tag in ("table", "tr"):
            yield from _table_parts(token, rows)
        elif token.type == "inline" and rows:
            rows[-1].append(_flat(token))
        elif token.type == "inline":
            yield from _part(around[-1][0], _flat(token), around[-1][1])
        elif token.type in ("fence", "code_block"):
            yield from _part("code", token.content.strip("\n").rstrip())
        elif token.type == "html_block":
            yield from _html_parts(token.content)


def _enter_or_leave(token: Token, around: list[tuple[BlockKind, int]]) -> None:
    if token.nesting > 0:
        level = int(token.tag[1]) if _KINDS[token.tag] == "heading" else 0
        around.append((_KINDS[token.tag], level))
    elif token.nesting < 0:
        around.pop()


def _table_parts(token: Token, rows: list[list[str]]) -> Iterator[Part]:
    """Keep ``rows`` in step with the table's tokens; give its body's rows when it closes."""
    if token.tag == "tr" and token.nesting > 0:
        rows.append([])
    elif token.tag == "table" and token.nesting < 0:
        header, *body = (tuple(row) for row in rows)
        rows.clear()
        for cells in body:
            yield from _part("row", row_text(header, cells))


def _part(kind: BlockKind, text: str, level: int = 0) -> Iterator[Part]:
    if text:
        yield Part(kind, text, level)


def _flat(token: Token) -> str:
    """Return the readable text of an inline token on one line."""
    return " ".join("".join(_pieces(token.children or ())).split())


def _pieces(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in ("text", "code_inline", "text_special"):
            yield token.content
        elif token.type in ("softbreak", "hardbreak") or token.content.startswith("<br"):
            yield " "


def _html_parts(content: str) -> Iterator[Part]:
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        root = lxml.html.document_fromstring(content.encode(), parser=parser)
    except etree.LxmlError:
        # Nothing but a comment or a declaration: there is no text to keep.
        return
    yield from parts_of(root)
