"""Articles that admins brought or took away outlive the disk of the articles."""

import hashlib
import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.state.uploads import Noted
from tests.bot.state.conftest import NOON

TEXT = b"# Guilds\n\nA guild meets.\n"


def test_an_article_outlives_a_restart(state, open_state):
    state.uploads.put("roles/guilds.md", TEXT, "U1")
    found = open_state().uploads.find("roles/guilds.md")
    assert (found.content, found.added_by, found.added_at) == (TEXT, "U1", NOON)
    assert found.sha256 == hashlib.sha256(TEXT).hexdigest()
    assert found.removed_at is None


def test_ten_megabytes_come_back_as_they_were(state):
    content = bytes(range(256)) * 40 * 1024
    state.uploads.put("a.pdf", content, "U1")
    assert state.uploads.find("a.pdf").content == content


def test_a_later_file_takes_the_place_of_an_earlier(state, clock):
    state.uploads.put("a.md", TEXT, "U1")
    clock.passes(60)
    state.uploads.put("a.md", b"new", "U2")
    found = state.uploads.find("a.md")
    assert (found.content, found.added_by, found.added_at) == (b"new", "U2", NOON + 60)


def test_only_the_first_gets_a_path(state):
    assert state.uploads.claim("a.md", TEXT, "U1")
    assert not state.uploads.claim("a.md", b"other", "U2")
    assert state.uploads.find("a.md").content == TEXT


def test_what_was_taken_away_keeps_its_path_and_its_file(state, clock):
    state.uploads.put("a.md", TEXT, "U1")
    clock.passes(60)
    state.uploads.remove("a.md", TEXT, "U2")
    assert not state.uploads.claim("a.md", b"other", "U3")
    found = state.uploads.find("a.md")
    assert (found.content, found.removed_at, found.added_by) == (TEXT, NOON + 60, "U2")
    assert state.uploads.live_paths() == ()
    assert state.uploads.path_of(found.sha256) is None


def test_what_was_taken_away_is_brought_back_once(state):
    state.uploads.remove("a.md", TEXT, "U1")
    assert state.uploads.bring_back("a.md")
    assert not state.uploads.bring_back("a.md")
    assert not state.uploads.bring_back("never.md")
    assert state.uploads.live_paths() == ("a.md",)


def test_a_file_is_found_by_what_it_holds(state):
    state.uploads.put("a.md", TEXT, "U1")
    assert state.uploads.path_of(hashlib.sha256(TEXT).hexdigest()) == "a.md"
    assert state.uploads.path_of(hashlib.sha256(b"other").hexdigest()) is None


def test_what_is_noted_of_all_is_given_by_path_without_files(state, clock):
    for path in ("b.md", "a/c.md", "a.md"):
        state.uploads.put(path, path.encode(), "U1")
    state.uploads.drop("a.md")
    clock.passes(60)
    state.uploads.remove("b.md", TEXT, "U1")
    assert state.uploads.noted() == (
        Noted("a/c.md", hashlib.sha256(b"a/c.md").hexdigest(), NOON, None),
        Noted("b.md", hashlib.sha256(TEXT).hexdigest(), NOON + 60, NOON + 60),
    )
    assert state.uploads.find("a.md") is None


def test_a_later_change_is_later_by_its_time_whatever_the_clocks_say(state, clock):
    times = [state.uploads.put("a.md", TEXT, "U1")]
    clock.passes(-5)
    times.append(state.uploads.put("a.md", b"new", "U1"))
    state.uploads.remove("a.md", b"new", "U1")
    found = state.uploads.find("a.md")
    assert found.added_at == found.removed_at
    times += [found.added_at, state.uploads.put("a.md", b"newer", "U1")]
    assert times == sorted(set(times))
    assert times[-1] < NOON + 1
    assert state.uploads.find("a.md").added_at == times[-1]
    assert state.uploads.find("a.md").removed_at is None


def test_the_file_is_in_no_repr(state):
    state.uploads.put("a.md", b"secret words", "U1")
    assert "secret" not in repr(state.uploads.find("a.md"))


def test_of_several_processes_one_gets_a_path(open_state):
    states = [open_state() for _ in range(4)]
    start, got = threading.Barrier(4), []

    def claim(number: int) -> None:
        start.wait()
        got.append(states[number].uploads.claim("a.md", b"%d" % number, "U1"))

    threads = [threading.Thread(target=claim, args=(number,)) for number in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(got) == 4
    assert [one for one in got if one is not None] == [NOON]


@pytest.mark.parametrize("name", ["a'b.md", 'a"b.md', "ä/ö.md", "%s.md", "; DROP TABLE uploads"])
def test_any_name_is_but_a_name(state, name):
    state.uploads.put(name, TEXT, "U1")
    assert state.uploads.live_paths() == (name,)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=500))
def test_any_file_comes_back_as_it_was(state, content):
    state.uploads.put("a.md", content, "U1")
    assert state.uploads.find("a.md").content == content
