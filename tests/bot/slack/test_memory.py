"""What the bot keeps in memory: events seen, and threads."""

from concurrent.futures import ThreadPoolExecutor

from bot.domain import Message
from bot.slack.seen import SeenEvents
from bot.slack.threads import MESSAGES, Place, Threads


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_an_event_is_new_once_by_any_of_its_keys():
    seen = SeenEvents()
    assert seen.is_new("C1 1.1", "Ev1")
    assert not seen.is_new("C1 1.1", "Ev2")
    assert not seen.is_new("C2 1.1", "Ev2")
    assert seen.is_new("C3 1.1", "Ev3")


def test_an_event_without_keys_is_always_new():
    seen = SeenEvents()
    assert seen.is_new()
    assert seen.is_new()


def test_a_key_is_remembered_for_fifteen_minutes_after_it_was_last_seen():
    clock = Clock()
    seen = SeenEvents(clock=clock)
    assert seen.is_new("Ev1")
    clock.now = 15 * 60
    assert not seen.is_new("Ev1")
    clock.now = 30 * 60
    assert not seen.is_new("Ev1")
    clock.now = 45 * 60 + 1
    assert seen.is_new("Ev1")


def test_beyond_its_bound_the_oldest_key_is_forgotten():
    seen = SeenEvents(most=2)
    for key in ("a", "b", "c", "d"):
        assert seen.is_new(key)
    assert not seen.is_new("d")
    assert seen.is_new("a")


def test_of_many_threads_with_one_event_one_finds_it_new():
    seen = SeenEvents()
    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(lambda _: seen.is_new("Ev1"), range(500))) == 1


def test_a_thread_remembers_its_last_messages_in_order():
    threads = Threads()
    place = Place("C1", "1.1")
    for number in range(MESSAGES):
        threads.remember(place, f"q{number}", f"a{number}")
    said = threads.recall(place)
    assert len(said) == MESSAGES
    assert said[-2:] == (Message("user", "q19"), Message("bot", "a19"))
    assert said[0] == Message("user", "q10")


def test_the_thread_longest_silent_is_forgotten_first():
    threads = Threads(most=2)
    first, second, third = (Place("C1", root) for root in ("1.1", "2.2", "3.3"))
    for place in (first, second, first, third):
        threads.remember(place, "q", "a")
    assert threads.recall(second) == ()
    assert threads.recall(first)
    assert threads.recall(third)


def test_after_an_hour_a_direct_message_begins_anew_and_a_thread_goes_on():
    clock = Clock()
    threads = Threads(clock=clock)
    for place in (Place("D1"), Place("C1", "1.1")):
        threads.remember(place, "q", "a")
    clock.now = 3601.0
    assert threads.recall(Place("D1")) == ()
    assert threads.recall(Place("C1", "1.1"))
