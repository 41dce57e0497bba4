"""A state moved from a SQLite file to Postgres: all of it, or nothing."""

import hashlib
import os
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, insert

from bot.operating.moving import MoveError, move_state
from bot.state.database import StateError, open_database
from bot.state.schema import audit, inbox, metadata, uploads
from bot.state.store import State
from index.generation_store import GenerationStore
from index.postgres.generations import PostgresGenerations
from tests.bot.operating.states import TOKEN, contents, fill
from tests.builds import ARTICLES, build, write_articles
from tests.commands import ROOT, command_line, run


@pytest.fixture
def file(tmp_path):
    """Give the state of a bot that ended, with something in every table."""
    place = tmp_path / "state.db"
    state = State.open(f"sqlite:///{place}")
    fill(state)
    state.close()
    return place


@pytest.fixture
def url(postgres):
    with postgres.database(tables=False) as address:
        yield address


@pytest.fixture
def target(url):
    engine = open_database(url)
    yield engine
    engine.dispose()


def held(place):
    """Return all rows of a SQLite state."""
    engine = create_engine(f"sqlite:///{place}")
    try:
        return contents(engine, installations=True)
    finally:
        engine.dispose()


def look(place):
    """Return what the file system tells of a file."""
    status = place.stat()
    return hashlib.sha256(place.read_bytes()).hexdigest(), status.st_mtime_ns, status.st_mode


def test_every_table_comes_along_as_it_is(file, target):
    before = held(file)
    moved = move_state(file, target)
    assert contents(target, installations=True) == before
    assert {one.table: one.rows for one in moved} == {
        name: len(rows) for name, rows in before.items()
    }
    assert {len(one.checksum) for one in moved} == {64}


def test_the_file_is_left_as_it_is(file, target):
    before, beside = look(file), set(file.parent.iterdir())
    move_state(file, target)
    assert look(file) == before
    assert set(file.parent.iterdir()) == beside


def test_a_question_that_waits_is_taken_up_and_its_number_is_given_to_no_other(file, url, target):
    move_state(file, target)
    state = State.open(url)
    with state.transactions.writing() as connection:
        connection.execute(inbox.update().values(due_at=0.0))  # the lease of the bot that ended
    (receipt,) = state.inbox.due()
    assert receipt.asked["message_ts"] == "1.2"
    later = state.inbox.accept(["Ev2"], {"channel": "C1"})
    assert later
    assert later.id > receipt.id
    assert not state.inbox.seen(["Ev1"])
    state.close()


def test_numbers_go_on_after_those_that_were_ever_given(tmp_path, url, target):
    file = tmp_path / "state.db"
    state = State.open(f"sqlite:///{file}")
    receipts = [state.inbox.accept([f"Ev{number}"], {}) for number in range(7)]
    for receipt in receipts:
        assert receipt
        state.inbox.finish(receipt)
    last = max(receipt.id for receipt in receipts if receipt)
    reindexes = [state.reindexes.begin("U1") for _ in range(3)]
    state.close()
    move_state(file, target)
    there = State.open(url)
    assert contents(target)["inbox"] == []
    next_one = there.inbox.accept(["Ev9"], {})
    assert next_one
    assert next_one.id == last + 1
    assert there.reindexes.begin("U1") == reindexes[-1] + 1
    there.close()


