"""The generations that are kept, and the way back to one of them."""

import pytest

from bot.reindexing.history import kept_generations, roll_back
from index.errors import DamagedIndexError, NoIndexError


def again(folder):
    return folder.reindexer().run("U1", publish_anyway=True).generation


def test_generations_are_listed_newest_first_with_what_answers_and_what_waits(folder):
    first = folder.store.current_name()
    second = again(folder)
    (folder.knowledge / "vp.md").unlink()
    waiting = folder.reindexer().run("U1").generation
    kept = kept_generations(folder.store)
    assert [(one.name, one.current, one.waiting) for one in kept] == [
        (waiting, False, True),
        (second, True, False),
        (first, False, False),
    ]
    assert [one.articles for one in kept] == [2, 3, 3]
    assert all(one.built and not one.problem for one in kept)


def test_without_a_name_the_one_before_answers(folder):
    first = folder.store.current_name()
    again(folder)
    assert roll_back(folder.store) == first
    assert folder.store.current_name() == first
    with pytest.raises(NoIndexError, match="no generation before"):
        roll_back(folder.store)


def test_any_that_is_kept_can_be_named_also_a_newer_one(folder):
    second = again(folder)
    roll_back(folder.store)
    assert roll_back(folder.store, second) == second
    assert folder.store.current_name() == second


@pytest.mark.parametrize("name", ["20200101T000000.000Z", "..", "build.lock", "candidate-x"])
def test_what_is_no_generation_is_refused(folder, name):
    before = folder.store.current_name()
    with pytest.raises(NoIndexError, match="no generation"):
        roll_back(folder.store, name)
    assert folder.store.current_name() == before


def test_what_waits_cannot_be_returned_to(folder):
    (folder.knowledge / "vp.md").unlink()
    waiting = folder.reindexer().run("U1").generation
    for name in (waiting, f"candidate-{waiting}"):
        with pytest.raises(NoIndexError, match="no generation"):
            roll_back(folder.store, name)


def test_a_damaged_generation_is_named_as_such_and_never_answers(folder):
    first = folder.store.current_name()
    second = again(folder)
    (folder.store.folder / first / "passages.db").write_bytes(b"no database")
    with pytest.raises(DamagedIndexError):
        roll_back(folder.store)
    assert folder.store.current_name() == second
    (folder.store.folder / first / "manifest.json").write_text("{")
    kept = {one.name: one for one in kept_generations(folder.store)}
    assert "cannot be read" in kept[first].problem
    assert kept[first].built is None
