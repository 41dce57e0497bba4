"""Work is done beside one's own, or by oneself where nobody is free."""

import threading

import pytest

from index.helping import Helpers


def test_a_free_helper_takes_the_work_and_gives_its_result():
    done = Helpers(1).begin(lambda: threading.current_thread().name)
    assert done().startswith("helper")


def test_where_none_is_free_the_caller_does_the_work_itself():
    wait = threading.Event()
    one = Helpers(1)
    busy = one.begin(wait.wait)
    mine = one.begin(threading.current_thread)
    assert mine() is threading.current_thread()
    wait.set()
    assert busy() is True


def test_a_helper_that_is_done_is_free_again():
    one = Helpers(1)
    for _ in range(50):
        done = one.begin(threading.current_thread)
        done()
    names = set()
    for _ in range(200):
        names.add(one.begin(threading.current_thread)().name)
    assert any(name.startswith("helper") for name in names)


def test_without_helpers_everything_is_done_by_the_caller():
    assert Helpers(0).begin(threading.current_thread)() is threading.current_thread()


def test_what_the_work_raises_is_raised_where_its_result_is_asked_for():
    def fail():
        raise KeyError("gone")

    failed = Helpers(1).begin(fail)
    with pytest.raises(KeyError, match="gone"):
        failed()
