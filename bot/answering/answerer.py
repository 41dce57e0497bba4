"""The whole way from a message to its reply."""

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bot.answering.choosing import Choice, rank_sentences, without_repetition
from bot.answering.clarifying import clarify, reading_note
from bot.answering.comparing import Comparer
from bot.answering.completing import complete
from bot.answering.composing import Quotations, closest_articles, in_reading_order, quote_all
from bot.answering.confidence import Calibration, Evidence, weigh
from bot.answering.disagreeing import find_disagreement
from bot.answering.intents import required_words
from bot.answering.leads import COMPARES, lead_line, outside_note
from bot.answering.messages import MAX_CHARACTERS, clean_message
from bot.answering.pathways import next_level
from bot.answering.reading import TitleReader
from bot.answering.searching import Searcher
from bot.answering.smalltalk import TOO_LONG, small_talk
from bot.answering.suggesting import Suggester
from bot.answering.titles import Vocabulary, load_vocabulary
from bot.answering.understanding import understand
from bot.domain import Answer, Comparison, Exchange, Intent, Message, NoAnswer, Question, Reply
from index.generation import Generation
from index.opening import LiveIndex
from index.reranking import Reranker
from index.retrieval import Hit, Retriever

NOT_KNOWN = "The knowledge base does not hold an answer to that."
CLOSEST = "The knowledge base does not answer that directly. These articles come closest."
HITS = 10
_SHIPPED_TITLES = Path(__file__).parents[2] / "knowledge" / "titles.toml"
# Sentences chosen on their own merit, how far below the best one each may score, and all of an
# answer's sentences together; of these, those kept for the next level on a question on the way up.
_SENTENCES, _MARGIN, _COMPLETE, _NEXT_LEVEL = 3, 0.30, 5, 1
_COMPARED, _TOGETHER = 3, 3
# Of the best sentences, those one of which must name a title of another trade.
_TOLD = 1


