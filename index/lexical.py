"""BM25 over the same chunks, with English stemming. The only door to tantivy.

Chosen by measurement among tantivy, bm25s, SQLite FTS5 and rank-bm25 at 1,000 to 100,000 chunks
(bench/lexical.md).
"""

import contextlib
import functools
import math
import os
import re
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tantivy

from index.errors import DamagedIndexError

_ANALYZER = "english"
_WRITER_HEAP_BYTES = 32_000_000
# A question longer than this is cut: BM25 would visit every chunk for its common words.
MAX_TERMS = 64
# Texts whose stems are kept at hand: about a kilobyte each.
_REMEMBERED = 8192
_HYPHENATED = re.compile(r"\b[^\W\d_]+(?:-[^\W\d_]+)+\b")


@functools.cache
def _analyzer() -> tantivy.TextAnalyzer:
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(60))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
        .filter(tantivy.Filter.stopword("english"))
        .filter(tantivy.Filter.stemmer("english"))
        .build()
    )


def stems(text: str) -> list[str]:
    """Return the stems of a text, in order, very common words left out, "start-up" as one too."""
    found: list[str] = _analyzer().analyze(_with_joined_words(text))
    return found


@functools.lru_cache(maxsize=_REMEMBERED)
def remembered_stems(text: str) -> tuple[str, ...]:
    """Return the stems of a text; the sentences of articles come again with every question."""
    # The same few thousand stems come again in every text: one string of each is enough.
    return tuple(sys.intern(stem) for stem in stems(text))


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("body", tokenizer_name=_ANALYZER, index_option="freq")
    builder.add_unsigned_field("row", fast=True)
    return builder.build()


@dataclass(frozen=True, slots=True)
class LexicalScores:
    """The best rows for a question by BM25, best first, and their scores, all above zero."""

    rows: np.ndarray[tuple[int], np.dtype[np.int64]]
    scores: np.ndarray[tuple[int], np.dtype[np.float32]]


class LexicalIndex:
    """BM25 (k1 = 1.2, b = 0.75, tantivy's constants) over numbered texts. Safe between threads."""

    def __init__(self, folder: Path) -> None:
        """Open an index that `write_lexical` made.

        Raises:
            DamagedIndexError: if it cannot be read.
        """
        self._schema = _schema()
        try:
            self._searcher = self._open(folder)
        except (ValueError, OSError) as error:
            raise DamagedIndexError(f"cannot read the lexical index {folder}: {error}") from error
        self._count = self._searcher.num_docs

    def _open(self, folder: Path) -> tantivy.Searcher:
        # tantivy opens an index only where it can write a lock file: beside links, if need be.
        with contextlib.ExitStack() as stack:
            place = folder
            if folder.is_dir() and not os.access(folder, os.W_OK):
                place = Path(stack.enter_context(tempfile.TemporaryDirectory()))
                for file in set(folder.iterdir()) - set(folder.glob(".*.lock")):
                    (place / file.name).symlink_to(file.resolve())
            index = tantivy.Index.open(str(place))
            index.register_tokenizer(_ANALYZER, _analyzer())
            index.config_reader(reload_policy="manual")
            return index.searcher()

    def __len__(self) -> int:
        """The number of texts."""
        return self._count

    def terms(self, text: str) -> list[str]:
        """Return the stems of a sentence, in order, very common words left out.

        The sentences of articles come again from question to question, so their stems are kept.
        """
        return list(remembered_stems(text))

    def idf(self, term: str) -> float:
        """Return BM25's inverse document frequency of a stem: 0 if it is in every text."""
        frequency = self._searcher.doc_freq("body", term)
        return math.log1p((self._count - frequency + 0.5) / (frequency + 0.5))

    def holds(self, term: str) -> bool:
        """Return whether any text has a stem."""
        return bool(self._searcher.doc_freq("body", term))

    def search(self, question: str, k: int) -> LexicalScores:
        """Return the `k` best rows for a question; fewer if fewer share a word with it."""
        terms = list(dict.fromkeys(stems(question)))[:MAX_TERMS]
        if not terms:
            return LexicalScores(np.empty(0, np.int64), np.empty(0, np.float32))
        query = tantivy.Query.boolean_query(
            [
                (tantivy.Occur.Should, tantivy.Query.term_query(self._schema, "body", term, "freq"))
                for term in terms
            ]
        )
        hits = self._searcher.search(query, limit=k, count=False).hits
        rows = self._searcher.fast_field_values("row", [address for _, address in hits])
        return LexicalScores(
            np.asarray(rows, dtype=np.int64),
            np.asarray([score for score, _ in hits], dtype=np.float32),
        )


def write_lexical(folder: Path, texts: Iterable[str]) -> None:
    """Write a lexical index of texts; each text's row is its place in their order."""
    folder.mkdir(parents=True)
    index = tantivy.Index(_schema(), path=str(folder))
    index.register_tokenizer(_ANALYZER, _analyzer())
    # One thread keeps rows in order and memory bounded; 100,000 chunks take 6 s.
    writer = index.writer(heap_size=_WRITER_HEAP_BYTES, num_threads=1)
    for row, text in enumerate(texts):
        document = tantivy.Document()
        document.add_text("body", _with_joined_words(text))
        document.add_unsigned("row", row)
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    for lock in folder.glob(".*.lock"):
        lock.unlink()
    for file in folder.iterdir():
        file.chmod(0o644)  # tantivy lets only the builder's user read some of them


def _with_joined_words(text: str) -> str:
    """Add each hyphenated word written as one, so that "start-up" and "startup" meet."""
    joined = [word.replace("-", "") for word in _HYPHENATED.findall(text)]
    return " ".join([text, *joined]) if joined else text


def coverage(wanted: Sequence[str], idf: Sequence[float], seen: Iterable[str]) -> float:
    """Return the share of a question's stems found in a text, each weighted by its idf, 0 to 1."""
    total = sum(idf)
    if not total:
        return 0.0
    held = set(seen)
    found = sum(weight for term, weight in zip(wanted, idf, strict=True) if term in held)
    return found / total
