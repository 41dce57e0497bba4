"""The bounded queue and its threads."""

import threading

import pytest

from bot.slack.hearing import Hearing
from bot.slack.work import Given, Work


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
    assert work.give(lambda: _begin(begun, gate), refused=refused.set) is Given.QUEUED
    assert begun.wait(5)
    given = [work.give(lambda: None, refused=refused.set) for _ in range(3)]
    assert given == [Given.QUEUED, Given.QUEUED, Given.REFUSED]
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


def test_when_too_many_refusals_wait_whoever_gives_is_told(gate):
    work = Work(threads=1, waiting=1)
    given = [work.give(lambda: gate.wait(5), refused=lambda: gate.wait(5)) for _ in range(100)]
    assert given[-1] is Given.NEITHER
    gate.set()
    assert work.close(5.0)


def test_a_closed_queue_takes_nothing_and_may_be_closed_again():
    work = Work(threads=3)
    assert work.close(1.0)
    assert work.give(lambda: None, refused=lambda: None) is Given.CLOSED
    assert work.close(1.0)


def test_what_has_not_begun_when_time_is_up_never_begins(gate):
    work = Work(threads=1)
    begun, second = threading.Event(), threading.Event()
    work.give(lambda: _begin(begun, gate), refused=lambda: None)
    work.give(second.set, refused=lambda: None)
    assert begun.wait(5)
    assert not work.close(0.01)
    gate.set()
    assert not second.wait(0.05)


def test_a_task_waits_until_what_came_is_acknowledged():
    hearing, order = Hearing(), []
    work = Work(threads=1, before_each=hearing.let_pass)
    hearing.begin()
    work.give(lambda: order.append("answered"), refused=lambda: None)
    order.append("acknowledged")
    hearing.end()
    assert work.close(5.0)
    assert order == ["acknowledged", "answered"]


def test_a_task_does_not_wait_for_ever():
    hearing, done = Hearing(), threading.Event()
    work = Work(threads=1, before_each=hearing.let_pass)
    hearing.begin()
    work.give(done.set, refused=lambda: None)
    assert done.wait(5)
    assert work.close(5.0)
