"""`pmrole gaps` and `pmrole stats`, as processes of their own."""

import csv
import io
import time

import pytest

from bot.state.questions import Outcome, QuestionRecord
from bot.state.store import State
from tests.commands import run
from tests.library import ENCODERS, INDEX, KNOWLEDGE

ASKED = "which visas do product managers get in Portugal?"


@pytest.fixture(scope="module")
def folder(tmp_path_factory, library):  # noqa: ARG001 - the library's index must be there
    """Give a folder with a state in which three questions were asked."""
    folder = tmp_path_factory.mktemp("asked")
    state = State.open(f"sqlite:///{folder}/state.db", policy="full")
    asked: list[tuple[Outcome, str]] = [("no_answer", ASKED), ("no_answer", ASKED)]
    asked.append(("answer", "what does a PM do?"))
    for number, (outcome, text) in enumerate(asked):
        state.questions.record(
            QuestionRecord(
                f"r{number}", time.time(), "mention", outcome, text, ("product manager",),
                confidence=0.9, milliseconds=20.0, articles=("roles/product-manager.md",),
            )
        )  # fmt: skip
    state.close()
    return folder


def pmrole(folder, *argv, **env):
    settings = {
        "DATABASE_URL": f"sqlite:///{folder}/state.db",
        "INDEX_DIR": str(INDEX),
        "ENCODER_DIR": str(ENCODERS),
        "KNOWLEDGE_DIR": str(KNOWLEDGE),
        "HF_HUB_OFFLINE": "1",
        **env,
    }
    return run(list(argv), settings, folder)


def test_gaps_are_printed_with_their_counts_and_the_nearest_articles(folder):
    done = pmrole(folder, "gaps")
    assert done.returncode == 0
    first, why, nearest, *rest = done.stdout.splitlines()
    assert first.split(maxsplit=1) == ["2", ASKED]
    assert why.endswith(": 2 no_answer")
    assert ".md" in nearest
    assert rest == []


def test_figures_are_printed_by_week(folder):
    done = pmrole(folder, "stats", "--weeks", "2")
    assert done.returncode == 0
    _, week, before, unused, *articles = done.stdout.splitlines()
    assert week.split()[1:3] == ["3", "33%"]
    assert week.endswith("product manager 3")
    assert before.split()[1:3] == ["0", "-"]
    assert unused.endswith("were quoted to nobody:")
    assert "  roles/product-manager.md" not in articles


def test_the_table_is_written_into_a_file_without_what_was_asked(folder):
    done = pmrole(folder, "stats", "--csv", "figures.csv")
    assert (done.returncode, done.stdout) == (0, "")
    written = (folder / "figures.csv").read_text("utf-8")
    assert "Portugal" not in written
    assert [row["questions"] for row in csv.DictReader(io.StringIO(written))] == ["0"] * 3 + ["3"]
    assert pmrole(folder, "stats", "--csv", "-").stdout == written


def test_a_table_that_cannot_be_written_is_told_in_one_line(folder):
    done = pmrole(folder, "stats", "--csv", "no/such/folder.csv")
    assert done.returncode == 1
    assert "no/such/folder.csv" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["gaps", "stats"])
def test_where_nothing_was_asked_that_is_said_and_no_state_is_made(tmp_path, command):
    done = pmrole(tmp_path, command)
    assert (done.returncode, done.stdout) == (0, "nothing was asked in Slack yet\n")
    assert not (tmp_path / "state.db").exists()


@pytest.mark.parametrize("argv", [("gaps", "--days", "0"), ("stats", "--weeks", "many")])
def test_a_number_that_is_none_is_refused(tmp_path, argv):
    done = pmrole(tmp_path, *argv)
    assert done.returncode == 2
    assert "a whole number from 1 to 1000 is wanted" in done.stderr


def test_with_no_texts_kept_gaps_say_what_they_need(tmp_path):
    state = State.open(f"sqlite:///{tmp_path}/state.db", policy="off")
    state.questions.record(QuestionRecord("r", time.time(), "mention", "no_answer", ASKED))
    state.close()
    done = pmrole(tmp_path, "gaps", QUESTION_LOG="off")
    assert done.returncode == 1
    assert "QUESTION_LOG=off" in done.stderr
