"""What is done every few seconds goes on whatever it raises, until it is closed."""

import threading
import time

import pytest

from bot.at_intervals import AtIntervals


class Deed:
    """Raises what it is told to, and counts."""

    def __init__(self, *errors):
        self.errors, self.count, self.done = list(errors), 0, threading.Condition()

    def __call__(self):
        with self.done:
            self.count += 1
            self.done.notify_all()
        if self.errors:
            raise self.errors.pop(0)

    def wait(self, count):
        with self.done:
            assert self.done.wait_for(lambda: self.count >= count, 30)


@pytest.fixture
def begin():
    started = []

    def begin(deed, every_s):
        started.append(
            AtIntervals(deed, every_s, name="a deed", failed="it failed", expected=(OSError,))
        )
        started[-1].start()
        return started[-1]

    yield begin
    for one in started:
        one.close()


def test_it_is_done_at_once_and_then_again(begin):
    deed = Deed()
    begin(deed, 0.01)
    deed.wait(3)


def test_the_first_time_does_not_wait(begin):
    deed = Deed()
    begin(deed, 3600.0)
    deed.wait(1)


def test_after_an_error_it_is_done_again_and_only_what_nobody_expected_has_a_traceback(
    begin, caplog
):
    deed = Deed(OSError("it is away"), ValueError("unforeseen"))
    begin(deed, 0.01)
    deed.wait(3)
    assert "it failed: it is away" in caplog.text
    assert caplog.text.count("Traceback") == 1
    assert "ValueError: unforeseen" in caplog.text


def test_closed_it_is_done_no_more_however_long_it_would_have_waited(begin):
    deed = Deed()
    doing = begin(deed, 3600.0)
    deed.wait(1)
    before = time.monotonic()
    doing.close()
    assert time.monotonic() - before < 5
    assert doing.is_over
    assert deed.count == 1


def test_what_was_never_started_can_be_closed():
    AtIntervals(Deed(), 1.0, name="a deed", failed="it failed").close()
