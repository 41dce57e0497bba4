"""A small index in a folder, and the same in a real Postgres."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.generation import Generation
from index.generation_store import GenerationStore
from index.manifest import Manifest
from index.postgres.connecting import Connections
from index.postgres.loading import load
from index.postgres.reading import open_generation
from index.postgres.schema import ensure
from tests.builds import ARTICLES, build, write_articles
from tests.postgres import Postgres

MORE = {
    "skills/interviews.md": (
        "---\naliases: [hiring, job talk]\nauthor: Ann Example\nupdated: 2023-02-03\n"
        "questions: ['How are product managers hired?', 'What is asked?']\n---\n\n"
        "# Interviews – über product\n\n## What is asked\n\n"
        "A product sense question asks for a start-up idea. It takes forty minutes.\n"
        "Numbers such as 3.5 or 10 % come up, and the team's roadmap.\n\n"
        "## What is asked\n\nA product sense question asks for a start-up idea.\n"
    ),
    "skills/deep/writing.txt": "Writing\n\nWrite short sentences. Product people read a lot.\n",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a published generation."""
    place = tmp_path_factory.mktemp("small")
    knowledge = write_articles(place / "knowledge", ARTICLES | MORE)
    build(knowledge, place / "index")
    store = GenerationStore(place / "index")
    return store.folder / store.current_name()


@pytest.fixture(scope="module")
def in_folder(folder: Path) -> Iterator[Generation]:
    """Give the small index as the folder store opens it."""
    generation = GenerationStore(folder.parent).open()
    yield generation
    generation.passages.close()


@pytest.fixture
def connections(empty_postgres: str) -> Iterator[Connections]:
    """Give connections to a database of the test's own, with the shared tables."""
    opened = Connections(empty_postgres)
    ensure(opened)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def shared(postgres: Postgres) -> Iterator[Connections]:
    """Give connections to a database that the tests of a module only read."""
    with postgres.database(tables=False) as url:
        opened = Connections(url)
        ensure(opened)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def in_postgres(shared: Connections, folder: Path) -> Generation:
    """Give the small index as it is opened from Postgres."""
    manifest = Manifest.read(folder)
    load(shared, folder, manifest, "kept")
    return open_generation(shared, manifest.name)


@pytest.fixture
def loaded(connections: Connections, folder: Path) -> Callable[[], Generation]:
    """Load the small index into the test's own database; returns it opened."""

    def once() -> Generation:
        manifest = Manifest.read(folder)
        load(connections, folder, manifest, "kept")
        return open_generation(connections, manifest.name)

    return once
