"""Which titles a text leads to, and which it leaves: "from senior PM to group PM". Pure.

A sentence on becoming a director names the group PM who becomes one, and is near every question on
group PMs; only the words in front of a title tell the end of a way from its start.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering.titles import TitleMention
from bot.domain import Intent, Question

_ON_THE_WAY = (Intent.PATH, Intent.SWITCHING)
_ONE = r"(?:being |be |an? |the |your |first )*$"
_REACHED = re.compile(
    r"(?:\b(?:(?:be|been|being|get|getting) made|become|(?<!who )becomes|becoming|became"
    r"|reach(?:es|ed|ing)?|land(?:s|ing)?"
    r"|promo(?:te|tes|ted|ting|tion|tions)? (?:\w+ )?(?:to|into)"
    r"|(?:mov|grow|step|ris|climb|advanc|progress|transition|get|got)\w*(?: \w+){0,2} (?:to|into)"
    r"|(?:path\w*|routes?|roads?|way|going|go) (?:on |up )?to"
    r"|(?:(?:next|following) (?:step|rung|title|level|move)|step after)\b[^.;]*"
    r" is(?: usually| often| typically| normally)?(?: [^.;]* or)?) " + _ONE + r")"
    r"|\bmake (?:it to )?(?:an? )?$",
    re.IGNORECASE,
)
_LEFT = re.compile(
    r"(?:(?<!named )\b(?:after|beyond|above|past)|^from"
    r"|\b(?:steps?|mov\w+|go\w*|promot\w+|progress\w*|way|path|grow\w*|changes|up|get|got|how|i|one)"
    r" (?:\w+ ){0,2}?from) (?:becoming )?" + _ONE,
    re.IGNORECASE,
)
_TO = re.compile(r"^,? ?(?:up |on |in)?to " + _ONE, re.IGNORECASE)
_LISTED = re.compile(r"^(?:, |,? (?:or|and) (?:to |an? |the )*|/)$", re.IGNORECASE)
_NEXT = re.compile(r"\b(?:next|after|beyond|above)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Way:
    """The titles, canonical, that a text leads to and those it leaves."""

    reached: frozenset[str] = frozenset()
    left: frozenset[str] = frozenset()

    def shared_by(self, other: "Way") -> bool | None:
        """Tell whether another text is on this way: None if it speaks of no way.

        A way to a title is shared by what reaches it; a way on from one, by what leaves it.
        """
        if self.reached:
            if self.reached & other.reached:
                return True
            return False if other.reached or self.reached & other.left else None
        if self.left & other.left:
            return True
        return False if other.left else None


def way(text: str, mentions: Sequence[TitleMention]) -> Way:
    """Return the way that a text speaks of, by the words in front of each title it names.

    Args:
        text: A question, a heading or a sentence.
        mentions: Our titles in it, in its order.
    """
    reached: set[str] = set()
    left: set[str] = set()
    of_last: set[str] | None = None
    name, end = "", 0
    for mention in mentions:
        between = text[end : mention.start]
        # "group product manager (GPM)" is one title named twice.
        again = name == mention.readings[0] and between.endswith("(")
        name, end = mention.readings[0], mention.end
        end += text[end : end + 1] == ")"
        if again:
            continue
        before = text[: mention.start]
        if _LEFT.search(before):
            of_last = left
        elif _REACHED.search(before) or (of_last is left and _TO.match(between)):
            of_last = reached
        elif not _LISTED.match(between):
            of_last = None
        if of_last is not None:
            of_last.add(name)
    return Way(frozenset(reached), frozenset(left))


def asked_way(question: Question, mentions: Sequence[TitleMention]) -> Way:
    """Return the way that a question asks for; of one that asks for none, no title."""
    found = way(question.resolved or question.text, mentions)
    if question.intent not in _ON_THE_WAY:
        return Way()
    named = frozenset(question.titles)
    if len(named) == 1 and not found.reached & named and _NEXT.search(question.text):
        return Way(left=named)
    return Way(found.reached & named, found.left & named)
