"""Phrases of the vocabulary found in a text, longest first, before anything is weighed."""

from dataclasses import dataclass

from bot.answering.titles.english import (
    AFTER_A_VERB,
    AFTER_CHIEF_PRODUCT,
    AFTER_LEAD,
    NO_FIELD,
    RANKS,
    TIME_AFTER,
    TIME_BEFORE,
    VERB_BEFORE,
    VERBS,
)
from bot.answering.titles.entries import Abbreviation
from bot.answering.titles.lexicon import Entry, Form, Lexicon
from bot.answering.titles.text import Words

# A typing mistake for every six letters of the whole phrase, no more.
LETTERS_AN_EDIT = 6

# No question names more; every title is weighed against the others, so their number is bounded.
MAX_TITLES = 40


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase found.

    Attributes:
        first: The index of its first word.
        last: The index after its last word.
        readings: Canonical names; more than one is ambiguous.
        ours: Whether one of them is our title.
        fuzzy: Whether a typing mistake was corrected.
        abbreviation: Set while the readings are still those of mere letters.
        alone: Whether it is one word standing for a title in a list.
    """

    first: int
    last: int
    readings: tuple[str, ...]
    ours: bool
    fuzzy: bool = False
    abbreviation: Abbreviation | None = None
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text's words, and each as the vocabulary knows it."""

    words: Words
    forms: tuple[Form | None, ...]

    @classmethod
    def of(cls, words: Words, lexicon: Lexicon) -> "Sentence":
        """Bring every word to the vocabulary's form."""
        possessive = words.possessive
        forms = (
            lexicon.form(word, possessive=at in possessive) for at, word in enumerate(words.words)
        )
        return cls(words, tuple(forms))

    def form(self, index: int) -> str:
        """Return the vocabulary word at the index, or an empty string."""
        form = self.forms[index] if 0 <= index < len(self.forms) else None
        return form.word if form else ""

    def word(self, index: int) -> str:
        """Return the vocabulary word at the index, else the text's own, else an empty string."""
        return self.form(index) or self.words.at(index)


def matches(sentence: Sentence, lexicon: Lexicon) -> list[Match]:
    """Return the first `MAX_TITLES` phrases of the text, in its order, none overlapping."""
    found: list[Match] = []
    at = 0
    while at < len(sentence.forms) and len(found) < MAX_TITLES:
        match = _longest(sentence, lexicon, at)
        if match is None or _is_something_else(match, sentence, lexicon):
            match = _outsider(sentence, at)
        if match is None:
            at += 1
        else:
            found.append(match)
            at = match.last
    return found


def _longest(sentence: Sentence, lexicon: Lexicon, first: int) -> Match | None:
    node, letters, edits, ending = lexicon.root, 0, 0, False
    best: tuple[int, Entry, int] | None = None
    for at in range(first, len(sentence.forms)):
        form = sentence.forms[at]
        if form is None or (ending and form.word not in ("of", ",")):
            break
        following, ending = node.children.get(form.word), form.ending
        if following is None and form.single:
            following, ending = node.children.get(form.single), True
        if following is None:
            break
        node = following
        letters, edits = letters + len(form.word), edits + form.edits
        typed_well = edits == 0 or (at > first and edits * LETTERS_AN_EDIT <= letters)
        if node.entry is not None and typed_well:
            best = (at + 1, node.entry, edits)
    if best is None:
        return None
    last, entry, edits = best
    return Match(first, last, entry.readings, entry.ours, edits > 0, entry.abbreviation)


def _is_something_else(match: Match, sentence: Sentence, lexicon: Lexicon) -> bool:
    """Tell whether the words around make the phrase no title: a verb, a time, another job."""
    words = sentence.words
    before, after = words.at(match.first - 1), words.at(match.last)
    if sentence.form(match.first) in VERBS and words.at(match.last - 1).endswith("s"):
        # "Hire and lead PMs" is a verb, "senior and staff PMs" is none.
        listed = before == "and" and (sentence.form(match.first - 2),) in lexicon.alone
        return before in VERB_BEFORE and not listed
    if match.last - match.first == 1 and sentence.form(match.first) == "pm":
        return after in AFTER_A_VERB or _is_time(match, sentence, before, after)
    if sentence.form(match.last - 1) == "lead":
        return after in AFTER_LEAD
    if (sentence.form(match.first), match.last - match.first) == ("chief", 2):
        # "Chief product inspector" is no product chief.
        return after.isalpha() and after not in AFTER_CHIEF_PRODUCT
    # "Head of product security" is not the head of product.
    field = after in lexicon.lists.elsewhere
    return field and match.ours and sentence.form(match.last - 1) == "product"


def _is_time(match: Match, sentence: Sentence, before: str, after: str) -> bool:
    """Tell whether "pm" is a time of day: "at 5 pm", "3:30 PM", "4 p.m. on Monday"."""
    words = sentence.words
    surface = words.surface(match.first, match.last)
    if before == "/" and words.at(match.first - 2) == "am":
        return True
    if not before.isdigit() or surface.lower().endswith("s"):
        return False
    if words.at(match.first - 2) in (":", ".") or "." in surface:
        return True
    return words.at(match.first - 2) in TIME_BEFORE or after in TIME_AFTER


def _outsider(sentence: Sentence, at: int) -> Match | None:
    """Return "VP of logistics" and "chief happiness officer": titles no list can hold."""
    word = sentence.form(at) or sentence.words.at(at)
    middle = sentence.words.at(at + 1)
    if word == "chief" and sentence.form(at + 2) == "officer" and middle.isalpha():
        return Match(at, at + 3, (f"chief {middle} officer",), ours=False)
    if word == "chief" and middle == "product" and sentence.words.at(at + 2).isalpha():
        return Match(at, at + 3, (f"chief product {sentence.words.at(at + 2)}",), ours=False)
    if word not in RANKS or middle != "of":
        return None
    # "Head of product" is in the vocabulary, so here a field of product follows it.
    size = 2 if sentence.form(at + 2) == "product" else 1
    fields = sentence.words.words[at + 2 : at + 2 + size]
    if len(fields) < size or not all(each.isalpha() and each not in NO_FIELD for each in fields):
        return None
    name = " ".join((word, "of", *fields))
    return Match(at, at + 2 + size, (name,), ours=False)
