"""Which sentences of the hits answer best.

The weights were chosen on WikiQA and TREC QA, where they reach the mean average precisions of
bench/quality.md ("Answer sentences"), and checked on the open question set.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.answering.confidence import Evidence
from bot.answering.intents import speaks_of
from bot.answering.quotable import is_first_person, is_statement, is_table_row, leans
from bot.answering.reading import TitleReader
from bot.answering.titles import TitleMention
from bot.domain import Intent, Question
from index.retrieval import Hit, ScoredSentence

_COVERAGE, _TYPE, _LENGTH, _POSITION, _HIT = 0.12, 0.2, 0.1, 0.15, 0.5
_ORDER = 0.25
_ON_INTENT = 0.04
_NAMES_TITLE, _SUBJECT, _OTHER_TITLE, _DEFINES = 0.08, 0.08, -0.15, 0.25
_LEANS, _FIRST_PERSON, _ROW = -0.03, -0.05, -0.2
# A sentence that has this much of its words in common with one taken says the same.
_SAME = 0.75
# Sentences that an answer has, if they score at all near the best.
_WANTED, _WANTED_MARGIN = 3, 0.50
_REPETITION = 0.25
_FULL_LENGTH_WORDS = 40
# A section says the most in its first sentences; from here on the place makes no difference.
_LATE = 8

_ASKS_NEXT = re.compile(r"\b(?:next|after|beyond|above)\b", re.IGNORECASE)
_AFTER = re.compile(r"\b(?:after|beyond|above|from) (?:being )?(?:an? |the )?$", re.IGNORECASE)
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
                    + _of_order(question, sentence.text, mentions)
                )
                words = frozenset(terms(sentence.text))
                choices.append(Choice(hit, sentence, place, score, frozenset(titles), words))
    return sorted(choices, key=lambda one: -one.score)


def without_repetition(choices: Sequence[Choice], count: int, margin: float) -> list[Choice]:
    """Take the best choices one by one, each scored lower the more it repeats those taken.

    Maximal marginal relevance (Carbonell and Goldstein 1998), with shared words for similarity.

    Args:
        choices: Best first.
        count: The most that are taken.
        margin: How far below the best one may score.
    """
    taken: list[Choice] = []
    # Each with the largest share of its words that it has in common with one taken.
    left = [(one, 0.0) for one in choices]
    while left and len(taken) < count:
        scores = [one.score - _REPETITION * repeats for one, repeats in left]
        score = max(scores)
        allowed = margin if len(taken) >= _WANTED else max(margin, _WANTED_MARGIN)
        if taken and score < taken[0].score - allowed:
            break
        best, _ = left.pop(scores.index(score))
        if not repeats_any(best, taken):
            taken.append(best)
            left = [(one, max(repeats, _in_common(one, best))) for one, repeats in left]
    return taken


def repeats_any(one: Choice, taken: Sequence[Choice]) -> bool:
    """Tell whether a sentence says the same as one of those taken."""
    return any(_contained(one, other) >= _SAME for other in taken)


def _in_common(one: Choice, other: Choice) -> float:
    """Return the share of all words of two choices that both have."""
    shared = len(one.words & other.words)
    return shared / max(1, len(one.words) + len(other.words) - shared)


def _contained(one: Choice, other: Choice) -> float:
    """Return the share of the shorter sentence's words that the other has too."""
    shorter = min(len(one.words), len(other.words))
    return len(one.words & other.words) / max(1, shorter)


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


def _of_order(question: Question, sentence: str, mentions: Sequence[TitleMention]) -> float:
    """Favour "after senior PM" over "after PM" where the question asks what comes after one."""
    if len(question.titles) != 1 or not _ASKS_NEXT.search(question.text):
        return 0.0
    left = {one.readings[0] for one in mentions if _AFTER.search(sentence[: one.start])}
    if not left:
        return 0.0
    return _ORDER if question.titles[0] in left else -_ORDER


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
    return score
