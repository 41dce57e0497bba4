"""What several test modules share: tiny models, and the shipped library, made once a session."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.answering.answerer import Answerer
from index.embedding import Embedder, ModelSource, find_model
from index.export import compiled_fingerprint, open_embedder
from index.opening import LiveIndex
from tests import models
from tests.library import INDEX, KNOWLEDGE, index_of


class TinyModels:
    """Tiny models, made when asked for: bert, prompted, wide, mpnet, roberta, static,
    and the CrossEncoders reranker, plain_reranker, tanh_reranker, classifier.

    They and their compiled encoders are shared by all tests: a test that changes one takes a copy.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.encoders = folder / "encoders"

    def folder(self, kind: str) -> Path:
        """Return the folder of a model."""
        folder = self._folder / kind
        if not folder.exists():
            import torch

            # With more threads than free cores torch waits ten times longer than it works.
            torch.set_num_threads(1)
            getattr(models, f"make_{kind}")(folder)
        return folder

    def source(self, kind: str) -> ModelSource:
        """Return a model as the product finds it."""
        return find_model(str(self.folder(kind)))

    def embedder(self, kind: str) -> Embedder:
        """Open what serves a model, compiling it the first time."""
        return open_embedder(self.source(kind), self.encoders)

    def compiled(self, kind: str) -> Path:
        """Return the folder of a compiled model."""
        self.embedder(kind)
        return self.encoders / compiled_fingerprint(self.source(kind))


@pytest.fixture(scope="session")
def tiny_models(tmp_path_factory: pytest.TempPathFactory) -> TinyModels:
    """Give tiny models of several kinds."""
    return TinyModels(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="session")
def library() -> Iterator[LiveIndex]:
    """Give the shipped library: a minute the first time, three seconds after."""
    live = index_of(KNOWLEDGE, INDEX)
    yield live
    live.close()


@pytest.fixture(scope="session")
def answerer(library: LiveIndex) -> Answerer:
    """Give what answers from the shipped library."""
    return Answerer.open(library)
