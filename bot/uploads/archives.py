"""A Word file as the zip archive it is: nothing in it may be more than it seems.

Checked before anything parses it. Sizes are not believed: every entry is unpacked within limits,
and thrown away.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Sequence

from bot.uploads.refusing import RefusedError

# Of all entries together, unpacked. The text of a thousand pages takes some 10 MB.
MAX_UNPACKED = 60 * 1024 * 1024
# Deflate reaches 1,032. Text of Word files, which repeats its mark-up, was seen up to 40.
MAX_RATIO = 200
# Below this size an entry may repeat itself as it likes.
_SMALL = 1024 * 1024
MAX_ENTRIES = 2000
_STEP = 64 * 1024

_ARCHIVES = (".zip", ".docx", ".docm", ".jar", ".7z", ".rar", ".gz", ".xz", ".bz2", ".tar")
_EMBEDDED = "word/embeddings/"
_OTHERS = (("xl/", "an Excel workbook"), ("ppt/", "a PowerPoint file"), ("META-INF/", "a program"))
# An entity of XML can stand for megabytes; Word never declares one.
_DECLARATION = re.compile(
    "|".join(
        re.escape(sign.encode(encoding).decode("latin-1"))
        for sign in ("<!DOCTYPE", "<!ENTITY")
        for encoding in ("ascii", "utf-16-le", "utf-16-be")
    ).encode("latin-1")
)
_OVERLAP = 32
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    UnicodeError,
    ValueError,
)


def check_word_archive(data: bytes) -> None:
    """Look through a Word file.

    Raises:
        RefusedError: It is no Word file, unpacks to too much, or holds what a text does not need.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_list(entries, len(data))
            left = MAX_UNPACKED
            for entry in entries:
                left -= _unpacked(archive, entry, left)
    except _UNREADABLE as error:
        raise RefusedError("It is named .docx but is no sound Word file; save it again.") from error


def _check_list(entries: Sequence[zipfile.ZipInfo], packed: int) -> None:
    if len(entries) > MAX_ENTRIES:
        raise RefusedError(
            f"The Word file holds {len(entries):,} entries; wanted at most {MAX_ENTRIES:,}."
        )
    if sum(entry.compress_size for entry in entries) > packed:
        raise RefusedError("The Word file's entries lie over each other: a zip bomb; not read.")
    claimed = sum(entry.file_size for entry in entries)
    if claimed > MAX_UNPACKED:
        raise _too_large(claimed)
    _check_kind([entry.filename for entry in entries])
    for entry in entries:
        _check_entry(entry)


def _check_kind(names: Sequence[str]) -> None:
    if "[Content_Types].xml" in names and any(name.startswith("word/") for name in names):
        return
    kinds = [kind for sign, kind in _OTHERS if any(name.startswith(sign) for name in names)]
    seen = kinds[0] if kinds else "some other zip archive"
    raise RefusedError(f"It is named .docx but is {seen}; wanted a Word document.")


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    if name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or ":" in name:
        raise RefusedError("The Word file holds an entry whose path leads out of it; not read.")
    if entry.flag_bits & 0x1:
        raise RefusedError("The Word file is encrypted; save it without a password.")
    if "vbaproject" in name.lower():
        raise RefusedError("The Word file holds macros; save it as .docx without them.")
    if name.lower().endswith(_ARCHIVES) and not name.startswith(_EMBEDDED):
        raise RefusedError("The Word file holds another archive; wanted a plain document.")
    if entry.file_size > _SMALL and entry.file_size > MAX_RATIO * max(1, entry.compress_size):
        ratio = entry.file_size // max(1, entry.compress_size)
        raise RefusedError(
            f"The Word file holds an entry packed {ratio:,} times: a zip bomb; "
            f"at most {MAX_RATIO} times is read."
        )


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> int:
    """Unpack an entry and throw it away; return its size."""
    size, before = 0, b""
    is_xml = entry.filename.lower().endswith((".xml", ".rels"))
    with archive.open(entry) as opened:
        while step := opened.read(_STEP):
            size += len(step)
            if size > left:
                raise _too_large(MAX_UNPACKED - left + size)
            if is_xml and _DECLARATION.search(before + step):
                raise RefusedError("The Word file declares XML entities, which Word never does.")
            before = step[-_OVERLAP:]
    return size


def _too_large(size: int) -> RefusedError:
    return RefusedError(
        f"The Word file unpacks to {size // 1024 // 1024:,} MB or more: a zip bomb, or too large; "
        f"wanted at most {MAX_UNPACKED // 1024 // 1024} MB."
    )
