"""Which keys a titles file may hold and of what type; ill-typed ones are reported and dropped."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeGuard

from bot.answering.titles.source_lines import SourceLines

Table = Mapping[str, object]


def is_table(value: object) -> TypeGuard[Table]:
    """Tell whether a TOML value is a table."""
    return isinstance(value, dict)


def is_tables(value: object) -> TypeGuard[Sequence[Table]]:
    """Tell whether a TOML value is a list of tables."""
    return isinstance(value, list) and all(map(is_table, value))


def is_text(value: object) -> TypeGuard[str]:
    """Tell whether a TOML value is text that says something."""
    return isinstance(value, str) and bool(value.strip())


def is_texts(value: object) -> TypeGuard[Sequence[str]]:
    """Tell whether a TOML value is a list of such texts."""
    return isinstance(value, list) and all(map(is_text, value))


def is_level(value: object) -> TypeGuard[int]:
    """Tell whether a TOML value is a whole number from 1."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def is_flag(value: object) -> TypeGuard[bool]:
    """Tell whether a TOML value is true or false."""
    return isinstance(value, bool)


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of value: its test and how a report names it."""

    test: Callable[[object], bool]
    called: str


TEXT = Kind(is_text, "text")
TEXTS = Kind(is_texts, "a list of texts")
LEVEL = Kind(is_level, "a whole number from 1")
FLAG = Kind(is_flag, "true or false")
TABLE = Kind(is_table, "a table")
TABLES = Kind(is_tables, "a list of tables")

FILE: Mapping[str, Kind] = {
    "title": TABLES,
    "neighbour": TABLES,
    "abbreviation": TABLES,
    "outside": TABLE,
    "ladder": TABLE,
    "words": TABLE,
    "variants": TABLE,
}
ENTRIES: Mapping[str, Mapping[str, Kind]] = {
    "title": {
        "name": TEXT,
        "display": TEXT,
        "abbreviations": TEXTS,
        "spellings": TEXTS,
        "alone": TEXTS,
        "level": LEVEL,
        "track": TEXT,
        "slug": TEXT,
    },
    "neighbour": {"name": TEXT, "abbreviations": TEXTS, "spellings": TEXTS},
    "abbreviation": {"letters": TEXT, "readings": TABLES, "default": TEXT, "word": FLAG},
}
READING: Mapping[str, Kind] = {"name": TEXT, "ours": FLAG, "cues": TEXTS}
SECTIONS: Mapping[str, Mapping[str, Kind]] = {
    "ladder": {"order": TEXTS, "caution": TEXT},
    "outside": {"names": TEXTS},
    "words": {
        "ordinary": TEXTS,
        "product": TEXTS,
        "elsewhere": TEXTS,
        "never_corrected": TEXTS,
        "shorthand": TABLE,
    },
}


@dataclass(slots=True)
class Report:
    """The problems found so far, and the file they are found in."""

    source: SourceLines
    problems: list[tuple[int, str]] = field(default_factory=list)

    def add(self, place: tuple[str, int], problem: str, *needles: object) -> None:
        """Note a problem of the table at `place`, at the line of the first needle found."""
        self.problems.append((self.source.line(*place, *needles), problem))

    def typed(self, table: Table, kinds: Mapping[str, Kind], place: tuple[str, int]) -> Table:
        """Return the table without the keys that are unknown or of a wrong type, noting those."""
        good = {}
        for key, value in table.items():
            kind = kinds.get(key)
            if kind is None:
                allowed = ", ".join(kinds)
                self.add(place, f"unknown key {key!r}; a {place[0]} may have {allowed}", key)
            elif kind.test(value):
                good[key] = value
            else:
                self.add(place, f"{key} must be {kind.called}, not {value!r}", key)
        return good

    def entries(self, data: Table, table: str) -> Iterator[tuple[tuple[str, int], Table]]:
        """Yield each entry of an array of tables with its place, typed."""
        found = data.get(table, ())
        if is_tables(found):
            for index, each in enumerate(found):
                place = (table, index)
                yield place, self.typed(each, ENTRIES[table], place)
