"""The YAML at the head of an article: what its author says of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import frontmatter
import yaml
from frontmatter.default_handlers import YAMLHandler

from index.cleaning import clean_line

_FENCE = "---"
_KEEP_ALL = (True, "all")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What an article's author says of it; what was not said is None or empty.

    Attributes:
        keep: Nothing of the article may be left out of the index.
        problems: What the author meant to say but wrote so that it cannot be read.
    """

    title: str | None = None
    url: str | None = None
    updated: date | None = None
    author: str | None = None
    aliases: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    keep: bool = False
    problems: tuple[str, ...] = ()


def split_front_matter(text: str) -> tuple[FrontMatter, str]:
    """Return what stands at the head of ``text`` between two lines of ``---``, and the rest.

    Front matter that is no YAML, or is never closed, is reported and left out of the rest. A text
    that opens with a mere rule is all rest.
    """
    if not text.startswith(_FENCE) or text.split("\n", 1)[0].strip("-").strip():
        return FrontMatter(), text
    try:
        written, body = frontmatter.parse(text, handler=YAMLHandler())
    except (yaml.YAMLError, ValueError, RecursionError, TypeError, LookupError) as error:
        problem = f"its front matter is not readable: {_first_line(error)}"
        return FrontMatter(problems=(problem,)), YAMLHandler().split(text)[1]
    if written:
        return _read(written), body
    if body != text.strip():
        head = YAMLHandler().split(text)[0]
        return FrontMatter(), (text if head.strip() else body)
    head, _, rest = text.partition("\n\n")
    if ":" in head:
        return FrontMatter(problems=("its front matter is not closed by a line of ---",)), rest
    return FrontMatter(), text


def _first_line(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    reason = clean_line(str(getattr(error, "problem", None) or error).split("\n", 1)[0])
    return f"{reason} (line {mark.line + 1})" if mark else reason[:200] or type(error).__name__


def _read(written: Mapping[str, object]) -> FrontMatter:
    updated, problems = _day(written.get("updated"))
    return FrontMatter(
        title=_line(written.get("title")),
        url=_line(written.get("url")),
        updated=updated,
        author=", ".join(_lines(written.get("author"))) or None,
        aliases=tuple(_lines(written.get("aliases"))),
        sources=tuple(_sources(written.get("sources"))),
        keep=written.get("keep") in _KEEP_ALL,
        problems=problems,
    )


def _line(value: object) -> str | None:
    if isinstance(value, str | int | float | date):
        return clean_line(str(value)) or None
    return None


def _lines(value: object) -> Iterator[str]:
    for entry in value if isinstance(value, list) else [value]:
        line = _line(entry)
        if line:
            yield line


def _day(value: object) -> tuple[date | None, tuple[str, ...]]:
    if isinstance(value, datetime):
        return value.date(), ()
    if isinstance(value, date) or value is None:
        return value, ()
    try:
        return datetime.fromisoformat(str(value)).date(), ()
    except (ValueError, RecursionError):
        written = clean_line(str(value)[:40]) if isinstance(value, str | int) else "a list"
        return None, (f'its front matter\'s date "{written}" is not like 2026-11-23',)


def _sources(value: object) -> Iterator[str]:
    for entry in value if isinstance(value, list) else [value]:
        if not isinstance(entry, dict):
            yield from _lines(entry)
            continue
        named = [_line(entry.get(key)) for key in ("title", "name", "address", "url")]
        day = _line(entry.get("date"))
        readable = ", ".join(part for part in named if part)
        if readable:
            yield f"{readable} ({day})" if day else readable
