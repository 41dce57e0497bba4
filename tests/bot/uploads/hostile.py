"""Files that are not what they seem, made where a test needs them."""

import io
import struct
import zipfile
from collections.abc import Mapping

from tests.article_files import make_docx

MEGABYTE = 1024 * 1024
LOGIN = (
    b"<!DOCTYPE html><html><head><title>Sign in</title></head><body><h1>Sign in</h1>"
    b'<p>You need to sign in to see this page.</p><form><input name="email">'
    b'<input type="password" name="password"></form></body></html>'
)


def word(extra: Mapping[str, bytes] | None = None) -> bytes:
    """Make a real Word file, and put entries into it."""
    made = make_docx(
        ("Title", "Product guilds"),
        ("Normal", "A product guild is a group of product managers who share what they learned."),
    )
    return repacked(made, extra or {})


def repacked(archive: bytes, extra: Mapping[str, bytes]) -> bytes:
    """Copy an archive with entries added or replaced."""
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(archive)) as old,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name not in extra:
                new.writestr(name, old.read(name))
        for name, content in extra.items():
            new.writestr(name, content)
    return written.getvalue()


def archive_of(entries: Mapping[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in entries.items():
            new.writestr(name, content)
    return written.getvalue()


def nested_bomb(levels: int = 3) -> bytes:
    """Make a zip in a zip in a zip, whose innermost is a bomb."""
    inner = archive_of({"zeros": bytes(8 * MEGABYTE)})
    for level in range(levels):
        inner = archive_of({f"{level}-{number}.zip": inner for number in range(4)})
    return inner


def lying_bomb() -> bytes:
    """Make a Word file whose document says that it unpacks to little, and does not."""
    made = bytearray(word({"word/document.xml": b"<a>" + b" " * (80 * MEGABYTE) + b"</a>"}))
    # The claimed size stands in the central directory and before the entry itself.
    name = b"word/document.xml"
    for signature, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        place = made.find(signature)
        while place >= 0:
            head = 46 if signature == b"PK\x01\x02" else 30
            if bytes(made[place + head : place + head + len(name)]) == name:
                made[place + offset : place + offset + 4] = struct.pack("<I", 4096)
            place = made.find(signature, place + 4)
    return bytes(made)


def overlapping() -> bytes:
    """Make a Word file in which a thousand entries are one and the same."""
    made = word({"word/media/a.bin": bytes(range(256)) * 64})
    end = made.rfind(b"PK\x05\x06")
    count, size, start = struct.unpack("<HII", made[end + 10 : end + 20])
    directory = made[start : start + size]
    last = directory[directory.rfind(b"PK\x01\x02") :]
    many = directory + last * 1000
    tail = bytearray(made[end:])
    tail[8:20] = struct.pack("<HHII", count + 1000, count + 1000, len(many), start)
    return made[:start] + many + bytes(tail)


def encrypted_flag() -> bytes:
    """Make a Word file that says its entries are encrypted."""
    made = bytearray(word())
    for signature, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        place = made.find(signature)
        while place >= 0:
            made[place + offset] |= 1
            place = made.find(signature, place + 4)
    return bytes(made)
