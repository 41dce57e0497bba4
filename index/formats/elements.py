"""A tree of HTML elements, or of trafilatura's like-named ones, read out as plain parts."""

from collections.abc import Iterator

from lxml import etree

from index.documents import BlockKind
from index.formats.parsed import Part, row_text

_SKIPPED = frozenset(
    {
        *("title", "script", "style", "noscript", "template", "svg", "math", "iframe", "object"),
        *("embed", "audio", "video", "canvas", "graphic", "form", "button", "select", "textarea"),
        *("nav", "footer", "aside", "menu", "dialog"),
    }
)
_KINDS: dict[str, BlockKind] = {
    "li": "item",
    "item": "item",
    "dt": "item",
    "dd": "item",
    "blockquote": "quote",
    "quote": "quote",
    "pre": "code",
}
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_ROWS = frozenset({"tr", "row"})
_CELLS = frozenset({"td", "th", "cell"})
_BLOCKS = frozenset(
    {
        *("address", "article", "body", "caption", "center", "details", "div", "dl", "fieldset"),
        *("figcaption", "figure", "header", "hgroup", "hr", "html", "list", "main", "ol", "p"),
        *("section", "summary", "table", "tbody", "tfoot", "thead", "ul", *_KINDS),
    }
)
_SPACED = frozenset({"br", "lb", "p", "div", "li", "item"})


def parts_of(root: etree._Element) -> tuple[Part, ...]:
    """Read the parts below ``root`` in document order; scripts and navigation are passed over."""
    reader = _Reader()
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "end":
            reader.leave(tag, element)
            if element is not root:
                reader.hear(element.tail)
        elif not tag or tag in _SKIPPED:
            walk.skip_subtree()
        else:
            reader.enter(tag, element)
    reader.flush()
    return tuple(reader.parts)


class _Reader:
    """Gathers text as elements are entered and left; a block's end makes a part of it."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self._text: list[str] = []
        self._around: list[tuple[BlockKind, int]] = [("paragraph", 0)]
        self._tables: list[_Table] = []

    def enter(self, tag: str, element: etree._Element) -> None:
        if self._tables:
            self._tables[-1].enter(tag, element)
            return
        level = _heading_level(tag, element)
        if level or tag in _BLOCKS:
            self.flush()
        if level:
            self._around.append(("heading", level))
        elif tag in _KINDS:
            self._around.append((_KINDS[tag], 0))
        elif tag == "table":
            self._tables.append(_Table())
        self.hear(" " if tag in _SPACED else None)
        self.hear(element.text)

    def leave(self, tag: str, element: etree._Element) -> None:
        if self._tables and not self._tables[-1].leave(tag):
            return
        if tag == "table" and self._tables:
            self.parts.extend(self._tables.pop().rows())
            return
        level = _heading_level(tag, element)
        if level or tag in _BLOCKS:
            self.flush()
        if (level or tag in _KINDS) and len(self._around) > 1:
            self._around.pop()

    def hear(self, text: str | None) -> None:
        if not text:
            return
        if self._tables:
            self._tables[-1].hear(text)
        else:
            self._text.append(text)

    def flush(self) -> None:
        kind, level = self._around[-1]
        text = "".join(self._text)
        text = text.strip("\n").rstrip() if kind == "code" else " ".join(text.split())
        self._text.clear()
        if text:
            self.parts.append(Part(kind, text, level))


class _Table:
    """One table's rows; a table inside a cell is read as that cell's text."""

    def __init__(self) -> None:
        self._rows: list[list[_Cell]] = []
        self._depth = 0

    def enter(self, tag: str, element: etree._Element) -> None:
        if tag == "table":
            self._depth += 1
        elif self._depth == 0 and tag in _ROWS:
            self._rows.append([])
        elif self._depth == 0 and tag in _CELLS and self._rows:
            self._rows[-1].append(_Cell(is_head=tag == "th" or element.get("role") == "head"))
        elif tag in _SPACED or tag in _CELLS:
            self.hear(" ")
        self.hear(element.text)

    def leave(self, tag: str) -> bool:
        """Return true when ``tag`` closes the table itself."""
        if tag != "table":
            return False
        self._depth -= 1
        return self._depth < 0

    def hear(self, text: str | None) -> None:
        if text and self._rows and self._rows[-1]:
            self._rows[-1][-1].heard.append(text)

    def rows(self) -> Iterator[Part]:
        rows = [row for row in self._rows if any(cell.text for cell in row)]
        has_header = len(rows) > 1 and all(cell.is_head or not cell.text for cell in rows[0])
        header = tuple(cell.text for cell in rows[0]) if has_header else ()
        for row in rows[1:] if has_header else rows:
            text = row_text(header, tuple(cell.text for cell in row))
            if text:
                yield Part("row", text)


class _Cell:
    """A table cell, and the pieces of text heard in it so far."""

    def __init__(self, *, is_head: bool) -> None:
        self.is_head = is_head
        self.heard: list[str] = []

    @property
    def text(self) -> str:
        return " ".join("".join(self.heard).split())


def _heading_level(tag: str, element: etree._Element) -> int:
    """Return 1 to 6 for a heading; trafilatura writes h2 as <head rend="h2">."""
    name = (element.get("rend") or "h2") if tag == "head" else tag
    return int(name[1]) if name in _HEADINGS else 0
