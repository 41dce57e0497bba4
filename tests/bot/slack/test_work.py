"""The bounded queue and its threads."""

import threading

import pytest

from bot.slack.work import Work


@pytest.fixture
def gate():
    gate = threading.Event()
    yield gate
    gate.set()


def _begin(begun: threading.Event, gate: threading.Event) -> None:
    begun.set()
    gate.wait(5)


def _fail() -> None:
    raise ValueError("no number")


def test_one_task_more_than_may_wait_is_refused(gate):
    work = Work(threads=1, waiting=2)
    begun, refused = threading.Event(), threading.Event()
    assert work.give(lambda: _begin(begun, gate), refused=refused.set)
    assert begun.wait(5)
    assert [work.give(lambda: None, refused=refused.set) for _ in range(3)] == [True, True, False]
    assert refused.wait(5)
    gate.set()
    assert work.close(5.0)


def test_a_task_that_fails_is_logged_and_its_thread_works_on(caplog):
    work = Work(threads=1)
    done = threading.Event()
    work.give(_fail, refused=lambda: None)
    work.give(done.set, refused=lambda: None)
    assert done.wait(5)
    assert "ValueError" in caplog.text
    assert work.close(5.0)


def test_askers_who_cannot_even_be_told_are_logged(gate, caplog):
    work = Work(threads=1, waiting=1)
    for _ in range(100):
        work.give(lambda: gate.wait(5), refused=lambda: gate.wait(5))
    assert "the asker cannot be told" in caplog.text
    gate.set()
    assert work.close(5.0)


def test_a_closed_queue_takes_nothing_and_may_be_closed_again():
    work = Work(threads=3)
    assert work.close(1.0)
    assert not work.give(lambda: None, refused=lambda: None)
    assert work.close(1.0)
