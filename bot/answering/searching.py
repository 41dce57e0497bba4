"""Passages for a question, those of articles on its very titles and kind of answer first."""

from collections.abc import Sequence
from dataclasses import replace

from bot.answering.directions import Way, asked_way, way
from bot.answering.intents import find_intent, outline
from bot.answering.reading import TitleReader
from bot.domain import Intent, Question
from index.embedding import Vector
from index.hits import Hit
from index.reranking import Reranker
from index.retrieval import Retriever

# Passages looked at again, for each wanted; and what an article's title and a heading may add to
# their scores (bench/quality.md, "Retrieval").
_DEPTH = 3
_TITLES, _INTENT, _HEADING = 0.08, 0.08, 0.05
# The same for a question on the way to a title, whose steps stand in articles on others; what a
# passage on that way adds, and what one on the way to another title costs.
_WAY_DEPTH, _ON_THE_WAY, _ASTRAY = 8, 0.20, -0.06
# Articles that have a passage among the hits wherever so many were found.
_ARTICLES = 3


class Searcher:
    """Searches with what a question's words alone do not say. Safe between threads."""

    def __init__(self, reader: TitleReader, reranker: Reranker | None = None) -> None:
        """Search with titles found by a reader; a reranker looks through what was found."""
        self._reader = reader
        self._reranker = reranker
        # Titles and headings are few and never change their meaning, so each is read once.
        self._subjects: dict[str, tuple[frozenset[str], Intent]] = {}

    def search(
        self, question: Question, vector: Vector, retriever: Retriever, k: int
    ) -> tuple[Hit, ...]:
        """Return the `k` best passages for a question, best first."""
        asked = asked_way(question, self._reader.ours(question.resolved or question.text))
        depth = _WAY_DEPTH if asked.reached else _DEPTH
        hits = retriever.search_vector(question.query, vector, depth * k)
        if self._reranker is not None:
            hits = self._reranker.rerank(question.query, hits)
        scored = [
            (hit.score + self.bonus(question, hit) + self._of_way(asked, hit), hit) for hit in hits
        ]
        scored.sort(key=lambda pair: (-pair[0], pair[1].rank))
        return tuple(
            replace(hit, score=score, rank=rank)
            for rank, (score, hit) in enumerate(_of_several_articles(scored, k), 1)
        )

    def subject(self, heading: str) -> tuple[frozenset[str], Intent]:
        """Return the job titles that a title or heading names, and the kind of answer it gives."""
        known = self._subjects.get(heading)
        if known is None:
            mentions = self._reader.ours(heading)
            titles = frozenset(one.readings[0] for one in mentions)
            form = outline(heading, [(one.start, one.end) for one in mentions])
            known = titles, find_intent(form, titles=len(titles))
            self._subjects[heading] = known
        return known

    def bonus(self, question: Question, hit: Hit) -> float:
        """Return what a passage's article title and heading add to its score, 0 or more."""
        titles, intent = self.subject(hit.title)
        asked = frozenset(question.titles)
        shared = len(asked & titles) / len(asked | titles) if asked and titles else 0.0
        bonus = _TITLES * shared
        if question.intent is not Intent.DEFINITION and intent is question.intent:
            unrelated = bool(asked) and bool(titles) and not asked & titles
            bonus += _INTENT / 2 if unrelated else _INTENT
        if intent is Intent.COMPARISON and len(asked) > 1 and asked <= titles:
            bonus += _INTENT
        return bonus + self._of_heading(question, hit)

    def _of_way(self, asked: Way, hit: Hit) -> float:
        """Favour passages on the way to the title asked for, over those on the way to another."""
        if not asked.reached:
            return 0.0
        texts = [hit.heading[-1] if hit.heading else hit.title, *(s.text for s in hit.sentences)]
        shared = {asked.shared_by(way(text, self._reader.ours(text))) for text in texts}
        if True in shared:
            return _ON_THE_WAY
        return _ASTRAY if False in shared else 0.0

    def _of_heading(self, question: Question, hit: Hit) -> float:
        """Favour a section whose heading asks for the same kind of answer, of no other title."""
        if question.intent is Intent.DEFINITION or not hit.heading:
            return 0.0
        titles, intent = self.subject(hit.heading[-1])
        unrelated = bool(question.titles) and bool(titles) and not titles & set(question.titles)
        return _HEADING if intent is question.intent and not unrelated else 0.0


def _of_several_articles(scored: Sequence[tuple[float, Hit]], k: int) -> list[tuple[float, Hit]]:
    """Return the `k` best; the last give way until the best of three articles are among them.

    A long article on the very title would else leave no room for the one on the very question.
    """
    firsts: dict[str, int] = {}
    for place, (_, hit) in enumerate(scored):
        firsts.setdefault(hit.article, place)
    reserved = list(firsts.values())[: min(_ARTICLES, k)]
    others = [place for place in range(len(scored)) if place not in reserved]
    wanted = sorted([*reserved, *others[: k - len(reserved)]])
    return [scored[place] for place in wanted]
