"""A library of any size made from a smaller one that was really built: texts, and whence vectors.

Every article is an altered copy of an article of the smaller generation. Its passages and sentences
are those of the copy, so what is known of their vectors is known of what they were made from.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from bench.corpora import ALTERED, is_long
from index.chunking import Chunk
from index.documents import Document, Span
from index.generation import Generation
from index.passages import Passage
from index.vectors import Rows

_FOLDERS = 40


@dataclass(frozen=True, slots=True)
class Origins:
    """What each passage and sentence was made from, by row.

    Attributes:
        chunks: Rows of passages in the smaller generation.
        sentences: Rows of sentences there.
        starts: The row of each passage's first sentence here, and last the number of sentences.
        headings: Rows of headings there, one for each heading here.
        heading_rows: The heading of each passage here.
    """

    chunks: Rows
    sentences: Rows
    starts: Rows
    headings: Rows
    heading_rows: Rows


class MadeLibrary:
    """Altered copies of the articles of a generation, the same ones for the same seed."""

    def __init__(self, base: Generation, passages: int, seed: int = 20_262) -> None:
        """Choose articles until they have this many passages; the last one is cut short."""
        self._seed = seed
        self._base = [
            list(own) for _, own in groupby(base.passages.all(), key=lambda one: one.chunk.path)
        ]
        self._words = long_words(one.chunk.text for own in self._base for one in own)
        random = np.random.default_rng(seed)
        chosen: list[int] = []
        held = 0
        while held < passages:
            chosen.append(int(random.integers(len(self._base))))
            held += len(self._base[chosen[-1]])
        self._chosen = chosen
        self._cut = len(self._base[chosen[-1]]) - (held - passages)
        self._heading_rows = base.heading_rows

    @property
    def articles(self) -> int:
        """How many articles there are."""
        return len(self._chosen)

    def parts(self) -> Iterator[tuple[Document, list[Chunk]]]:
        """Give each article with its chunks, in order."""
        altering = Altering(self._words, self._seed)
        for number in range(self.articles):
            yield _copied(number, self._sources(number), altering)

    def origins(self) -> Origins:
        """Return what everything was made from."""
        sources = [one for number in range(self.articles) for one in self._sources(number)]
        chunks = np.asarray([one.row for one in sources], dtype=np.int64)
        counts = np.asarray([len(one.chunk.sentences) for one in sources], dtype=np.int64)
        firsts = np.asarray([one.first_sentence for one in sources], dtype=np.int64)
        starts = np.concatenate([[0], np.cumsum(counts)])
        inside = np.arange(starts[-1]) - np.repeat(starts[:-1], counts)
        sizes = [len(self._sources(number)) for number in range(self.articles)]
        articles = np.repeat(np.arange(self.articles), sizes)
        headings = self._heading_rows[chunks]
        begins = np.ones(len(chunks), dtype=bool)
        begins[1:] = (np.diff(headings) != 0) | (np.diff(articles) != 0)
        return Origins(
            chunks,
            np.repeat(firsts, counts) + inside,
            starts,
            headings[begins],
            begins.cumsum() - 1,
        )

    def _sources(self, number: int) -> Sequence[Passage]:
        own = self._base[self._chosen[number]]
        return own[: self._cut] if number == self.articles - 1 else own

    def documents(self) -> Iterator[Document]:
        """Give the articles, made anew."""
        return (document for document, _ in self.parts())

    def chunks(self) -> Iterator[Chunk]:
        """Give the passages, made anew."""
        return (chunk for _, chunks in self.parts() for chunk in chunks)


class Altering:
    """Alters texts as `bench.corpora.Recombiner` does, millions of them: it cuts each text once."""

    def __init__(self, words: Sequence[str], seed: int) -> None:
        """Alter with these words, the same way for the same seed."""
        self._words, self._random = words, np.random.default_rng(seed)
        self._cut: dict[str, tuple[list[str], list[int]]] = {}

    def __call__(self, text: str) -> str:
        """Return a text with numbers and about a fifth of its long words made others."""
        known = self._cut.get(text)
        if known is None:
            words = text.split()
            places = [at for at, word in enumerate(words) if is_long(word) or word.isdigit()]
            known = self._cut[text] = words, places
        words, places = known[0].copy(), known[1]
        draws = self._random.random((2, len(places))).tolist()
        for place, draw, other in zip(places, *draws, strict=True):
            if words[place].isdigit():
                words[place] = str(int(words[place]) + 1 + int(draw * 40))
            elif draw < ALTERED:
                words[place] = self._words[int(other * len(self._words))]
        return " ".join(words)


def long_words(texts: Iterable[str]) -> list[str]:
    """Return the long words of texts, each once."""
    return sorted({word for text in texts for word in text.split() if is_long(word)})


def _copied(
    number: int, sources: Sequence[Passage], alter: Altering
) -> tuple[Document, list[Chunk]]:
    # A number makes each title, and so every text with it in front, another one.
    title = f"{alter(sources[0].chunk.title)} {number + 1}"
    path = f"part-{number % _FOLDERS:02}/article-{number:06}.md"
    parts: list[str] = []
    chunks: list[Chunk] = []
    at = 0
    for heading, own in groupby(sources, key=lambda one: one.chunk.heading):
        headings = tuple(alter(one) for one in heading)
        for one in own:
            texts = [alter(text) for text in one.chunk.sentence_texts()]
            ends = np.cumsum([len(text) + 1 for text in texts]).tolist()
            spans = tuple(
                Span(at + end - 1 - len(text), at + end - 1)
                for text, end in zip(texts, ends, strict=True)
            )
            text = " ".join(texts)
            chunks.append(Chunk(path, title, headings, Span(at, at + len(text)), text, spans))
            parts.append(text)
            at += len(text) + 2
    return Document(path=path, title=title, text="\n\n".join(parts), blocks=()), chunks
