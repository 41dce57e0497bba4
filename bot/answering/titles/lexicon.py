"""The vocabulary compiled for finding: a tree of phrases, word forms and spelling correction.

Phrases are sequences of words. A text word is brought to a vocabulary word (shorthand, plural,
mistyped) before the tree is walked, so the tree holds each phrase in one form only.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

from bot.answering.titles.english import NOT_TYPOS
from bot.answering.titles.entries import Abbreviation, Neighbour, Title, WordLists
from bot.answering.titles.spelling import SpellingBook
from bot.answering.titles.text import DASHES, split

OF_PRODUCT = "of product"
MANAGER = "manager"


@dataclass(frozen=True, slots=True)
class Entry:
    """What a phrase means.

    Attributes:
        readings: Canonical names; more than one is ambiguous.
        ours: Whether one of them is our title.
        abbreviation: The letters' entry when the phrase is an abbreviation with several meanings.
    """

    readings: tuple[str, ...]
    ours: bool
    abbreviation: Abbreviation | None = None


@dataclass(slots=True)
class Node:
    """A place in the tree of phrases; the entry is set where a phrase ends."""

    children: dict[str, "Node"] = field(default_factory=dict)
    entry: Entry | None = None


@dataclass(frozen=True, slots=True)
class Alone:
    """A word that stands for a whole title in a list.

    Attributes:
        name: The title it stands for.
        tail: What it leaves out, "product manager" for "senior".
        ordinary: Whether it is an everyday word ("lead").
        shared: Whether it stands for the title only before a title with the same tail, as
            "growth" does in "growth and platform PM".
    """

    name: str
    tail: str
    ordinary: bool
    shared: bool


@dataclass(frozen=True, slots=True)
class Form:
    """A text word as the vocabulary knows it.

    Attributes:
        word: The vocabulary word.
        edits: How many typing mistakes lie between the two.
        ending: Whether a plural or possessive ending was taken off.
        single: The singular, when the vocabulary knows both ("managers", "manager").
    """

    word: str
    edits: int = 0
    ending: bool = False
    single: str = ""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The compiled vocabulary. Nothing in it changes after `compile_lexicon`.

    Attributes:
        root: The tree of phrases.
        known: Every word of the tree, and every word that may stand alone.
        alone: Words that may stand for a title in a list.
        levels: Canonical names of our titles and their place on the ladder.
        telling: For each abbreviation's letters, the words that tell one reading from the others.
        lists: The word lists of the file.
        book: Corrects typing mistakes.
    """

    root: Node
    known: frozenset[str]
    alone: Mapping[tuple[str, ...], Alone]
    levels: Mapping[str, int | None]
    telling: Mapping[str, Mapping[str, str]]
    lists: WordLists
    book: SpellingBook

    def form(self, word: str, *, possessive: bool) -> Form | None:
        """Return the vocabulary word that a lower-case text word means, or None."""
        shorthand = self.lists.shorthand
        word = shorthand.get(word, word)
        single = word[:-1] if word.endswith("s") else ""
        single = shorthand.get(single, single)
        if single not in self.known:
            single = ""
        if word in self.known:
            return Form(word, 0, possessive, single)
        if single:
            return Form(single, 0, ending=True)
        near = self.book.correct(word)
        if near is None and word.endswith("s"):
            near = self.book.correct(word[:-1])
            possessive = True
        return Form(near[0], near[1], possessive) if near else None


