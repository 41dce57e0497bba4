"""How far a reindex has come, and how long the step at hand will take."""

import pytest

from bot.reindexing.progress import ASKING, Meter
from index.build import EMBEDDING, READING


class Clock:
    """Seconds that go on only when a test says so."""

    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def test_at_the_beginning_of_a_step_nobody_knows_how_long_it_takes(clock):
    meter = Meter(clock)
    assert meter.tell(READING, 0, 10).seconds_left is None
    clock.now += 1
    assert meter.tell(READING, 5, 10).seconds_left is None


def test_the_pace_so_far_tells_when_a_step_ends(clock):
    meter = Meter(clock)
    meter.tell(EMBEDDING, 0, 100)
    clock.now += 10
    assert meter.tell(EMBEDDING, 20, 100).seconds_left == pytest.approx(40)


def test_vectors_taken_over_do_not_count_for_the_pace(clock):
    meter = Meter(clock)
    meter.tell(EMBEDDING, 900, 1000)
    clock.now += 10
    assert meter.tell(EMBEDDING, 910, 1000).seconds_left == pytest.approx(90)


def test_a_new_step_has_a_pace_of_its_own_and_keeps_what_was_counted(clock):
    meter = Meter(clock)
    meter.tell(READING, 7, 7)
    clock.now += 60
    meter.tell(EMBEDDING, 40, 40)
    clock.now += 60
    progress = meter.tell(ASKING, 1, 9)
    assert (progress.articles, progress.embedded, progress.seconds_left) == (7, 40, None)


def test_a_step_that_stands_still_has_no_end_in_sight(clock):
    meter = Meter(clock)
    meter.tell(READING, 1, 9)
    clock.now += 600
    assert meter.tell(READING, 1, 9).seconds_left is None
