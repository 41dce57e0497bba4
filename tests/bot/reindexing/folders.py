"""A folder of articles with an index and a state, reindexed with the fake model."""

import json
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bot.answering.answerer import Answerer
from bot.index_store import index_store
from bot.reindexing.reindexer import Reindexer
from bot.settings import Settings
from bot.state.store import State
from index.embedding import Embedder
from index.errors import NoIndexError
from index.generation import Generations
from index.opening import FixedIndex
from tests.builds import write_articles
from tests.fakes import HashingEmbedder
from tests.library import KNOWLEDGE, ROOT

ARTICLES = {
    "vp.md": (
        "---\nquestions:\n  - What does a VP of product do?\n---\n# VP of product\n\n"
        "## What a VP of product does\n\n"
        "A VP of product leads the product managers and owns the roadmap and the budget.\n"
    ),
    "head.md": (
        '---\nquestions: ["What does a head of product do?"]\n---\n# Head of product\n\n'
        "## What a head of product does\n\n"
        "A head of product hires the product managers and sets the standards of the craft.\n"
    ),
    "roadmap.md": (
        '---\nquestions: ["What is a roadmap?"]\n---\n# Roadmap\n\n## What is a roadmap\n\n'
        "A roadmap is a plan that tells which problems a team will work on.\n"
    ),
}
DISCOVERY = (
    '---\nquestions: ["What is discovery?"]\n---\n# Discovery\n\n## What is discovery\n\n'
    "Discovery is the search for problems that are worth solving.\n"
)


class HashingModels:
    """The fake model, for the new generation and for the old one."""

    def __init__(self, store: Generations) -> None:
        self._store = store

    def embedder(self) -> tuple[str, Embedder]:
        return "hashing", HashingEmbedder()

    def published(self, embedder: Embedder) -> FixedIndex | None:
        try:
            return FixedIndex(self._store.open(), embedder)
        except NoIndexError:
            return None

    def answerer(self, index: FixedIndex) -> Answerer:
        return Answerer.open(index, suggest=False)


@dataclass
class Folder:
    """Articles, index and state below one folder, and reindexers of them.

    Its settings publish an index unless it loses an answer; further changes may name another store.
    """

    root: Path
    changes: dict[str, Any] = field(default_factory=dict)
    states: list[State] = field(default_factory=list)

    def __post_init__(self):
        self.knowledge = self.root / "knowledge"
        settings = Settings(
            knowledge_dir=self.knowledge,
            index_dir=self.root / "index",
            database_url=f"sqlite:///{self.root / 'state.db'}",
            reindex_max_lost=0,
        )
        self.settings = replace(settings, **self.changes)
        self.store = index_store(self.settings)
        self.reindexers = []

    def begin(self):
        """Write the articles and index them for the first time."""
        write_articles(self.knowledge, ARTICLES)
        shutil.copy(KNOWLEDGE / "titles.toml", self.knowledge)
        self.reindexer().run("a test")
        return self

    def state(self):
        """Open the state as a process that starts does."""
        self.states.append(State.open(self.settings.database_url))
        return self.states[-1]

    def reindexer(self, **options):
        """Give a reindexer, as a process that starts does."""
        state = self.state()
        models = HashingModels(self.store)
        chosen = {"most_asked": state.questions.most_asked, **options}
        made = Reindexer(self.settings, models, rows=state.reindexes, **chosen)
        self.reindexers.append(made)
        return made

    def rows(self):
        """Give the reindexes so far, newest first."""
        return self.states[-1].reindexes.recent()

    def killed_at(self, step):
        """Reindex in another process, which is killed at a step."""
        child = [sys.executable, "-m", "tests.bot.reindexing.child"]
        process = subprocess.Popen(
            [*child, str(self.root), step, json.dumps(self.changes)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        with process:
            assert process.stdout
            assert process.stdout.readline() == "there\n"
            process.kill()
        assert process.returncode == -signal.SIGKILL

    def close(self):
        for one in (*self.reindexers, *self.states, self.store):
            one.close()
