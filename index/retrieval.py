"""A query to ranked hits: dense and lexical, fused.

    score = 0.3 cos(passage) + 0.5 best cos(its sentences) + 0.2 cos(its headings)
          + 0.2 BM25 / best BM25, the last 0.02 more for each stem of the query beyond seven

The weights were chosen by measurement on public data (bench/quality.md, "Retrieval").
"""

from collections.abc import Callable, Collection, Sequence
from functools import partial
from itertools import islice

import numpy as np

from index.embedding import Matrix, Vector
from index.generation import Generation
from index.helping import helpers
from index.hits import HYBRID, Hit, ScoredSentence, Weights
from index.passages import Passage
from index.remembering import Remembered
from index.vectors import Rows, Scores

# Candidates that each of three lists brings: by passages, sentences and words. Each signal of each
# candidate is looked up, so that longer lists find nothing better (bench/quality.md, "Retrieval").
_PASSAGES, _SENTENCES, _LEXICAL = 100, 100, 100
# Shared words tell more of a long query than of a short one, whose few words stand in many
# passages: from this many stems on each adds a share to what BM25 counts for, to twice as much.
_FEW_STEMS, _A_STEM_ADDS, _MOST_TRUST = 7, 0.1, 2.0
# Of so few passages every one is a candidate where the search is kept to some folders.
_ALL_OF = 2000
# From so many sentences on, vectors are searched beside the words.
_MANY = 200_000
# Sets of folders whose rows are kept at hand: every channel may have one.
_KEPT_TO = 64


