"""Bytes of a text file into text."""

import codecs
from dataclasses import dataclass

import charset_normalizer

from index.errors import ArticleError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SIGNATURES = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a zip archive or office document"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a compressed file"),
    (b"\x7fELF", "a program"),
)
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\v\f\r\x1b")
# What word processors put into English text: it says nothing about the language.
_TYPOGRAPHY = frozenset(
    "\u2018\u2019\u201c\u201d\u2013\u2014\u2026\u2022\u20ac\u2122\xa0\xa3\xa9\xae\xb0"
)
# Above these shares of all bytes a file is no longer text with a slip in it.
_MOST_CONTROLS = 0.01
_MOST_WESTERN = 0.03
_MOST_SPOILT = 0.01


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text; ``note`` says what an author should mend, if anything."""

    text: str
    note: str | None = None


def decode(data: bytes) -> Decoded:
    """Read ``data`` as UTF-8, as UTF-16 with a byte order mark, or in a recognised older encoding.

    Raises:
        ArticleError: It is binary, or its encoding cannot be recognised.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decoded_strictly(data, encoding)
    _refuse_binary(data)
    try:
        return Decoded(data.decode())
    except UnicodeDecodeError:
        return _spoilt_utf8(data) or _western(data) or _recognised(data)


def _decoded_strictly(data: bytes, encoding: str) -> Decoded:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ArticleError(f"marked as {encoding}, but byte {error.start:,} is not") from error
    if "\0" in text:
        raise ArticleError("binary content, not text: it holds NUL characters")
    return Decoded(text)


def _refuse_binary(data: bytes) -> None:
    for signature, name in _SIGNATURES:
        if data.startswith(signature):
            raise ArticleError(f"binary content, not text: it is {name} under a text file's name")
    if b"\0" in data:
        raise ArticleError("binary content, not text: it holds NUL bytes")
    controls = len(data) - len(data.translate(None, _CONTROLS))
    if controls > _MOST_CONTROLS * len(data):
        raise ArticleError(f"binary content, not text: it holds {controls:,} control characters")


def _spoilt_utf8(data: bytes) -> Decoded | None:
    """Read UTF-8 in which a few bytes were broken, by a cut file or a careless edit."""
    text = data.decode(errors="replace")
    spoilt = text.count("\ufffd")
    sound = sum(character > "\x7f" for character in text) - spoilt
    if spoilt > _MOST_SPOILT * len(text) or sound < 2 * spoilt:
        return None
    return Decoded(text, f"not wholly UTF-8: {spoilt} broken characters were replaced")


def _western(data: bytes) -> Decoded | None:
    """Read English with a few curly quotes or accents, too few to recognise an encoding by."""
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    foreign = sum(character > "\x7f" and character not in _TYPOGRAPHY for character in text)
    if foreign > max(1, _MOST_WESTERN * len(text)):
        return None
    return Decoded(text, "read as cp1252; save it as UTF-8")


def _recognised(data: bytes) -> Decoded:
    best = charset_normalizer.from_bytes(data).best()
    if best is None:
        raise ArticleError("its encoding cannot be recognised; save it as UTF-8")
    return Decoded(str(best), f"read as {best.encoding}; save it as UTF-8")
