"""The state in one file and back: by the real commands, on real databases."""

import json
import os
import signal
import stat
import subprocess
import threading
import time
import zipfile

import pytest
from sqlalchemy import func, insert, select

from bot.operating.backup import BackupError, export_state, import_state
from bot.state.database import open_database
from bot.state.schema import metadata
from bot.state.store import State
from bot.state.threads import Place
from tests.bot.operating.states import INSTALLATIONS, PNG, TOKEN, contents, handed_back
from tests.commands import command_line, run


def test_every_table_has_something_to_lose(state):
    held = contents(state.engine, installations=True)
    empty = {name for name, rows in held.items() if not rows}
    assert empty == set()


def test_the_state_comes_back_as_it_was(state, exported, other):
    import_state(other, exported)
    assert contents(other) == handed_back(contents(state.engine))


def test_it_is_of_use_to_a_bot(exported, other, tmp_path):
    import_state(other, exported)
    state = State.open(f"sqlite:///{tmp_path}/other.db")
    (receipt,) = state.inbox.due()
    assert receipt.asked["message_ts"] == "1.2"
    upload = state.uploads.find("roles/new.md")
    assert upload
    assert upload.content == PNG
    assert state.uploads.live_paths() == ("roles/new.md",)
    assert state.channels.get("T1", "C1").topics == ("roles",)
    assert not state.inbox.seen(["Ev1"])
    state.close()


def test_from_sqlite_to_postgres_and_back(state, exported, other, empty_postgres, tmp_path):
    engine = open_database(empty_postgres)
    import_state(engine, exported)
    assert contents(engine) == handed_back(contents(state.engine))
    # The next rows get numbers of their own.
    there = State.open(empty_postgres)
    receipt = there.inbox.accept(["Ev2"], {"channel": "C1"})
    assert receipt
    assert receipt.id > 1
    there.audit.note("T1", "U1", "went on")
    there.threads.remember(Place("T1", "C1", "9.9"), "U2", "and a CPO", "A CPO leads.")
    there.close()
    file = tmp_path / "from-postgres.zip"
    export_state(engine, file)
    import_state(other, file)
    assert contents(other) == handed_back(contents(engine))
    engine.dispose()


def test_tokens_of_workspaces_are_left_out(exported):
    with zipfile.ZipFile(exported) as archive:
        text = b"".join(archive.read(name) for name in archive.namelist())
    assert TOKEN.encode() not in text
    assert b"slack_" not in text


def test_tokens_of_workspaces_come_along_where_that_is_asked_for(state, other, tmp_path):
    file = tmp_path / "all.zip"
    export_state(state.engine, file, installations=True)
    import_state(other, file)
    kept = contents(other, installations=True)
    assert kept == handed_back(contents(state.engine, installations=True))


def test_an_import_without_tokens_leaves_those_there_are(state, exported):
    before = contents(state.engine, installations=True)["slack_bots"]
    import_state(state.engine, exported, replace=True)
    assert contents(state.engine, installations=True)["slack_bots"] == before


def test_only_its_owner_can_read_the_file(exported):
    assert stat.S_IMODE(exported.stat().st_mode) == 0o600
    assert [one.name for one in exported.parent.glob("*.part")] == []


def test_a_file_that_is_there_is_not_overwritten(state, exported):
    before = exported.read_bytes()
    with pytest.raises(BackupError, match="is there already"):
        export_state(state.engine, exported)
    assert exported.read_bytes() == before


def test_a_place_that_cannot_be_written_to_is_named(state, tmp_path):
    with pytest.raises(BackupError, match=r"none/b\.zip cannot be written \(No such file"):
        export_state(state.engine, tmp_path / "none" / "b.zip")


def test_a_database_that_holds_something_is_not_overwritten(state, exported):
    before = contents(state.engine)
    with pytest.raises(BackupError, match=r"holds something already.*--replace"):
        import_state(state.engine, exported)
    assert contents(state.engine) == before


def test_with_replace_what_was_there_is_gone(state, exported):
    before = handed_back(contents(state.engine))
    state.audit.note("T1", "U9", "did something later")
    import_state(state.engine, exported, replace=True)
    assert contents(state.engine) == before


