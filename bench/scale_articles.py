"""Articles in any number, made from sections of the shipped library with altered words.

An article takes whole sections of real articles, drawn at random, until it has 33 passages; their
headings come along, and every sentence and heading is altered as `bench.corpora` alters texts.
Everything is the same for the same seed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np

from bench.corpora import Recombiner
from index.generation_store import GenerationStore
from index.passages import Passage

PASSAGES_PER_ARTICLE = 33
_FOLDERS = 40


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the sentences under it, passage by passage."""

    heading: str
    passages: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class MadeArticle:
    """An article as it will be written."""

    path: str
    title: str
    sections: tuple[Section, ...]

    def markdown(self) -> str:
        """Return it as an author would write it."""
        parts = [f"# {self.title}"]
        for one in self.sections:
            paragraphs = [" ".join(sentences) for sentences in one.passages]
            parts += [f"## {one.heading}", *paragraphs]
        return "\n\n".join(parts) + "\n"


def shipped_sections(index: Path) -> list[tuple[str, Section]]:
    """Return the sections of the published articles, each with its article's title."""
    passages = GenerationStore(index).open().passages
    found = [
        (title, Section(heading[-1] if heading else title, _texts(list(same))))
        for (title, heading), same in groupby(
            passages.all(), key=lambda one: (one.chunk.title, one.chunk.heading)
        )
    ]
    passages.close()
    return found


def _texts(passages: Sequence[Passage]) -> tuple[tuple[str, ...], ...]:
    return tuple(one.chunk.sentence_texts() for one in passages)


def made_articles(
    sections: Sequence[tuple[str, Section]], passages: int, seed: int = 20_261
) -> Iterator[MadeArticle]:
    """Give articles that together have about this many passages."""
    random, maker = np.random.default_rng(seed), Recombiner(seed)
    for number in range(max(1, round(passages / PASSAGES_PER_ARTICLE))):
        chosen: list[Section] = []
        titles: list[str] = []
        while sum(len(one.passages) for one in chosen) < PASSAGES_PER_ARTICLE:
            title, section = sections[int(random.integers(len(sections)))]
            titles.append(title)
            chosen.append(_altered(section, maker))
        # A number makes each title, and so every text with it in front, another one.
        yield MadeArticle(
            path=f"part-{number % _FOLDERS:02}/article-{number:06}.md",
            title=f"{maker.altered(titles[0])} {number + 1}",
            sections=tuple(chosen),
        )


def _altered(section: Section, maker: Recombiner) -> Section:
    return Section(
        maker.altered(section.heading),
        tuple(tuple(maker.altered(one) for one in passage) for passage in section.passages),
    )


def write_articles(folder: Path, articles: Iterator[MadeArticle]) -> int:
    """Write articles into a folder of knowledge; return how many there are."""
    count = 0
    for one in articles:
        file = folder / one.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(one.markdown(), encoding="utf-8")
        count += 1
    return count
