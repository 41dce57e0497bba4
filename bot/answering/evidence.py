"""What speaks for and against an answer in the passages found.

The signals carry over between corpora: none is a score of one index (bench/quality.md, "I don't
know").
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.answering.question_words import content_stems
from bot.domain import Intent, Question
from index.generation import Words
from index.hits import Hit
from index.lexical import coverage

# Passages whose sentences may be shown, and of those the ones that speak for an answer.
DEPTH = 10
_WEIGHED = 5
# One on pay, interviews or the way up is about a job, whatever else it names: "PM pay in Berlin".
ABOUT_A_THING = (Intent.DEFINITION, Intent.ORGANISATION, Intent.PROCESS, Intent.SKILLS)
# "PM of the UK", "CPO of Spotify": letters with a name behind are a person in office.
_OFFICE = re.compile(r"\bTITLEs? of (?:the )?(?!Product|TITLE)[A-Z]")
# Who holds a post, what someone said or did, what will happen: articles do not hold it.
_NEWS = re.compile(
    r"^who(?:'s|s| is| are| was| were) (?:the |our |my |your )?(?:current |new )?TITLE"
    r"(?:\?|$| (?:at|of|for|in|right now|today|now)\b)"
    r"|\b(?:did|has|have) (?:our |my |the )(?:\w+ )?TITLE"
    r"|\bwill (?:our|my|the|there|\w+ replace)\b"
    r"|\b(?:our|my) (?:\w+ )?TITLE (?:said|say|announced?|did|decided?)\b"
    r"|\bhow many (?:people|\w+s) (?:work |are |do we have )?in (?:our|my)\b"
    r"|\bhow many TITLEs? (?:work|are employed)\b"
    r"|\bwh(?:o|ich (?:compan|firm)\w+) (?:is|are) hiring\b"
    r"|\bwhen(?:'s|s| is| are| was| will) (?:our|my|the next)\b"
    r"|\b(?:phone|mobile) number\b|\bemail address\b|\bcontact details\b|^translate\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for and against an answer in the best hits.

    Attributes:
        passage: The best passage's cosine.
        sentence: The best sentence's cosine.
        coverage: The largest share of the question's words, weighted by rarity, in one sentence.
        outside: 1 if the question names only titles outside the subject ("vp of sales"), which the
            articles are not about either.
        doubt: Where no more than letters name a title, and what they stand for is asked, the share
            of the question's words that no article holds and that none of the best passages holds,
            halved: "gpm of a water pump" is not about a group product manager.
        news: 1 if it asks who holds a post, or what someone did or will do.
    """

    passage: float
    sentence: float
    coverage: float
    outside: float
    doubt: float
    news: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """The signals, and the coverage of each sentence of the best hits for choosing among them."""

    signals: Signals
    coverages: tuple[tuple[float, ...], ...]


def weigh(
    question: Question, hits: Sequence[Hit], lexical: Words, held: Collection[str] = ()
) -> Evidence:
    """Weigh the best hits against the question.

    Args:
        question: As understood.
        hits: Best first.
        lexical: The words of the articles.
        held: Titles outside the vocabulary's subject that these very articles are about.
    """
    terms = content_stems(question.query)
    weights = [lexical.idf(term) for term in terms]
    coverages = tuple(
        tuple(coverage(terms, weights, lexical.terms(one.text)) for one in hit.sentences)
        for hit in hits[:DEPTH]
    )
    signals = Signals(
        passage=hits[0].cosine if hits else 0.0,
        sentence=max((one.cosine for hit in hits[:_WEIGHED] for one in hit.sentences), default=0.0),
        coverage=max((share for own in coverages[:_WEIGHED] for share in own), default=0.0),
        outside=float(
            bool(question.foreign_titles)
            and not question.titles
            and not set(question.foreign_titles) & set(held)
            and not _on_product(question)
        ),
        doubt=_doubt(question, hits, lexical),
        news=float(
            bool(_NEWS.search(question.outline))
            or (question.abbreviated and bool(_OFFICE.search(question.outline)))
        ),
    )
    return Evidence(signals, coverages)


def _doubt(question: Question, hits: Sequence[Hit], lexical: Words) -> float:
    # Two titles side by side, "PO and PM", vouch for each other.
    if not question.abbreviated or len(question.titles) > 1 or question.intent not in ABOUT_A_THING:
        return 0.0
    # Titles are known, and the words spelt out for the search are ours, not the asker's.
    asked = content_stems(question.outline.replace("TITLE", " "))
    rarity = [lexical.idf(term) for term in asked]
    found = {
        term
        for hit in hits[:_WEIGHED]
        for term in lexical.terms(" ".join([hit.title, *hit.heading, hit.text]))
    }
    unknown = coverage(asked, rarity, [term for term in asked if not lexical.holds(term)])
    unfound = coverage(asked, rarity, [term for term in asked if term not in found])
    return (unknown + unfound) / 2


def _on_product(question: Question) -> bool:
    query = question.query.lower()
    for name in question.foreign_titles:
        query = query.replace(name, " ")
    return bool(re.search(r"\b(?:products?|pms?)\b", query))
