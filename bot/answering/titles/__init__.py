"""Which job titles a text names, and what the vocabulary knows of them.

The vocabulary is `knowledge/titles.toml`. Nothing here reads articles or speaks to Slack.
"""

from bot.answering.titles.entries import (
    Abbreviation,
    Ladder,
    Neighbour,
    Reading,
    Title,
    Track,
    VocabularyError,
)
from bot.answering.titles.finding import (
    MAX_CHARACTERS,
    TitleMention,
    expand_abbreviations,
    find_titles,
)
from bot.answering.titles.loading import load_vocabulary
from bot.answering.titles.vocabulary import Vocabulary


def next_titles(name: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return what usually comes after the title; see `Vocabulary.next_titles`."""
    return vocabulary.next_titles(name)


def level(name: str, vocabulary: Vocabulary) -> int | None:
    """Return the title's place on the usual ladder; None off the ladder or unknown."""
    return vocabulary.level(name)


__all__ = [
    "MAX_CHARACTERS",
    "Abbreviation",
    "Ladder",
    "Neighbour",
    "Reading",
    "Title",
    "TitleMention",
    "Track",
    "Vocabulary",
    "VocabularyError",
    "expand_abbreviations",
    "find_titles",
    "level",
    "load_vocabulary",
    "next_titles",
]
