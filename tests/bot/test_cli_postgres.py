"""The command line over an index in Postgres: as over a folder, for every machine at once."""

import json
import threading

import pytest

from bot.answering.confidence import Calibration
from bot.cli import BLOCKED, FAILED, OK, main
from bot.cli.playing import _settings_in
from bot.index_store import index_store
from bot.reindexing.taking_turns import turns_of
from bot.settings import Settings
from index.generation_store import GenerationStore
from playground.local_slack import LocalSlack
from tests.builds import ARTICLES, write_articles
from tests.commands import run

QUESTION = "What does a roadmap tell a team?"
ASKED = "When is the retrospective?"


class Machine:
    """A machine with a disk of its own, and the settings of its replica."""

    def __init__(self, root, name, store, url, tiny_models):
        self.folder = root / name
        self.knowledge = root / "knowledge"
        self.env = {
            "KNOWLEDGE_DIR": str(self.knowledge),
            "INDEX_DIR": str(self.folder / "index"),
            "INDEX_STORE": store,
            "ENCODER_DIR": str(tiny_models.encoders),
            "EMBEDDING_MODEL": str(tiny_models.folder("bert")),
            "DATABASE_URL": url,
            "REINDEX_MAX_LOST": "0",
        }
        self.settings = Settings.from_env(self.env)

    def run(self, *argv):
        return main([str(one) for one in argv], self.env)

    def store(self):
        return index_store(self.settings)


@pytest.fixture(params=["postgres", "postgres+faiss"])
def machines(request, empty_postgres, tmp_path, tiny_models):
    """Two machines of one index; the first one built it."""
    tiny_models.compiled("bert")
    write_articles(tmp_path / "knowledge", ARTICLES)
    made = [
        Machine(tmp_path, name, request.param, empty_postgres, tiny_models) for name in ("a", "b")
    ]
    assert made[0].run("index", "build") == OK
    return made


def current(machine):
    store = machine.store()
    name = store.current_name()
    store.close()
    return name


def lose_an_answer(a):
    """Publish an index with a question that only one article answers, and take the article away."""
    store = a.store()
    # The tiny model knows nothing, so everything counts as answered.
    store.keep_calibration(Calibration(answer_at=0.0, closest_at=0.0).as_json())
    store.close()
    head = f'---\nquestions: ["{ASKED}"]\n---\n# {ASKED}\n\n'
    said = "When is the retrospective is told here, and nowhere else in the library.\n"
    write_articles(a.knowledge, {"asked.md": head + said})
    assert a.run("index", "build") == OK
    (a.knowledge / "asked.md").unlink()


def test_what_one_machine_built_another_answers_from(machines, capsys):
    a, b = machines
    assert a.run("index", "build") == OK
    built = capsys.readouterr().out
    assert built.startswith("Indexed 3 articles (0 added, 0 changed, 0 removed): 4 passages, ")
    assert "; 0 texts embedded in " in built
    assert built.rstrip().endswith(f"Published {current(a)}.")
    assert b.run("ask", QUESTION, "--json") == OK
    answered = json.loads(capsys.readouterr().out)
    assert a.run("ask", QUESTION, "--json") == OK
    same = json.loads(capsys.readouterr().out)
    for one in (answered, same):
        del one["milliseconds"]
    assert answered == same


def test_if_changed_builds_only_if_an_article_changed(machines, capsys):
    a, _ = machines
    capsys.readouterr()
    before = current(a)
    assert a.run("index", "build", "--if-changed") == OK
    assert capsys.readouterr().out == ""
    write_articles(a.knowledge, {"zebra.md": "# Zebra\n\nZebras have stripes.\n"})
    assert a.run("index", "build", "--if-changed") == OK
    assert "(1 added, 0 changed, 0 removed)" in capsys.readouterr().out
    assert current(a) > before


def test_status_list_and_verify_tell_of_the_index_in_postgres(machines, capsys):
    _, b = machines
    name = current(b)
    capsys.readouterr()
    assert b.run("index", "status") == OK
    status = capsys.readouterr().out
    assert "kept in: Postgres at " in status
    assert f"name: {name}" in status
    assert "up to date: yes" in status
    assert "reindexing" not in status
    assert b.run("index", "list") == OK
    assert capsys.readouterr().out == f"* {name}  3 articles, 4 passages\n"
    assert b.run("index", "verify") == OK
    assert capsys.readouterr().out.startswith(f"{name} is good: ")


def test_status_tells_who_reindexes_and_how_far_that_is(machines, capsys):
    a, b = machines
    turns = turns_of(a.settings)
    with turns.take("U1") as turn:
        turn.tell("embedding", 30, 120)
        assert b.run("index", "status") == OK
    turns.close()
    line = next(one for one in capsys.readouterr().out.splitlines() if "reindexing: " in one)
    assert "begun by U1 on " in line
    assert line.endswith(": embedding, 25 %")


