"""What is done on other machines is looked for at intervals, and indexed if nobody else does."""

import threading
import time

import pytest

from bot.state.database import StateError
from bot.uploads.following import Follower


class Machine:
    """What a follower finds, and what it does."""

    def __init__(self) -> None:
        self.changes: list[bool | Exception] = []
        self.answering, self.indexed, self.free = "g1", False, True
        self.looks = self.reindexes = 0
        self.looked = threading.Condition()

    def follower(self, every_s: float = 3600.0) -> Follower:
        return Follower(
            self.catch_up, lambda: self.answering, lambda: self.indexed, self.index, every_s=every_s
        )

    def catch_up(self) -> bool:
        with self.looked:
            self.looks += 1
            self.looked.notify_all()
        change = self.changes.pop(0) if self.changes else False
        if isinstance(change, Exception):
            raise change
        return change

    def index(self) -> bool:
        self.reindexes += 1
        return self.free

    def wait(self, looks: int) -> None:
        with self.looked:
            assert self.looked.wait_for(lambda: self.looks >= looks, 30)


@pytest.fixture
def machine():
    return Machine()


def test_a_change_is_left_to_whoever_made_it_and_then_indexed(machine):
    follower = machine.follower()
    machine.changes = [True]
    follower.look()
    assert machine.reindexes == 0
    follower.look()
    follower.look()
    assert machine.reindexes == 1


def test_what_another_indexed_meanwhile_is_not_indexed_again(machine):
    follower = machine.follower()
    machine.changes = [True]
    follower.look()
    machine.indexed = True
    follower.look()
    machine.indexed = False  # rolled back since
    follower.look()
    assert machine.reindexes == 0


def test_while_another_reindex_runs_it_is_put_off(machine):
    follower = machine.follower()
    machine.changes, machine.free = [True], False
    for _ in range(3):
        follower.look()
    machine.free = True
    follower.look()
    follower.look()
    assert machine.reindexes == 3


def test_while_changes_come_nothing_is_indexed(machine):
    follower = machine.follower()
    machine.changes = [True, True, True]
    for _ in range(3):
        follower.look()
    assert machine.reindexes == 0
    follower.look()
    assert machine.reindexes == 1


def test_without_a_change_nothing_is_indexed(machine):
    follower = machine.follower()
    follower.look()
    follower.look()
    assert machine.reindexes == 0


def test_it_looks_at_intervals_and_goes_on_after_failures(machine, caplog):
    machine.changes = [StateError("it is away"), ValueError("unforeseen"), True]
    follower = machine.follower(every_s=0.02)
    follower.start()
    machine.wait(4)
    follower.close()
    assert machine.reindexes
    assert "is not in the folder yet: it is away" in caplog.text
    assert "unforeseen" in caplog.text


def test_it_looks_when_another_generation_is_published(machine):
    follower = machine.follower()
    follower.start()
    machine.wait(1)
    machine.answering = "g2"
    machine.wait(2)
    machine.answering = "g3"
    machine.wait(3)
    before = time.monotonic()
    follower.close()
    assert time.monotonic() - before < 5
    assert machine.looks == 3
