"""An index ready to be asked: the published generation and the encoder that made it.

A running bot keeps one `LiveIndex`; when another process publishes a generation, the next question
is answered from it, and none is dropped.
"""

import logging
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from index.embedding import Embedder, Vector, find_model
from index.encoder import CompiledEncoder
from index.errors import DamagedIndexError, IndexMismatchError, ModelError, NoIndexError
from index.export import compiled_fingerprint, open_embedder
from index.generation import Generation
from index.generation_store import GenerationStore
from index.manifest import Manifest
from index.retrieval import HYBRID, Retriever, Weights
from index.worker import QueryWorker

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class IndexFolders:
    """Where an index, its encoder and its articles are.

    Attributes:
        knowledge: The articles.
        index: The generations.
        encoders: Compiled encoders, one subfolder a fingerprint.
        model: The sentence-transformers name or folder that must have made the index.
    """

    knowledge: Path
    index: Path
    encoders: Path
    model: str


class OpenIndex(Protocol):
    """What questions are answered from."""

    @property
    def encoder(self) -> Embedder:
        """The encoder of the generation that answers now."""
        ...

    def retriever(self) -> Retriever:
        """Return a retriever over the generation that answers now."""
        ...


class FixedIndex:
    """One generation with its encoder, whatever is published meanwhile."""

    def __init__(
        self, generation: Generation, encoder: Embedder, *, weights: Weights = HYBRID
    ) -> None:
        """Answer from a generation that is open, with the encoder that made it."""
        self.encoder = encoder
        self._worker = QueryWorker(encoder)
        self._retriever = Retriever(
            generation,
            self._worker.embed_query,
            embed_queries=self._worker.embed_queries,
            weights=weights,
        )

    def retriever(self) -> Retriever:
        """Return a retriever over the generation."""
        return self._retriever

    def close(self) -> None:
        """Stop the encoder's thread; the generation stays open."""
        self._worker.close()


class LiveIndex:
    """The published generation, opened, and reopened when another is published."""

    def __init__(self, folders: IndexFolders, *, weights: Weights = HYBRID) -> None:
        """Open the index.

        Raises:
            NoIndexError: if nothing was built yet.
            IndexMismatchError: if another model made the index.
            DamagedIndexError: if no generation is good.
            ModelError: if the encoder cannot be opened.
        """
        self._folders = folders
        self._store = GenerationStore(folders.index)
        self._weights = weights
        self._lock = threading.Lock()
        self._published = self._store.current_name()
        self._encoder, self._worker, self._retriever = self._open()

    @property
    def store(self) -> GenerationStore:
        """The generations."""
        return self._store

    @property
    def encoder(self) -> Embedder:
        """The encoder of the generation that answers now."""
        return self._encoder

    def retriever(self) -> Retriever:
        """Return a retriever over the generation that is published now.

        Where that one cannot be opened, the old one answers on.
        """
        try:
            published = self._store.current_name()
        except NoIndexError:
            return self._retriever  # removed meanwhile; what is open still answers
        if published != self._published:
            with self._lock:
                if published != self._published:
                    self._reopen(published)
        return self._retriever

    def embed_query(self, text: str) -> Vector:
        """Embed a question, together with those of other threads.

        Raises:
            EncoderBusyError: if too many wait.
        """
        return self._worker.embed_query(text)

    def close(self) -> None:
        """Stop the encoder's thread."""
        self._worker.close()

    def _open(self) -> tuple[Embedder, QueryWorker, Retriever]:
        generation = self._store.open()
        check_model(generation.manifest, self._folders)
        encoder = open_encoder(generation.manifest, self._folders)
        worker = QueryWorker(encoder)
        return encoder, worker, self._retriever_over(generation, worker)

    def _retriever_over(self, generation: Generation, worker: QueryWorker) -> Retriever:
        return Retriever(
            generation,
            worker.embed_query,
            embed_queries=worker.embed_queries,
            weights=self._weights,
        )

    def _reopen(self, published: str) -> None:
        encoder, worker = self._encoder, self._worker
        try:
            generation: Generation = self._store.open_named(published)
            check_model(generation.manifest, self._folders)
            if generation.manifest.encoder != encoder.fingerprint:
                encoder = open_encoder(generation.manifest, self._folders)
                worker = QueryWorker(encoder)
        except (DamagedIndexError, IndexMismatchError, ModelError) as error:
            logger.warning("%s; answering from the older generation", error)
        else:
            self._encoder, self._worker = encoder, worker
            self._retriever = self._retriever_over(generation, worker)
        self._published = published  # tried once, not for every question


def check_model(manifest: Manifest, folders: IndexFolders) -> None:
    """Refuse an index that another model made.

    Raises:
        IndexMismatchError: naming both models and the command that mends it.
    """
    if manifest.model != folders.model:
        raise IndexMismatchError(
            f"the index in {folders.index} was made with the model {manifest.model!r}, but "
            f"EMBEDDING_MODEL is {folders.model!r}: set it back, or run `pmrole index build`"
        )


def open_encoder(manifest: Manifest, folders: IndexFolders) -> Embedder:
    """Open the encoder that made an index; without one, compile the model again.

    Raises:
        ModelError: if neither can be had, or the model is not the one that made the index.
    """
    compiled = folders.encoders / manifest.encoder
    if (compiled / "encoder.json").is_file():
        return CompiledEncoder(compiled)
    source = find_model(manifest.model)
    seen = compiled_fingerprint(source)
    if manifest.encoder in (seen, f"st-{source.fingerprint}"):
        embedder = open_embedder(source, folders.encoders)
        if embedder.fingerprint == manifest.encoder:
            return embedder
        seen = embedder.fingerprint
    raise ModelError(
        f"the model {manifest.model!r} has changed since the index was built (its encoder was "
        f"{manifest.encoder}, now it is {seen}): run `pmrole index build`"
    )
