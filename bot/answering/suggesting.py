"""Follow-up questions that these very articles can answer."""

from collections.abc import Sequence

import numpy as np

from bot.answering.confidence import Calibration
from bot.answering.evidence import weigh
from bot.answering.quotable import leans
from bot.domain import Question
from index.generation import Generation
from index.hits import Hit
from index.remembering import Remembered
from index.retrieval import Retriever

COUNT = 3
# Headings tried before giving up: each costs a search.
_TRIED = 8
# Headings and articles kept at hand, some hundred bytes each.
_REMEMBERED = 2048

# Headings that ask, each with the row of a chunk below it.
_Asking = tuple[tuple[str, int], ...]


class Suggester:
    """Suggests headings of the articles found, each proved answerable. Safe between threads."""

    def __init__(self) -> None:
        """Start with nothing proved."""
        # Both by the generation's name, and by heading or by article.
        self._proved: Remembered[tuple[str, str], tuple[bool, int]] = Remembered(_REMEMBERED)
        self._asking: Remembered[tuple[str, str], _Asking] = Remembered(_REMEMBERED)

    def suggest(
        self,
        hits: Sequence[Hit],
        shown_rows: frozenset[int],
        retriever: Retriever,
        calibration: Calibration,
    ) -> tuple[str, ...]:
        """Return up to three questions whose best passage was not shown.

        Candidates are the headings of the hits that are questions, and others of their articles.
        """
        suggestions: list[str] = []
        rows = set(shown_rows)
        for heading, context_row in self._candidates(hits, rows, retriever.generation)[:_TRIED]:
            answered, best = self._prove(heading, context_row, retriever, calibration)
            if answered and best not in rows:
                suggestions.append(heading)
                rows.add(best)
            if len(suggestions) == COUNT:
                break
        return tuple(suggestions)

    def _prove(
        self, heading: str, context_row: int, retriever: Retriever, calibration: Calibration
    ) -> tuple[bool, int]:
        """Tell whether a heading asked as a question is answered, and by which passage."""
        key = retriever.name, heading
        known = self._proved.get(key)
        if known is None:
            # The heading was embedded with its title when the index was built.
            vector = retriever.generation.heading_vectors.vectors(np.asarray([context_row]))[0]
            found = retriever.search_vector(heading, vector, 5)
            evidence = weigh(Question(heading, heading), found, retriever.generation.lexical)
            probability = calibration.probability(evidence.signals)
            known = probability >= calibration.answer_at, found[0].row if found else -1
            self._proved.put(key, known)
        return known

    def _candidates(
        self, hits: Sequence[Hit], shown: set[int], generation: Generation
    ) -> list[tuple[str, int]]:
        """Return headings that ask, by hit and then by article, each with its row of vectors."""
        shown_headings = {hit.heading[-1] for hit in hits if hit.row in shown and hit.heading}
        places = [(hit.heading[-1], hit.row) for hit in hits if _asks(hit.heading)]
        for article in dict.fromkeys(hit.article for hit in hits[:3]):
            places += self._asking_of(article, generation)
        found: dict[str, int] = {}
        for heading, row in places:
            if heading not in shown_headings:
                found.setdefault(heading, int(generation.heading_rows[row]))
        return list(found.items())

    def _asking_of(self, article: str, generation: Generation) -> _Asking:
        """Return an article's headings that ask, each once."""
        key = generation.manifest.name, article
        known = self._asking.get(key)
        if known is None:
            first: dict[str, int] = {}
            for row, heading in generation.passages.headings_of(article):
                if _asks(heading):
                    first.setdefault(heading[-1], row)
            known = tuple(first.items())
            self._asking.put(key, known)
        return known


def _asks(heading: Sequence[str]) -> bool:
    """Tell whether the innermost heading is a question that stands alone."""
    return bool(heading) and heading[-1].endswith("?") and not leans(heading[-1])
