"""`pmrole index build` compares answers, and publishes nothing that loses too many."""

import json

import pytest

from bot.answering.confidence import Calibration
from bot.cli import BLOCKED, OK, main
from bot.state.store import State
from index.generation_store import GenerationStore
from tests.builds import ARTICLES, write_articles

ASKED = ("When is the retrospective?", "What is a release train?", "How big is a squad?")


class Installation:
    """Articles that answer three questions, indexed; each answer is in an article of its own."""

    def __init__(self, root, tiny_models):
        self.root, self.knowledge = root, write_articles(root / "knowledge", ARTICLES)
        self.store = GenerationStore(root / "index")
        self.env = {
            "KNOWLEDGE_DIR": str(self.knowledge),
            "INDEX_DIR": str(self.store.folder),
            "ENCODER_DIR": str(tiny_models.encoders),
            "EMBEDDING_MODEL": str(tiny_models.folder("bert")),
            "DATABASE_URL": f"sqlite:///{root / 'state.db'}",
            "REINDEX_MAX_LOST": "2",
        }
        for number, question in enumerate(ASKED):
            head = f'---\nquestions: ["{question}"]\n---\n# {question}\n\n'
            said = f"{question.rstrip('?')} is told here, and it is number {number}.\n"
            write_articles(self.knowledge, {f"asked/{number}.md": head + said})
        self.store.folder.mkdir()
        # The tiny model knows nothing, so everything counts as answered.
        self.store.keep_calibration(Calibration(answer_at=0.0, closest_at=0.0).as_json())
        assert self.build() == OK

    def build(self, *options):
        return main(["index", "build", *options], self.env)

    def lose(self, *numbers):
        for number in numbers:
            (self.knowledge / "asked" / f"{number}.md").unlink()


@pytest.fixture
def installation(tmp_path, tiny_models):
    return Installation(tmp_path, tiny_models)


def test_as_many_lost_answers_as_allowed_are_printed_and_published(installation, capsys):
    installation.lose(0, 1)
    assert installation.build() == OK
    seen = capsys.readouterr()
    assert "Of 3 saved questions 2 lose their answer" in seen.out
    assert f"Lost: {ASKED[0]!r}: asked/0.md" in seen.out
    assert "Published " in seen.out


def test_more_lost_answers_are_not_published_until_somebody_says_so(installation, capsys):
    before = installation.store.current_name()
    installation.lose(0, 1, 2)
    assert installation.build() == BLOCKED
    seen = capsys.readouterr()
    assert "Of 3 saved questions 3 lose their answer" in seen.out
    assert seen.out.rstrip().endswith("Not published.")
    assert "run `pmrole index build --publish-anyway`" in seen.err
    assert installation.store.current_name() == before
    waiting = installation.store.candidate()
    assert installation.build("--publish-anyway") == OK
    assert capsys.readouterr().out == f"Published {waiting}, which was built before.\n"
    assert installation.store.current_name() == waiting


def test_publish_anyway_builds_anew_where_articles_changed_since(installation, capsys):
    installation.lose(0, 1, 2)
    assert installation.build() == BLOCKED
    waiting = installation.store.candidate()
    write_articles(installation.knowledge, {"new.md": "# New\n\nA new article.\n"})
    assert installation.build("--publish-anyway") == OK
    assert installation.store.current_name() > waiting
    assert installation.store.candidate() is None
    assert "1 added" in capsys.readouterr().out


def test_a_state_that_is_there_learns_of_builds_and_none_is_made(installation):
    assert not (installation.root / "state.db").exists()
    state = State.open(installation.env["DATABASE_URL"])
    try:
        assert installation.build() == OK
        (row,) = state.reindexes.recent()
        assert (row.user, row.status) == ("the command line", "published")
        assert row.generation == installation.store.current_name()
        json.dumps(row.report)
    finally:
        state.close()


def test_a_state_that_cannot_be_used_is_named_and_the_build_goes_on(installation, capsys):
    (installation.root / "state.db").write_bytes(b"no database at all" * 100)
    assert installation.build() == OK
    seen = capsys.readouterr()
    assert "Published " in seen.out
    assert "going on without what people asked" in seen.err
