"""Stores of every kind over one small knowledge folder, for tests of what each must promise."""

from contextlib import ExitStack
from pathlib import Path

from index.build import BuildOptions, BuildReport, build_index
from index.generation import Generations
from index.generation_store import GenerationStore
from index.postgres.generations import PostgresGenerations
from index.postgres.pulling import PulledGenerations
from tests.builds import ARTICLES, write_articles
from tests.fakes import HashingEmbedder

KINDS = ("folder", "postgres", "postgres+faiss")


def open_store(kind: str, url: str, folder: Path) -> Generations:
    """Open a store as a process on some machine does."""
    if kind == "folder":
        return GenerationStore(folder)
    remote = PostgresGenerations(url, folder)
    return remote if kind == "postgres" else PulledGenerations(remote, folder)


class Keeping:
    """A knowledge folder and stores of its generations, a machine each."""

    def __init__(self, kind: str, url: str, root: Path) -> None:
        self.kind, self.url, self.root = kind, url, root
        self.knowledge = write_articles(root / "knowledge", ARTICLES)
        self._stack = ExitStack()
        self.store = self.machine("here")

    def machine(self, name: str) -> Generations:
        """Open the store as a process on another machine does; a folder is the same for all."""
        folder = self.root / ("index" if self.kind == "folder" else f"index-{name}")
        store = open_store(self.kind, self.url, folder)
        self._stack.callback(store.close)
        return store

    def build(self, *, publish: bool = True, store: Generations | None = None) -> BuildReport:
        """Build a generation with the fake model."""
        return build_index(
            self.knowledge,
            store or self.store,
            lambda: ("hashing", HashingEmbedder()),
            options=BuildOptions(publish=publish),
        )

    def close(self) -> None:
        """Close every store."""
        self._stack.close()
