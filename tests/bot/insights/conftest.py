"""Articles that tests change, answered from with the default model, and a state of their own."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.answering.answerer import Answerer
from bot.insights.meanings import Meanings
from bot.state.store import State
from index.build import BuildOptions, build_index
from index.embedding import DEFAULT_MODEL
from index.generation_store import GenerationStore
from index.opening import IndexFolders, LiveIndex
from tests.bot.state.conftest import Clock
from tests.builds import write_articles
from tests.library import ENCODERS, KNOWLEDGE, open_default_model

CPO = """# Chief product officer

## What does a chief product officer do?

A chief product officer leads the whole product organisation of a company.
The chief product officer decides on the product strategy and answers for its results.
A chief product officer reports to the chief executive.
"""
PETS = """# Pets at the office

## May product managers bring dogs to the office?

Product managers may bring their dogs to the office on every working day.
A product manager's dog at the office must be kept on a lead.
"""


class Folder:
    """A knowledge folder, its index, and what answers from it."""

    def __init__(self, folder: Path, articles: dict[str, str]) -> None:
        self._knowledge = write_articles(folder / "knowledge", articles)
        shutil.copy(KNOWLEDGE / "titles.toml", self._knowledge)
        self._store = GenerationStore(folder / "index")
        self._build()
        self.live = LiveIndex(
            IndexFolders(self._knowledge, folder / "index", ENCODERS, DEFAULT_MODEL)
        )
        self.answerer = Answerer.open(self.live)

    def write(self, **articles: str) -> None:
        """Write articles by name, and publish a generation with them, as another process does."""
        write_articles(self._knowledge, {f"{name}.md": text for name, text in articles.items()})
        self._build()

    def remove(self, name: str) -> None:
        """Take an article away, and publish."""
        (self._knowledge / f"{name}.md").unlink()
        self._build()

    def _build(self) -> None:
        options = BuildOptions(wait_s=300)
        build_index(self._knowledge, self._store, open_default_model, options=options)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    """Give articles on the CPO and on nothing else."""
    made = Folder(tmp_path, {"cpo.md": CPO})
    yield made
    made.live.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def open_state(tmp_path: Path, clock: Clock) -> Iterator[Callable[..., State]]:
    """Open the same state any number of times, as several processes do."""
    opened: list[State] = []

    def one(**options) -> State:
        url = f"sqlite:///{tmp_path}/state.db"
        opened.append(State.open(url, clock=clock, **{"policy": "full", **options}))
        return opened[-1]

    yield one
    for state in opened:
        state.close()


@pytest.fixture
def state(open_state: Callable[..., State]) -> State:
    return open_state()


@pytest.fixture(scope="session")
def meanings(answerer: Answerer) -> Meanings:
    """Give what reads questions with the shipped titles and the default model."""
    return Meanings(answerer)
