"""A small index that takes its time for some questions."""

import time
from collections.abc import Sequence
from pathlib import Path

from bot.answering.answerer import Answerer
from index.embedding import Matrix, Vector
from index.generation_store import GenerationStore
from index.opening import LiveIndex
from index.retrieval import Retriever
from tests.fakes import HashingEmbedder


class SlowEmbedder(HashingEmbedder):
    """Takes its time for questions that hold the word "slow"."""

    def __init__(self, delay_s: float) -> None:
        super().__init__()
        self._delay_s = delay_s

    def embed_queries(self, texts: Sequence[str]) -> Matrix:
        if any("slow" in text for text in texts):
            time.sleep(self._delay_s)
        return super().embed_queries(texts)


class SlowIndex(LiveIndex):
    """A published generation, opened with such an embedder."""

    def __init__(self, store: GenerationStore, delay_s: float) -> None:
        self._embedder = SlowEmbedder(delay_s)
        self._only = Retriever(store.open(), self.embed_query)

    def retriever(self) -> Retriever:
        return self._only

    def embed_query(self, text: str) -> Vector:
        vector: Vector = self._embedder.embed_queries([text])[0]
        return vector


def open_answerer(folder: str, delay_s: float) -> Answerer:
    """Open the index in a folder."""
    return Answerer(SlowIndex(GenerationStore(Path(folder)), delay_s))
