"""Whether a sentence can be shown alone. Pure."""

import re
from functools import lru_cache

# Sentences remembered for each question asked of them here: those of a few hundred articles.
_REMEMBERED = 8192

_LEANING = re.compile(
    r"^[\"'“‘(]*(?:(?:they|them|their|theirs|he|him|his|she|her|it|its|this|these|those|that|such"
    r"|both|doing so|in that case|here|there|the (?:role|job|title|former|latter|same))\b"
    r"|(?:also|however|but|therefore|thus|instead|moreover|furthermore|otherwise|likewise|as such"
    r"|in addition|for (?:instance|example)|eventually|and|or|so|then)\b[, ])",
    re.IGNORECASE,
)
# "There is" and "It is important for a product manager to" name what they speak of.
_NAMING = re.compile(
    r"^(?:there (?:is|are|was|were)\b|it(?:'s|’s"
    r"| is) (?:[\w’']+ ){0,4}?(?:for|that|to)\b|that said\b)",
    re.IGNORECASE,
)
_FIRST_PERSON = re.compile(r"\b(?:I|[Mm]y|me|[Mm]yself|[Oo]ur|[Ww]e|us|[Oo]urs)\b")
_POINTING_BACK = re.compile(
    r"\b(?:of|at|in|for) (?:that|those) (?:size|kind|stage|case|point|sort)s?\b"
)
_CELL = re.compile(r"(?:^|; )[^.;:]{1,60}: ")


@lru_cache(maxsize=_REMEMBERED)
def leans(sentence: str) -> bool:
    """Tell whether a sentence needs the one before it to say whom it speaks of."""
    if _POINTING_BACK.search(sentence):
        return True
    return bool(_LEANING.match(sentence)) and not _NAMING.match(sentence)


@lru_cache(maxsize=_REMEMBERED)
def is_first_person(sentence: str) -> bool:
    """Tell whether a sentence speaks as "I" or "we"."""
    return bool(_FIRST_PERSON.search(sentence))


@lru_cache(maxsize=_REMEMBERED)
def is_table_row(sentence: str) -> bool:
    """Tell whether a sentence is a table row read out as "Column: value; Column: value"."""
    return len(_CELL.findall(sentence)) > 1


@lru_cache(maxsize=_REMEMBERED)
def is_statement(sentence: str) -> bool:
    """Tell whether a sentence says something: four words or more, no question, no list to come."""
    return len(sentence.split()) >= 4 and not sentence.rstrip("\"'”’) ").endswith(("?", ":"))


def stands_alone(sentence: str) -> bool:
    """Tell whether a sentence can be put anywhere: no leaning one, no "I", no row of a table."""
    return not (leans(sentence) or is_first_person(sentence) or is_table_row(sentence))
