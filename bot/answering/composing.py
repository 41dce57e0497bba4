"""Hits to an answer: whole sentences, each a verbatim citation."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering.confidence import Evidence
from bot.domain import Answer, ArticleLink, Citation, Question, QuotedSentence, cite
from index.retrieval import Hit, ScoredSentence

# Sentences shown, and characters they may take together (bench/quality.md, "Answer sentences").
_SENTENCES = 3
_CHARACTERS = 700
_COVERAGE_WEIGHT, _HIT_WEIGHT = 0.6, 0.6


@dataclass(frozen=True, slots=True)
class _Candidate:
    hit: Hit
    sentence: ScoredSentence
    score: float


def compose(
    question: Question, hits: Sequence[Hit], evidence: Evidence, confidence: float
) -> Answer:
    """Choose the sentences of the best hits that answer, and cite each.

    Sentences come in the order of their hits, and of the text within one.
    """
    chosen: list[_Candidate] = []
    length = 0
    for candidate in _ranked(hits, evidence):
        if len(chosen) == _SENTENCES or (
            chosen and length + len(candidate.sentence.text) > _CHARACTERS
        ):
            break
        if any(candidate.sentence.text == one.sentence.text for one in chosen):
            continue
        chosen.append(candidate)
        length += len(candidate.sentence.text)
    lead_hit = chosen[0].hit
    chosen.sort(
        key=lambda one: (one.hit.article != lead_hit.article, one.hit.rank, one.sentence.span.start)
    )
    citations: list[Citation] = []
    sentences: list[QuotedSentence] = []
    for candidate in chosen:
        citations.append(cite(candidate.hit, candidate.sentence.span, len(citations) + 1))
        sentences.append(QuotedSentence(citations[-1].quote, len(citations)))
    return Answer(
        question=question,
        lead=lead_hit.title,
        sentences=tuple(sentences),
        citations=tuple(citations),
        confidence=confidence,
    )


def closest_articles(hits: Sequence[Hit], count: int = 3) -> tuple[ArticleLink, ...]:
    """Name the articles of the best hits, each once."""
    links = {hit.article: ArticleLink(hit.article, hit.title, hit.url, hit.updated) for hit in hits}
    return tuple(links.values())[:count]


def _ranked(hits: Sequence[Hit], evidence: Evidence) -> list[_Candidate]:
    candidates = [
        _Candidate(
            hit,
            sentence,
            sentence.cosine + _COVERAGE_WEIGHT * share + _HIT_WEIGHT * hit.score,
        )
        for hit, shares in zip(hits, evidence.coverages, strict=False)
        for sentence, share in zip(hit.sentences, shares, strict=True)
    ]
    return sorted(candidates, key=lambda one: -one.score)
