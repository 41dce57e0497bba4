"""Two machines with a folder each and one database: both folders hold what admins did on either."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.state.store import State
from bot.uploads.catching_up import Restored
from bot.uploads.naming import checked_name
from bot.uploads.refusing import RefusedError
from bot.uploads.storing import Shelf
from index.build import BuildOptions, knowledge_stamp
from tests.commands import ROOT
from tests.full_disks import small_disk

OLD = b"# Ladder\n\nA ladder has rungs.\n"
NEW = b"# Product guilds\n\nA product guild meets often.\n"
GUILDS = checked_name("Guilds.md")
NOTHING = Restored()
PROGRAM = 1_790_000_000  # when the articles that came with the program were written


class Clock:
    """The time of one machine."""

    def __init__(self) -> None:
        self.now = float(PROGRAM + 1000)

    def __call__(self) -> float:
        self.now += 1.0
        return self.now


class Machine:
    """A folder that came with the program, and what changes it."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.clock = folder, Clock()
        (folder / "roles").mkdir(parents=True)
        self.write("roles/ladder.md", OLD, PROGRAM)
        self.state = State.open(url, clock=self.clock)
        self.shelf = Shelf(folder, self.state.uploads)

    def write(self, path: str, content: bytes, at: float) -> None:
        """Write a file by hand."""
        (self.folder / path).write_bytes(content)
        os.utime(self.folder / path, (at, at))

    @property
    def stamp(self) -> str:
        """What a build would compare."""
        return knowledge_stamp(self.folder, BuildOptions())

    @property
    def files(self) -> dict[str, bytes]:
        """Every file there is, hidden ones too."""
        files = [one for one in self.folder.rglob("*") if one.is_file()]
        return {one.relative_to(self.folder).as_posix(): one.read_bytes() for one in files}


@pytest.fixture
def url(postgres):
    with postgres.database(tables=True) as address:
        yield address


@pytest.fixture
def machines(tmp_path, url):
    made = [Machine(tmp_path / name, url) for name in ("here", "there")]
    yield made
    for one in made:
        one.state.close()


def test_what_is_brought_here_is_there_with_the_same_stamp(machines):
    here, there = machines
    path = here.shelf.add("roles", GUILDS, NEW, "U1")
    assert there.shelf.catch_up() == Restored(written=(path,))
    assert there.files == here.files == {"roles/ladder.md": OLD, path: NEW}
    assert there.stamp == here.stamp
    assert here.shelf.catch_up() == there.shelf.catch_up() == NOTHING


def test_what_is_taken_away_there_goes_here_and_comes_back(machines):
    here, there = machines
    path = here.shelf.add("roles", GUILDS, NEW, "U1")
    there.shelf.forget(path, "U2")  # it catches up first
    there.shelf.forget("roles/ladder.md", "U2")
    assert here.shelf.catch_up() == Restored(removed=(path, "roles/ladder.md"))
    assert here.files == there.files == {}
    here.shelf.bring_back("roles/ladder.md")
    assert there.shelf.catch_up() == Restored(written=("roles/ladder.md",))
    assert there.files == here.files == {"roles/ladder.md": OLD}
    assert there.stamp == here.stamp


def test_what_was_taken_away_and_back_while_a_machine_was_off_has_the_same_stamp(machines):
    here, there = machines
    here.shelf.forget("roles/ladder.md", "U1")
    here.shelf.bring_back("roles/ladder.md")
    assert there.stamp != here.stamp
    assert there.shelf.catch_up() == NOTHING
    assert there.stamp == here.stamp


def test_an_older_version_is_replaced(machines):
    here, there = machines
    path = here.shelf.add("roles", GUILDS, NEW, "U1")
    there.shelf.replace(path, GUILDS, NEW + b"More.", "U2")
    assert here.shelf.catch_up() == Restored(written=(path,))
    assert here.files == there.files
    assert here.files[path] == NEW + b"More."


def test_a_version_that_a_clock_ahead_wrote_is_replaced_too(machines):
    here, there = machines
    here.clock.now += 5
    path = here.shelf.add("roles", GUILDS, NEW, "U1")
    there.shelf.replace(path, GUILDS, NEW + b"More.", "U2")
    assert here.shelf.catch_up() == Restored(written=(path,))
    assert here.files == there.files
    assert here.stamp == there.stamp


