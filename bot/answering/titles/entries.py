"""The entries of the titles file as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from bot.errors import BotError

Track = Literal["individual", "manager", "executive", "adjacent"]


class VocabularyError(BotError):
    """The titles file cannot be used; the message names every problem by its line."""


@dataclass(frozen=True, slots=True)
class Title:
    """A product title, or one the articles write about.

    Attributes:
        name: The canonical name, lower case.
        display: How an answer writes it.
        track: Which way of growing it belongs to; "adjacent" stands beside the ladder.
        level: Its place on the usual ladder, 1 is the first; None beside the ladder.
        slug: The article that defines it, if there is one.
        abbreviations: Letters that stand for it.
        spellings: Other ways to write it.
        alone: Words that stand for it in a list of titles ("senior or lead PM").
    """

    name: str
    display: str
    track: Track
    level: int | None = None
    slug: str | None = None
    abbreviations: tuple[str, ...] = ()
    spellings: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A title just outside the domain: understood, never mistaken for one of ours."""

    name: str
    abbreviations: tuple[str, ...] = ()
    spellings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """One thing an abbreviation may stand for.

    Attributes:
        name: A title's or neighbour's name, or any other expansion ("purchase order").
        ours: Whether that is one of our titles.
        cues: Words of a question that make this reading possible.
    """

    name: str
    ours: bool
    cues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """Letters and what they may stand for.

    Attributes:
        letters: As people write them ("HoP").
        readings: The likeliest first, never empty.
        default: The reading taken when nothing says otherwise; None leaves the letters ambiguous.
        word: Whether the letters are also an everyday word, so that lower case says little.
    """

    letters: str
    readings: tuple[Reading, ...]
    default: str | None = None
    word: bool = False


@dataclass(frozen=True, slots=True)
class Ladder:
    """The usual order of the main titles, and the sentence that says how far to trust it."""

    order: tuple[str, ...] = ()
    caution: str = ""


@dataclass(frozen=True, slots=True)
class WordLists:
    """Words the finder treats specially; each is explained in titles.toml."""

    ordinary: frozenset[str] = frozenset()
    product: frozenset[str] = frozenset()
    elsewhere: frozenset[str] = frozenset()
    never_corrected: frozenset[str] = frozenset()
    shorthand: Mapping[str, str] = field(default_factory=dict)
    variants: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
