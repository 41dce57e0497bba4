"""What was used least lately is forgotten first."""

from concurrent.futures import ThreadPoolExecutor

from hypothesis import given
from hypothesis import strategies as st

from index.remembering import Remembered


def test_what_was_never_put_is_not_there():
    remembered: Remembered[str, int] = Remembered(2)
    assert remembered.get("a") is None


def test_the_value_used_least_lately_makes_room():
    remembered: Remembered[str, int] = Remembered(2)
    remembered.put("a", 1)
    remembered.put("b", 2)
    assert remembered.get("a") == 1
    remembered.put("c", 3)
    assert [remembered.get(key) for key in "abc"] == [1, None, 3]


def test_a_value_put_again_takes_no_second_place():
    remembered: Remembered[str, int] = Remembered(2)
    for value in range(5):
        remembered.put("a", value)
    remembered.put("b", 9)
    assert [remembered.get(key) for key in "ab"] == [4, 9]


@given(keys=st.lists(st.integers(0, 30)), limit=st.integers(1, 10))
def test_there_are_never_more_than_the_limit_and_the_last_ones_stay(keys, limit):
    remembered: Remembered[int, str] = Remembered(limit)
    for key in keys:
        remembered.put(key, str(key))
        assert len(remembered) <= limit
    latest = list(dict.fromkeys(reversed(keys)))
    assert all(remembered.get(key) == str(key) for key in latest[:limit])
    assert all(remembered.get(key) is None for key in latest[limit:])


@given(sizes=st.lists(st.integers(1, 9)), limit=st.integers(1, 20))
def test_large_values_take_the_place_of_several(sizes, limit):
    remembered: Remembered[int, list[int]] = Remembered(limit, size=len)
    for key, size in enumerate(sizes):
        remembered.put(key % 7, [key] * size)
        held = [remembered.get(one) or [] for one in range(7)]
        assert sum(map(len, held)) <= limit
        assert (remembered.get(key % 7) == [key] * size) == (size <= limit)


def test_threads_share_it():
    remembered: Remembered[int, int] = Remembered(50)

    def use(start):
        for key in range(start, start + 2_000):
            remembered.put(key % 120, key % 120)
            assert remembered.get(key % 97) in (None, key % 97)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(use, range(8)))
    assert len(remembered) == 50