def test_a_bot_that_runs_on_the_file_is_noticed_though_it_does_nothing(file, target):
    """A process that has the state open holds no row: there is nothing to see but its lock."""
    idle = (
        "import sys; from bot.state.store import State\n"
        "state = State.open(sys.argv[1]); state.check(); print('open', flush=True)\n"
        "sys.stdin.read()"
    )
    bot = subprocess.Popen(
        [sys.executable, "-c", idle, f"sqlite:///{file}"],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert bot.stdout is not None
    assert bot.stdout.readline() == "open\n"
    with pytest.raises(StateError, match="is in use: stop the bot"):
        move_state(file, target)
    bot.communicate()
    assert not any(contents(target, installations=True).values())
    move_state(file, target)


def test_a_bot_that_is_started_meanwhile_is_refused(file, target, monkeypatch):
    def in_the_middle(*_):
        with pytest.raises(StateError, match="is locked by another program"):
            State.open(f"sqlite:///{file}").check()

    monkeypatch.setattr("bot.operating.moving._refuse_unless_empty", in_the_middle)
    move_state(file, target)


def test_a_database_that_holds_something_is_refused_and_stays(file, url, target):
    there = State.open(url)
    there.audit.note("T1", "U1", "went on here")
    there.close()
    before = contents(target, installations=True)
    with pytest.raises(MoveError, match=r"holds a state already \(in audit\): name an empty one"):
        move_state(file, target)
    assert contents(target, installations=True) == before


def test_two_moves_at_once_are_one(file, tmp_path, url, target):
    second = tmp_path / "second.db"
    second.write_bytes(file.read_bytes())
    other = open_database(url)
    outcomes: list[int | str] = []

    def move(place, engine):
        try:
            outcomes.append(len(move_state(place, engine)))
        except MoveError as error:
            outcomes.append(str(error)[:37])

    threads = [threading.Thread(target=move, args=one) for one in ((file, target), (second, other))]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    other.dispose()
    refused = "the Postgres database holds a state a"
    assert sorted(outcomes, key=str) == [len(metadata.tables), refused]
    assert contents(target, installations=True) == held(file)


def test_kill_9_in_the_middle_leaves_nothing_and_the_next_goes_through(file, url, target):
    state = State.open(f"sqlite:///{file}")
    for number in range(12):
        state.uploads.put(f"big/{number}.md", os.urandom(2_000_000), "U1")
    state.close()
    command = ["migrate-to-postgres", url]
    process = subprocess.Popen(
        command_line(command, {"DATABASE_URL": f"sqlite:///{file}"}), cwd=file.parent
    )
    end = time.monotonic() + 60
    with psycopg.connect(url, autocommit=True) as watching:
        while True:
            # Rows that are not committed have a size already.
            size = watching.execute("SELECT pg_total_relation_size('uploads')").fetchone()
            if size and size[0] > 6_000_000:
                break
            assert process.poll() is None, "it ended before it was killed"
            assert time.monotonic() < end
            time.sleep(0.001)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert not any(contents(target, installations=True).values())
    move_state(file, target)
    assert contents(target, installations=True) == held(file)


def test_a_row_that_arrives_as_another_undoes_all(file, url, target):
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "CREATE FUNCTION pg_temp_other() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN NEW.act := 'another'; RETURN NEW; END $$"
        )
        connection.execute(
            "CREATE TRIGGER other BEFORE INSERT ON audit FOR EACH ROW "
            "EXECUTE FUNCTION pg_temp_other()"
        )
    with pytest.raises(MoveError, match="audit has 1 rows with the checksum"):
        move_state(file, target)
    assert not any(contents(target, installations=True).values())


def test_a_file_of_an_older_form_is_left_for_the_present_program(tmp_path, target):
    place = tmp_path / "old.db"
    state = State.open(f"sqlite:///{place}")
    with state.transactions.writing() as connection:
        connection.exec_driver_sql("UPDATE pmrole_revision SET version_num = '0001'")
    state.close()
    with pytest.raises(StateError, match=r"has the form '0001' and not .* run `pmrole export"):
        move_state(place, target)


def test_what_is_no_state_is_told(tmp_path, target):
    with pytest.raises(StateError, match=r"there is no state database .*none\.db"):
        move_state(tmp_path / "none.db", target)
    (tmp_path / "empty.db").touch()
    with pytest.raises(StateError, match="holds no state of PM Role"):
        move_state(tmp_path / "empty.db", target)
    (tmp_path / "other.db").write_bytes(b"no database at all" * 100)
    with pytest.raises(StateError, match="is damaged or not a database"):
        move_state(tmp_path / "other.db", target)