class Retriever:
    """Finds passages in one generation. Safe between threads."""

    def __init__(
        self,
        generation: Generation,
        embed_query: Callable[[str], Vector],
        *,
        embed_queries: Callable[[Sequence[str]], Matrix] | None = None,
        weights: Weights = HYBRID,
        folders: Collection[str] = (),
    ) -> None:
        """Search a generation.

        Args:
            generation: What is searched.
            embed_query: Gives a question's vector.
            embed_queries: Gives those of several, a row each; one by one unless given.
            weights: What each signal counts for.
            folders: Those whose articles are searched, as `Passages.rows_in` takes them; none for
                all articles.
        """
        self.generation = generation
        self._embed_query = embed_query
        self._embed_queries = embed_queries
        self._weights = weights
        self._sentence_starts = generation.sentence_starts
        self._folders = frozenset(folders)
        self._rows = (
            np.asarray(generation.passages.rows_in(folders), dtype=np.int64) if folders else None
        )
        self._kept_to: Remembered[frozenset[str], Retriever] = Remembered(_KEPT_TO)

    @property
    def name(self) -> str:
        """What is searched: the generation, and the folders if it is not all of them."""
        return " ".join([self.generation.manifest.name, *sorted(self._folders)])

    def within(self, folders: Collection[str]) -> "Retriever":
        """Return one that finds only what articles in some folders say; none for all articles.

        Args:
            folders: As `Passages.rows_in` takes them.
        """
        wanted = frozenset(folders)
        if not wanted:
            return self
        known = self._kept_to.get(wanted)
        if known is None:
            known = Retriever(
                self.generation,
                self._embed_query,
                embed_queries=self._embed_queries,
                weights=self._weights,
                folders=wanted,
            )
            self._kept_to.put(wanted, known)
        return known

    def embed_query(self, text: str) -> Vector:
        """Return a query's unit vector, by the encoder that made this generation."""
        return self._embed_query(text)

    def embed_queries(self, texts: Sequence[str]) -> Matrix:
        """Return the unit vectors of one query or more, a row each."""
        if self._embed_queries is None:
            return np.stack([self._embed_query(text) for text in texts])
        return self._embed_queries(texts)

    def search(self, query: str, k: int = 10) -> tuple[Hit, ...]:
        """Return the `k` best passages, best first, near-duplicates of a better one left out.

        Args:
            query: What to look for; an empty query finds nothing.
            k: How many hits are wanted; fewer come back from a smaller index.
        """
        if not query.strip():
            return ()
        return self.search_vector(query, self._embed_query(query), k)

    def search_vector(self, query: str, vector: Vector, k: int) -> tuple[Hit, ...]:
        """Do as `search` does, for a query that was embedded already."""
        rows, scores, cosines, lexical = self._score(query, vector)
        order = np.argsort(-scores, kind="stable")
        found: list[tuple[int, Passage]] = []
        groups: set[int] = set()
        # Read k at a time: more are wanted only where near-duplicates fall away.
        for start in range(0, len(order), k):
            best = order[start : start + k]
            passages = self.generation.passages.get(rows[best].tolist())
            for place, passage in zip(best.tolist(), passages, strict=True):
                if passage.same_as not in groups and len(found) < k:
                    groups.add(passage.same_as)
                    found.append((place, passage))
            if len(found) == k:
                break
        of_sentences = self._sentence_cosines(vector, [passage for _, passage in found])
        return tuple(
            self._hit(
                passage,
                own,
                rank=rank,
                signals=(float(scores[place]), float(cosines[place]), float(lexical[place])),
            )
            for rank, ((place, passage), own) in enumerate(zip(found, of_sentences, strict=True), 1)
        )

    def _score(self, query: str, vector: Vector) -> tuple[Rows, Scores, Scores, Scores]:
        """Return the candidates' rows, sorted, and their fused score, cosine and BM25 share."""
        generation, weights = self.generation, self._weights
        rows = self._candidates(query, vector)
        cosines = generation.chunk_vectors.scores(vector, rows)
        lexical = generation.lexical.scores(query, rows)
        if not len(rows):
            return rows, lexical, cosines, lexical
        lexical /= lexical.max() or 1
        of_words = weights.lexical * self._trust_in_words(query)
        scores = weights.passage * cosines + of_words * lexical
        if weights.sentence:
            scores += weights.sentence * self._best_sentences(vector, rows)
        if weights.heading:
            headings = generation.heading_rows[rows]
            scores += weights.heading * generation.heading_vectors.scores(vector, headings)
        return rows, scores.astype(np.float32), cosines, lexical

    def _candidates(self, query: str, vector: Vector) -> Rows:
        """Return the rows worth scoring, sorted."""
        if self._rows is not None and len(self._rows) <= _ALL_OF:
            return self._rows
        near = partial(self._near, vector)
        # A search of few takes less time than handing it to another thread.
        many = len(self.generation.sentence_vectors) >= _MANY
        searched = helpers().begin(near) if many else near
        worded = self.generation.lexical.search(query, self._deep(_LEXICAL))
        rows = np.unique(np.concatenate([worded, searched()]))
        return rows if self._rows is None else np.intersect1d(rows, self._rows)

    def _near(self, vector: Vector) -> Rows:
        """Return the passages whose vector, or that of a sentence, is nearest."""
        generation = self.generation
        passages, _ = generation.chunk_vectors.search(vector, self._deep(_PASSAGES))
        sentences, _ = generation.sentence_vectors.search(vector, self._deep(_SENTENCES))
        owners = np.searchsorted(self._sentence_starts, sentences, side="right") - 1
        return np.concatenate([passages, owners])

    def _deep(self, count: int) -> int:
        """Return how many of all are to be found, so that about `count` are of those searched."""
        if self._rows is None:
            return count
        every = len(self._sentence_starts) - 1
        return count * -(-every // max(1, len(self._rows)))

    def _trust_in_words(self, query: str) -> float:
        """Return what a query's length multiplies the weight of BM25 by."""
        more = len(set(self.generation.lexical.terms(query))) - _FEW_STEMS
        return min(_MOST_TRUST, 1 + _A_STEM_ADDS * max(0, more))

    def best_cosine(self, hits: Sequence[Hit], vector: Vector) -> float:
        """Return the cosine of a vector with the sentence of hits that is nearest to it."""
        rows = np.asarray([hit.row for hit in hits], dtype=np.int64)
        return float(self._best_sentences(vector, rows).max())

    def _best_sentences(self, vector: Vector, rows: Rows) -> Scores:
        starts, ends = self._sentence_starts[rows], self._sentence_starts[rows + 1]
        counts = ends - starts
        offsets = np.concatenate([[0], np.cumsum(counts)[:-1]])
        every = np.repeat(starts - offsets, counts) + np.arange(int(counts.sum()))
        cosines = self.generation.sentence_vectors.scores(vector, every)
        best: Scores = np.maximum.reduceat(cosines, offsets)
        return best

    def _sentence_cosines(self, vector: Vector, passages: Sequence[Passage]) -> list[list[float]]:
        """Return the cosines of the sentences of each passage with a query."""
        counts = [len(passage.chunk.sentences) for passage in passages]
        rows = [
            row
            for passage, count in zip(passages, counts, strict=True)
            for row in range(passage.first_sentence, passage.first_sentence + count)
        ]
        scores = self.generation.sentence_vectors.scores(vector, np.asarray(rows, dtype=np.int64))
        every = iter(scores.tolist())
        return [list(islice(every, count)) for count in counts]

    def _hit(
        self,
        passage: Passage,
        sentence_cosines: Sequence[float],
        *,
        rank: int,
        signals: tuple[float, float, float],
    ) -> Hit:
        chunk = passage.chunk
        score, cosine, lexical = signals
        return Hit(
            rank=rank,
            score=score,
            row=passage.row,
            article=chunk.path,
            title=chunk.title,
            heading=chunk.heading,
            span=chunk.span,
            text=chunk.text,
            sentences=tuple(
                ScoredSentence(text, span, one)
                for text, span, one in zip(
                    chunk.sentence_texts(), chunk.sentences, sentence_cosines, strict=True
                )
            ),
            cosine=cosine,
            lexical=lexical,
            url=passage.url,
            updated=passage.updated,
            place=self._place_in_section(passage.row),
        )

    def _place_in_section(self, row: int) -> int:
        """Return how many sentences of a passage's section stand before it."""
        headings = self.generation.heading_rows
        first = row
        while first and headings[first - 1] == headings[row]:
            first -= 1
        return int(self._sentence_starts[row] - self._sentence_starts[first])
