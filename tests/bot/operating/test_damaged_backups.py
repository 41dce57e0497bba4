"""Files that are not what `pmrole export` wrote: refused, and nothing is changed."""

import hashlib
import json
import zipfile

import pytest

from bot.operating.backup import BackupError, import_state
from tests.bot.operating.states import contents, handed_back


def changed(file, change):
    """Write a file anew with one member changed."""
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def manifest(**values):
    def change(members):
        held = json.loads(members["manifest.json"])
        members["manifest.json"] = json.dumps({**held, **values})

    return change


DAMAGES = {
    "another row": lambda held: held.update({"audit.jsonl": held["audit.jsonl"] * 2}),
    "another letter": lambda held: held.update(
        {"audit.jsonl": held["audit.jsonl"].replace(b"back", b"fore")}
    ),
    "a table that is gone": lambda held: held.pop("audit.jsonl"),
    "a table nobody knows": manifest(tables={"shadow": {"rows": 0, "sha256": ""}}),
    "a manifest that is none": lambda held: held.update({"manifest.json": b"{"}),
    "a manifest of nothing": lambda held: held.update({"manifest.json": b"{}"}),
    "a manifest of another kind": lambda held: held.update({"manifest.json": b"[]"}),
    "no time": manifest(made_at="yesterday"),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_changed_file_is_refused_and_changes_nothing(state, exported, damage):
    before = contents(state.engine)
    changed(exported, damage)
    with pytest.raises(BackupError, match="is damaged"):
        import_state(state.engine, exported, replace=True)
    assert contents(state.engine) == before


@pytest.mark.parametrize("place", [0.01, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.99])
def test_a_flipped_byte_is_told_or_harmless(state, exported, other, place):
    content = bytearray(exported.read_bytes())
    content[int(place * len(content))] ^= 0xFF
    exported.write_bytes(content)
    try:
        import_state(other, exported)
    except BackupError:
        assert not any(contents(other).values())
    else:
        assert contents(other) == handed_back(contents(state.engine))


@pytest.mark.parametrize("kept", [0, 10, 0.5, 0.99])
def test_a_file_cut_short_is_refused(exported, other, kept):
    content = exported.read_bytes()
    exported.write_bytes(content[: int(kept if kept > 1 else kept * len(content))])
    with pytest.raises(BackupError, match="damaged, or was not made by `pmrole export`"):
        import_state(other, exported)


def test_rows_that_do_not_fit_their_table_are_refused(exported, other):
    """The checksums are right: somebody made such a file."""

    def change(members):
        members["audit.jsonl"] = b'{"id": 1}\n'
        held = json.loads(members["manifest.json"])
        held["tables"]["audit"]["sha256"] = hashlib.sha256(members["audit.jsonl"]).hexdigest()
        members["manifest.json"] = json.dumps(held)

    changed(exported, change)
    with pytest.raises(BackupError, match="is damaged"):
        import_state(other, exported)
    assert not any(contents(other).values())


@pytest.mark.parametrize("values", [{"format": 2}, {"form": "9999"}])
def test_a_file_of_another_version_names_the_way(exported, other, values):
    changed(exported, manifest(program="9.9", **values))
    with pytest.raises(BackupError, match=r"made by PM Role 9\.9 .*import it with that version"):
        import_state(other, exported)


def test_an_archive_of_something_else_is_refused(tmp_path, other):
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as archive:
        archive.writestr("photo.jpg", b"")
    with pytest.raises(BackupError, match=r"holds no manifest\.json"):
        import_state(other, tmp_path / "photos.zip")


def test_a_file_that_is_not_there_is_named(tmp_path, other):
    with pytest.raises(BackupError, match=r"none\.zip cannot be read \(No such file"):
        import_state(other, tmp_path / "none.zip")
