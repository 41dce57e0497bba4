"""Two or three titles side by side: one quoted sentence a title and dimension."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering.composing import Quotations
from bot.answering.quotable import is_first_person, is_statement, is_table_row, leans
from bot.answering.reading import TitleReader
from bot.answering.titles import TitleMention
from bot.domain import ComparisonRow, QuotedSentence
from index.embedding import Vector
from index.retrieval import Retriever, ScoredSentence

# Passages looked at for each cell, and the least cosine of a sentence with the cell's question.
_HITS = 8
_LEAST_COSINE = 0.45


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
        # The questions of cells are few, so each is embedded once an encoder.
        self._vectors: dict[tuple[str, str], Vector] = {}

    def rows(
        self, titles: Sequence[str], retriever: Retriever, quotations: Quotations
    ) -> tuple[ComparisonRow, ...]:
        """Return the rows that have a quotation for at least one title."""
        asked = {
            (title, dimension): dimension.question.format(title=self._reader.display(title))
            for dimension in DIMENSIONS
            for title in titles
        }
        taken: set[tuple[str, int]] = set()
        rows = []
        for dimension in DIMENSIONS:
            cells = tuple(
                self._cell(title, dimension, asked[title, dimension], retriever, quotations, taken)
                for title in titles
            )
            if any(cell is not None for cell in cells):
                rows.append(ComparisonRow(dimension.name, cells))
        return tuple(rows)

    def _vector(self, question: str, retriever: Retriever) -> Vector:
        key = retriever.generation.manifest.encoder, question
        if key not in self._vectors:
            self._vectors[key] = retriever.embed_query(question)
        return self._vectors[key]

    def _cell(
        self,
        title: str,
        dimension: Dimension,
        question: str,
        retriever: Retriever,
        quotations: Quotations,
        taken: set[tuple[str, int]],
    ) -> QuotedSentence | None:
        hits = retriever.search_vector(question, self._vector(question, retriever), _HITS)
        fitting = [
            (sentence.cosine + 0.5 * hit.score, hit, sentence)
            for hit in hits
            for sentence in hit.sentences
            if (hit.article, sentence.span.start) not in taken
            and self._fits(title, dimension, sentence)
        ]
        if not fitting:
            return None
        _, hit, sentence = max(fitting, key=lambda one: one[0])
        taken.add((hit.article, sentence.span.start))
        return quotations.quote(hit, sentence.span)

    def _fits(self, title: str, dimension: Dimension, sentence: ScoredSentence) -> bool:
        text = sentence.text
        if sentence.cosine < _LEAST_COSINE or not is_statement(text) or leans(text):
            return False
        if is_first_person(text) or is_table_row(text):
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
