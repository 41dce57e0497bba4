"""What several test modules share: tiny models, and the shipped library, made once a session."""

import gc
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings

from bot.answering.answerer import Answerer
from index.embedding import Embedder, ModelSource, find_model
from index.export import compiled_fingerprint, open_embedder
from index.opening import LiveIndex
from tests import models
from tests.library import open_library
from tests.postgres import Postgres, running_postgres

# How long an example takes says how busy the machine is; timing bars live in `make bench`.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")


# Folders whose tests start processes and bots: begun with, so that in the end no test process is
# left alone with a file that takes minutes.
_SLOW = ("scenarios", "bot/slack", "bot/test_", "index/test_kill", "bot/operating")
# Playwright leaves an event loop running in its thread, where no other can run then.
_LAST = "browser"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Take the files that wait longest first; within a file the order stays."""
    tests = Path(__file__).parent

    def rank(item: pytest.Item) -> int:
        place = item.path.relative_to(tests).as_posix()
        if place.startswith(_LAST):
            return len(_SLOW) + 1
        return next((n for n, one in enumerate(_SLOW) if place.startswith(one)), len(_SLOW))

    items.sort(key=rank)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(
    item: pytest.Item, nextitem: pytest.Item | None
) -> Generator[None, None, None]:
    """Let go of what a file's tests made before the next begins.

    A bot is a circle of parts with a model in it: Python itself collects so few of them that a
    process came to hold two gigabytes.
    """
    yield
    if nextitem is None or nextitem.path != item.path:
        gc.collect()


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
        with self._alone():
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
        source = self.source(kind)
        with self._alone():
            return open_embedder(source, self.encoders)

    def _alone(self) -> FileLock:
        """Keep other test processes from making the same."""
        return FileLock(self._folder.with_suffix(".lock"))

    def compiled(self, kind: str) -> Path:
        """Return the folder of a compiled model."""
        self.embedder(kind)
        return self.encoders / compiled_fingerprint(self.source(kind))


@pytest.fixture(scope="session", autouse=True)
def clean_environ() -> Iterator[None]:
    """Take out of the environment what slack_sdk and Bolt would read by themselves."""
    with pytest.MonkeyPatch.context() as environ:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "SLACK_BOT_TOKEN", "SLACK_CLIENT_ID"):
            environ.delenv(name, raising=False)
            environ.delenv(name.lower(), raising=False)
        yield


@pytest.fixture(scope="session")
def tiny_models(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> TinyModels:
    """Give tiny models of several kinds."""
    own = tmp_path_factory.getbasetemp()
    # Test processes side by side have folders of their own in one.
    return TinyModels((own if worker_id == "master" else own.parent) / "tiny-models")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Give a Postgres server; each test process has its own, which starts in a second."""
    with running_postgres() as server:
        yield server


@pytest.fixture
def empty_postgres(postgres: Postgres) -> Iterator[str]:
    """Give the address of a Postgres database with nothing in it."""
    with postgres.database(tables=False) as url:
        yield url


@pytest.fixture(scope="session")
def library(testrun_uid: str) -> Iterator[LiveIndex]:
    """Give the shipped library: a minute the first time, three seconds after."""
    live = open_library(testrun_uid)
    yield live
    live.close()


@pytest.fixture(scope="session")
def answerer(library: LiveIndex) -> Answerer:
    """Give what answers from the shipped library."""
    return Answerer.open(library)
