"""The whole way from a message to its reply."""

import time
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from bot.answering.carrying import turns_on_unknown_words
from bot.answering.choosing import rank_sentences
from bot.answering.clarifying import clarify, reading_note
from bot.answering.composing import closest_articles
from bot.answering.confidence import Calibration
from bot.answering.evidence import Evidence, weigh
from bot.answering.halves import halves, joined
from bot.answering.leads import lead_line, outside_note
from bot.answering.messages import MAX_CHARACTERS, clean_message
from bot.answering.reading import TitleReader
from bot.answering.replying import Draft, Replier
from bot.answering.searching import Searcher
from bot.answering.smalltalk import TOO_LONG, small_talk
from bot.answering.subject import held_titles, names_asked_title, on_subject
from bot.answering.suggesting import Suggester
from bot.answering.titles import Vocabulary, load_vocabulary
from bot.answering.understanding import understand
from bot.domain import Answer, Comparison, Exchange, Message, NoAnswer, Question, Reply
from index.embedding import Embedder, Matrix
from index.errors import DamagedIndexError
from index.generation import Generation
from index.hits import Hit
from index.opening import OpenIndex
from index.reranking import Reranker
from index.retrieval import Retriever

NOT_KNOWN = "The knowledge base does not hold an answer to that."
CLOSEST = "The knowledge base does not answer that directly. These articles come closest."
HITS = 10
# From this confidence on no word can be missing that would matter.
_SURE = 0.60
_SHIPPED_TITLES = Path(__file__).parents[2] / "knowledge" / "titles.toml"


