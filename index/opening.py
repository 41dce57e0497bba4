"""An index ready to be asked: the published generation and the encoder that made it.

A running bot keeps one `LiveIndex`; when another process publishes a generation, the next question
is answered from it, and none is dropped.
"""

import logging
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from index.embedding import Embedder, Vector, find_model
from index.encoder import CompiledEncoder
from index.errors import (
    DamagedIndexError,
    IndexMismatchError,
    ModelError,
    NoIndexError,
    StoreUnavailableError,
)
from index.export import compiled_fingerprint, open_embedder
from index.generation import Generation, Generations
from index.generation_store import GenerationStore
from index.hits import HYBRID, Weights
from index.manifest import Manifest
from index.retrieval import Retriever
from index.worker import QueryWorker

logger = logging.getLogger(__name__)

# A database that was away when a new generation was to be opened is asked again after so long.
_AGAIN_S = 5.0


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

    def renew(self) -> bool:
        """Open what is published now, where what answers is gone; tell whether that helped."""
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

    def renew(self) -> bool:
        """Change nothing: there is no other generation."""
        return False

    def close(self) -> None:
        """Stop the encoder's thread; the generation stays open."""
        self._worker.close()


class LiveIndex:
    """The published generation, opened, and reopened when another is published."""

    def __init__(
        self,
        folders: IndexFolders,
        *,
        store: Generations | None = None,
        weights: Weights = HYBRID,
    ) -> None:
        """Open the index.

        Args:
            folders: Where its parts are.
            store: The generations, if they are not in the folder of the index; closed with this.
            weights: What each signal counts for.

        Raises:
            NoIndexError: if nothing was built yet.
            IndexMismatchError: if another model made the index.
            DamagedIndexError: if no generation is good.
            ModelError: if the encoder cannot be opened.
            StoreUnavailableError: if a database keeps the generations, and is away.
        """
        self._folders = folders
        self._store = store or GenerationStore(folders.index)
        self._weights = weights
        self._lock = threading.Lock()
        self._not_before = 0.0
        self._published = self._store.heard_name()
        self._encoder, self._worker, self._retriever = self._open()

    @property
    def store(self) -> Generations:
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
            published = self._store.heard_name()
        except (NoIndexError, StoreUnavailableError):
            return self._retriever  # removed meanwhile, or away; what is open still answers
        # While one thread opens the new generation, the others answer from the old one.
        if published != self._published and self._lock.acquire(blocking=False):
            try:
                if published != self._published and time.monotonic() >= self._not_before:
                    self._reopen(published)
            finally:
                self._lock.release()
        return self._retriever

    def renew(self) -> bool:
        """Open what is published now; tell whether that is another one than answered so far.

        For a question that met a generation which was removed meanwhile.

        Raises:
            NoIndexError, StoreUnavailableError: if nobody knows what is published.
        """
        with self._lock:
            published, before = self._store.current_name(), self._retriever
            if published != before.generation.manifest.name:
                self._reopen(published)
            return self._retriever is not before

    def embed_query(self, text: str) -> Vector:
        """Embed a question, together with those of other threads.

        Raises:
            EncoderBusyError: if too many wait.
        """
        return self._worker.embed_query(text)

    def close(self) -> None:
        """Stop the encoder's thread, and let go of the store."""
        self._worker.close()
        self._store.close()

    def _open(self) -> tuple[Embedder, QueryWorker, Retriever]:
        generation = self._store.open()
        check_model(generation.manifest, self._folders, self._store.place)
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
            check_model(generation.manifest, self._folders, self._store.place)
            if generation.manifest.encoder != encoder.fingerprint:
                encoder = open_encoder(generation.manifest, self._folders)
                worker = QueryWorker(encoder)
        except (DamagedIndexError, IndexMismatchError, ModelError) as error:
            logger.warning("%s; answering from the older generation", error)
        except StoreUnavailableError as error:
            logger.warning("%s; answering from the older generation meanwhile", error)
            self._not_before = time.monotonic() + _AGAIN_S
            return
        else:
            self._encoder, self._worker = encoder, worker
            self._retriever = self._retriever_over(generation, worker)
        self._published = published  # tried once, not for every question


def check_model(manifest: Manifest, folders: IndexFolders, place: str) -> None:
    """Refuse an index that another model made.

    Args:
        manifest: Of the index.
        folders: Which model is wanted.
        place: Where the index is, in words.

    Raises:
        IndexMismatchError: naming both models and the command that mends it.
    """
    if manifest.model != folders.model:
        raise IndexMismatchError(
            f"the index in {place} was made with the model {manifest.model!r}, but "
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
