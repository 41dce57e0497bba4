"""The vectors of a generation: passages, sentences and headings, each text embedded once."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from index.chunking import Chunk
from index.embedding import Embedder
from index.generation import Generation, Vectors
from index.vectors import Keys, Rows, VectorWriter, text_keys

# Texts embedded before their vectors go to disk: what bounds the memory of a build.
_SLAB = 1024
# A set of which this share is taken over is searched through the quantisers trained before.
_MOSTLY = 0.8

Tell = Callable[[int, int], None]


def embed_chunks(
    chunks: Sequence[Chunk], embedder: Embedder, work: Path, old: Generation | None, tell: Tell
) -> int:
    """Write the vectors of chunks, of their sentences and of their headings.

    Args:
        chunks: In the order of their rows.
        embedder: Gives the vectors.
        work: The folder of the generation that is being built.
        old: A generation by the same encoder, whose vectors are taken over.
        tell: Told how many texts have their vectors, of how many.

    Returns:
        How many texts had to be embedded.
    """
    headings, heading_rows = np.unique([chunk.context for chunk in chunks], return_inverse=True)
    np.save(work / "heading_rows.npy", heading_rows.astype(np.int64), allow_pickle=False)
    sets = {
        "chunks": [chunk.embedded_text for chunk in chunks],
        "sentences": [text for chunk in chunks for text in chunk.embedded_sentences()],
        "headings": headings.tolist(),
    }
    known: dict[str, Vectors] = {}
    if old is not None:
        known = {
            "chunks": old.chunk_vectors,
            "sentences": old.sentence_vectors,
            "headings": old.heading_vectors,
        }
    under_way = _Vectors(embedder, work, tell, total=sum(map(len, sets.values())))
    for name, texts in sets.items():
        under_way.write(name, texts, known.get(name))
    return under_way.embedded


class _Vectors:
    """The vectors of one generation under way.

    Attributes:
        embedded: How many texts had to be embedded so far.
    """

    def __init__(self, embedder: Embedder, work: Path, tell: Tell, *, total: int) -> None:
        self._embedder, self._work = embedder, work
        self._tell, self._total = tell, total
        self._before = self.embedded = 0

    def write(self, name: str, texts: Sequence[str], old: Vectors | None) -> None:
        """Write the vectors of texts, each text embedded once, known ones not at all."""
        keys = text_keys(texts)
        writer = VectorWriter(
            self._work,
            name,
            keys,
            self._embedder.dimension,
            searched=name != "headings",  # only read, by the row of a passage's headings
        )
        known = _take_over(old, keys, writer)
        _, first, place = np.unique(keys, return_index=True, return_inverse=True)
        fresh = np.sort(first[known[first] < 0])
        copies = np.flatnonzero((known < 0) & (first[place] != np.arange(len(keys))))
        self._embed(fresh, texts, writer)
        writer.copy(copies, first[place[copies]])
        mostly = np.count_nonzero(known >= 0) >= _MOSTLY * len(known)
        writer.close(like=old if mostly else None)
        self._before += len(texts)
        self._tell(self._before, self._total)

    def _embed(self, fresh: Rows, texts: Sequence[str], writer: VectorWriter) -> None:
        done = self._before + len(texts) - len(fresh)
        for start in range(0, len(fresh), _SLAB):
            rows = fresh[start : start + _SLAB]
            told = partial(self._told, done + start)
            some = [texts[row] for row in rows]
            writer.put(rows, self._embedder.embed_documents(some, progress=told))
        self.embedded += len(fresh)

    def _told(self, before: int, some: int, _all: int) -> None:
        self._tell(before + some, self._total)


def _take_over(old: Vectors | None, keys: Keys, writer: VectorWriter) -> Rows:
    """Write the vectors that are there already; return the row of each, -1 where none is."""
    if old is None:
        return np.full(len(keys), -1, dtype=np.int64)
    known = old.rows_by_key(keys)
    taken = np.flatnonzero(known >= 0)
    for start in range(0, len(taken), _SLAB):
        rows = taken[start : start + _SLAB]
        writer.put(rows, old.vectors(known[rows]))
    return known
