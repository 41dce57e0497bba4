"""Ranked sentences to an answer, or to a comparison card."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.answering.choosing import Choice
from bot.answering.comparing import Comparer
from bot.answering.completing import complete
from bot.answering.composing import Quotations, in_reading_order, quote_all
from bot.answering.disagreeing import find_disagreement
from bot.answering.intents import COMPARES
from bot.answering.pathways import next_level
from bot.answering.quotable import is_table_row
from bot.answering.reading import TitleReader
from bot.answering.repeating import Likeness, without_repetition
from bot.answering.subject import speaks_of_titles
from bot.domain import Answer, Comparison, Intent, Question
from index.hits import Hit
from index.retrieval import Retriever

# Sentences chosen on their own merit, how far below the best one each may score, and all of an
# answer's sentences together; of these, those kept at least for what the next level asks for.
_SENTENCES, _MARGIN, _COMPLETE, _NEXT_LEVEL = 3, 0.30, 5, 1
# Titles that a card compares at most, and the sentences above it.
_COMPARED, _TOGETHER = 3, 3

# Understands a question and finds its passages.
Find = Callable[[str, Retriever], tuple[Question, Sequence[Hit]]]


@dataclass(frozen=True, slots=True)
class Draft:
    """What a reply is made of.

    Attributes:
        question: As understood.
        choices: The sentences that may be shown, best first.
        retriever: What found them.
        lead: The line above the answer.
        confidence: How likely it is that they answer, 0 to 1.
    """

    question: Question
    choices: Sequence[Choice]
    retriever: Retriever
    lead: str
    confidence: float


class Replier:
    """Writes answers and comparison cards. Safe between threads."""

    def __init__(self, reader: TitleReader, find: Find) -> None:
        """Write with titles found by a reader; what the next level asks for is found by `find`."""
        self._reader = reader
        self._find = find
        self._comparer = Comparer(reader)

    def reply(self, draft: Draft) -> Answer | Comparison | None:
        """Return a card where titles are to be set side by side and can be, or else an answer.

        None if no sentence is about what was asked.
        """
        card = self._compare(draft) if _wants_card(draft.question) else None
        return card or self._answer(draft)

    def _answer(self, draft: Draft) -> Answer | None:
        question, choices = draft.question, draft.choices
        generation = draft.retriever.generation
        quotations = Quotations()
        # A question on the way up is also told what the next level asks for.
        fewer = _NEXT_LEVEL if question.intent is Intent.PATH else 0
        likeness = Likeness.of(choices, generation)
        chosen = without_repetition(choices, _SENTENCES - fewer // 2, _MARGIN, likeness)
        completed = complete(chosen, choices, _COMPLETE - fewer, likeness)
        sentences = quote_all(in_reading_order(completed), quotations)
        if not sentences or not speaks_of_titles(question, chosen, self._reader):
            return None
        if question.intent is Intent.PATH:

            def find(text: str) -> tuple[Question, Sequence[Hit]]:
                return self._find(text, draft.retriever)

            introduction, more = next_level(question, completed, self._reader, generation, find)
            left = _COMPLETE - len(sentences)
            quoted = [quotations.quote_choice(one, introduction) for one in more[:left]]
            sentences += tuple(one for one in quoted if one is not None)
        disagreement = quote_all(find_disagreement(question, choices, self._reader), quotations)
        return Answer(
            question=question,
            lead=draft.lead,
            sentences=sentences,
            citations=quotations.citations,
            confidence=draft.confidence,
            disagreement=disagreement,
        )

    def _compare(self, draft: Draft) -> Comparison | None:
        question, choices = draft.question, draft.choices
        quotations = Quotations()
        asked = set(question.titles)
        told = [one for one in choices if not is_table_row(one.sentence.text)] or choices
        together = [one for one in told if len(asked & one.titles) > 1] or told
        likeness = Likeness.of(together, draft.retriever.generation)
        sentences = quote_all(
            without_repetition(together, _TOGETHER, _MARGIN, likeness), quotations
        )
        disagreement = quote_all(find_disagreement(question, choices, self._reader), quotations)
        rows = self._comparer.rows(question.titles, draft.retriever, quotations)
        if not rows or not sentences:
            return None
        return Comparison(
            question=question,
            titles=tuple(self._reader.display(title) for title in question.titles),
            lead=draft.lead,
            sentences=sentences,
            rows=rows,
            citations=quotations.citations,
            confidence=draft.confidence,
            disagreement=disagreement,
        )


def _wants_card(question: Question) -> bool:
    return (
        question.intent is Intent.COMPARISON
        and 1 < len(question.titles) <= _COMPARED
        and bool(COMPARES.search(question.text))
    )
