"""The shipped library with the default model, indexed once and kept between runs."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.answering.answerer import Answerer
from bot.answering.reading import TitleReader
from bot.answering.titles import load_vocabulary
from bot.cli.evaluating import Case, Outcome, read_cases
from index.build import BuildOptions, build_index
from index.embedding import DEFAULT_MODEL, Embedder, find_model
from index.export import open_embedder
from index.generation import GenerationStore
from index.opening import IndexFolders, LiveIndex
from tests.builds import write_articles

ROOT = Path(__file__).parents[3]
DATA = ROOT / "tests" / "data"
KNOWLEDGE = ROOT / "knowledge"
ENCODERS = ROOT / "var" / "test-encoder"

AnswersFrom = Callable[[dict[str, str]], Answerer]


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
def reader() -> TitleReader:
    """Give what reads the shipped titles in sentences."""
    return TitleReader(load_vocabulary(KNOWLEDGE / "titles.toml"))


@pytest.fixture(scope="session")
def outcomes(library: LiveIndex) -> list[Outcome]:
    """Give the project's own questions, each asked of the shipped library."""
    return ask_all(read_cases(DATA / "calibration.jsonl"), library)


@pytest.fixture(scope="module")
def answers_from(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AnswersFrom]:
    """Give what answers from articles of a test's own, with the shipped titles."""
    opened: dict[tuple[tuple[str, str], ...], tuple[LiveIndex, Answerer]] = {}

    def answers(articles: dict[str, str]) -> Answerer:
        key = tuple(articles.items())
        if key not in opened:
            folder = tmp_path_factory.mktemp("folder")
            knowledge = write_articles(folder / "knowledge", articles)
            shutil.copy(KNOWLEDGE / "titles.toml", knowledge)
            live = index_of(knowledge, folder / "index")
            opened[key] = live, Answerer.open(live)
        return opened[key][1]

    yield answers
    for live, _ in opened.values():
        live.close()


def ask_all(cases: list[Case], live: LiveIndex) -> list[Outcome]:
    """Ask every question and look its passages up, as `pmrole eval` does."""
    answerer = Answerer.open(live, suggest=False)
    return [
        Outcome(case, answerer.ask(case.question), answerer.search(case.question, k=30))
        for case in cases
    ]
