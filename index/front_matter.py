"""The YAML at the head of an article: what its author says of it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import frontmatter
import yaml
from frontmatter.default_handlers import YAMLHandler

from index.cleaning import clean_line

_FENCE = "---"
_KEEP_ALL = (True, "all")
# The longest of the shipped articles' heads has some 6,000 characters. Nested 50,000 deep, YAML's
# reader ends the process; and each alias can double what the ones before it stand for.
MAX_CHARACTERS, _MOST_NESTED, _MOST_ALIASES = 65_536, 50, 10
_CLOSING = re.compile(r"^-{3,}\s*$", re.MULTILINE)  # as python-frontmatter has it
_NESTED_IN_LINE = re.compile(rf"^[ \t]*(?:[-?:][ \t]+){{{_MOST_NESTED},}}", re.MULTILINE)
_ALIAS = re.compile(r"(?:^|[\s\[\],{}:-])\*\w")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What an article's author says of it; what was not said is None or empty.

    Attributes:
        questions: What the article says it answers.
        keep: Nothing of the article may be left out of the index.
        problems: What the author meant to say but wrote so that it cannot be read.
    """

    title: str | None = None
    url: str | None = None
    updated: date | None = None
    author: str | None = None
    aliases: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
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
        overload = overload_of(text)
        if overload:
            raise ValueError(f"it {overload}")  # noqa: TRY301 - one of the ways not to be readable
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


def overload_of(text: str) -> str | None:
    """Return what of a text's front matter would overload who reads it; None for most texts."""
    marks = _CLOSING.finditer(text)
    opening, closing = next(marks, None), next(marks, None)
    if opening is None or opening.start() > 0 or closing is None:
        return None
    head = text[opening.end() : closing.start()]
    if len(head) > MAX_CHARACTERS:
        return f"has {len(head):,} characters, more than {MAX_CHARACTERS:,}"
    if _NESTED_IN_LINE.search(head) or _most_brackets(head) > _MOST_NESTED:
        return f"is nested more than {_MOST_NESTED} deep"
    aliases = len(_ALIAS.findall(head))
    if aliases > _MOST_ALIASES:
        return f"repeats itself by {aliases:,} aliases (*name), more than {_MOST_ALIASES}"
    return None


def _most_brackets(head: str) -> int:
    """Return the most brackets that are open at once, those in quotes included."""
    most = depth = 0
    for mark in re.findall(r"[\[\]{}]", head):
        depth = depth + 1 if mark in "[{" else max(0, depth - 1)
        most = max(most, depth)
    return most


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
        questions=tuple(_lines(written.get("questions"))),
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
