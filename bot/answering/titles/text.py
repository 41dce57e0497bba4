"""A text as words and punctuation, each with the place where it stands."""

import re
from collections.abc import Container
from dataclasses import dataclass

DASHES = frozenset({"-", "–", "—"})

# Dotted letters ("V.P."), words with inner apostrophes, blank lines, arrows, free-standing dashes
# and the punctuation that parts or explains titles. Hyphens within words are mere gaps.
_PIECE = re.compile(
    r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:['’][^\W_]+)*|\n\s*\n|->|→|(?<=\s)[-–—]+(?=\s)|[,/()\[\]\\;:.!?&+=]"
)
_DOTTED = frozenset({"vs", "v"})


@dataclass(frozen=True, slots=True)
class Words:
    """The pieces of a text, as parallel tuples.

    Attributes:
        text: The text they were cut from.
        words: Lower case, possessive endings taken off; "&" is "and", punctuation stands alone.
        starts: Where each begins in the text.
        ends: Where each ends.
        possessive: Indexes of the words that lost a possessive ending.
    """

    text: str
    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    possessive: frozenset[int]

    def at(self, index: int) -> str:
        """Return the word at the index, or an empty string outside the text."""
        return self.words[index] if 0 <= index < len(self.words) else ""

    def surface(self, first: int, last: int) -> str:
        """Return the text of the words from `first` up to, not including, `last`."""
        return self.text[self.starts[first] : self.ends[last - 1]]


def split(text: str, shorthand: Container[str]) -> Words:
    """Cut a text into words. A full stop after "vs" or shorthand ("Sr.") is no stop."""
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    possessive: set[int] = set()
    for found in _PIECE.finditer(text):
        piece = found.group()
        if piece == "." and words and (words[-1] in _DOTTED or words[-1] in shorthand):
            continue
        word = piece.lower()
        if word[-2:] in ("'s", "’s"):
            word = word[:-2]
            possessive.add(len(words))
        elif len(word) > 2 and word.endswith("."):
            word = word.replace(".", "")
        starts.append(found.start())
        ends.append(found.end())
        words.append("and" if word == "&" else word)
    return Words(text, tuple(words), tuple(starts), tuple(ends), frozenset(possessive))
