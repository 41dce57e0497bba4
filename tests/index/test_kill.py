"""A build that is killed, at whatever moment, leaves a whole index answering."""

import shutil
import subprocess
import time
from collections import Counter
from itertools import cycle

import pytest

from index.generation_store import GenerationStore
from index.opening import IndexFolders, LiveIndex
from tests.commands import command_line, run
from tests.models import ARTICLES

pytestmark = pytest.mark.timeout(1200)

KILLS = 24
BUILD = ["index", "build", "--full"]
# The moments a kill is timed from, each with the line of progress that announces it.
START, READING, PUBLISHING = "", "reading articles:", "embedding: done"


class Installation:
    """A folder with articles, a compiled tiny model and an index, built by real processes."""

    def __init__(self, folder, tiny_models):
        self.folder = folder
        self.folders = IndexFolders(
            knowledge=folder / "knowledge",
            index=folder / "index",
            encoders=tiny_models.encoders,
            model=str(tiny_models.folder("bert")),
        )
        self.env = {
            "KNOWLEDGE_DIR": str(self.folders.knowledge),
            "INDEX_DIR": str(self.folders.index),
            "ENCODER_DIR": str(self.folders.encoders),
            "EMBEDDING_MODEL": self.folders.model,
        }
        self.store = GenerationStore(self.folders.index)

    def start(self):
        return subprocess.Popen(
            command_line(BUILD, self.env),
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def timed_build(self):
        """Build to the end; return the seconds between the moments that kills are timed from."""
        begun = time.monotonic()
        at = {START: begun}
        process = self.start()
        for line in process.stderr:
            for moment in (READING, PUBLISHING):
                if line.startswith(moment):
                    at.setdefault(moment, time.monotonic())
        assert process.wait() == 0
        process.stderr.close()
        return {
            START: at[READING] - at[START],
            READING: at[PUBLISHING] - at[READING],
            PUBLISHING: time.monotonic() - at[PUBLISHING],
        }

    def killed_build(self, moment, delay):
        """Kill a build some seconds after a moment; tell whether it was still running."""
        process = self.start()
        if moment != START:
            while not process.stderr.readline().startswith(moment):
                assert process.poll() is None
        time.sleep(delay)
        process.kill()
        process.stderr.close()
        return process.wait() == -9

    def assert_answers(self, before):
        """Assert that what was published before, or something whole and newer, answers."""
        names = self.store.names()
        current = self.store.current_name()
        assert current in names
        assert current >= before
        for name in names:
            self.store.verify(name)
            self.store.open_named(name).passages.close()
        live = LiveIndex(self.folders)
        retriever = live.retriever()
        assert retriever.generation.manifest.name == current
        assert retriever.search("What does a head of product do?")
        live.close()


@pytest.fixture
def installation(tmp_path, tiny_models):
    tiny_models.compiled("bert")
    made = Installation(tmp_path, tiny_models)
    made.folders.knowledge.mkdir()
    for article in sorted((ARTICLES / "roles").glob("*.md"))[:5]:
        shutil.copy(article, made.folders.knowledge)
    return made


def test_a_build_killed_at_any_moment_leaves_a_whole_index_answering(installation):
    store = installation.store
    # As many generations as are kept, so that a build that gets to its end removes one, too.
    times = [installation.timed_build() for _ in range(3)][-1]
    plan = [(START, 0.5), (START, 0.95)]
    plan += [(READING, place / 9) for place in range(10)]
    plan += [(PUBLISHING, place / 10) for place in range(12)]
    killed: Counter[str] = Counter()
    outcomes: Counter[str] = Counter()
    for tries, (moment, share) in enumerate(cycle(plan)):
        assert tries < 2 * KILLS, f"only {killed} of {tries} builds were killed before their end"
        before = store.current_name()
        if installation.killed_build(moment, share * times[moment]):
            killed[moment] += 1
        installation.assert_answers(before)
        outcomes["old" if store.current_name() == before else "new"] += 1
        if killed.total() == KILLS:
            break
    assert killed[READING] >= 5
    assert killed[PUBLISHING] >= 5
    assert outcomes["old"] >= 10

    before = store.current_name()
    final = run(BUILD, installation.env, installation.folder)
    assert final.returncode == 0, final.stderr
    assert store.current_name() > before
    installation.assert_answers(before)
    left = {path.name for path in installation.folders.index.iterdir()}
    assert left == {*store.names(), "CURRENT", "build.lock", "reindex.lock"}
    assert len(store.names()) == 3


def test_a_first_build_that_is_killed_leaves_no_index_and_the_next_succeeds(installation):
    process = installation.start()
    while not process.stderr.readline().startswith("cutting"):
        assert process.poll() is None
    process.kill()
    process.stderr.close()
    process.wait()
    assert installation.store.names() == []
    asked = run(["ask", "What does a head of product do?"], installation.env, installation.folder)
    assert asked.returncode == 1
    assert asked.stderr.startswith(f"pmrole: no index in {installation.folders.index}: run `pmrole")
    installation.timed_build()
    installation.assert_answers("")
