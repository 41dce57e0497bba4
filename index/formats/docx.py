"""Word documents (.docx) into plain parts."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date

import docx
from docx.document import Document as WordDocument
from docx.exceptions import PythonDocxError
from docx.opc.exceptions import OpcError
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml import etree

from index.documents import BlockKind
from index.errors import ArticleError
from index.formats.parsed import Parsed, Part, row_text

MAX_UNPACKED_BYTES = 100 * 1024 * 1024
MAX_RATIO = 200

# The compound file format: an encrypted .docx, or an old .doc under a new name.
_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# python-docx's own template signs so; neither word is anyone's.
_TEMPLATE_AUTHOR = "python-docx"
_TEMPLATE_TITLE = "Word Document"
_READ_FAILURES = (
    etree.LxmlError,
    zipfile.BadZipFile,
    PythonDocxError,
    OpcError,
    AttributeError,
    LookupError,
    NotImplementedError,
    OSError,
    RecursionError,
    RuntimeError,
    TypeError,
    ValueError,
    EOFError,
    struct.error,
    zlib.error,
)


def parse_docx(data: bytes) -> Parsed:
    """Read a Word document: headings, paragraphs, lists and tables, in order.

    Raises:
        ArticleError: It is no Word document, is encrypted, or unpacks to an unreasonable size.
    """
    _check_archive(data)
    try:
        document = docx.Document(io.BytesIO(data))
        parts = tuple(_parts(document))
        return _with_properties(document, parts)
    except _READ_FAILURES as error:
        detail = " ".join(str(error).split())[:200] or type(error).__name__
        raise ArticleError(f"broken Word document: {detail}") from error


def _check_archive(data: bytes) -> None:
    if data.startswith(_COMPOUND_FILE):
        raise ArticleError("an encrypted or old .doc Word file; save it as .docx, without password")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise ArticleError("not a Word document: it is no zip archive") from error
    # The sizes are the archive's own claim, but zipfile never unpacks more than is claimed.
    unpacked = sum(member.file_size for member in members)
    packed = max(1, len(data))
    if unpacked > MAX_UNPACKED_BYTES:
        wanted = MAX_UNPACKED_BYTES // 1024 // 1024
        raise ArticleError(f"it unpacks to {unpacked:,} bytes, more than {wanted} MB")
    if unpacked > MAX_RATIO * packed:
        raise ArticleError(
            f"it unpacks to {unpacked // packed} times its size, more than {MAX_RATIO} times"
        )


def _with_properties(document: WordDocument, parts: tuple[Part, ...]) -> Parsed:
    properties = document.core_properties
    named = "" if properties.title == _TEMPLATE_TITLE else properties.title
    author = "" if properties.author == _TEMPLATE_AUTHOR else properties.author
    updated: date | None = properties.modified.date() if properties.modified and author else None
    titled = next((part.text for part in parts if part.kind == "heading"), None)
    return Parsed(titled or named or None, parts, author=author or None, updated=updated)


def _parts(document: WordDocument) -> Iterator[Part]:
    for content in document.iter_inner_content():
        if isinstance(content, Table):
            yield from _rows(content)
        else:
            text = " ".join(content.text.split())
            if text:
                kind, level = _role(content)
                yield Part(kind, text, level)


def _role(paragraph: Paragraph) -> tuple[BlockKind, int]:
    style = (paragraph.style.name if paragraph.style else None) or ""
    if style == "Title":
        return "heading", 1
    if style.startswith("Heading "):
        number = style.removeprefix("Heading ")
        return "heading", min(int(number), 6) if number.isdecimal() else 2
    if style.startswith("List") or _is_numbered(paragraph):
        return "item", 0
    if "Quote" in style:
        return "quote", 0
    return "paragraph", 0


def _is_numbered(paragraph: Paragraph) -> bool:
    properties = paragraph._p.pPr  # noqa: SLF001 - python-docx has no public door to numbering
    return properties is not None and properties.numPr is not None


def _rows(table: Table) -> Iterator[Part]:
    rows = [_cells(table, index) for index in range(len(table.rows))]
    header, body = (rows[0], rows[1:]) if len(rows) > 1 else ((), rows)
    for cells in body:
        text = row_text(header, cells)
        if text:
            yield Part("row", text)


def _cells(table: Table, index: int) -> tuple[str, ...]:
    """Return a row's cells; a cell merged over columns is there once, the rest of it empty."""
    texts: list[str] = []
    previous: object = None
    for cell in table.rows[index].cells:
        is_same = cell._tc is previous  # noqa: SLF001 - only the element tells merged cells apart
        texts.append("" if is_same else " ".join(cell.text.split()))
        previous = cell._tc  # noqa: SLF001
    return tuple(texts)
