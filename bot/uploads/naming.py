"""What a file's name says: which format it claims, and what the article is to be called. Pure."""

import re
import unicodedata
from dataclasses import dataclass

from bot.uploads.refusing import WANTED, RefusedError

# The suffix an article is stored under, by the one it came with.
_STORED = {
    ".md": ".md",
    ".markdown": ".md",
    ".txt": ".txt",
    ".html": ".html",
    ".htm": ".html",
    ".pdf": ".pdf",
    ".docx": ".docx",
}
_PROGRAMS = frozenset(
    """app apk bash bat bin chm class cmd com cpl deb dll dmg dylib elf exe gadget hta img inf ins
    iso jar js jse lnk mht mhtml msc msi msp mst pif pkg pl ps1 psm1 py pyc rb reg rpm scr sct sh
    shb so svg swf sys url vb vbe vbs vhd wasm ws wsc wsf wsh xll zsh""".split()
)
_MACROS = frozenset("docm dotm pptm xlsm xlsb xltm".split())
_LONGEST_SLUG = 80
_LONGEST_SHOWN = 80


@dataclass(frozen=True, slots=True)
class FileName:
    """A name that an article may come with.

    Attributes:
        shown: The name itself.
        slug: Small letters, digits and single hyphens, 1 to 80 characters: the article's name.
        suffix: The suffix it is stored under, such as ".md".
    """

    shown: str
    slug: str
    suffix: str


def checked_name(name: str) -> FileName:
    """Read a file's name.

    Raises:
        RefusedError: It leads elsewhere, hides what it is, or is of another kind.
    """
    shown = readable(name)
    if not name.strip():
        raise RefusedError(f"The file has no name; wanted one that ends in {WANTED}.")
    _refuse_places(name, shown)
    _refuse_unseen(name, shown)
    if name.startswith("."):
        raise RefusedError(f"{shown} is hidden: its name begins with a dot; give it another.")
    stem, suffix = _parted(name, shown)
    return FileName(shown, slug_of(stem), suffix)


def slug_of(text: str) -> str:
    """Return text as an article's name: small letters, digits and hyphens; "article" for none."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain.lower())
    slug = "-".join(words)[:_LONGEST_SLUG].strip("-")
    return slug or "article"


def readable(name: str) -> str:
    """Return a name as a message may hold it: quoted, one line, nothing unseen in it, not long."""
    plain = "".join("\ufffd" if _is_unseen(one) else one for one in name)
    if len(plain) > _LONGEST_SHOWN:
        plain = f"{plain[: _LONGEST_SHOWN // 2]}…{plain[-_LONGEST_SHOWN // 2 :]}"
    return f"“{plain}”"


def _refuse_places(name: str, shown: str) -> None:
    parts = re.split(r"[/\\]", name)
    if ".." in (one.strip() for one in parts):
        raise RefusedError(f"{shown} leads out of its folder by “..”; wanted a plain file name.")
    if len(parts) > 1:
        raise RefusedError(f"{shown} is a path; wanted a plain file name without slashes.")
    if re.match(r"[A-Za-z]:", name):
        raise RefusedError(f"{shown} names a drive; wanted a plain file name.")


def _refuse_unseen(name: str, shown: str) -> None:
    for one in name:
        if _is_unseen(one):
            raise RefusedError(
                f"{shown} holds a character that cannot be seen (U+{ord(one):04X}); rename it."
            )


def _is_unseen(character: str) -> bool:
    """Tell whether a character is a control, turns the writing direction, or is no character."""
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}


def _parted(name: str, shown: str) -> tuple[str, str]:
    """Return what stands before the suffix, and the suffix it is stored under."""
    parts = [one.strip() for one in name.split(".")]
    last = f".{parts[-1].lower()}" if len(parts) > 1 else ""
    if last.removeprefix(".") in _PROGRAMS | _MACROS:
        kind = "macros" if last.removeprefix(".") in _MACROS else "a program"
        raise RefusedError(f"{shown} ends in {last}, {kind}; wanted {WANTED}.")
    if last not in _STORED:
        seen = f"ends in {last}" if last.strip(".") else "has no ending"
        raise RefusedError(f"{shown} {seen}; wanted {WANTED}.")
    inner = [one.lower() for one in parts[1:-1]]
    if last == ".txt" and inner[-1:] == ["md"]:
        return ".".join(parts[:-2]), ".md"  # Slack saves Markdown so, and the library reads it so
    for one in inner:
        if one in _PROGRAMS | _MACROS or f".{one}" in _STORED:
            raise RefusedError(f"{shown} has two endings, .{one} and {last}; wanted one of them.")
    return ".".join(parts[:-1]), _STORED[last]
