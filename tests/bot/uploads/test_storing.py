"""The knowledge folder as admins change it: nothing half written, nothing lost, nothing outside."""

import os
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from bot.state.store import State
from bot.uploads.catching_up import Restored
from bot.uploads.naming import checked_name
from bot.uploads.refusing import RefusedError
from bot.uploads.storing import Shelf, stored_name
from index.articles import read_articles

OLD = b"# Ladder\n\nA ladder has rungs.\n"
NEW = b"# Product guilds\n\nA product guild meets often.\n"
GUILDS = checked_name("Guilds.md")


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "knowledge"
    (place / "roles").mkdir(parents=True)
    (place / "roles" / "ladder.md").write_bytes(OLD)
    (place / "titles.toml").write_text("")
    return place


@pytest.fixture
def open_shelf(tmp_path, folder):
    opened: list[State] = []

    def one(place: Path = folder) -> Shelf:
        opened.append(State.open(f"sqlite:///{tmp_path}/state.db"))
        return Shelf(place, opened[-1].uploads)

    yield one
    for state in opened:
        state.close()


@pytest.fixture
def shelf(open_shelf):
    return open_shelf()


def files_of(folder: Path) -> dict[str, bytes]:
    """Return every file there is, hidden ones too."""
    return {
        one.relative_to(folder).as_posix(): one.read_bytes()
        for one in folder.rglob("*")
        if one.is_file() and one.name != "titles.toml"
    }


def test_an_article_is_put_into_a_folder(shelf, folder):
    assert shelf.add("roles", GUILDS, NEW, "U1") == "roles/guilds.md"
    assert files_of(folder) == {"roles/ladder.md": OLD, "roles/guilds.md": NEW}
    assert (folder / "roles/guilds.md").stat().st_mode & 0o777 == 0o644
    assert len(read_articles(folder).documents) == 2


def test_the_topics_are_the_folders_that_are_there(shelf, folder, tmp_path):
    (folder / "craft" / "deep").mkdir(parents=True)
    (folder / ".git" / "hooks").mkdir(parents=True)
    (tmp_path / "outside").mkdir()
    (folder / "link").symlink_to(tmp_path / "outside")
    assert shelf.topics() == ("", "craft", "craft/deep", "roles")


def test_an_article_at_the_top_has_no_folder(shelf, folder):
    assert shelf.add("", GUILDS, NEW, "U1") == "guilds.md"
    assert (folder / "guilds.md").read_bytes() == NEW


@pytest.mark.parametrize("topic", ["..", "../x", "/etc", "roles/..", ".git", "nowhere", "roles/"])
def test_no_other_folder_is_written_to(shelf, folder, topic):
    with pytest.raises(RefusedError, match="no longer there"):
        shelf.add(topic, GUILDS, NEW, "U1")
    assert files_of(folder) == {"roles/ladder.md": OLD}


def test_a_folder_that_is_a_link_out_of_the_knowledge_is_not_written_to(shelf, folder, tmp_path):
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "a.md").write_bytes(OLD)
    (folder / "link").symlink_to(tmp_path / "outside")
    with pytest.raises(RefusedError):
        shelf.add("link", GUILDS, NEW, "U1")
    assert list((tmp_path / "outside").iterdir()) == [tmp_path / "outside" / "a.md"]


def test_no_article_is_written_over_another_of_its_name(shelf, folder):
    name = checked_name("ladder.md")
    assert shelf.add("roles", name, NEW, "U1") == "roles/ladder-2.md"
    assert shelf.add("roles", name, NEW + b"More.", "U1") == "roles/ladder-3.md"
    assert (folder / "roles/ladder.md").read_bytes() == OLD


def test_the_same_file_is_no_second_article(shelf):
    shelf.add("roles", GUILDS, NEW, "U1")
    with pytest.raises(RefusedError, match=r"is an article already: roles/guilds\.md"):
        shelf.add("", checked_name("Other.md"), NEW, "U1")


