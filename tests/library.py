"""The shipped library with the default model, indexed once and kept between runs."""

from pathlib import Path

from filelock import FileLock

from index.build import BuildOptions, build_index
from index.embedding import DEFAULT_MODEL, Embedder, find_model
from index.export import open_embedder
from index.generation_store import GenerationStore
from index.opening import IndexFolders, LiveIndex

ROOT = Path(__file__).parents[1]
KNOWLEDGE = ROOT / "knowledge"
ENCODERS = ROOT / "var" / "test-encoder"
INDEX = ROOT / "var" / "test-index"


def open_default_model() -> tuple[str, Embedder]:
    """Open the default model, compiling it the first time."""
    source = find_model(DEFAULT_MODEL)
    return source.name, open_embedder(source, ENCODERS, threads=2)


def index_of(knowledge: Path, index: Path) -> LiveIndex:
    """Build a knowledge folder with the default model and open it."""
    # Another pytest may be building the same index.
    options = BuildOptions(wait_s=300)
    build_index(knowledge, GenerationStore(index), open_default_model, options=options)
    return LiveIndex(IndexFolders(knowledge, index, ENCODERS, DEFAULT_MODEL))


def open_library(run: str) -> LiveIndex:
    """Open the shipped library; of the processes of one test run the first one builds it."""
    built_by = INDEX / "built-by"
    INDEX.mkdir(parents=True, exist_ok=True)
    with FileLock(INDEX / "tests.lock"):
        if built_by.is_file() and built_by.read_text("utf-8") == run:
            return LiveIndex(IndexFolders(KNOWLEDGE, INDEX, ENCODERS, DEFAULT_MODEL))
        live = index_of(KNOWLEDGE, INDEX)
        built_by.write_text(run, "utf-8")
        return live
