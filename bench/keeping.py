"""An embedder that keeps every vector it made on disk, so that a second build embeds nothing.

For benches only: the product takes vectors over from the generation before.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.embedding import Embedder, Matrix, Progress
from index.vectors import text_keys


class KeepingEmbedder:
    """Another embedder's vectors, kept in a folder of their own for its fingerprint."""

    def __init__(self, embedder: Embedder, folder: Path) -> None:
        """Read what was kept before."""
        self._embedder = embedder
        self.fingerprint = embedder.fingerprint
        self.dimension = embedder.dimension
        self._folder = folder / embedder.fingerprint
        self._folder.mkdir(parents=True, exist_ok=True)
        self._known: dict[int, Matrix] = {}
        for file in sorted(self._folder.glob("*.npz")):
            with np.load(file, allow_pickle=False) as kept:
                self._add(kept["keys"].tolist(), kept["vectors"].astype(np.float32))

    def embed_queries(self, texts: Sequence[str]) -> Matrix:
        """See `Embedder.embed_queries`; questions are not kept."""
        return self._embedder.embed_queries(texts)

    def embed_documents(self, texts: Sequence[str], *, progress: Progress | None = None) -> Matrix:
        """See `Embedder.embed_documents`."""
        keys = text_keys(texts)
        rows = [row for row, key in enumerate(keys.tolist()) if key not in self._known]
        if rows:
            fresh = self._embedder.embed_documents([texts[row] for row in rows], progress=progress)
            file = self._folder / f"{len(list(self._folder.iterdir())):06}.npz"
            np.savez(file, keys=keys[rows], vectors=fresh.astype(np.float16))
            self._add(keys[rows].tolist(), fresh)
        return np.stack([self._known[key] for key in keys.tolist()])

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """See `Embedder.count_tokens`."""
        return self._embedder.count_tokens(texts)

    def _add(self, keys: list[int], vectors: Matrix) -> None:
        self._known.update(zip(keys, vectors, strict=True))
