"""titles.toml's tables -> its entries, noting whatever is wrong with them in a report."""

from collections.abc import Iterator, Sequence
from typing import get_args

from bot.answering.titles.entries import (
    Abbreviation,
    Ladder,
    Neighbour,
    Reading,
    Title,
    Track,
    WordLists,
)
from bot.answering.titles.schema import (
    READING,
    SECTIONS,
    TEXT,
    TEXTS,
    Kind,
    Report,
    Table,
    is_flag,
    is_level,
    is_table,
    is_tables,
    is_text,
    is_texts,
)

Place = tuple[str, int]
TRACKS: tuple[Track, ...] = get_args(Track)


def titles(data: Table, report: Report) -> Iterator[tuple[Place, Title]]:
    """Yield our titles with their places."""
    for place, table in report.entries(data, "title"):
        name = _name(table, "name", place, report)
        track = next((each for each in TRACKS if each == table.get("track")), None)
        if track is None:
            wanted = ", ".join(TRACKS)
            given = f"unknown track {table['track']!r}" if "track" in table else "no track"
            report.add(place, f"{given}; it is one of {wanted}", "track")
        if name is None or track is None:
            continue
        level = table.get("level")
        yield (
            place,
            Title(
                name=name,
                display=_text(table, "display") or name,
                track=track,
                level=level if is_level(level) else None,
                slug=_text(table, "slug"),
                abbreviations=_texts(table, "abbreviations"),
                spellings=_lowered(_texts(table, "spellings")),
                alone=_lowered(_texts(table, "alone")),
            ),
        )


def neighbours(data: Table, report: Report) -> Iterator[tuple[Place, Neighbour]]:
    """Yield the titles just outside, those of [outside] last, with their places."""
    for place, table in report.entries(data, "neighbour"):
        name = _name(table, "name", place, report)
        if name is not None:
            letters = _texts(table, "abbreviations")
            yield place, Neighbour(name, letters, _lowered(_texts(table, "spellings")))
    for name in _lowered(_texts(_section(data, "outside", report), "names")):
        yield ("outside", 0), Neighbour(name)


def abbreviations(data: Table, report: Report) -> Iterator[tuple[Place, Abbreviation]]:
    """Yield the explained abbreviations with their places."""
    for place, table in report.entries(data, "abbreviation"):
        letters = _text(table, "letters")
        readings = tuple(_readings(table, place, report))
        default = _text(table, "default")
        if letters is None or not readings:
            report.add(place, "an abbreviation needs letters and readings")
            continue
        if default is not None and default not in {each.name for each in readings}:
            report.add(place, f"default {default!r} is none of the readings", "default")
        yield place, Abbreviation(letters, readings, default, word=table.get("word") is True)


def ladder(data: Table, report: Report) -> Ladder:
    """Return the usual order."""
    table = _section(data, "ladder", report)
    return Ladder(_lowered(_texts(table, "order")), _text(table, "caution") or "")


def words(data: Table, report: Report) -> WordLists:
    """Return the word lists, shorthand and variants."""
    table = _section(data, "words", report)
    lists = {key: frozenset(_lowered(_texts(table, key))) for key in SECTIONS["words"]}
    shorthand = table.get("shorthand")
    variants = data.get("variants")
    short = _mapped(shorthand, "words.shorthand", TEXT, report)
    varied = _mapped(variants, "variants", TEXTS, report)
    return WordLists(
        ordinary=lists["ordinary"],
        product=lists["product"],
        elsewhere=lists["elsewhere"],
        never_corrected=lists["never_corrected"],
        shorthand={key: value.lower() for key, value in short.items() if is_text(value)},
        variants={key: _lowered(value) for key, value in varied.items() if is_texts(value)},
    )


def _readings(table: Table, place: Place, report: Report) -> Iterator[Reading]:
    found = table.get("readings")
    for each in found if is_tables(found) else ():
        reading = report.typed(each, READING, place)
        name, ours = _text(reading, "name"), reading.get("ours")
        if name is None or not is_flag(ours):
            report.add(place, "a reading needs a name, and ours = true or false", "readings")
            continue
        yield Reading(name.lower(), ours, _lowered(_texts(reading, "cues")))


def _section(data: Table, section: str, report: Report) -> Table:
    table = data.get(section)
    return report.typed(table, SECTIONS[section], (section, 0)) if is_table(table) else {}


def _mapped(value: object, section: str, kind: Kind, report: Report) -> Table:
    if not is_table(value):
        return {}
    good = {}
    for key, each in value.items():
        if kind.test(each):
            good[key.lower()] = each
        else:
            report.add((section, 0), f"{key!r} must be {kind.called}, not {each!r}", key)
    return good


def _name(table: Table, key: str, place: Place, report: Report) -> str | None:
    name = _text(table, key)
    if name is None:
        if key not in table:
            report.add(place, f"a {place[0]} needs a {key}")
        return None
    if name != name.lower():
        report.add(place, f"{key} {name!r} must be in lower case", name)
    return name


def _text(table: Table, key: str) -> str | None:
    value = table.get(key)
    return value if is_text(value) else None


def _texts(table: Table, key: str) -> tuple[str, ...]:
    value = table.get(key)
    return tuple(value) if is_texts(value) else ()


def _lowered(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(value.lower() for value in values)
