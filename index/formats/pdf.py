"""PDF into plain parts: lines put together to paragraphs, items and headings by place and size."""

import io
import logging
import re
import struct
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from statistics import median

from pypdf import PasswordType, PdfReader
from pypdf.errors import DependencyError, PyPdfError

from index.errors import ArticleError
from index.formats.parsed import Parsed, Part
from index.formats.pdf_lines import Line, page_lines, without_furniture

# Its complaints would name no file; `read_articles` reports the article instead.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)

_READ_FAILURES = (
    PyPdfError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
    EOFError,
    struct.error,
    zlib.error,
)

_BULLET = re.compile(r"^(?:[•‣◦▪●·∙*\u2013-]|\d{1,3}[.)])\s+(?=\S)")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_BROKEN_WORD = re.compile(r"([^\W\d_]+)-$")
_ENDS_SENTENCE = re.compile(r"[.!?:…][\"'\u201d\u2019)\]]*$")
# First halves that keep their hyphen at a line end unless the article itself writes otherwise.
_KEEPS_HYPHEN = frozenset(
    {"self", "cross", "long", "short", "full", "hands", "third", "non", "high", "low"}
)
_LONGEST_HEADING = 100
_HEADING_SIZE = 1.12
_PARAGRAPH_GAP = 1.35
_SHORT_LINE = 0.75


def parse_pdf(data: bytes) -> Parsed:
    """Read a PDF with a text layer.

    Hyphenated and hard-wrapped lines are joined; page numbers and lines that return at the top or
    bottom of most pages are dropped. The title is the first heading, else the file's own.

    Raises:
        ArticleError: It is broken, encrypted with a password, or scanned pictures without text.
    """
    try:
        reader = PdfReader(io.BytesIO(data))
        _unlock(reader)
        pages = [page_lines(page) for page in reader.pages]
        title, author, updated = _properties(reader)
    except _READ_FAILURES as error:
        detail = " ".join(str(error).split())[:200] or type(error).__name__
        raise ArticleError(f"broken PDF: {detail}") from error
    if not any(pages):
        raise ArticleError("scanned PDF: no page holds text; run it through text recognition")
    layout = _Layout.of([line for page in without_furniture(pages) for line in page])
    parts = tuple(_parts(layout))
    heading = next((part.text for part in parts if part.kind == "heading"), None)
    return Parsed(heading or title, parts, author=author, updated=updated)


def _unlock(reader: PdfReader) -> None:
    """Open a PDF that only restricts printing: its reading password is empty."""
    try:
        is_locked = reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED
    except DependencyError as error:
        raise ArticleError("encrypted PDF: save it without a password") from error
    if is_locked:
        raise ArticleError("encrypted PDF: save it without a password")


def _properties(reader: PdfReader) -> tuple[str | None, str | None, date | None]:
    properties = reader.metadata
    if properties is None:
        return None, None, None
    try:
        changed = properties.modification_date or properties.creation_date
    except ValueError:
        # Many writers put a date here that is none.
        changed = None
    return properties.title, properties.author, changed.date() if changed else None


@dataclass(frozen=True, slots=True)
class _Layout:
    """What an article's own lines tell about its typesetting."""

    lines: tuple[Line, ...]
    body_size: float
    usual_gap: float
    usual_length: float
    words: Counter[str]

    @classmethod
    def of(cls, lines: Sequence[Line]) -> "_Layout":
        sizes: Counter[float] = Counter()
        for line in lines:
            sizes[line.size] += len(line.text)
        body_size = sizes.most_common(1)[0][0] if sizes else 1.0
        body = [line for line in lines if line.size == body_size]
        gaps = [a.y - b.y for a, b in pairwise(body) if 0 < a.y - b.y < 3 * body_size]
        lengths = sorted(len(line.text) for line in body)
        return cls(
            tuple(lines),
            body_size,
            # The lower quartile: in a list or a page of short paragraphs most gaps are wide.
            sorted(gaps)[len(gaps) // 4] if gaps else 1.2 * body_size,
            median(lengths[len(lengths) // 2 :]) if lengths else 0.0,
            Counter(word for line in lines for word in _WORD.findall(line.text.casefold())),
        )

    def is_break(self, before: Line, after: Line, first: Line) -> bool:
        """Tell whether a new part begins after ``before``; ``first`` is its part's first line."""
        if _BULLET.match(after.text) or abs(before.size - after.size) > 0.12 * self.body_size:
            return True
        gap = before.y - after.y
        if gap <= 0:
            # A new page or column goes on with the sentence that the last one left open.
            return bool(_ENDS_SENTENCE.search(before.text))
        if gap > _PARAGRAPH_GAP * self.usual_gap * before.size / self.body_size:
            return True
        if before.is_bold and not after.is_bold and before is first:
            return not _ENDS_SENTENCE.search(before.text)
        if _BULLET.match(first.text) and after.x < first.x - 1:
            return True
        is_short = len(before.text) < _SHORT_LINE * self.usual_length
        is_indented = after.x > before.x + 0.8 * self.body_size
        return (is_short or is_indented) and bool(_ENDS_SENTENCE.search(before.text))


def _parts(layout: _Layout) -> Iterator[Part]:
    groups = list(_groups(layout))
    sizes = sorted(
        {group[0].size for group in groups if group[0].size > _HEADING_SIZE * layout.body_size},
        reverse=True,
    )
    for index, group in enumerate(groups):
        text = _joined(group, layout.words)
        following = groups[index + 1] if index + 1 < len(groups) else []
        if _BULLET.match(text) and group[0].size not in sizes:
            yield Part("item", _BULLET.sub("", text))
        elif _is_heading(text, group, following, layout):
            level = sizes.index(group[0].size) if group[0].size in sizes else len(sizes)
            yield Part("heading", text, min(level + 1, 6))
        else:
            yield Part("paragraph", text)


def _groups(layout: _Layout) -> Iterator[list[Line]]:
    group: list[Line] = []
    for line in layout.lines:
        if group and layout.is_break(group[-1], line, group[0]):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _is_heading(text: str, group: list[Line], following: list[Line], layout: _Layout) -> bool:
    if len(text) > _LONGEST_HEADING or text.endswith((".", ",", ";", ":")):
        return False
    if group[0].size > _HEADING_SIZE * layout.body_size:
        return True
    if len(group) > 1 or not following or (not text[0].isupper() and not text[0].isdigit()):
        return False
    # In one size throughout, a short lone line above a long passage is a heading.
    return group[0].is_bold or sum(len(line.text) for line in following) > _LONGEST_HEADING


def _joined(group: list[Line], words: Counter[str]) -> str:
    text = group[0].text
    for line in group[1:]:
        broken = _BROKEN_WORD.search(text)
        rest = _WORD.match(line.text)
        if not broken or not rest or not line.text[0].islower():
            text = f"{text} {line.text}"
        elif _keeps_hyphen(broken.group(1).casefold(), rest.group().casefold(), words):
            text += line.text
        else:
            text = text[:-1] + line.text
    return text


def _keeps_hyphen(first: str, second: str, words: Counter[str]) -> bool:
    whole, hyphenated = words[first + second], words[f"{first}-{second}"]
    return hyphenated > whole if hyphenated != whole else first in _KEEPS_HYPHEN