class Answerer:
    """Answers questions from the published generation. Safe between threads."""

    def __init__(
        self,
        index: LiveIndex,
        *,
        vocabulary: Vocabulary | None = None,
        calibration: Calibration | None = None,
        suggest: bool = True,
        reranker: Reranker | None = None,
    ) -> None:
        """Answer from an index.

        Args:
            index: The index.
            vocabulary: The titles known; none unless given.
            calibration: When to abstain; the shipped calibration unless given.
            suggest: Whether to suggest follow-up questions.
            reranker: Looks through the passages found.
        """
        self._index = index
        self._vocabulary = vocabulary or Vocabulary.empty()
        self._calibration = calibration or Calibration()
        self._suggest = suggest
        self._reader = TitleReader(self._vocabulary)
        self._searcher = Searcher(self._reader, reranker)
        self._comparer = Comparer(self._reader)
        self._suggester = Suggester()

    @classmethod
    def open(
        cls, index: LiveIndex, *, suggest: bool = True, reranker: Reranker | None = None
    ) -> "Answerer":
        """Answer with the vocabulary of the knowledge folder and the index's own calibration.

        A folder without titles.toml is answered with the vocabulary that comes with PM Role.

        Raises:
            VocabularyError: if titles.toml is wrong, naming every mistake by line.
            CalibrationError: if the stored calibration is damaged.
        """
        own = Path(index.retriever().generation.manifest.knowledge) / "titles.toml"
        return cls(
            index,
            vocabulary=load_vocabulary(own if own.is_file() else _SHIPPED_TITLES),
            calibration=Calibration.read(index.store.folder / "calibration.json"),
            suggest=suggest,
            reranker=reranker,
        )

    @property
    def vocabulary(self) -> Vocabulary:
        """The titles known."""
        return self._vocabulary

    def generation(self) -> Generation:
        """Return the generation that answers now."""
        return self._index.retriever().generation

    def ask(self, text: str, thread: Sequence[Message] = ()) -> Exchange:
        """Answer a message, or say that the articles do not.

        Args:
            text: The message, with Slack's mark-up.
            thread: Earlier messages of its thread, oldest first.
        """
        watch = _Stopwatch()
        line = TOO_LONG if len(text) > MAX_CHARACTERS else small_talk(clean_message(text))
        if line is not None:
            shown = clean_message(text[:MAX_CHARACTERS])
            watch.lap("understand")
            return Exchange(NoAnswer(Question(shown, shown), line), (), watch.laps())
        question = understand(text, thread, self._vocabulary)
        watch.lap("understand")
        retriever = self._index.retriever()
        vector = retriever.embed_query(question.query)
        watch.lap("embed")
        hits = self._searcher.search(question, vector, retriever, HITS)
        watch.lap("retrieve")
        reply = self._reply(question, hits, retriever)
        watch.lap("compose")
        if self._suggest and isinstance(reply, Answer | Comparison):
            reply = self._with_suggestions(reply, hits, retriever)
            watch.lap("suggest")
        return Exchange(reply, hits, watch.laps(), retriever.generation.manifest.name)

    def search(self, text: str, thread: Sequence[Message] = (), k: int = HITS) -> tuple[Hit, ...]:
        """Return the best passages for a message, without answering it."""
        question = understand(text, thread, self._vocabulary)
        if not question.query:
            return ()
        return self._find(question, self._index.retriever(), k)

    def evidence(self, text: str, thread: Sequence[Message] = ()) -> Evidence:
        """Return what speaks for an answer to a message, for fitting a calibration."""
        question = understand(text, thread, self._vocabulary)
        retriever = self._index.retriever()
        hits = self._find(question, retriever, HITS)
        return weigh(question, hits, retriever.generation.lexical)

    def _find(self, question: Question, retriever: Retriever, k: int) -> tuple[Hit, ...]:
        return self._searcher.search(question, retriever.embed_query(question.query), retriever, k)

    def _reply(self, question: Question, hits: tuple[Hit, ...], retriever: Retriever) -> Reply:
        lexical = retriever.generation.lexical
        evidence = weigh(question, hits, lexical)
        confidence = self._calibration.probability(evidence.signals)
        if not hits or confidence < self._calibration.closest_at:
            return NoAnswer(question, NOT_KNOWN, confidence)
        if confidence < self._calibration.answer_at or not self._held(question, hits):
            return NoAnswer(question, CLOSEST, confidence, closest_articles(hits))
        unclear = clarify(question, hits, self._searcher, self._reader)
        if unclear is not None:
            return unclear
        choices = rank_sentences(question, hits, evidence, self._reader, lexical.terms)
        choices = _on_subject(question, choices)
        lead = lead_line(question, hits[0].title, self._reader)
        lead += reading_note(question, self._reader) + outside_note(question, hits, self._reader)
        reply: Reply | None = None
        if _wants_card(question):
            reply = self._compare(question, choices, retriever, lead, confidence)
        return (
            reply
            or self._answer(question, choices, retriever, lead, confidence)
            or NoAnswer(question, CLOSEST, confidence, closest_articles(hits))
        )

    def _answer(
        self,
        question: Question,
        choices: list[Choice],
        retriever: Retriever,
        lead: str,
        confidence: float,
    ) -> Answer | None:
        quotations = Quotations()
        # A question on the way up is also told what the next level asks for.
        fewer = _NEXT_LEVEL if question.intent is Intent.PATH else 0
        chosen = without_repetition(choices, _SENTENCES - fewer // 2, _MARGIN)
        completed = complete(chosen, choices, _COMPLETE - fewer)
        sentences = quote_all(in_reading_order(completed), quotations)
        if not sentences or not self._speaks_of(question, chosen):
            return None
        if question.intent is Intent.PATH:

            def find(text: str) -> tuple[Question, Sequence[Hit]]:
                other = understand(text, (), self._vocabulary)
                return other, self._find(other, retriever, HITS // 2)

            lexical = retriever.generation.lexical
            sentences += next_level(question, sentences, self._reader, lexical, find, quotations)
        disagreement = quote_all(find_disagreement(question, choices, self._reader), quotations)
        return Answer(
            question=question,
            lead=lead,
            sentences=sentences,
            citations=quotations.citations,
            confidence=confidence,
            disagreement=disagreement,
        )

    def _held(self, question: Question, hits: Sequence[Hit]) -> bool:
        """Tell whether the passages name an asked title at all.

        However near they come in meaning, without it they answer another question.
        """
        asked = set(question.titles)
        return not asked or any(
            asked & set(mention.readings)
            for hit in hits
            for mention in self._reader.mentions(" > ".join([hit.title, *hit.heading, hit.text]))
        )

    def _speaks_of(self, question: Question, chosen: Sequence[Choice]) -> bool:
        """Tell whether sentences, or what they stand under, are about the titles asked about.

        What a title is must be said of it: a sentence that only mentions it defines another.
        """
        if not question.titles:
            return True
        asked = set(question.titles)
        if not any("product" in title for title in asked):
            # The articles are about product: of another trade they must speak by name.
            return any(asked & {*one.titles, *self._subjects(one)} for one in chosen[:_TOLD])
        if required_words(question.intent, question.outline):
            return True  # pay is rarely told title by title, and the sentences speak of pay
        if question.intent is Intent.DEFINITION and len(asked) == 1:
            return any(asked & set(self._subjects(one)) for one in chosen)
        return any(asked & (one.titles | set(self._subjects(one))) for one in chosen)

    def _subjects(self, choice: Choice) -> list[str]:
        """Return the titles that a sentence begins with, or that its headings name."""
        first = self._reader.ours(choice.sentence.text)[:1]
        above = self._reader.ours(" > ".join([choice.hit.title, *choice.hit.heading]))
        return [one.readings[0] for one in [*first, *above]]

    def _compare(
        self,
        question: Question,
        choices: list[Choice],
        retriever: Retriever,
        lead: str,
        confidence: float,
    ) -> Comparison | None:
        quotations = Quotations()
        asked = set(question.titles)
        together = [one for one in choices if len(asked & one.titles) > 1] or choices
        chosen = without_repetition(together, _TOGETHER, _MARGIN)
        sentences = quote_all(chosen, quotations)
        disagreement = quote_all(find_disagreement(question, choices, self._reader), quotations)
        rows = self._comparer.rows(question.titles, retriever, quotations)
        if not rows or not sentences:
            return None
        return Comparison(
            question=question,
            titles=tuple(self._reader.display(title) for title in question.titles),
            lead=lead,
            sentences=sentences,
            rows=rows,
            citations=quotations.citations,
            confidence=confidence,
            disagreement=disagreement,
        )

    def _with_suggestions(
        self, reply: Answer | Comparison, hits: tuple[Hit, ...], retriever: Retriever
    ) -> Reply:
        places = [(one.article, one.span) for one in reply.citations]
        shown = frozenset(
            hit.row
            for hit in hits
            if any(
                article == hit.article and hit.span.start <= span.start < hit.span.end
                for article, span in places
            )
        )
        suggestions = self._suggester.suggest(hits, shown, retriever, self._calibration)
        return replace(reply, suggestions=suggestions)


def _on_subject(question: Question, choices: list[Choice]) -> list[Choice]:
    """Keep what speaks of pay, interviews, CVs or bosses, where one of them is asked about."""
    required = required_words(question.intent, question.outline)
    if required is None:
        return choices
    return [
        one
        for one in choices
        if required.search(" ".join([one.hit.title, *one.hit.heading, one.sentence.text]).lower())
    ]


def _wants_card(question: Question) -> bool:
    return (
        question.intent is Intent.COMPARISON
        and 1 < len(question.titles) <= _COMPARED
        and bool(COMPARES.search(question.text))
    )


class _Stopwatch:
    """Milliseconds by step."""

    def __init__(self) -> None:
        self._start = self._last = time.perf_counter()
        self._laps: dict[str, float] = {}

    def lap(self, step: str) -> None:
        now = time.perf_counter()
        self._laps[step] = round(1000 * (now - self._last), 2)
        self._last = now

    def laps(self) -> dict[str, float]:
        return {**self._laps, "total": round(1000 * (self._last - self._start), 2)}