TEXTS = st.text(max_size=30)
JSONS = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(
    acts=st.lists(st.tuples(TEXTS, JSONS, st.floats(0, 1e12)), max_size=5),
    files=st.dictionaries(TEXTS, st.binary(max_size=200), max_size=4),
)
def test_whatever_a_state_holds_comes_along(acts, files, postgres, tmp_path_factory):
    place = tmp_path_factory.mktemp("moved") / "state.db"
    state = State.open(f"sqlite:///{place}")
    with state.transactions.writing() as connection:
        for text, detail, at in acts:
            row = {"team": text, "user": text, "act": text, "detail": detail, "done_at": at}
            connection.execute(insert(audit), row)
        for path, content in files.items():
            row = dict.fromkeys(("sha256", "added_by"), "") | {"path": path, "content": content}
            wanted = insert(uploads).prefix_with("OR IGNORE")
            connection.execute(wanted, row | {"added_at": 0.5, "removed_at": None})
    state.close()
    before = held(place)
    with postgres.database(tables=True) as url:
        engine = open_database(url)
        move_state(place, engine)
        after = contents(engine, installations=True)
        engine.dispose()
    assert {name: sorted(map(repr, rows)) for name, rows in after.items()} == {
        name: sorted(map(repr, rows)) for name, rows in before.items()
    }


# --- The command


def test_the_command_tells_what_it_moved_and_what_to_set(file, url, target):
    done = run(["migrate-to-postgres", url], {"DATABASE_URL": f"sqlite:///{file}"}, file.parent)
    assert done.returncode == 0, done.stderr
    assert "uploads                      2 rows  " in done.stdout
    assert f"{file} is as it was. Next:" in done.stdout
    assert "In .env set DATABASE_URL to that address" in done.stdout
    assert contents(target, installations=True) == held(file)
    again = run(["migrate-to-postgres", url], {"DATABASE_URL": f"sqlite:///{file}"}, file.parent)
    assert again.returncode == 1
    assert again.stderr.startswith("pmrole: the Postgres database holds a state already")


def test_where_database_url_is_postgres_already_the_file_is_named(file, url, target):
    done = run(["migrate-to-postgres", "--from", str(file)], {"DATABASE_URL": url}, file.parent)
    assert done.returncode == 0, done.stderr
    assert contents(target, installations=True) == held(file)


def test_the_index_comes_along_as_it_is_where_that_is_asked_for(file, url, tmp_path):
    write_articles(tmp_path / "knowledge", ARTICLES)
    build(tmp_path / "knowledge", tmp_path / "index")
    here = GenerationStore(tmp_path / "index")
    here.keep_calibration("{}")
    env = {"DATABASE_URL": f"sqlite:///{file}", "INDEX_DIR": str(tmp_path / "index")}
    done = run(["migrate-to-postgres", url, "--with-index"], env, tmp_path)
    assert done.returncode == 0, done.stderr
    assert f"The index {here.current_name()} is there too" in done.stdout
    there = PostgresGenerations(url, tmp_path / "scratch")
    assert there.current_name() == here.current_name()
    assert there.manifest_of(there.current_name()) == here.manifest_of(here.current_name())
    assert there.calibration() == "{}"
    moved, kept = there.open(), here.open()
    assert list(moved.passages.all()) == list(kept.passages.all())
    rows = np.arange(len(kept.chunk_vectors))
    assert np.array_equal(moved.chunk_vectors.vectors(rows), kept.chunk_vectors.vectors(rows))
    kept.passages.close()
    there.close()


def test_without_an_index_to_bring_nothing_is_moved(file, url, target, tmp_path):
    env = {"DATABASE_URL": f"sqlite:///{file}", "INDEX_DIR": str(tmp_path / "none")}
    done = run(["migrate-to-postgres", url, "--with-index"], env, tmp_path)
    assert done.returncode == 1
    assert "no index in" in done.stderr
    assert not any(contents(target, installations=True).values())


@pytest.mark.parametrize("address", [(), ("sqlite:///other.db",)])
def test_without_a_postgres_database_nothing_is_done(file, address):
    env = {"DATABASE_URL": f"sqlite:///{file}"}
    done = run(["migrate-to-postgres", *address], env, file.parent)
    assert done.returncode == 1
    assert "wanted is the address of an empty Postgres database" in done.stderr


def test_no_secret_is_shown(file, tmp_path):
    secret = "pass-of-the-database"
    address = f"postgresql://pmrole:{secret}@127.0.0.1:1/none"
    env = {"DATABASE_URL": f"sqlite:///{file}", "LOG_LEVEL": "DEBUG"}
    done = run(["migrate-to-postgres", address], env, tmp_path)
    assert done.returncode == 1
    assert "127.0.0.1:1/none" in done.stderr
    assert secret not in done.stderr + done.stdout
    assert TOKEN not in done.stderr + done.stdout
