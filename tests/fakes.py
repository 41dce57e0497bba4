"""Fakes of the parts that tests must not depend on: the model and the clock."""

import hashlib
from collections.abc import Callable, Sequence

import numpy as np

from index.embedding import Matrix


class HashingEmbedder:
    """Words hashed into few dimensions: equal words, equal vectors; it knows no meaning.

    It counts what it embeds, so that tests can tell what was embedded again.
    """

    def __init__(self, dimension: int = 64, fingerprint: str = "hashing") -> None:
        self.dimension = dimension
        self.fingerprint = fingerprint
        self.embedded: list[str] = []

    def embed_queries(self, texts: Sequence[str]) -> Matrix:
        return np.stack([self._vector(text) for text in texts])

    def embed_documents(
        self, texts: Sequence[str], *, progress: Callable[[int, int], None] | None = None
    ) -> Matrix:
        self.embedded += texts
        if progress is not None:
            progress(len(texts), len(texts))
        return np.stack([self._vector(text) for text in texts])

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def _vector(self, text: str) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
        vector = np.zeros(self.dimension, dtype=np.float32)
        for word in text.lower().split():
            digest = hashlib.blake2b(word.strip(".,?!:;").encode(), digest_size=4).digest()
            vector[int.from_bytes(digest, "big") % self.dimension] += 1
        norm = float(np.linalg.norm(vector))
        return vector / norm if norm else np.full_like(vector, self.dimension**-0.5)
