"""Which sentences of the hits answer best.

The weights were chosen on WikiQA and TREC QA, where they reach the mean average precisions of
bench/quality.md ("Answer sentences"), and checked on the open question set.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.answering.directions import Way, asked_way, way
from bot.answering.evidence import Evidence
from bot.answering.intents import COMPARES, speaks_of
from bot.answering.quotable import is_first_person, is_statement, is_table_row, leans
from bot.answering.reading import TitleReader
from bot.answering.titles import TitleMention
from bot.domain import Intent, Question
from index.hits import Hit, ScoredSentence

_COVERAGE, _TYPE, _LENGTH, _POSITION, _HIT = 0.12, 0.2, 0.1, 0.15, 0.5
# For the way asked for, and half of it where only the heading is on it; and for another way.
_ON_THE_WAY, _ASTRAY = 0.35, -0.40
_ON_INTENT = 0.04
# For setting two of the titles compared against each other, or ranking them where that is asked.
_CONTRAST = 0.15
_NAMES_TITLE, _SUBJECT, _OTHER_TITLE, _DEFINES = 0.08, 0.08, -0.15, 0.25
_LEANS, _FIRST_PERSON, _ROW = -0.03, -0.05, -0.2
_FULL_LENGTH_WORDS = 40
# A section says the most in its first sentences; from here on the place makes no difference.
_LATE = 8

_WHEN = re.compile(
    r"\b(?:when|what (?:year|date|day|time)|how (?:long|old|soon|often))\b", re.IGNORECASE
)
_COUNT = re.compile(
    r"\bhow (?:many|much|big|large|far|tall|high|fast|deep|wide)\b"
    r"|\b(?:ratio|size|number|population|percent(?:age)?|amount|cost)\b",
    re.IGNORECASE,
)
_WHO = re.compile(r"\bwho(?:m|se)?\b", re.IGNORECASE)
_WHERE = re.compile(r"\bwhere\b|\bwhat (?:city|country|state|place)\b", re.IGNORECASE)
_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|hundred|half"
    r"|dozen|several|thousand|million)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<!^)\b[A-Z][a-z]+|\b[A-Z]{2,}\b")
_ARTICLE = re.compile(r"^(?:an?|the)? ?$", re.IGNORECASE)
# What may stand between a title and the verb that defines it: its other names in brackets.
_DEFINING = re.compile(r"^(?:\s*\([^)]{0,80}\))?,? (?:is|are|stands? for|means|leads|was)\b")
_CONTRASTS = re.compile(
    r"\b(?:while|whereas|unlike|than|but|differ(?:s|ent|ence|ences)?|same|by contrast|instead"
    r"|equal|level with|interchangeabl[ey])\b",
    re.IGNORECASE,
)
_RANKS = re.compile(
    r"\b(?:above|below|under|higher|lower|ranks?|outranks?|(?:more |less )?senior (?:to|than)"
    r"|junior to|equal|same|level|interchangeabl[ey]|rung|reports? to)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Choice:
    """A sentence that may be shown, with what it scores."""

    hit: Hit
    sentence: ScoredSentence
    place: int
    score: float
    titles: frozenset[str]
    words: frozenset[str]


def rank_sentences(
    question: Question,
    hits: Sequence[Hit],
    evidence: Evidence,
    reader: TitleReader,
    terms: Callable[[str], list[str]],
) -> list[Choice]:
    """Return the sentences of the best hits that may be shown, best first.

    Args:
        question: As understood.
        hits: Best first; those beyond the evidence's are not looked at.
        evidence: The coverage of each sentence.
        reader: Finds titles.
        terms: Stems of a text.
    """
    choices = []
    asked = asked_way(question, reader.ours(question.resolved or question.text))
    for hit, shares in zip(hits, evidence.coverages, strict=False):
        for place, (sentence, share) in enumerate(zip(hit.sentences, shares, strict=True)):
            if is_statement(sentence.text):
                mentions = reader.mentions(sentence.text)
                titles = [one.readings[0] for one in mentions if one.ours]
                first = next((one for one in mentions if one.ours), None)
                score = (
                    sentence.cosine
                    + _HIT * hit.score
                    + _COVERAGE * share
                    + _of_form(question, sentence.text, hit.place + place)
                    + _of_titles(question, sentence.text, titles, first)
                    + _of_intent(question, hit, sentence.text)
                    + _of_way(asked, hit, sentence.text, reader)
                )
                words = frozenset(terms(sentence.text))
                choices.append(Choice(hit, sentence, place, score, frozenset(titles), words))
    return sorted(choices, key=lambda one: -one.score)


def _of_form(question: Question, sentence: str, position: int) -> float:
    score = _LENGTH * min(len(sentence.split()), _FULL_LENGTH_WORDS) / _FULL_LENGTH_WORDS
    score -= _POSITION * min(position, _LATE) / _LATE
    score += _TYPE * _fits_type(question.query, sentence)
    if leans(sentence):
        score += _LEANS
    if is_first_person(sentence):
        score += _FIRST_PERSON
    if is_table_row(sentence):
        score += _ROW
    return score


def _fits_type(query: str, sentence: str) -> float:
    """Return 1 if the sentence has the kind of thing asked for, 0 if not, 0.5 if unclear."""
    wanted = _type_wanted(query)
    return 0.5 if wanted is None else float(bool(wanted.search(sentence)))


@lru_cache(maxsize=256)
def _type_wanted(query: str) -> re.Pattern[str] | None:
    """Return what a sentence with the kind of thing asked for holds; None if unclear."""
    if _WHEN.search(query) or _COUNT.search(query):
        return _NUMBER
    if _WHO.search(query) or _WHERE.search(query):
        return _NAME
    return None


def _of_way(asked: Way, hit: Hit, sentence: str, reader: TitleReader) -> float:
    """Favour what leads to the title asked for, or on from it, over what leads elsewhere."""
    if not asked.reached and not asked.left:
        return 0.0
    own = asked.shared_by(way(sentence, reader.ours(sentence)))
    if own is not None:
        return _ON_THE_WAY if own else _ASTRAY
    above = hit.heading[-1] if hit.heading else hit.title
    of_heading = asked.shared_by(way(above, reader.ours(above)))
    if of_heading is None:
        return 0.0
    return _ON_THE_WAY / 2 if of_heading else _ASTRAY / 2


def _of_intent(question: Question, hit: Hit, sentence: str) -> float:
    """Favour sentences that speak of pay where pay is asked, and so on."""
    if question.intent in {Intent.DEFINITION, Intent.PROCESS, Intent.COMPARISON}:
        return 0.0
    if speaks_of(question.intent, sentence):
        return _ON_INTENT
    return _ON_INTENT / 2 if speaks_of(question.intent, " ".join(hit.heading)) else 0.0


def _of_titles(
    question: Question, sentence: str, titles: Sequence[str], first: TitleMention | None
) -> float:
    if not question.titles:
        return 0.0
    asked = set(question.titles)
    if not asked & set(titles):
        return _OTHER_TITLE if titles else 0.0
    score = _NAMES_TITLE * len(asked & set(titles)) / len(asked)
    if titles[0] in asked:
        score += _SUBJECT
    defines = (
        first is not None
        and titles[0] in asked
        and bool(_ARTICLE.match(sentence[: first.start]))
        and bool(_DEFINING.match(sentence[first.end :]))
    )
    if question.intent is Intent.DEFINITION and len(asked) == 1 and defines:
        score += _DEFINES
    if question.intent is Intent.COMPARISON and len(asked & set(titles)) > 1:
        wanted = _CONTRASTS if COMPARES.search(question.text) else _RANKS
        score += _CONTRAST * bool(wanted.search(sentence))
    return score
