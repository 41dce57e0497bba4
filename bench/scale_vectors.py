"""Vectors with the statistics of real ones: real vectors mixed with each other and with noise.

As in `bench.vectors`: a vector is mixed with another (15 to 40 %) and with noise of the same
covariance (10 %), and made a unit vector. A passage's sentences are mixed by the same share with
sentences of the same other passage, so that they stay about as near to it as they were.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from bench.scale_library import Origins
from index.embedding import Embedder, Matrix, Progress
from index.generation import Generation, Vectors
from index.vectors import Keys, Rows, text_keys

SAID = (
    "each the real vector of what it was altered from, mixed with another (15 to 40 %) and with "
    "noise of the same covariance (10 %), a passage and its sentences alike"
)
_LEAST, _MOST, _NOISE = 0.15, 0.40, np.float32(0.1)
_SLAB = 8192


class Mixer:
    """Mixes the vectors of a generation that was really built."""

    def __init__(self, base: Generation, origins: Origins, seed: int = 20_263) -> None:
        """Choose what every passage is mixed with, and by what share."""
        self._origins, self._starts, self._seed = origins, base.sentence_starts, seed
        self._chunks = _all(base.chunk_vectors)
        self._sentences = _all(base.sentence_vectors)
        self._headings = _all(base.heading_vectors)
        random = np.random.default_rng(seed)
        count = len(origins.chunks)
        self._others = random.integers(len(self._chunks), size=count)
        self._shares = random.uniform(_LEAST, _MOST, count).astype(np.float32)

    @property
    def dimension(self) -> int:
        """The length of every vector."""
        return int(self._chunks.shape[1])

    def chunks(self) -> Iterator[tuple[Rows, Matrix]]:
        """Give rows of passages and their vectors, slab by slab."""
        return self._mixed(self._chunks, self._origins.chunks, self._others, self._shares)

    def sentences(self) -> Iterator[tuple[Rows, Matrix]]:
        """Give rows of sentences and their vectors, slab by slab."""
        counts = np.diff(self._origins.starts)
        others = np.repeat(self._others, counts)
        random = np.random.default_rng(self._seed + 1)
        first, after = self._starts[others], self._starts[others + 1]
        chosen = first + (random.random(len(others)) * (after - first)).astype(np.int64)
        shares = np.repeat(self._shares, counts)
        return self._mixed(self._sentences, self._origins.sentences, chosen, shares)

    def headings(self) -> Iterator[tuple[Rows, Matrix]]:
        """Give rows of headings and their vectors, slab by slab."""
        random = np.random.default_rng(self._seed + 2)
        count = len(self._origins.headings)
        others = random.integers(len(self._headings), size=count)
        shares = random.uniform(_LEAST, _MOST, count).astype(np.float32)
        return self._mixed(self._headings, self._origins.headings, others, shares)

    def _mixed(
        self, base: Matrix, sources: Rows, others: Rows, shares: Matrix
    ) -> Iterator[tuple[Rows, Matrix]]:
        random = np.random.default_rng(self._seed + 3)
        for start in range(0, len(sources), _SLAB):
            rows = np.arange(start, min(start + _SLAB, len(sources)))
            one, other = random.integers(len(base), size=(2, len(rows)))
            yield rows, _unit(base, sources[rows], others[rows], shares[rows], (one, other))


class MixingEmbedder:
    """The vectors of mixtures instead of a model's, for builds whose embedding is reckoned.

    Equal texts have equal vectors, and the word pieces are the model's own.
    """

    def __init__(self, embedder: Embedder, base: Generation) -> None:
        """Stand in for an embedder, with the vectors of a generation that it made."""
        self._embedder = embedder
        self.fingerprint, self.dimension = embedder.fingerprint, embedder.dimension
        self._base = np.concatenate([_all(base.chunk_vectors), _all(base.sentence_vectors)])

    def embed_queries(self, texts: Sequence[str]) -> Matrix:
        """See `Embedder.embed_queries`; the model's own."""
        return self._embedder.embed_queries(texts)

    def embed_documents(self, texts: Sequence[str], *, progress: Progress | None = None) -> Matrix:
        """Return a mixture for each text, drawn by its hash."""
        keys = text_keys(texts)
        drawn = [_drawn(keys, place, len(self._base)) for place in range(4)]
        share = (_LEAST + (_MOST - _LEAST) * _drawn(keys, 4, 1000) / 1000).astype(np.float32)
        if progress is not None:
            progress(len(texts), len(texts))
        return _unit(self._base, drawn[0], drawn[1], share, (drawn[2], drawn[3]))

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """See `Embedder.count_tokens`."""
        return self._embedder.count_tokens(texts)


def _drawn(keys: Keys, place: int, below: int) -> Rows:
    mixed = (keys + np.uint64(place + 1)) * np.uint64(0x9E3779B97F4A7C15)
    return ((mixed >> np.uint64(20)) % np.uint64(below)).astype(np.int64)


def _unit(
    base: Matrix, sources: Rows, others: Rows, shares: Matrix, noise: tuple[Rows, Rows]
) -> Matrix:
    share = shares[:, None]
    mixed: Matrix = (1 - share) * base[sources] + share * base[others]
    # The difference of two random rows has the covariance of the rows themselves.
    mixed += _NOISE * (base[noise[0]] - base[noise[1]])
    mixed /= np.linalg.norm(mixed, axis=1, keepdims=True)
    return mixed


def _all(vectors: Vectors) -> Matrix:
    return vectors.vectors(np.arange(len(vectors)))