def compile_lexicon(
    titles: Iterable[Title],
    neighbours: Iterable[Neighbour],
    abbreviations: Iterable[Abbreviation],
    lists: WordLists,
) -> Lexicon:
    """Build what the finder walks. The first entry that claims a phrase keeps it."""
    titles, neighbours = tuple(titles), tuple(neighbours)
    root = Node()
    variants = {_words(key): tuple(map(_words, forms)) for key, forms in lists.variants.items()}
    telling: dict[str, dict[str, str]] = {}
    for each in abbreviations:
        _plant(root, (each.letters.lower(),), _entry(each))
        telling[each.letters] = _telling(each)
    for title in titles:
        entry = Entry((title.name,), ours=True)
        _plant_all(root, (title.name, *title.spellings), title.abbreviations, entry, variants)
    for neighbour in neighbours:
        entry = Entry((neighbour.name,), ours=False)
        phrases = (neighbour.name, *neighbour.spellings)
        _plant_all(root, phrases, neighbour.abbreviations, entry, variants)
    alone = {_words(word): _alone(title, word, lists) for title in titles for word in title.alone}
    words = frozenset(chain(_tree_words(root), *alone))
    left_alone = lists.never_corrected | lists.elsewhere | NOT_TYPOS
    return Lexicon(
        root=root,
        known=words,
        alone=alone,
        levels={title.name: title.level for title in titles},
        telling=telling,
        lists=lists,
        book=SpellingBook(_corrected_to(titles, lists), left_alone),
    )


def _words(phrase: str) -> tuple[str, ...]:
    """Return the words of a vocabulary phrase, hyphens taken as spaces."""
    if phrase.replace(" ", "").isalpha():  # nearly all, and loading is felt in every cold start
        return tuple(phrase.lower().split())
    return tuple(word for word in split(phrase.lower(), {}).words if word not in DASHES)


def _entry(abbreviation: Abbreviation) -> Entry:
    readings = abbreviation.readings
    names = tuple(each.name for each in readings)
    return Entry(names, any(each.ours for each in readings), abbreviation)


def _telling(abbreviation: Abbreviation) -> dict[str, str]:
    """Return the words that only one reading's name holds, with that reading."""
    holders = defaultdict(list)
    for each in abbreviation.readings:
        for word in set(_words(each.name)):
            holders[word].append(each.name)
    return {word: names[0] for word, names in holders.items() if len(names) == 1 and len(word) > 2}


def _plant_all(
    root: Node,
    phrases: Iterable[str],
    letters: Iterable[str],
    entry: Entry,
    variants: Mapping[tuple[str, ...], tuple[tuple[str, ...], ...]],
) -> None:
    for each in letters:
        _plant(root, (each.lower(),), entry)
    for phrase in phrases:
        words = _words(phrase)
        _plant(root, words, entry)
        _plant(root, ("".join(words),), entry)
        for variant in _varied(words, variants):
            _plant(root, variant, entry)


def _plant(root: Node, words: tuple[str, ...], entry: Entry) -> None:
    node = root
    for word in words:
        child = node.children.get(word)
        if child is None:
            child = node.children[word] = Node()
        node = child
    if node.entry is None:
        node.entry = entry


def _varied(
    words: tuple[str, ...], variants: Mapping[tuple[str, ...], tuple[tuple[str, ...], ...]]
) -> Iterator[tuple[str, ...]]:
    """Yield the phrase with each left side of [variants] replaced in turn, all combinations."""
    forms = [words]
    for key, others in variants.items():
        if key[0] not in words:
            continue
        grown = [_swapped(form, key, other) for form in forms for other in others]
        forms += [form for form in grown if form is not None]
    yield from forms[1:]


def _swapped(
    words: tuple[str, ...], key: tuple[str, ...], other: tuple[str, ...]
) -> tuple[str, ...] | None:
    for at in range(len(words) - len(key) + 1):
        if words[at : at + len(key)] == key:
            return words[:at] + other + words[at + len(key) :]
    return None


def _alone(title: Title, word: str, lists: WordLists) -> Alone:
    tail = " ".join(title.name.split()[len(word.split()) :])
    shared = title.level is None or tail == MANAGER
    return Alone(title.name, tail, ordinary=word in lists.ordinary, shared=shared)


def _tree_words(node: Node) -> Iterator[str]:
    for word, child in node.children.items():
        yield word
        yield from _tree_words(child)


def _corrected_to(titles: Iterable[Title], lists: WordLists) -> set[str]:
    """Return the words worth correcting to: those of our titles, and the other fields."""
    phrases = chain.from_iterable((each.name, *each.spellings) for each in titles)
    return {word for phrase in phrases for word in _words(phrase)} | lists.elsewhere
