"""Passages for a question, those of articles on its very titles and kind of answer first."""

from dataclasses import replace

from bot.answering.intents import find_intent, outline
from bot.answering.reading import TitleReader
from bot.domain import Intent, Question
from index.embedding import Vector
from index.retrieval import Hit, Retriever

# Passages looked at again, for each wanted; and what an article's title may add to their scores
# (bench/quality.md, "Retrieval").
_DEPTH = 2
_TITLES, _INTENT = 0.08, 0.08


class Searcher:
    """Searches with what a question's words alone do not say. Safe between threads."""

    def __init__(self, reader: TitleReader) -> None:
        """Search with titles found by a reader."""
        self._reader = reader
        # Article titles are few and never change their meaning, so each is read once.
        self._subjects: dict[str, tuple[frozenset[str], Intent]] = {}

    def search(
        self, question: Question, vector: Vector, retriever: Retriever, k: int
    ) -> tuple[Hit, ...]:
        """Return the `k` best passages for a question, best first."""
        hits = retriever.search_vector(question.query, vector, _DEPTH * k)
        scored = [(hit.score + self._bonus(question, hit), hit) for hit in hits]
        scored.sort(key=lambda pair: (-pair[0], pair[1].rank))
        return tuple(
            replace(hit, score=score, rank=rank) for rank, (score, hit) in enumerate(scored[:k], 1)
        )

    def subject(self, article_title: str) -> tuple[frozenset[str], Intent]:
        """Return the job titles that an article's title names, and the kind of answer it gives."""
        known = self._subjects.get(article_title)
        if known is None:
            mentions = self._reader.ours(article_title)
            titles = frozenset(one.readings[0] for one in mentions)
            form = outline(article_title, [(one.start, one.end) for one in mentions])
            known = titles, find_intent(form, titles=len(titles))
            self._subjects[article_title] = known
        return known

    def _bonus(self, question: Question, hit: Hit) -> float:
        titles, intent = self.subject(hit.title)
        asked = frozenset(question.titles)
        shared = len(asked & titles) / len(asked | titles) if asked and titles else 0.0
        bonus = _TITLES * shared
        if question.intent is not Intent.DEFINITION and intent is question.intent:
            unrelated = bool(asked) and bool(titles) and not asked & titles
            bonus += _INTENT / 2 if unrelated else _INTENT
        if intent is Intent.COMPARISON and len(asked) > 1 and asked <= titles:
            bonus += _INTENT
        return bonus