def test_questions_of_an_old_backup_are_not_answered(state, tmp_path, other):
    with state.transactions.writing() as connection:
        connection.exec_driver_sql("UPDATE inbox SET received_at = received_at - 7200")
    export_state(state.engine, tmp_path / "old.zip")
    import_state(other, tmp_path / "old.zip")
    assert contents(other)["inbox"] == []


def test_it_is_of_one_moment_while_a_bot_writes(state, tmp_path, other):
    """A bot adds a question and an act in one transaction: a file holds as many of both."""
    stop = threading.Event()
    ours = metadata.tables["audit"], metadata.tables["waiting"]

    def write():
        while not stop.is_set():
            with state.transactions.writing() as connection:
                row = {"done_at": 0.0, "team": "T", "user": "U", "act": "both", "detail": {}}
                connection.execute(insert(ours[0]), row)
                row = {"team": "both", "user": "U", "text": "q", "reference": "r", "asked_at": 0.0}
                connection.execute(insert(ours[1]), row)

    acts = 0
    writer = threading.Thread(target=write)
    writer.start()
    try:
        for turn in range(5):
            file = tmp_path / f"{turn}.zip"
            export_state(state.engine, file)
            import_state(other, file, replace=turn > 0)
            with other.connect() as connection:
                acts = connection.scalar(select(func.count()).where(ours[0].c.act == "both"))
                waiting = connection.scalar(select(func.count()).where(ours[1].c.team == "both"))
            assert acts == waiting
    finally:
        stop.set()
        writer.join()
    assert acts


# --- The commands


def test_the_commands_tell_what_they_did_and_the_next_step(state, tmp_path):
    env = {"DATABASE_URL": f"sqlite:///{tmp_path}/state.db"}
    done = run(["export", "one.zip"], env, tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("one.zip: ")
    again = run(["import", "one.zip"], env, tmp_path)
    assert again.returncode == 1
    assert again.stderr.startswith("pmrole: the database holds something already")
    new = run(["import", "one.zip"], {"DATABASE_URL": f"sqlite:///{tmp_path}/new.db"}, tmp_path)
    assert new.returncode == 0, new.stderr
    assert "Start the bot now: it writes 2 uploaded articles back" in new.stdout
    engine = open_database(f"sqlite:///{tmp_path}/new.db")
    assert contents(engine) == handed_back(contents(state.engine))
    engine.dispose()


def test_without_a_state_there_is_nothing_to_export_and_none_is_made(tmp_path):
    done = run(["export", "one.zip"], {"DATABASE_URL": f"sqlite:///{tmp_path}/no.db"}, tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith(f"pmrole: there is no state at {tmp_path}/no.db yet")
    assert list(tmp_path.iterdir()) == []


def test_kill_9_during_an_import_leaves_the_old_state(state, tmp_path):
    # Files that no cache holds, so that pages are on the disk before the end.
    for number in range(24):
        state.uploads.put(f"big/{number}.md", os.urandom(1_000_000), "U1")
    file = tmp_path / "big.zip"
    export_state(state.engine, file)
    state.audit.note("T1", "U1", "went on after the export")
    before = contents(state.engine)
    log = tmp_path / "state.db-wal"
    state.close()
    env = {"DATABASE_URL": f"sqlite:///{tmp_path}/state.db"}
    process = subprocess.Popen(command_line(["import", str(file), "--replace"], env), cwd=tmp_path)
    end = time.monotonic() + 60
    while not log.exists() or log.stat().st_size < 5_000_000:
        assert process.poll() is None, "it ended before it was killed"
        assert time.monotonic() < end
        time.sleep(0.001)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    engine = open_database(f"sqlite:///{tmp_path}/state.db")
    assert contents(engine) == before
    # And the next import goes through.
    import_state(engine, file, replace=True)
    assert len(contents(engine)["uploads"]) == 26
    engine.dispose()


def test_installations_are_the_only_tables_left_out(exported):
    with zipfile.ZipFile(exported) as archive:
        held = set(json.loads(archive.read("manifest.json"))["tables"])
    assert set(metadata.tables) - held == INSTALLATIONS
