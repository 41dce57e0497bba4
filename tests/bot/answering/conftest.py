"""The shipped library with the default model, indexed once and kept between runs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.answering.answerer import Answerer
from bot.answering.titles import Vocabulary, load_vocabulary
from index.build import BuildOptions, build_index
from index.embedding import DEFAULT_MODEL, Embedder, find_model
from index.export import open_embedder
from index.generation import Generation, GenerationStore
from index.opening import IndexFolders, LiveIndex

ROOT = Path(__file__).parents[3]
KNOWLEDGE = ROOT / "knowledge"
ENCODERS = ROOT / "var" / "test-encoder"


def open_default_model() -> tuple[str, Embedder]:
    """Open the default model, compiling it the first time."""
    source = find_model(DEFAULT_MODEL)
    return source.name, open_embedder(source, ENCODERS, threads=2)


def index_of(knowledge: Path, index: Path) -> LiveIndex:
    """Build a knowledge folder with the default model and open it."""
    # Another pytest may be building the same index.
    build_index(
        knowledge, GenerationStore(index), open_default_model, options=BuildOptions(wait_s=300)
    )
    return LiveIndex(IndexFolders(knowledge, index, ENCODERS, DEFAULT_MODEL))


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    """Give the shipped titles."""
    return load_vocabulary(KNOWLEDGE / "titles.toml")


@pytest.fixture(scope="session")
def library() -> Iterator[LiveIndex]:
    """Give the shipped library: a minute the first time, three seconds after."""
    live = index_of(KNOWLEDGE, ROOT / "var" / "test-index")
    yield live
    live.close()


@pytest.fixture(scope="session")
def answerer(library: LiveIndex) -> Answerer:
    """Give what answers from the shipped library."""
    return Answerer.open(library)


@pytest.fixture(scope="session")
def generation(library: LiveIndex) -> Generation:
    """Give the published generation of the shipped library."""
    return library.retriever().generation