def test_an_older_version_of_what_was_taken_away_goes(machines):
    here, there = machines
    path = here.shelf.add("", GUILDS, NEW, "U1")
    there.shelf.catch_up()
    here.shelf.replace(path, GUILDS, NEW + b"More.", "U1")
    here.shelf.forget(path, "U1")
    assert there.shelf.catch_up() == Restored(removed=(path,))


def test_a_newer_file_of_the_operator_stays(machines):
    here, there = machines
    path = here.shelf.add("", GUILDS, NEW, "U1")
    here.shelf.forget("roles/ladder.md", "U1")
    there.write(path, b"Mended by hand.", here.clock() + 1)
    there.write("roles/ladder.md", b"Written anew by hand.", here.clock() + 1)
    assert there.shelf.catch_up() == NOTHING
    assert there.files == {path: b"Mended by hand.", "roles/ladder.md": b"Written anew by hand."}


def test_an_article_that_the_program_brings_again_is_taken_away_however_new(machines):
    here, there = machines
    here.shelf.forget("roles/ladder.md", "U1")
    there.write("roles/ladder.md", OLD, here.clock() + 1)
    assert there.shelf.catch_up() == Restored(removed=("roles/ladder.md",))


def test_one_name_brought_on_both_at_once_is_two_articles(machines):
    start, paths = threading.Barrier(2), []

    def add(number: int) -> None:
        start.wait()
        content = NEW + b"%d" % number
        paths.append((machines[number].shelf.add("roles", GUILDS, content, "U1"), content))

    threads = [threading.Thread(target=add, args=(number,)) for number in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert {path for path, _ in paths} == {"roles/guilds.md", "roles/guilds-2.md"}
    for one in machines:
        one.shelf.catch_up()
        assert one.files == {"roles/ladder.md": OLD, **dict(paths)}
    assert machines[0].stamp == machines[1].stamp


def test_the_same_file_is_no_second_article_wherever_it_is_dropped(machines):
    here, there = machines
    path = here.shelf.add("roles", GUILDS, NEW, "U1")
    with pytest.raises(RefusedError, match=f"is an article already: {path}"):
        there.shelf.add("", checked_name("Other.md"), NEW, "U2")


DIES = """
import os, signal, sys
from pathlib import Path
from bot.state.store import State
from bot.uploads import storing
from bot.uploads.naming import checked_name

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

folder, url, when = sys.argv[1:]
if when == "noted":
    storing.write_article = die
elif when == "half written":
    Path.replace = die
else:
    Path.unlink = die
shelf = storing.Shelf(Path(folder), State.open(url).uploads)
if when == "taken away":
    shelf.forget("roles/ladder.md", "U1")
else:
    shelf.add("roles", checked_name("Guilds.md"), b"A guild meets.", "U1")
"""


@pytest.mark.parametrize("when", ["noted", "half written", "taken away"])
def test_what_a_machine_that_dies_had_noted_reaches_the_others_and_itself(machines, url, when):
    here, there = machines
    died = subprocess.run(
        [sys.executable, "-c", DIES, str(here.folder), url, when], cwd=ROOT, check=False
    )
    assert died.returncode == -signal.SIGKILL
    assert "roles/guilds.md" not in here.files
    wanted = {"roles/ladder.md": OLD, "roles/guilds.md": b"A guild meets."}
    if when == "taken away":
        wanted = {}
    there.shelf.catch_up()
    assert there.files == wanted
    here.shelf.restore()
    assert here.files == wanted
    assert here.stamp == there.stamp


def test_where_an_article_cannot_be_written_nobody_may_index_without_it(machines, url, tmp_path):
    here, _ = machines
    path = here.shelf.add("roles", GUILDS, NEW + bytes(200_000), "U1")
    with small_disk(tmp_path / "disk") as disk:
        there = Machine(disk.folder / "knowledge", url)
        disk.fill(os.getpid())
        with pytest.raises(RefusedError, match="No space left on device"):
            there.shelf.catch_up()
        assert there.files == {"roles/ladder.md": OLD}
        disk.free(os.getpid())
        assert there.shelf.catch_up() == Restored(written=(path,))
        assert there.files == here.files
        there.state.close()


def test_what_could_not_be_written_where_it_was_brought_goes_elsewhere(machines, monkeypatch):
    here, there = machines

    def full(*_: object) -> None:
        there.shelf.catch_up()  # in the moment in which it is noted, and not refused yet
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("bot.uploads.storing.write_article", full)
    with pytest.raises(RefusedError, match="No space left"):
        here.shelf.add("", GUILDS, NEW, "U1")
    monkeypatch.undo()
    there.shelf.catch_up()
    assert here.files == there.files == {"roles/ladder.md": OLD}


def test_processes_of_one_machine_change_a_folder_by_turns(machines, url):
    here, _ = machines
    path = here.shelf.add("", GUILDS, NEW, "U1")
    (here.folder / path).unlink()
    holds = (
        "import sys, pathlib; from bot.uploads.folder import alone_in\n"
        "with alone_in(pathlib.Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", holds, str(here.folder)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    other = State.open(url)
    done: list[Restored] = []
    waits = threading.Thread(
        target=lambda: done.append(Shelf(here.folder, other.uploads).catch_up())
    )
    waits.start()
    time.sleep(0.3)
    assert done == []
    child.communicate()
    waits.join(30)
    other.close()
    assert done == [Restored(written=(path,))]


def test_a_folder_that_is_not_there_yet_is_made(machines):
    here, there = machines
    here.shelf.add("", GUILDS, NEW, "U1")
    shutil.rmtree(there.folder)
    there.shelf.catch_up()
    assert there.files == {"guilds.md": NEW}


def test_where_the_state_is_a_file_nothing_is_looked_up(tmp_path):
    state = State.open(f"sqlite:///{tmp_path}/state.db")
    folder = tmp_path / "knowledge"
    folder.mkdir()
    shelf = Shelf(folder, state.uploads)
    path = shelf.add("", GUILDS, NEW, "U1")
    (folder / path).unlink()
    state.close()
    (tmp_path / "state.db").write_bytes(b"whoever reads this fails")
    assert shelf.catch_up() == NOTHING
    assert not (folder / path).exists()


DEEDS = st.tuples(
    st.integers(0, 1),
    st.sampled_from(["add", "replace", "forget", "bring back", "catch up", "lose"]),
    st.integers(0, 2),
)


@settings(max_examples=30, suppress_health_check=list(HealthCheck))
@given(deeds=st.lists(DEEDS, max_size=10))
def test_whatever_is_done_on_either_both_are_the_same_in_the_end(deeds, postgres, tmp_path_factory):
    folder = tmp_path_factory.mktemp("machines")
    with postgres.database(tables=True) as url:
        machines = [Machine(folder / name, url) for name in ("here", "there")]
        for turn, (number, deed, chosen) in enumerate(deeds):
            _do(machines[number], deed, chosen, turn)
        for one in machines:
            one.shelf.restore()
        live = machines[0].state.uploads.live_paths()
        removed = {one.path for one in machines[0].state.uploads.noted() if one.removed_at}
        for one in machines:
            assert one.shelf.catch_up() == NOTHING
            assert set(one.files) == {*live, *({"roles/ladder.md"} - removed)}
            assert one.files == machines[0].files
            assert one.stamp == machines[0].stamp
            one.state.close()


def _do(machine: Machine, deed: str, chosen: int, turn: int) -> None:
    content = b"# Guilds\n\nThis is version %d.\n" % turn
    paths = [*sorted(machine.files), "roles/ladder.md", "guilds.md", "guilds-2.md"]
    path = paths[chosen]
    try:
        if deed == "add":
            machine.shelf.add("", GUILDS, content, "U1")
        elif deed == "replace":
            machine.shelf.replace(path, GUILDS, content, "U1")
        elif deed == "forget":
            machine.shelf.forget(path, "U1")
        elif deed == "bring back":
            machine.shelf.bring_back(path)
        elif deed == "catch up":
            machine.shelf.catch_up()
        elif path in machine.state.uploads.live_paths():
            (machine.folder / path).unlink(missing_ok=True)
    except RefusedError:
        pass  # there is nothing of that name to do it with
