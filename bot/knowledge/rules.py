"""What library.toml holds a knowledge folder to. Without that file, next to nothing."""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from bot.knowledge.findings import Finding

FILE = "library.toml"
_FACT = re.compile(r"([A-Z]+)([0-9]+)(?:-([A-Z]+)([0-9]+))?")
_MOST_FACTS = 100_000


@dataclass(frozen=True, slots=True)
class Limits:
    """How many words an article may have."""

    least: int = 0
    most: int = 1_000_000


@dataclass(frozen=True, slots=True)
class Exemption:
    """Where one article is held to less, or to something else.

    Attributes:
        limits: Its own word limits; None for those of the folder.
        without: Front matter it need not have.
    """

    limits: Limits | None = None
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rules:
    """What every article must keep to.

    Attributes:
        required: Front-matter fields that must be there.
        source_fields: What must be said of every source.
        levels: Allowed values of `level`; empty allows any.
        audiences: Allowed values of `audience`; empty allows any.
        facts: Ids that must all be used by some article; empty asks for none.
        limits: Of an article's words.
        sentence_words: The most words of a sentence.
        exemptions: By the article's path.
    """

    required: tuple[str, ...] = ()
    source_fields: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
    sentence_words: int = 45
    exemptions: Mapping[str, Exemption] = field(default_factory=dict)

    def required_of(self, path: str) -> tuple[str, ...]:
        """Return the fields that an article must have."""
        without = self.exemptions.get(path, Exemption()).without
        return tuple(name for name in self.required if name not in without)

    def limits_of(self, path: str) -> Limits:
        """Return the word limits of an article."""
        return self.exemptions.get(path, Exemption()).limits or self.limits


def read_rules(folder: Path) -> tuple[Rules, tuple[Finding, ...]]:
    """Read a folder's library.toml and what is wrong with it.

    A wrong entry is reported by its line and passed over; a missing file gives the defaults.
    """
    try:
        text = (folder / FILE).read_text(encoding="utf-8")
        data = tomllib.loads(text)
    except FileNotFoundError:
        return Rules(), ()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return Rules(), (Finding(FILE, f"cannot be read: {error}"),)
    reader = _Reader(text)
    values = reader.values(data, _FIELDS)
    rules = Rules(**values)
    return rules, tuple(reader.findings)


class _Reader:
    """Turns entries into values and notes those that are wrong."""

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines()
        self.findings: list[Finding] = []

    def values(self, table: Mapping[str, object], fields: "Fields") -> dict[str, Any]:
        """Return the good entries of a table under the names that `Rules` gives them."""
        found: dict[str, Any] = {}
        for key, value in table.items():
            if key not in fields:
                self._note(key, f"unknown entry {key!r}; known are {', '.join(fields)}")
                continue
            name, read = fields[key]
            try:
                found[name] = read(value, self)
            except ValueError as error:
                self._note(key, f"{key}: {error}")
        return found

    def _note(self, key: str, message: str) -> None:
        wanted = re.compile(rf"^\s*\[*\s*{re.escape(key)}\b")
        lines = (at for at, line in enumerate(self._lines, 1) if wanted.match(line))
        self.findings.append(Finding(FILE, message, line=next(lines, None)))


Fields = Mapping[str, tuple[str, Callable[[object, _Reader], object]]]


def _texts(value: object, _reader: _Reader) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        raise ValueError(f"a list of texts is wanted, not {value!r}")
    return tuple(value)


def _number(value: object, _reader: _Reader) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"a whole number is wanted, not {value!r}")
    return value


def _text(value: object, _reader: _Reader) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(f"a text is wanted, not {value!r}")
    return value


def _limits(value: object, _reader: _Reader) -> Limits:
    numbers = value if isinstance(value, list) else []
    if len(numbers) != 2 or not all(type(one) is int and one >= 0 for one in numbers):
        raise ValueError(f"two whole numbers are wanted, the least and the most, not {value!r}")
    if numbers[0] > numbers[1]:
        raise ValueError(f"the least comes first, unlike in {value!r}")
    return Limits(*numbers)


def _facts(value: object, reader: _Reader) -> tuple[str, ...]:
    return tuple(chain.from_iterable(map(_expanded, _texts(value, reader))))


def _expanded(written: str) -> Iterator[str]:
    """Give every id of "F001-F234", or the one id of "F001"."""
    match = _FACT.fullmatch(written)
    if match is None:
        raise ValueError(f"{written!r} is not like F001 or F001-F234")
    letters, first, letters_again, last = match.groups()
    if last is None:
        yield written
        return
    if letters != letters_again or not int(first) <= int(last) <= int(first) + _MOST_FACTS:
        raise ValueError(f"{written!r} does not lead from one id up to another")
    for number in range(int(first), int(last) + 1):
        yield f"{letters}{number:0{len(first)}d}"


def _exemptions(value: object, reader: _Reader) -> dict[str, Exemption]:
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise ValueError("tables under [[exemption]] are wanted")
    found: dict[str, Exemption] = {}
    for table in value:
        values = reader.values(table, _EXEMPTION_FIELDS)
        article = values.pop("article", None)
        if article is None:
            raise ValueError("each needs the path of its article")
        found[article] = Exemption(**values)
    return found


_FIELDS: Fields = {
    "required": ("required", _texts),
    "source_fields": ("source_fields", _texts),
    "levels": ("levels", _texts),
    "audiences": ("audiences", _texts),
    "facts": ("facts", _facts),
    "words": ("limits", _limits),
    "sentence_words": ("sentence_words", _number),
    "exemption": ("exemptions", _exemptions),
}
_EXEMPTION_FIELDS: Fields = {
    "article": ("article", _text),
    "words": ("limits", _limits),
    "without": ("without", _texts),
}
