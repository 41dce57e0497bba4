"""What a file's bytes say it is, against what its name says. Pure."""

import re

from bot.uploads.archives import check_word_archive
from bot.uploads.naming import FileName
from bot.uploads.refusing import WANTED, RefusedError
from index.article_files import MAX_BYTES
from index.front_matter import overload_of

_MEGABYTE = 1024 * 1024
_PROGRAMS = (
    (b"MZ", "a Windows program"),
    (b"\x7fELF", "a program"),
    (b"\xfe\xed\xfa", "a program"),
    (b"\xce\xfa\xed\xfe", "a program"),
    (b"\xcf\xfa\xed\xfe", "a program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    (b"\0asm", "a program"),
    (b"#!", "a script"),
)
_KINDS = (
    (b"%PDF-", ".pdf", "a PDF"),
    (b"PK\x03\x04", ".docx", "a zip archive or office document"),
    (b"PK\x05\x06", ".docx", "an empty zip archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "", "an encrypted or old Office file"),
    (b"{\\rtf", "", "a rich text file"),
    (b"\x89PNG", "", "a picture"),
    (b"\xff\xd8\xff", "", "a picture"),
    (b"GIF8", "", "a picture"),
    (b"\x1f\x8b", "", "a compressed file"),
    (b"7z\xbc\xaf", "", "a compressed archive"),
    (b"Rar!", "", "a compressed archive"),
    (b"SQLite format 3\0", "", "a database"),
)
# Readers of PDF accept junk before the signature, within the first kilobyte.
_PDF_WITHIN = 1024
_TEXTS = frozenset({".md", ".txt", ".html"})
_PAGE = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.I)
_PASSWORD = re.compile(rb"<input\b[^>]{0,500}\btype\s*=\s*[\"']?password\b", re.I)
# Fewer words beside a field for a password are a page to sign in, not an article.
SIGN_IN_WORDS = 150


def check_size(size: int) -> None:
    """Look at a size in bytes, as Slack says it or as it came.

    Raises:
        RefusedError: There is nothing, or too much.
    """
    if size <= 0:
        raise RefusedError("The file is empty.")
    if size > MAX_BYTES:
        raise RefusedError(
            f"The file has {size / _MEGABYTE:.1f} MB; at most {MAX_BYTES // _MEGABYTE} MB can be "
            "an article. Divide it."
        )


def check_content(name: FileName, data: bytes) -> None:
    """Compare what a file holds with what its name says.

    Raises:
        RefusedError: They differ, or it is more than a text.
    """
    check_size(len(data))
    for sign, kind in _PROGRAMS:
        if data.startswith(sign):
            raise RefusedError(f"{name.shown} is {kind} inside; wanted {WANTED}.")
    seen = kind_of(data)
    if seen[0] != (name.suffix if name.suffix not in _TEXTS else ""):
        raise _mislabelled(name, seen[1])
    if name.suffix == ".docx":
        check_word_archive(data)
    elif name.suffix in _TEXTS:
        _check_text(name, data)


def kind_of(data: bytes) -> tuple[str, str]:
    """Return the suffix that a file's first bytes call for, and the kind in words.

    Both are empty for what may be a text; the suffix is empty for what can be no article.
    """
    for sign, suffix, kind in _KINDS:
        if data.startswith(sign):
            return suffix or "none", kind
    if b"%PDF-" in data[:_PDF_WITHIN] and b"\0" in data:
        return ".pdf", "a PDF"
    return "", ""


def is_sign_in(data: bytes, words: int) -> bool:
    """Tell whether a page of so many words is one to sign in on."""
    return words < SIGN_IN_WORDS and bool(_PASSWORD.search(data))


def _mislabelled(name: FileName, kind: str) -> RefusedError:
    if not kind:
        return RefusedError(f"{name.shown} is no {name.suffix} file inside; save it again.")
    return RefusedError(f"{name.shown} is {kind} inside, not {name.suffix}; wanted {WANTED}.")


def _check_text(name: FileName, data: bytes) -> None:
    if b"\0" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise RefusedError(f"{name.shown} holds NUL bytes: binary, not text; save it as UTF-8.")
    if name.suffix != ".html" and _PAGE.match(data[:_PDF_WITHIN]):
        raise RefusedError(
            f"{name.shown} is a page of HTML inside: rename it to .html, or, if it is a page to "
            "sign in on, save the article itself."
        )
    overload = overload_of(data.decode("utf-8", "replace").lstrip("\ufeff").replace("\r", ""))
    if overload:
        raise RefusedError(f"The front matter of {name.shown} {overload}; shorten it.")
