"""A document into chunks: whole sentences of one section, packed to a measured size. Pure."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from index.documents import Block, Document, Span
from index.sentences import sentence_spans

# Passages of 64 to 96 word pieces put more answers inside the text shown than the 192 to 1,024 of
# other pipelines, and overlap gained nothing (bench/quality.md, "Chunk size").
MAX_TOKENS = 96

CountTokens = Callable[[Sequence[str]], list[int]]


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of one section of a document: what is embedded and retrieved.

    Attributes:
        path: The article's path.
        title: The article's title.
        heading: The headings in force, outermost first, without the title.
        span: Where it stands: ``document.text[span.start:span.end] == text``.
        text: The passage itself.
        sentences: The spans of its sentences in the document, in order.
    """

    path: str
    title: str
    heading: tuple[str, ...]
    span: Span
    text: str
    sentences: tuple[Span, ...]

    @property
    def embedded_text(self) -> str:
        """The passage with its title and heading path in front, as the embedder reads it."""
        return f"{self.context}\n{self.text}"

    @property
    def context(self) -> str:
        """The title and heading path in one line."""
        return context_line(self.title, self.heading)

    def embedded_sentences(self) -> tuple[str, ...]:
        """Each sentence with the article's title in front, as the embedder reads it.

        A sentence often leaves its subject to the title; with it, the right sentence is chosen
        more often (bench/quality.md, "Answer sentences").
        """
        return tuple(f"{self.title}: {text}" for text in self.sentence_texts())

    def sentence_texts(self) -> tuple[str, ...]:
        """The sentences themselves."""
        return tuple(
            self.text[one.start - self.span.start : one.end - self.span.start]
            for one in self.sentences
        )


def context_line(title: str, heading: Sequence[str]) -> str:
    """Join an article's title and heading path as they stand in front of a passage."""
    return " > ".join([title, *heading])


def chunk_document(
    document: Document, count_tokens: CountTokens, *, max_tokens: int = MAX_TOKENS
) -> tuple[Chunk, ...]:
    """Cut a document into chunks along its headings and sentences, in the order of the text.

    A sentence is never divided: one longer than `max_tokens` is a chunk of its own. What
    `document.left_out` names is in no chunk.

    Args:
        document: The parsed article.
        count_tokens: Word pieces of each text, by the embedder's own tokenizer.
        max_tokens: The most a chunk of several sentences may hold.
    """
    chunks: list[Chunk] = []
    for heading, run in _runs(document):
        counts = count_tokens([document.text[one.start : one.end] for one in run])
        for group in _packed(run, counts, max_tokens):
            span = Span(group[0].start, group[-1].end)
            chunks.append(
                Chunk(
                    path=document.path,
                    title=document.title,
                    heading=heading,
                    span=span,
                    text=document.text[span.start : span.end],
                    sentences=tuple(group),
                )
            )
    return tuple(chunks)


def _runs(document: Document) -> Iterator[tuple[tuple[str, ...], list[Span]]]:
    """Give the sentences that may share a chunk: one section's, with nothing left out between."""
    marked: list[tuple[int, tuple[str, ...], Span]] = []
    run = 0
    for block in document.blocks:
        if block.kind == "heading":
            run += 1
            continue
        for sentence in _sentences(document, block):
            if _is_left_out(document, sentence):
                run += 1
            else:
                marked.append((run, block.heading, sentence))
    for (_, heading), group in groupby(marked, key=lambda one: (one[0], one[1])):
        yield heading, [sentence for _, _, sentence in group]


def _sentences(document: Document, block: Block) -> tuple[Span, ...]:
    if block.kind in {"row", "code"}:
        return (block.span,)
    start = block.span.start
    return tuple(
        Span(start + one.start, start + one.end)
        for one in sentence_spans(document.text[start : block.span.end])
    )


def _is_left_out(document: Document, sentence: Span) -> bool:
    return any(
        out.span.start < sentence.end and sentence.start < out.span.end for out in document.left_out
    )


def _packed(run: list[Span], counts: list[int], max_tokens: int) -> Iterator[list[Span]]:
    """Divide a section evenly, so that it does not end in a scrap of one short sentence."""
    total = sum(counts)
    even = total / math.ceil(total / max_tokens) if total else max_tokens
    group: list[Span] = []
    held = 0
    for sentence, count in zip(run, counts, strict=True):
        # A sentence goes where it leaves the chunk nearer to its even share.
        full = held + count > max_tokens or held + count / 2 > even
        if group and full:
            yield group
            group, held = [], 0
        group.append(sentence)
        held += count
    if group:
        yield group
