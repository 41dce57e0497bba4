"""Two or three titles side by side: one quoted sentence a title and dimension."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering.composing import Quotations
from bot.answering.quotable import is_statement, stands_alone
from bot.answering.reading import TitleReader
from bot.answering.titles import TitleMention
from bot.domain import ComparisonRow, QuotedSentence
from index.hits import Hit, ScoredSentence
from index.remembering import Remembered
from index.retrieval import Retriever

# Passages looked at for each cell, and the least cosine of a sentence with the cell's question.
_HITS = 8
_LEAST_COSINE = 0.45
# Cells kept at hand: forty titles have 240, and each holds a few of the hits.
_REMEMBERED = 512

# The sentences that fit a cell, best first.
_Fitting = tuple[tuple[Hit, ScoredSentence], ...]


@dataclass(frozen=True, slots=True)
class Dimension:
    """One row of the card.

    Attributes:
        name: As shown.
        question: What is searched for, with {title}.
        wanted: What a sentence must hold.
        after: Whether it must follow the title, as in "a VP reports to the CEO".
    """

    name: str
    question: str
    wanted: re.Pattern[str]
    after: bool = True


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


DIMENSIONS = (
    Dimension(
        "Scope",
        "What is the scope of a {title}, what is it responsible for?",
        _words(
            r"\b(?:scope|responsib\w+|whole|area|direction|portfolio|strateg\w+|is the leader"
            r"|owns?|vision|across|features?)\b"
        ),
    ),
    Dimension(
        "Reports to",
        "Who does a {title} report to?",
        _words(r"\b(?:reports?|reporting|answers?) (?:directly )?to\b"),
    ),
    Dimension(
        "Leads",
        "Whom does a {title} lead and manage, how many direct reports?",
        _words(
            r"\b(?:manag(?:es|ing) |leads? |direct reports|has no reports|coach(?:es)?\b"
            r"|hir(?:es|ing)\b)"
        ),
    ),
    Dimension(
        "Decides",
        "What does a {title} decide?",
        _words(
            r"\b(?:decid\w+|decisions?|sets?|settl\w+|allocat\w+|approv\w+|prioriti\w+|chooses?)\b"
        ),
    ),
    Dimension(
        "Measured by",
        "What is a {title} measured by?",
        _words(r"\b(?:measur\w+|metrics?|judged|indicators?|outcomes?|output|answers? for)\b"),
    ),
    Dimension(
        "Typical company",
        "What size and kind of company has a {title}?",
        _words(
            r"\b(?:compan(?:y|ies)|start-?ups?|scale-?ups?|firms?|organi[sz]ations?|enterprises?"
            r"|stage|series|staff)\b"
        ),
        after=False,
    ),
)


class Comparer:
    """Fills comparison cards. Safe between threads."""

    def __init__(self, reader: TitleReader) -> None:
        """Compare titles found by a reader."""
        self._reader = reader
        # By what is searched, title and dimension.
        self._cells: Remembered[tuple[str, str, str], _Fitting] = Remembered(_REMEMBERED)

    def rows(
        self, titles: Sequence[str], retriever: Retriever, quotations: Quotations
    ) -> tuple[ComparisonRow, ...]:
        """Return the rows that have a quotation for at least one title."""
        fitting = self._fitting(titles, retriever)
        taken: set[tuple[str, int]] = set()
        rows = []
        for dimension in DIMENSIONS:
            cells = tuple(
                _quote_best(fitting[title, dimension.name], quotations, taken) for title in titles
            )
            if any(cell is not None for cell in cells):
                rows.append(ComparisonRow(dimension.name, cells))
        return tuple(rows)

    def _fitting(
        self, titles: Sequence[str], retriever: Retriever
    ) -> dict[tuple[str, str], _Fitting]:
        """Return what fits each cell; those not known yet are embedded in one pass."""
        searched = retriever.name
        found: dict[tuple[str, str], _Fitting] = {}
        unknown: list[tuple[str, Dimension]] = []
        for dimension in DIMENSIONS:
            for title in titles:
                known = self._cells.get((searched, title, dimension.name))
                if known is None:
                    unknown.append((title, dimension))
                else:
                    found[title, dimension.name] = known
        if not unknown:
            return found
        questions = [
            dimension.question.format(title=self._reader.display(title))
            for title, dimension in unknown
        ]
        vectors = retriever.embed_queries(questions)
        for (title, dimension), question, vector in zip(unknown, questions, vectors, strict=True):
            hits = retriever.search_vector(question, vector, _HITS)
            best = self._best_first(title, dimension, hits)
            self._cells.put((searched, title, dimension.name), best)
            found[title, dimension.name] = best
        return found

    def _best_first(self, title: str, dimension: Dimension, hits: Sequence[Hit]) -> _Fitting:
        """Return the sentences of hits that fit a cell, best first."""
        fitting = [
            (sentence.cosine + 0.5 * hit.score, hit, sentence)
            for hit in hits
            for sentence in hit.sentences
            if self._fits(title, dimension, sentence)
        ]
        fitting.sort(key=lambda one: -one[0])
        return tuple((hit, sentence) for _, hit, sentence in fitting)

    def _fits(self, title: str, dimension: Dimension, sentence: ScoredSentence) -> bool:
        text = sentence.text
        if sentence.cosine < _LEAST_COSINE or not (is_statement(text) and stands_alone(text)):
            return False
        match = dimension.wanted.search(text)
        if match is None:
            return False
        mentions = self._reader.ours(text)
        # The sentence must speak of this title first, so that no neighbour's duty is shown as its.
        first = next(iter(mentions), None)
        if first is None or first.readings[0] != title:
            return False
        return not dimension.after or _follows(first, match)


def _follows(mention: TitleMention, match: re.Match[str]) -> bool:
    return mention.end <= match.start()


def _quote_best(
    fitting: _Fitting, quotations: Quotations, taken: set[tuple[str, int]]
) -> QuotedSentence | None:
    """Quote the best sentence that no other cell has; None if none is left."""
    for hit, sentence in fitting:
        place = hit.article, sentence.span.start
        if place not in taken:
            taken.add(place)
            return quotations.quote(hit, sentence.span)
    return None
