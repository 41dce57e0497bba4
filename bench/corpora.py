"""Texts in any number: sentences of the shipped articles, recombined, with altered words.

Sentences are drawn at random; in each, numbers become others and about a fifth of the long words
become other long words of the same articles, so that texts differ as articles of one subject do. A
fixed seed, so that every run measures the same texts.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import numpy as np

from index.articles import read_articles
from index.generation_store import GenerationStore
from index.sentences import sentences

SAID = (
    "made from sentences of the shipped articles, drawn at random with a fixed seed; numbers and "
    "about a fifth of the long words altered, so that texts differ"
)
_SEED = 20_260
ALTERED = 0.2
_LONG = 5
# Words of prose that fill a passage of 96 word pieces.
_PASSAGE_WORDS = 55
_SECTIONS = 10
_QUESTIONS = (
    "what does a VP of product do",
    "CPO vs head of product",
    "whats next after senior pm",
    "how do I become a director of product",
    "difference between product owner and product manager",
    "how many direct reports should a group product manager have",
    "what is a technical product manager",
    "does a head of product report to the CEO",
    "what should I do in my first 90 days as VP product",
    "how much does a senior product manager earn",
)
_SUBJECTS = (
    "a product manager",
    "a senior product manager",
    "a group product manager",
    "a principal product manager",
    "a director of product",
    "a head of product",
    "a VP of product",
    "a chief product officer",
    "a product owner",
    "a program manager",
)
_ASKED = (
    "what skills does {} need",
    "how is {} hired",
    "who does {} report to",
    "what mistakes does {} make",
)


def questions() -> list[str]:
    """Return fifty different questions of the kind people ask."""
    return [*_QUESTIONS, *(asked.format(one) for asked in _ASKED for one in _SUBJECTS)]


def shipped_passages(index: Path) -> list[str]:
    """Return the passages of a published index as they are embedded, one line each."""
    passages = GenerationStore(index).open().passages
    found = [" ".join(one.chunk.embedded_text.split()) for one in passages.all()]
    passages.close()
    return found


@cache
def _shipped_sentences() -> tuple[str, ...]:
    library = read_articles(Path("knowledge"))
    return tuple(
        sentence
        for document in library.documents
        for block in document.blocks
        if block.kind != "heading"
        for sentence in sentences(document.text[block.span.start : block.span.end])
        if len(sentence.split()) > 4
    )


class Recombiner:
    """Makes texts, the same ones for the same seed."""

    def __init__(self, seed: int = _SEED) -> None:
        """Start from the sentences of the shipped articles."""
        self._random = np.random.default_rng(seed)
        self._sentences = _shipped_sentences()
        words = {word for one in self._sentences for word in one.split() if is_long(word)}
        self._words = sorted(words)

    def sentence(self) -> str:
        """Return a sentence that differs from the one it was made from."""
        return self.altered(self._sentences[int(self._random.integers(len(self._sentences)))])

    def altered(self, text: str) -> str:
        """Return a text with numbers and about a fifth of its long words made others."""
        words = text.split()
        draws = self._random.random(len(words)).tolist()
        return " ".join(self._altered(word, draw) for word, draw in zip(words, draws, strict=True))

    def passage(self) -> str:
        """Return sentences that together fill one passage."""
        parts = [self.sentence()]
        length = len(parts[0].split())
        while True:
            more = self.sentence()
            length += len(more.split())
            if length > _PASSAGE_WORDS:
                return " ".join(parts)
            parts.append(more)

    def passages(self, count: int) -> Iterator[str]:
        """Give this many passages."""
        for _ in range(count):
            yield self.passage()

    def write_articles(self, folder: Path, passages: int) -> int:
        """Write articles of ten sections, about two passages each; return how many."""
        folder.mkdir(parents=True, exist_ok=True)
        count = max(1, round(passages / (2 * _SECTIONS)))
        for number in range(count):
            sections = [
                f"## Part {part + 1}: {self._heading()}\n\n{self.passage()}\n\n{self.passage()}\n"
                for part in range(_SECTIONS)
            ]
            page = f"# Article {number}: {self._heading()}\n\n" + "\n".join(sections)
            (folder / f"article-{number:05}.md").write_text(page, encoding="utf-8")
        return count

    def _heading(self) -> str:
        chosen = self._random.integers(len(self._words), size=3).tolist()
        return " ".join(self._words[one] for one in chosen)

    def _altered(self, word: str, draw: float) -> str:
        if word.isdigit():
            return str(int(word) + 1 + int(draw * 40))
        if draw < ALTERED and is_long(word):
            return self._words[int(self._random.integers(len(self._words)))]
        return word


def is_long(word: str) -> bool:
    """Return whether a word may become another one."""
    return len(word) >= _LONG and word.isalpha() and word.islower()


def write_lines(file: Path, texts: Sequence[str]) -> None:
    """Write one text a line."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(texts) + "\n", encoding="utf-8")