def test_a_rollback_on_one_machine_is_one_on_all(machines, capsys):
    a, b = machines
    first = current(a)
    assert a.run("index", "build") == OK
    second = current(a)
    capsys.readouterr()
    assert b.run("index", "rollback") == OK
    assert capsys.readouterr().out == f"{first} is published\n"
    assert current(a) == first
    assert b.run("index", "rollback", second) == OK
    assert current(a) == second
    assert b.run("index", "rollback", "nowhere") == FAILED
    assert "no generation 'nowhere' in Postgres at " in capsys.readouterr().err


def test_a_lost_answer_waits_on_every_machine_and_any_may_publish(machines, capsys):
    a, b = machines
    lose_an_answer(a)
    before = current(a)
    assert a.run("index", "build") == BLOCKED
    assert "1 lose their answer" in capsys.readouterr().out
    assert current(b) == before
    assert b.run("index", "build", "--publish-anyway") == OK
    assert "which was built before" in capsys.readouterr().out
    assert current(a) > before


def test_eval_calibrate_explain_and_batches_work(machines, capsys, tmp_path):
    _, b = machines
    cases = [
        {"id": number, "question": f"{QUESTION} {number}", "answerable": number % 2 == 0}
        for number in range(60)
    ]
    file = tmp_path / "cases.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in cases))
    capsys.readouterr()
    assert b.run("eval", file, "--json") == OK
    assert json.loads(capsys.readouterr().out)
    assert b.run("ask", "--batch", file) == OK
    assert len(capsys.readouterr().out.splitlines()) == 60
    assert b.run("calibrate", file) == OK
    assert "stored in Postgres at " in capsys.readouterr().out
    assert b.run("index", "explain", QUESTION) == OK
    assert "roadmap.md" in capsys.readouterr().out
    assert b.run("index", "explain") == OK
    assert b.run("knowledge", "check") in {OK, FAILED}
    assert "questions: " in capsys.readouterr().out
    assert b.run("stats") == OK


def test_the_doctor_checks_the_index_in_postgres(machines, capsys):
    _, b = machines
    b.run("doctor")
    lines = capsys.readouterr().out.splitlines()
    assert any(one.startswith("ok   index: ") and one.endswith("all good") for one in lines)
    assert any(one.startswith("ok   answer: ") for one in lines)


def test_the_playground_takes_a_copy_and_leaves_postgres_alone(machines, tmp_path):
    a, b = machines
    lose_an_answer(a)
    with LocalSlack() as slack:
        settings = _settings_in(tmp_path / "play", slack, b.settings)
    assert settings.index_store == "folder"
    copy = GenerationStore(settings.index_dir)
    assert copy.current_name() == current(b)
    assert copy.open().calibration() is not None


def test_a_folder_cannot_be_named_for_an_index_in_postgres(machines, capsys):
    a, _ = machines
    assert a.run("index", "build", "--index", "elsewhere") == FAILED
    said = capsys.readouterr().err
    assert "keeps the index in DATABASE_URL: leave --index out, or set INDEX_STORE=folder" in said


def test_two_builds_at_once_are_one_and_a_refusal_or_two(machines, capsys):
    a, b = machines
    ends = []
    threads = [
        threading.Thread(target=lambda one=one: ends.append(one.run("index", "build")))
        for one in (a, b)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert OK in ends
    assert set(ends) <= {OK, FAILED}
    if FAILED in ends:
        assert "another reindex of Postgres at " in capsys.readouterr().err


def test_without_an_index_or_a_server_the_next_step_is_named(empty_postgres, tmp_path, tiny_models):
    machine = Machine(tmp_path, "a", "postgres", empty_postgres, tiny_models)
    tmp_path.joinpath("a").mkdir()
    asked = run(["ask", QUESTION], machine.env, tmp_path)
    assert asked.returncode == FAILED
    assert asked.stderr.startswith("pmrole: no index in Postgres at ")
    assert "run `pmrole index build`" in asked.stderr
    away = {**machine.env, "DATABASE_URL": "postgresql://pmrole:pass-word@/none?host=/nowhere"}
    asked = run(["ask", QUESTION], away, tmp_path)
    assert asked.returncode == FAILED
    assert "check that it runs, that DATABASE_URL is right" in asked.stderr
    assert "pass-word" not in asked.stderr
    assert "Traceback" not in asked.stderr


def test_a_command_over_a_folder_never_loads_psycopg(tmp_path, tiny_models):
    write_articles(tmp_path / "knowledge", ARTICLES)
    env = {
        "ENCODER_DIR": str(tiny_models.encoders),
        "EMBEDDING_MODEL": str(tiny_models.folder("bert")),
        "PYTHONPROFILEIMPORTTIME": "1",
    }
    built = run(["index", "build"], env, tmp_path)
    assert built.returncode == OK, built.stderr
    asked = run(["ask", QUESTION], env, tmp_path)
    assert asked.returncode == OK
    for one in (built, asked):
        assert "bot.index_store" in one.stderr  # the imports are listed
        assert "psycopg" not in one.stderr
        assert "index.postgres" not in one.stderr
