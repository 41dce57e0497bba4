"""The lines of a PDF page, each with its place and size, and without what every page repeats."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pypdf import PageObject

from index.cleaning import clean_line

_LIGATURES = str.maketrans(
    {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl"}
)
_PAGE_NUMBER = re.compile(
    r"^(?:page\s*)?[\u2013-]?\s*(?:\d{1,4}|[ivxl]{1,6})\s*[\u2013-]?(?:\s*(?:of|/)\s*\d{1,4})?$",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")
# How many lines at the top and at the bottom of a page may be a running header or footer.
_EDGE = 2
# A note mark or a formula stands a little off the line it belongs to.
_SAME_LINE = 0.4


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page: its text, its left end and baseline in points, and its type."""

    text: str
    x: float
    y: float
    size: float
    is_bold: bool


def page_lines(page: PageObject) -> list[Line]:
    """Return the lines of ``page`` that hold text, in the order in which the page draws them."""
    gathering = _Gathering()
    page.extract_text(visitor_text=gathering.visit)
    gathering.end_line()
    return gathering.lines


def without_furniture(pages: Sequence[list[Line]]) -> Iterator[list[Line]]:
    """Give the pages without page numbers and the headers and footers that most pages repeat."""
    seen = Counter(key for lines in pages for key in {_key(line) for line in _edges(lines)})
    for lines in pages:
        dropped = {
            line for line in _edges(lines) if seen[_key(line)] > 1 or _PAGE_NUMBER.match(line.text)
        }
        yield [line for line in lines if line not in dropped]


def _edges(lines: list[Line]) -> list[Line]:
    """Return the outermost lines by height: a footer may be drawn first."""
    by_height = sorted(lines, key=lambda line: line.y)
    return by_height[:_EDGE] + by_height[_EDGE:][-_EDGE:]


def _key(line: Line) -> tuple[str, int]:
    return _DIGITS.sub("#", line.text.casefold()), round(line.y)


class _Gathering:
    """Puts together the runs of text that pypdf reports; a run may end a line, or several."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._text = ""
        self._first: tuple[float, float] = (0.0, 0.0)
        self._sizes: Counter[tuple[float, bool]] = Counter()

    def visit(
        self,
        text: str,
        page_matrix: list[float],
        text_matrix: list[float],
        font: dict[str, object] | None,
        font_size: float,
    ) -> None:
        for index, piece in enumerate(text.split("\n")):
            if index:
                self.end_line()
            if piece.strip() and not self._text.strip():
                self._first = _position(page_matrix, text_matrix)
            is_bold = "bold" in str((font or {}).get("/BaseFont", "")).casefold()
            size = _size(page_matrix, text_matrix, font_size)
            self._sizes[size, is_bold] += len(piece.strip())
            self._text += piece

    def end_line(self) -> None:
        text = clean_line(self._text).translate(_LIGATURES)
        # A line is as large as most of it: its bullet may come from another font.
        sizes = self._sizes.most_common(1)
        self._text, self._sizes = "", Counter()
        if not text:
            return
        line = Line(text, *self._first, *sizes[0][0])
        previous = self.lines[-1] if self.lines else None
        if previous and abs(previous.y - line.y) < _SAME_LINE * min(previous.size, line.size):
            self.lines[-1] = Line(
                f"{previous.text} {text}",
                previous.x,
                previous.y,
                previous.size,
                previous.is_bold and line.is_bold,
            )
        else:
            self.lines.append(line)


def _position(page_matrix: list[float], text_matrix: list[float]) -> tuple[float, float]:
    a, b, c, d, e, f = (float(value) for value in page_matrix)
    x, y = float(text_matrix[4]), float(text_matrix[5])
    return a * x + c * y + e, b * x + d * y + f


def _size(page_matrix: list[float], text_matrix: list[float], font_size: float) -> float:
    scale = math.hypot(*map(float, text_matrix[2:4])) * math.hypot(*map(float, page_matrix[2:4]))
    return round(abs(float(font_size)) * scale, 1) or 1.0
