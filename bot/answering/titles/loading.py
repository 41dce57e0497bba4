"""titles.toml -> Vocabulary. Every mistake of the file is reported at once, by its line."""

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from bot.answering.titles import checking
from bot.answering.titles.checking import Place
from bot.answering.titles.entries import Abbreviation, Ladder, Neighbour, Title, VocabularyError
from bot.answering.titles.schema import FILE, Report
from bot.answering.titles.source_lines import SourceLines
from bot.answering.titles.vocabulary import Vocabulary

Named = Sequence[tuple[Place, Title | Neighbour]]


def load_vocabulary(path: Path) -> Vocabulary:
    """Read the vocabulary; a missing file gives the empty one.

    Raises:
        VocabularyError: The file is not TOML, or entries are wrong; every one is named by line.
    """
    try:
        text = path.read_text(encoding="utf-8")
        data = tomllib.loads(text)
    except FileNotFoundError:
        return Vocabulary.empty()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise VocabularyError(f"{path} cannot be read: {error}") from error
    report = Report(SourceLines.of(text))
    vocabulary = _checked(data, report)
    if vocabulary is None:
        listed = "\n".join(f"  line {line}: {problem}" for line, problem in sorted(report.problems))
        count = "1 problem" if len(report.problems) == 1 else f"{len(report.problems)} problems"
        raise VocabularyError(f"{path} has {count}:\n{listed}")
    return vocabulary


def _checked(data: dict[str, object], report: Report) -> Vocabulary | None:
    """Return the vocabulary, or None when the report holds a problem."""
    data = dict(report.typed(data, FILE, ("file", 0)))
    titles = list(checking.titles(data, report))
    neighbours = list(checking.neighbours(data, report))
    abbreviations = list(checking.abbreviations(data, report))
    ladder, words = checking.ladder(data, report), checking.words(data, report)
    _check_names([*titles, *neighbours], report)
    _check_letters([*titles, *neighbours], abbreviations, report)
    _check_readings({title.name for _, title in titles}, abbreviations, report)
    _check_ladder(ladder, {title.name: title.level for _, title in titles}, report)
    if report.problems:
        return None
    return Vocabulary(
        tuple(title for _, title in titles),
        tuple(neighbour for _, neighbour in neighbours),
        tuple(abbreviation for _, abbreviation in abbreviations),
        ladder,
        words,
    )


def _check_names(entries: Named, report: Report) -> None:
    """Note a name or spelling that is given twice."""
    claims = (
        (place, entry.name, phrase)
        for place, entry in entries
        for phrase in (entry.name, *entry.spellings)
    )
    for place, owner, phrase, first in _repeated(claims):
        report.add(place, f"{phrase!r} of {owner!r} is already a name of {first!r}", phrase)


def _check_letters(
    entries: Named, abbreviations: Iterable[tuple[Place, Abbreviation]], report: Report
) -> None:
    """Note letters that two titles claim unexplained, or explained without one of the two."""
    explained = {each.letters.lower(): each for _, each in abbreviations}
    claims = []
    for place, entry in entries:
        for letters in entry.abbreviations:
            known = explained.get(letters.lower())
            if known is None:
                claims.append((place, entry.name, letters))
            elif entry.name not in {reading.name for reading in known.readings}:
                problem = f"{letters} has an [[abbreviation]] without the reading {entry.name!r}"
                report.add(place, problem, letters)
    for place, owner, letters, first in _repeated(claims):
        problem = f"{letters} stands for {first!r} and {owner!r}: explain it in an [[abbreviation]]"
        report.add(place, problem, letters)
    for place, _, letters, _ in _repeated((p, a.letters, a.letters) for p, a in abbreviations):
        report.add(place, f"{letters} is explained twice", letters)


def _check_readings(
    ours: set[str], abbreviations: Iterable[tuple[Place, Abbreviation]], report: Report
) -> None:
    """Note readings whose `ours` disagrees with the titles."""
    for place, abbreviation in abbreviations:
        for reading in abbreviation.readings:
            if reading.ours and reading.name not in ours:
                problem = f"{reading.name!r} is marked ours but is the name of no [[title]]"
                report.add(place, problem, reading.name)
            elif not reading.ours and reading.name in ours:
                problem = f"{reading.name!r} is the name of a [[title]], so ours must be true"
                report.add(place, problem, reading.name)


def _check_ladder(ladder: Ladder, levels: dict[str, int | None], report: Report) -> None:
    """Note ladder titles that are unknown or have no level."""
    for name in ladder.order:
        if name not in levels:
            report.add(("ladder", 0), f"the ladder names an unknown title {name!r}", name)
        elif levels[name] is None:
            report.add(("ladder", 0), f"the ladder names {name!r}, which has no level", name)


def _repeated(
    claims: Iterable[tuple[Place, str, str]],
) -> Iterator[tuple[Place, str, str, str]]:
    """Yield each claim whose phrase was claimed before, with the first to claim it."""
    first: dict[str, str] = {}
    for place, owner, phrase in claims:
        key = " ".join(phrase.lower().replace("-", " ").split())
        if key in first:
            yield place, owner, phrase, first[key]
        else:
            first[key] = owner
