"""Where a reindex takes its encoder from, and what answers at present."""

from typing import Protocol

from bot.answering.answerer import Answerer
from bot.settings import Settings
from index.embedding import Embedder, find_model
from index.encoder import CompiledEncoder
from index.errors import IndexingError
from index.export import open_embedder
from index.generation import Generations
from index.opening import FixedIndex


class Models(Protocol):
    """Gives an encoder for the new generation, and answers from the old one."""

    def embedder(self) -> tuple[str, Embedder]:
        """Return the name of the model and its embedder.

        Raises:
            ModelError: if it cannot be had.
        """
        ...

    def published(self, embedder: Embedder) -> FixedIndex | None:
        """Return the published generation, to be asked and closed; None if it cannot be asked.

        Args:
            embedder: The new generation's, to be used again where the old one has the same.
        """
        ...

    def answerer(self, index: FixedIndex) -> Answerer:
        """Return what answers from a generation, without suggestions."""
        ...


class RunningModels:
    """Those of a bot that is answering: its own encoder, and so no torch in its process.

    Where the files of the model changed since the bot began, it goes on with the one it has.
    """

    def __init__(self, answerer: Answerer, model: str) -> None:
        """Share an answerer's encoder, made from the model of this name."""
        self._answerer, self._model = answerer, model

    def embedder(self) -> tuple[str, Embedder]:
        """See `Models.embedder`."""
        return self._model, self._answerer.encoder

    def published(self, embedder: Embedder) -> FixedIndex | None:
        """See `Models.published`."""
        generation = self._answerer.generation()
        same = generation.manifest.encoder == embedder.fingerprint
        return FixedIndex(generation, embedder) if same else None

    def answerer(self, index: FixedIndex) -> Answerer:
        """See `Models.answerer`."""
        return self._answerer.over(index)


class FreshModels:
    """Those of a process that does nothing else: it may compile the model, and use every core."""

    def __init__(self, settings: Settings, store: Generations) -> None:
        """Open the model that the settings name, and what a store holds, once it is wanted."""
        self._settings, self._store = settings, store

    def embedder(self) -> tuple[str, Embedder]:
        """See `Models.embedder`."""
        source = find_model(self._settings.embedding_model)
        # Two batches side by side use a small machine's two cores; more gain little memory-bound.
        return source.name, open_embedder(source, self._settings.encoder_dir, threads=2)

    def published(self, embedder: Embedder) -> FixedIndex | None:
        """See `Models.published`."""
        try:
            generation = self._store.open()
            encoder = embedder
            if generation.manifest.encoder != embedder.fingerprint:
                encoder = CompiledEncoder(self._settings.encoder_dir / generation.manifest.encoder)
        except IndexingError:
            return None  # nothing is published, or what is published cannot be asked
        return FixedIndex(generation, encoder)

    def answerer(self, index: FixedIndex) -> Answerer:
        """See `Models.answerer`."""
        return Answerer.open(index, suggest=False)