def test_two_at_once_get_a_name_each(open_shelf, folder):
    shelves = [open_shelf() for _ in range(4)]
    start, found = threading.Barrier(4), []

    def add(number: int) -> None:
        start.wait()
        found.append(shelves[number].add("roles", GUILDS, NEW + b"%d" % number, "U1"))

    threads = [threading.Thread(target=add, args=(number,)) for number in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(set(found)) == 4
    assert {(folder / path).read_bytes() for path in found} == {NEW + b"%d" % n for n in range(4)}


def test_what_was_brought_is_replaced_in_its_place(shelf, folder):
    path = shelf.add("roles", GUILDS, NEW, "U1")
    assert shelf.replace(path, checked_name("Guilds 2026.md"), NEW + b"More.", "U2") == path
    assert (folder / path).read_bytes() == NEW + b"More."
    assert shelf.restore() == Restored()


def test_what_came_with_the_program_is_taken_away_for_its_replacement(shelf, folder, open_shelf):
    path = shelf.replace("roles/ladder.md", checked_name("Ladder.md"), NEW, "U1")
    assert path == "roles/ladder-2.md"
    assert files_of(folder) == {path: NEW}
    # A new disk has the old one again.
    (folder / path).unlink()
    (folder / "roles/ladder.md").write_bytes(OLD)
    assert open_shelf().restore() == Restored((path,), ("roles/ladder.md",))
    assert files_of(folder) == {path: NEW}


def test_an_article_in_another_format_takes_the_place_of_one_that_was_brought(shelf, folder):
    path = shelf.add("roles", GUILDS, NEW, "U1")
    other = shelf.replace(path, checked_name("guilds.txt"), b"A guild meets.", "U1")
    assert other == "roles/guilds.txt"
    assert set(files_of(folder)) == {"roles/ladder.md", other}


def test_an_article_is_taken_away_and_brought_back(shelf, folder):
    shelf.forget("roles/ladder.md", "U1")
    assert files_of(folder) == {}
    shelf.bring_back("roles/ladder.md")
    assert files_of(folder) == {"roles/ladder.md": OLD}
    assert shelf.restore() == Restored()


@pytest.mark.parametrize(
    "path", ["roles/none.md", "../secret.md", "/etc/passwd", "titles.toml", "roles", ""]
)
def test_only_articles_can_be_taken_away(shelf, folder, path, tmp_path):
    (tmp_path / "secret.md").write_text("secret")
    with pytest.raises(RefusedError, match="no article"):
        shelf.forget(path, "U1")
    assert (tmp_path / "secret.md").exists()
    assert (folder / "titles.toml").exists()


def test_what_was_not_taken_away_cannot_be_brought_back(shelf):
    shelf.add("roles", GUILDS, NEW, "U1")
    for path in ("roles/guilds.md", "roles/ladder.md", "../x.md"):
        with pytest.raises(RefusedError, match="cannot be brought back"):
            shelf.bring_back(path)


def test_what_another_took_the_name_of_cannot_be_brought_back(shelf, folder):
    shelf.forget("roles/ladder.md", "U1")
    (folder / "roles/ladder.md").write_bytes(NEW)
    with pytest.raises(RefusedError, match="cannot be brought back"):
        shelf.bring_back("roles/ladder.md")


def test_a_file_that_was_taken_away_can_be_added_again(shelf, folder):
    path = shelf.add("roles", GUILDS, NEW, "U1")
    shelf.forget(path, "U1")
    assert shelf.add("roles", GUILDS, NEW, "U1") == path
    assert shelf.restore() == Restored()
    assert (folder / path).read_bytes() == NEW


def test_the_name_of_what_was_taken_away_stays_taken_for_other_texts(shelf):
    shelf.forget("roles/ladder.md", "U1")
    # With the old name the one that comes with the program would be back at the next start.
    assert shelf.add("roles", checked_name("ladder.md"), NEW, "U1") == "roles/ladder-2.md"


def test_a_new_disk_gets_everything_back(shelf, folder, open_shelf, tmp_path):
    shelf.add("roles", GUILDS, NEW, "U1")
    shelf.add("", checked_name("Page.html"), b"<p>A guild.</p>", "U1")
    shelf.forget("roles/ladder.md", "U1")
    fresh = tmp_path / "fresh"
    (fresh / "roles").mkdir(parents=True)
    (fresh / "roles/ladder.md").write_bytes(OLD)
    restored = open_shelf(fresh).restore()
    assert restored == Restored(("page.html", "roles/guilds.md"), ("roles/ladder.md",))
    assert files_of(fresh) == files_of(folder)
    assert open_shelf(fresh).restore() == Restored()


def test_what_somebody_changed_by_hand_stays(shelf, folder, open_shelf):
    path = shelf.add("roles", GUILDS, NEW, "U1")
    (folder / path).write_bytes(b"Mended by hand.")
    shelf.forget("roles/ladder.md", "U1")
    (folder / "roles/ladder.md").write_bytes(b"Written anew by hand.")
    assert open_shelf().restore() == Restored()
    assert files_of(folder) == {
        path: b"Mended by hand.",
        "roles/ladder.md": b"Written anew by hand.",
    }


def test_a_path_in_the_database_that_leads_out_is_not_written(open_shelf, tmp_path, caplog):
    state = State.open(f"sqlite:///{tmp_path}/state.db")
    for path in ("../evil.md", f"{tmp_path}/evil.md", "roles/../../evil.md", ".ssh/evil.md"):
        state.uploads.put(path, b"evil", "U1")
    state.close()
    assert open_shelf().restore() == Restored()
    assert not list(tmp_path.rglob("*evil*"))
    assert len([one for one in caplog.records if "could not be restored" in one.message]) == 4


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_to_is_told_and_nothing_is_kept(shelf, folder):
    (folder / "roles").chmod(0o555)
    try:
        with pytest.raises(RefusedError, match="cannot be changed"):
            shelf.add("roles", GUILDS, NEW, "U1")
    finally:
        (folder / "roles").chmod(0o755)
    assert shelf.restore() == Restored()


def test_where_nothing_can_be_written_nothing_is_kept(shelf, folder, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("bot.uploads.folder.os.fsync", full)
    with pytest.raises(RefusedError, match="No space left on device"):
        shelf.add("roles", GUILDS, NEW, "U1")
    with pytest.raises(RefusedError, match="No space left on device"):
        shelf.replace("roles/ladder.md", GUILDS, NEW, "U1")
    monkeypatch.undo()
    assert files_of(folder) == {"roles/ladder.md": OLD}
    assert shelf.restore() == Restored()


def test_a_replacement_that_cannot_be_written_leaves_the_old_one(shelf, folder, monkeypatch):
    path = shelf.add("roles", GUILDS, NEW, "U1")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("bot.uploads.folder.os.fsync", full)
    with pytest.raises(RefusedError, match="No space left"):
        shelf.replace(path, GUILDS, NEW + b"More.", "U1")
    monkeypatch.undo()
    (folder / path).unlink()
    assert shelf.restore() == Restored((path,))
    assert (folder / path).read_bytes() == NEW


def test_a_half_written_article_is_never_read_and_swept_away(shelf, folder, monkeypatch):
    seen: list[int] = []
    original = os.fsync

    def look(descriptor: int) -> None:
        seen.append(len(read_articles(folder).documents))
        original(descriptor)

    monkeypatch.setattr("bot.uploads.folder.os.fsync", look)
    shelf.add("roles", GUILDS, NEW, "U1")
    assert seen == [1, 2]  # while it is written, and when it is there
    (folder / "roles" / ".upload-left").write_bytes(NEW[:10])
    shelf.restore()
    assert set(files_of(folder)) == {"roles/ladder.md", "roles/guilds.md"}


def test_a_file_without_a_usable_name_is_called_as_its_title():
    name = checked_name("产品.md")
    assert stored_name(name, "Product guilds!").slug == "product-guilds"
    assert stored_name(GUILDS, "Other") == GUILDS
    assert stored_name(name, "产品") == replace(name, slug="article")
