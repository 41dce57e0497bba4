"""Plain text into parts: blank lines part paragraphs, bullets are items, lone lines headings."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from index.formats.parsed import Parsed, Part

_LONGEST_HEADING = 80
_BULLET = re.compile(r"^\s*(?:[•‣◦▪●·∙*+\u2013-]|\d{1,3}[.)])\s+(?=\S)")
_NUMBER = re.compile(r"^\s*\d{1,3}[.)]\s+")
_RULE = re.compile(r"^\s*(?:[-=_*~#•]\s*){3,}$")
# A question mark does not end a heading's claim to be one: articles love to ask in headings.
_ENDS_SENTENCE = (".", "!", ":", ";", ",", "…")
_CLOSING = "\"'\u201d\u2019)]"


def parse_text(text: str) -> Parsed:
    """Read plain text.

    A short first line without a full stop is the title; short lines alone between blank lines are
    headings. A heading that is repeated with nothing below it, as captions of pictures are when a
    page is copied, is dropped.
    """
    groups = [list(lines) for blank, lines in groupby(text.splitlines(), _is_blank) if not blank]
    title, groups = _split_title(groups)
    parts = [Part("heading", title, 1)] if title else []
    for index, lines in enumerate(groups):
        parts.extend(_parts(lines, _Place.of(groups, index)))
    return Parsed(title, tuple(_without_bare_repeats(parts)))


@dataclass(frozen=True, slots=True)
class _Place:
    """What stands around a group of lines."""

    is_among_bullets: bool
    is_last: bool

    @classmethod
    def of(cls, groups: list[list[str]], index: int) -> "_Place":
        around = groups[max(index - 1, 0) : index] + groups[index + 1 : index + 2]
        is_among_bullets = any(_BULLET.match(line) for group in around for line in group[:1])
        return cls(is_among_bullets, index == len(groups) - 1)


def _is_blank(line: str) -> bool:
    return not line.strip() or bool(_RULE.match(line))


def _split_title(groups: list[list[str]]) -> tuple[str | None, list[list[str]]]:
    """Take the title off the first group, unless its first line reads like wrapped prose."""
    if not groups or not _is_short(groups[0][0]) or _BULLET.match(groups[0][0]):
        return None, groups
    first, *rest = groups[0]
    if rest and not _stands_apart(first, rest):
        return None, groups
    return _joined([first]), ([rest] if rest else []) + groups[1:]


def _stands_apart(first: str, rest: list[str]) -> bool:
    """Tell a title from the first line of a hard-wrapped paragraph."""
    following = rest[0].strip()
    starts_anew = bool(_BULLET.match(rest[0])) or not following[:1].islower()
    return starts_anew and len(first) < 0.75 * max(len(line) for line in rest)


def _is_short(line: str) -> bool:
    text = line.strip()
    ending = text.rstrip(_CLOSING)
    return 0 < len(text) <= _LONGEST_HEADING and not ending.endswith(_ENDS_SENTENCE)


def _parts(lines: list[str], place: _Place) -> Iterator[Part]:
    if len(lines) == 1 and _is_heading(lines[0], place):
        yield Part("heading", _joined(lines), 2)
        return
    kind_of_line = [bool(_BULLET.match(line)) for line in lines]
    first_bullet = kind_of_line.index(True) if True in kind_of_line else len(lines)
    if first_bullet:
        yield Part("paragraph", _joined(lines[:first_bullet]))
    item: list[str] = []
    for line in lines[first_bullet:]:
        if _BULLET.match(line) and item:
            yield Part("item", _joined(item))
            item = []
        item.append(_BULLET.sub("", line))
    if item:
        yield Part("item", _joined(item))


def _is_heading(line: str, place: _Place) -> bool:
    if not _is_short(line) or (place.is_last and line.rstrip().endswith("?")):
        return False
    # "1. Introduction" alone is a heading, but not where its neighbours are numbered too.
    return not _BULLET.match(line) or (bool(_NUMBER.match(line)) and not place.is_among_bullets)


def _joined(lines: list[str]) -> str:
    return " ".join(" ".join(lines).split())


def _without_bare_repeats(parts: list[Part]) -> Iterator[Part]:
    seen: dict[str, int] = {}
    for part in parts:
        if part.kind == "heading":
            seen[part.text.casefold()] = seen.get(part.text.casefold(), 0) + 1
    for index, part in enumerate(parts):
        is_bare = part.kind == "heading" and all(
            following.kind == "heading" for following in parts[index + 1 : index + 2]
        )
        is_repeated = part.level > 1 and seen.get(part.text.casefold(), 0) > 1
        if not (is_bare and is_repeated):
            yield part
