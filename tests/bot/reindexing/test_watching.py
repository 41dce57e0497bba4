"""The knowledge folder is watched: changes count once nobody writes any more."""

import threading
import time

import pytest

from bot.reindexing.watching import KnowledgeWatch, snapshot
from tests.builds import ARTICLES, write_articles

PATIENCE_S = 120.0


class Seen:
    """Calls of a watch: what the folder held at each."""

    def __init__(self, folder, answers=()):
        self.folder, self.calls = folder, []
        self._answers = list(answers)

    def __call__(self):
        texts = {one.name: one.read_text() for one in sorted(self.folder.rglob("*.md"))}
        self.calls.append(texts)
        return self._answers.pop(0) if self._answers else True

    def wait(self, count):
        end = time.monotonic() + PATIENCE_S
        while len(self.calls) < count:
            assert time.monotonic() < end, f"only {len(self.calls)} of {count} calls"
            time.sleep(0.02)
        return self.calls[count - 1]


@pytest.fixture
def knowledge(tmp_path):
    return write_articles(tmp_path / "knowledge", ARTICLES)


@pytest.fixture
def watching():
    """Start a watch, and stop it at the end."""
    started = []

    def start(folder, changed, *, steady_s=0.3, **options):
        started.append(KnowledgeWatch(folder, changed, steady_s=steady_s, **options))
        started[-1].start()
        time.sleep(0.3)  # until the system tells of changes; a change before is seen all the same
        return started[-1]

    yield start
    for one in started:
        one.close()
    for one in started:
        one._thread.join(PATIENCE_S)
        assert not one._thread.is_alive()


def test_a_new_article_is_told_of_once(knowledge, watching):
    seen = Seen(knowledge)
    watching(knowledge, seen)
    (knowledge / "new.md").write_text("# New\n")
    assert "new.md" in seen.wait(1)
    (knowledge / "newer.md").write_text("# Newer\n")
    assert "newer.md" in seen.wait(2)
    assert len(seen.calls) == 2


def test_many_changes_at_once_are_one(knowledge, watching):
    seen = Seen(knowledge)
    watching(knowledge, seen)
    for number in range(40):
        (knowledge / f"{number}.md").write_text(f"# {number}\n")
    (knowledge / "roadmap.md").unlink()
    assert len(seen.wait(1)) == 42
    (knowledge / "last.md").write_text("# Last\n")
    seen.wait(2)
    assert len(seen.calls) == 2


def test_a_half_written_file_is_not_read(knowledge, watching):
    seen = Seen(knowledge)
    watching(knowledge, seen, steady_s=1.0)
    with (knowledge / "long.md").open("w") as file:
        for number in range(12):
            file.write(f"Line {number}.\n")
            file.flush()
            time.sleep(0.2)
            assert seen.calls == []
    assert seen.wait(1)["long.md"].count("\n") == 12


def test_what_is_no_article_is_told_to_nobody(knowledge, watching):
    seen = Seen(knowledge)
    watching(knowledge, seen)
    (knowledge / ".new.md.swp").write_text("half")
    (knowledge / "titles.toml").write_text("")
    (knowledge / "picture.png").write_bytes(b"png")
    (knowledge / "new.md").write_text("# New\n")
    seen.wait(1)
    assert len(seen.calls) == 1
    before = snapshot(knowledge)
    (knowledge / "other.png").write_bytes(b"png")
    assert snapshot(knowledge) == before


def test_what_could_not_be_dealt_with_is_told_again(knowledge, watching):
    seen = Seen(knowledge, answers=[False, True])
    watching(knowledge, seen)
    (knowledge / "new.md").write_text("# New\n")
    assert seen.wait(2) == seen.calls[0]


@pytest.mark.parametrize("known", [True, False])
def test_changes_since_the_last_start_count_too(knowledge, watching, known):
    seen = Seen(knowledge)
    watching(knowledge, seen, known=lambda: known)
    if not known:
        assert "roadmap.md" in seen.wait(1)
    (knowledge / "new.md").write_text("# New\n")
    assert "new.md" in seen.wait(1 if known else 2)


def test_a_folder_that_is_not_there_yet_is_waited_for(tmp_path, watching, caplog):
    seen = Seen(tmp_path / "knowledge")
    watching(tmp_path / "knowledge", seen)
    write_articles(tmp_path / "knowledge", ARTICLES)
    assert "roadmap.md" in seen.wait(1)
    assert "cannot be watched" in caplog.text


def test_a_watch_that_fails_says_so_and_harms_nobody(knowledge, watching, caplog):
    failed = threading.Event()

    def fail():
        failed.set()
        raise ZeroDivisionError

    watch = watching(knowledge, fail)
    (knowledge / "new.md").write_text("# New\n")
    assert failed.wait(PATIENCE_S)
    watch._thread.join(PATIENCE_S)
    assert "no longer watched" in caplog.text


def test_what_changes_while_the_folder_is_looked_up_at_the_start_is_told_of(knowledge, watching):
    seen = Seen(knowledge)

    def known():
        # Dealt with before this start, when it was asked; and then somebody writes.
        (knowledge / "meanwhile.md").write_text("# Meanwhile\n\nWritten at the very start.\n")
        return True

    watching(knowledge, seen, known=known)
    assert "meanwhile.md" in seen.wait(1)
