"""Sentences that contradict each other on how two titles rank. Pure."""

import re
from collections.abc import Sequence
from enum import Enum

from bot.answering.choosing import Choice
from bot.answering.quotable import is_table_row
from bot.answering.reading import TitleReader
from bot.domain import Question


class Claim(Enum):
    """What a sentence says of the first title against the second, in the question's order."""

    SAME = "same"
    ABOVE = "above"
    BELOW = "below"


_SAME = re.compile(
    r"\bsame (?:job|role|thing|position|work|title)\b|\binterchangeabl[ey]\b|\bone and the same\b"
    r"|\bidentical\b|\btwo names for\b|\bone job\b",
    re.IGNORECASE,
)
_ABOVE = re.compile(
    r"\b(?:above|higher than|ranks? (?:slightly |a little )?(?:higher|above|over)|outranks?"
    r"|senior to|more senior than|stands? (?:slightly |a little )?(?:higher|above)"
    r"|sits? (?:slightly |a little )?(?:higher|above))\b",
    re.IGNORECASE,
)
_BELOW = re.compile(
    r"\b(?:below|beneath|lower than|ranks? (?:slightly |a little )?(?:lower|below|under)"
    r"|junior to|less senior than|reports? to|sits? (?:slightly |a little )?(?:below|under))\b",
    re.IGNORECASE,
)
# What ends the thing that a title is ranked against.
_APART = re.compile(r"[,;.]|\b(?:and|while|but|who|which)\b", re.IGNORECASE)


def find_disagreement(
    question: Question, choices: Sequence[Choice], reader: TitleReader
) -> list[Choice]:
    """Return the best sentence for each of the contradicting claims; empty if none contradict.

    Only questions on two titles are looked at.
    """
    if len(question.titles) != 2:
        return []
    first, second = question.titles
    best: dict[Claim, Choice] = {}
    for choice in choices:
        if {first, second} <= choice.titles and not is_table_row(choice.sentence.text):
            claim = _claim(choice.sentence.text, first, second, reader)
            if claim is not None:
                best.setdefault(claim, choice)
    return list(best.values()) if len(best) > 1 else []


def _claim(text: str, first: str, second: str, reader: TitleReader) -> Claim | None:
    mentions = reader.mentions(text)
    if _ABOVE.search(text) and _BELOW.search(text):
        return None  # it reports both views itself
    for pattern, above in ((_ABOVE, True), (_BELOW, False)):
        for match in pattern.finditer(text):
            # The titles on either side of the words that rank them, and no other between: "the CPO
            # reports to the CEO and manages leaders up to VP" says nothing of the VP's boss.
            before = [one for one in mentions if one.end <= match.start()]
            after = [one for one in mentions if one.start >= match.end()]
            near = bool(after) and not _APART.search(text[match.end() : after[0].start])
            pair = (before[-1].readings[0], after[0].readings[0]) if before and near else None
            if pair == (first, second):
                return Claim.ABOVE if above else Claim.BELOW
            if pair == (second, first):
                return Claim.BELOW if above else Claim.ABOVE
    # "A is below B, though some use the titles interchangeably" orders them.
    return Claim.SAME if _SAME.search(text) else None
