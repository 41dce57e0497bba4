"""Small PDF and Word files, made where a test needs them."""

import io
from collections.abc import Sequence

import docx
from pypdf import PdfReader, PdfWriter

# Text, size in points, distance from the left and from the bottom of the page.
PdfLine = tuple[str, int, int, int]


def pdf_page(*paragraphs: Sequence[str], top: int = 720, size: int = 11) -> list[PdfLine]:
    """Set paragraphs of lines below one another, with a wider gap between paragraphs."""
    lines: list[PdfLine] = []
    for paragraph in paragraphs:
        for text in paragraph:
            lines.append((text, size, 72, top))
            top -= 14
        top -= 10
    return lines


def make_pdf(*pages: Sequence[PdfLine], title: str | None = None) -> bytes:
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", b""]
    objects[2] = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    page_numbers = []
    for lines in pages:
        content = b"".join(
            f"BT /F1 {size} Tf {x} {y} Td ({_escaped(text)}) Tj ET\n".encode("latin-1")
            for text, size, x, y in lines
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] "
            b"/Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>" % len(objects)
        )
        page_numbers.append(len(objects))
    kids = b" ".join(b"%d 0 R" % number for number in page_numbers)
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(page_numbers))
    if title:
        objects.append(b"<< /Title (%s) >>" % title.encode())
    return _written(objects, has_info=bool(title))


def encrypted(pdf: bytes, password: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    writer.encrypt(password, algorithm="RC4-128")
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def make_docx(
    *paragraphs: tuple[str, str], title: str = "", rows: Sequence[Sequence[str]] = ()
) -> bytes:
    """Make a Word file of (style, text) paragraphs and then a table."""
    document = docx.Document()
    for style, text in paragraphs:
        document.add_paragraph(text, style=style)
    if rows:
        table = document.add_table(rows=len(rows), cols=len(rows[0]))
        for row, texts in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
    if title:
        document.core_properties.title = title
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _written(objects: Sequence[bytes], *, has_info: bool) -> bytes:
    written = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    written += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    info = b" /Info %d 0 R" % len(objects) if has_info else b""
    written += b"trailer\n<< /Size %d /Root 1 0 R%s >>\n" % (len(objects) + 1, info)
    return bytes(written + b"startxref\n%d\n%%%%EOF\n" % start)