class Answerer:
    """Answers questions from the published generation. Safe between threads."""

    def __init__(
        self,
        index: OpenIndex,
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
        self._reranker = reranker
        self._reader = TitleReader(self._vocabulary)
        self._searcher = Searcher(self._reader, reranker)
        self._replier = Replier(self._reader, self._expected)
        self._suggester = Suggester()

    @classmethod
    def open(
        cls, index: OpenIndex, *, suggest: bool = True, reranker: Reranker | None = None
    ) -> "Answerer":
        """Answer with the vocabulary of the knowledge folder and the index's own calibration.

        A folder without titles.toml is answered with the vocabulary that comes with PM Role.

        Raises:
            VocabularyError: if titles.toml is wrong, naming every mistake by line.
            CalibrationError: if the stored calibration is damaged.
        """
        generation = index.retriever().generation
        own = Path(generation.manifest.knowledge) / "titles.toml"
        return cls(
            index,
            vocabulary=load_vocabulary(own if own.is_file() else _SHIPPED_TITLES),
            calibration=Calibration.stored(generation.calibration()),
            suggest=suggest,
            reranker=reranker,
        )

    def over(self, index: OpenIndex) -> "Answerer":
        """Return what answers the same way from another index, without suggestions."""
        return Answerer(
            index,
            vocabulary=self._vocabulary,
            calibration=self._calibration,
            suggest=False,
            reranker=self._reranker,
        )

    @property
    def vocabulary(self) -> Vocabulary:
        """The titles known."""
        return self._vocabulary

    @property
    def encoder(self) -> Embedder:
        """The encoder of the generation that answers now."""
        return self._index.encoder

    def generation(self) -> Generation:
        """Return the generation that answers now."""
        return self._index.retriever().generation

    def understand(self, text: str, thread: Sequence[Message] = ()) -> Question:
        """Return what a message asks, as `ask` understands it."""
        return understand(text, thread, self._vocabulary)

    def embed(self, queries: Sequence[str]) -> Matrix:
        """Return the unit vectors of one query or more, a row each.

        Raises:
            EncoderBusyError: if too many wait.
        """
        return self._index.retriever().embed_queries(queries)

    def ask(
        self, text: str, thread: Sequence[Message] = (), *, topics: Collection[str] = ()
    ) -> Exchange:
        """Answer a message, or say that the articles do not.

        Args:
            text: The message, with Slack's mark-up.
            thread: Earlier messages of its thread, oldest first.
            topics: The folders of articles that are searched, as `Passages.rows_in` takes them;
                none for all.

        Raises:
            EncoderBusyError: if too many wait.
            DamagedIndexError: if the generation that answers cannot be read.
            StoreUnavailableError: if a database keeps it, and is away.
        """
        try:
            return self._ask(text, thread, topics)
        except DamagedIndexError:
            # A replica may have removed, meanwhile, the generation that this question met.
            if not self._index.renew():
                raise
            return self._ask(text, thread, topics)

    def _ask(self, text: str, thread: Sequence[Message], topics: Collection[str]) -> Exchange:
        watch = _Stopwatch()
        line = TOO_LONG if len(text) > MAX_CHARACTERS else small_talk(clean_message(text))
        if line is not None:
            shown = clean_message(text[:MAX_CHARACTERS])
            watch.lap("understand")
            return Exchange(NoAnswer(Question(shown, shown), line), (), watch.laps())
        question = understand(text, thread, self._vocabulary)
        watch.lap("understand")
        retriever = self._index.retriever().within(topics)
        vector = retriever.embed_query(question.query)
        watch.lap("embed")
        hits = self._searcher.search(question, vector, retriever, HITS)
        watch.lap("retrieve")
        reply = self._reply(question, hits, retriever)
        if isinstance(reply, Answer):
            reply, hits = self._with_halves(reply, hits, thread, retriever)
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
        return self._weigh(question, hits, retriever)

    def _find(self, question: Question, retriever: Retriever, k: int) -> tuple[Hit, ...]:
        return self._searcher.search(question, retriever.embed_query(question.query), retriever, k)

    def _weigh(self, question: Question, hits: Sequence[Hit], retriever: Retriever) -> Evidence:
        held = held_titles(hits, self._reader)
        return weigh(question, hits, retriever.generation.lexical, held)

    def _reply(self, question: Question, hits: tuple[Hit, ...], retriever: Retriever) -> Reply:
        lexical = retriever.generation.lexical
        evidence = self._weigh(question, hits, retriever)
        confidence = self._calibration.probability(evidence.signals)
        if not hits or confidence < self._calibration.closest_at:
            return NoAnswer(question, NOT_KNOWN, confidence)
        if confidence < self._calibration.answer_at or not names_asked_title(
            question, hits, self._reader
        ):
            return NoAnswer(question, CLOSEST, confidence, closest_articles(hits))
        if confidence < _SURE and turns_on_unknown_words(question, hits, retriever):
            return NoAnswer(question, CLOSEST, confidence, closest_articles(hits))
        unclear = clarify(question, hits, self._searcher, self._reader)
        if unclear is not None:
            return unclear
        choices = rank_sentences(question, hits, evidence, self._reader, lexical.terms)
        choices = on_subject(question, choices)
        first = choices[0].hit if choices else hits[0]
        lead = lead_line(question, first.title, self._reader)
        lead += reading_note(question, self._reader) + outside_note(question, hits, self._reader)
        draft = Draft(question, choices, retriever, lead, confidence)
        return self._replier.reply(draft) or NoAnswer(
            question, CLOSEST, confidence, closest_articles(hits)
        )

    def _with_halves(
        self,
        whole: Answer,
        hits: tuple[Hit, ...],
        thread: Sequence[Message],
        retriever: Retriever,
    ) -> tuple[Answer, tuple[Hit, ...]]:
        """Answer each half of a question that asks two things, if both can be; with all hits."""
        parts = halves(whole.question.text)
        if parts is None:
            return whole, hits
        first = understand(parts[0], thread, self._vocabulary)
        said = [*thread, Message("user", parts[0])]
        second = understand(parts[1], said, self._vocabulary)
        if not first.titles and not second.titles:
            # "Who decides the roadmap and who the dates": those of the roadmap.
            second = understand(f"and {parts[1]}", said, self._vocabulary)
        answers = []
        for question in (first, second):
            found = self._find(question, retriever, HITS)
            reply = self._reply(question, found, retriever)
            if not isinstance(reply, Answer):
                return whole, hits
            answers.append(reply)
            known = {hit.row for hit in hits}
            hits += tuple(hit for hit in found if hit.row not in known)
        return joined(whole, *answers), hits

    def _expected(self, text: str, retriever: Retriever) -> tuple[Question, tuple[Hit, ...]]:
        """Understand a question of the answer's own, and find its passages."""
        question = understand(text, (), self._vocabulary)
        return question, self._find(question, retriever, HITS // 2)

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
