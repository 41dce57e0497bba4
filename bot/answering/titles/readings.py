"""Which of its readings an abbreviation has in a text: an expansion beats everything."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.answering.titles.english import AFTER_A_TITLE, ARTICLES, BESIDE, EXPLAINS
from bot.answering.titles.entries import Abbreviation
from bot.answering.titles.lexicon import Lexicon
from bot.answering.titles.matching import Match, Sentence

# At most so many words lie between two titles that are compared.
_NEAR = 4


@dataclass(frozen=True, slots=True)
class Scene:
    """All that narrows a reading: the words, every match, and the vocabulary."""

    sentence: Sentence
    found: Sequence[Match]
    lexicon: Lexicon

    def others(self, match: Match) -> Iterator[Match]:
        """Yield every other match."""
        return (other for other in self.found if other is not match)

    def spelled(self, match: Match, names: Sequence[str]) -> Iterator[Match]:
        """Yield the other matches that spell one of the names out in full."""
        return (
            other
            for other in self.others(match)
            if other.abbreviation is None and other.readings[0] in names
        )


def settle(sentence: Sentence, found: Sequence[Match], lexicon: Lexicon) -> list[Match]:
    """Return the matches with each abbreviation's readings narrowed to what the text allows."""
    scene = Scene(sentence, found, lexicon)
    settled = []
    for match in found:
        letters = match.abbreviation
        if letters is None:
            settled.append(match)
        elif _is_meant(match, letters, scene):
            readings = _readings(match, letters, scene)
            ours = any(reading in lexicon.levels for reading in readings)
            settled.append(replace(match, readings=readings, ours=ours))
    return settled


def _is_meant(match: Match, letters: Abbreviation, scene: Scene) -> bool:
    """Tell whether letters that are also a word ("hop") are meant as letters here."""
    if not letters.word:
        return True
    words = scene.sentence.words
    if any(letter.isupper() for letter in words.surface(match.first, match.last)[1:]):
        return True
    if words.at(match.first - 1) in ARTICLES:
        return words.at(match.last) in AFTER_A_TITLE or match.last == len(words.words)
    return any(_beside(match, other, scene.sentence) for other in scene.others(match))


def _beside(match: Match, other: Match, sentence: Sentence) -> bool:
    """Tell whether the two stand side by side with a comparison between."""
    left, right = sorted((match, other), key=lambda each: each.first)
    between = sentence.words.words[left.last : right.first]
    return len(between) <= _NEAR and any(word in BESIDE for word in between)


def _readings(match: Match, letters: Abbreviation, scene: Scene) -> tuple[str, ...]:
    names = tuple(reading.name for reading in letters.readings)
    explained = _explained(match, letters, names, scene)
    if explained is not None:
        return (explained,)
    spelled = list(scene.spelled(match, names))
    compared = {each.readings[0] for each in spelled if _beside(match, each, scene.sentence)}
    elsewhere = {each.readings[0] for each in spelled} - compared
    if letters.default is None and len(elsewhere) == 1:
        return tuple(elsewhere)
    # "CPO vs chief people officer": whoever compares the two means another CPO.
    levels = scene.lexicon.levels
    left = tuple(name for name in names if name not in compared and name in levels)
    if compared and left:
        names = left
    return _possible(match, letters, names, scene)


def _explained(
    match: Match, letters: Abbreviation, names: Sequence[str], scene: Scene
) -> str | None:
    """Return the reading that the text itself spells out beside the letters, if it does."""
    telling = scene.lexicon.telling[letters.letters]
    sentence, words = scene.sentence, scene.sentence.words.words
    beside = telling.get(sentence.word(match.first - 1))
    if beside is not None:
        return beside
    begun = {each.first: each.readings[0] for each in scene.spelled(match, names)}
    ended = {each.last: each.readings[0] for each in scene.spelled(match, names)}
    for pattern in EXPLAINS:
        size = len(pattern)
        if words[match.last : match.last + size] == pattern:
            at = match.last + size
            at += sentence.word(at) in ARTICLES
            explained = begun.get(at) or telling.get(sentence.word(at))
            if explained is not None:
                return explained
        if words[max(0, match.first - size) : match.first] == pattern:
            return ended.get(match.first - size)
    return None


def _possible(
    match: Match, letters: Abbreviation, names: tuple[str, ...], scene: Scene
) -> tuple[str, ...]:
    """Return the readings that the rest of the text leaves open, the likeliest first."""
    cued = _cued(letters, names, scene)
    if letters.default in names:
        others = () if _says_product(scene) else cued
        return (letters.default, *(name for name in others if name != letters.default))
    ours = tuple(name for name in names if name in scene.lexicon.levels)
    if ours and (_says_product(scene) or _names_ours(match, scene)):
        return ours
    return tuple(name for name in names if name in ours or name in cued) if cued else names


def _cued(letters: Abbreviation, names: Sequence[str], scene: Scene) -> tuple[str, ...]:
    """Return the readings with a cue in the text outside other titles."""
    spelled = {
        at
        for each in scene.found
        if each.abbreviation is None
        for at in range(each.first, each.last)
    }
    size = len(scene.sentence.forms)
    bare = {scene.sentence.word(at) for at in range(size) if at not in spelled}
    cues = {reading.name: reading.cues for reading in letters.readings}
    return tuple(name for name in names if bare.intersection(cues[name]))


def _says_product(scene: Scene) -> bool:
    product = scene.lexicon.lists.product
    return any(word in product for word in scene.sentence.words.words)


def _names_ours(match: Match, scene: Scene) -> bool:
    """Tell whether another title of the text is surely ours."""
    levels = scene.lexicon.levels
    for other in scene.others(match):
        letters = other.abbreviation
        sure = (letters.default,) if letters and letters.default else other.readings
        if all(name in levels for name in sure):
            return True
    return False
