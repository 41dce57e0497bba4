"""The knowledge folder as admins change it from Slack, and what is kept of that elsewhere.

An article is first noted in the state database, then written under a hidden name and renamed: no
reader meets half of one, and what a crash kept out of the folder is written back at the next start.
"""

import hashlib
import logging
import os
import re
import tempfile
import threading
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path, PurePosixPath

from bot.state.uploads import Upload, Uploads
from bot.uploads.naming import FileName, slug_of
from bot.uploads.refusing import RefusedError
from index.article_files import ArticleFile, find_articles

logger = logging.getLogger(__name__)

# Hidden, so that neither a build nor a watch takes it for an article.
_HALF = ".upload-"
_MODE = 0o644


@dataclass(frozen=True, slots=True)
class Restored:
    """What a start put right in the folder, by path."""

    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


class Shelf:
    """Puts articles into the knowledge folder and takes them out. Safe between threads."""

    def __init__(self, folder: Path, uploads: Uploads) -> None:
        """Change a folder, and keep what was changed in the state database."""
        self._folder, self._uploads = folder, uploads
        self._lock = threading.Lock()

    def articles(self) -> tuple[ArticleFile, ...]:
        """Return the folder's articles by path."""
        return tuple(one for one in find_articles(self._folder) if not one.problem)

    def topics(self) -> tuple[str, ...]:
        """Return the top level, which is empty, and the folders below it, sorted by path."""
        root = self._folder.resolve()
        below = [Path(place).relative_to(root) for place, _, _ in os.walk(root)]
        named = [one.as_posix() for one in below if one.parts]
        return ("", *sorted(one for one in named if not re.search(r"(?:^|/)\.", one)))

    def add(self, topic: str, name: FileName, content: bytes, by: str) -> str:
        """Put an article into a folder; return its path.

        Where another article has its name, it gets a number: no article is written over.

        Args:
            topic: One of `topics`.
            name: What it is called.
            content: The file, checked.
            by: The id of who brings it.

        Raises:
            RefusedError: There is no such topic, it is there already, or it cannot be written.
            StateError: if it cannot be noted.
        """
        if topic not in self.topics():
            raise RefusedError("That folder is no longer there; choose another.")
        with self._lock:
            known = self._uploads.path_of(_sha256(content))
            if known is not None and self._place(known).exists():
                raise RefusedError(f"That file is an article already: {known}.")
            path = self._claimed(topic, name, content, by)
            self._written(path, content)
        return path

    def replace(self, old: str, name: FileName, content: bytes, by: str) -> str:
        """Put an article in the place of another; return its path.

        It takes over the path of one that was brought from Slack. Any other may come again with
        the program, so that one is taken away, and the new one gets a name of its own.

        Raises:
            RefusedError: There is no such article, or it cannot be written.
            StateError: if it cannot be noted.
        """
        self._found(old)
        kept = self._uploads.find(old)
        if kept is not None and kept.removed_at is None and old.endswith(name.suffix):
            with self._lock:
                self._uploads.put(old, content, by)
                self._written(old, content, before=kept)
            return old
        topic = PurePosixPath(old).parent.as_posix()
        path = self.add("" if topic == "." else topic, name, content, by)
        self.forget(old, by)
        return path

    def forget(self, path: str, by: str) -> None:
        """Take an article out of the folder; its file is kept, for `bring_back`.

        Raises:
            RefusedError: There is no such article, or it cannot be removed.
            StateError: if it cannot be noted.
        """
        place = self._found(path)
        with self._lock:
            try:
                self._uploads.remove(path, place.read_bytes(), by)
                place.unlink()
            except OSError as error:
                raise _unwritable(path, error) from error

    def bring_back(self, path: str) -> None:
        """Undo `forget`.

        Raises:
            RefusedError: It was not taken away, another stands there, or it cannot be written.
            StateError: if it cannot be noted.
        """
        with self._lock:
            kept = self._uploads.find(path)
            if kept is None or kept.removed_at is None or self._place(path).exists():
                raise RefusedError(f"{path} cannot be brought back: it is not taken away.")
            self._uploads.bring_back(path)
            self._written(path, kept.content, before=kept)

    def restore(self) -> Restored:
        """Write back what the folder lacks, and take away again what came back with the program.

        An article that is there stays as it is, and so does one that differs from what was taken
        away: whoever changed the folder by hand knows better. What cannot be written is logged.

        Raises:
            StateError: if the state database cannot be read.
        """
        written: list[str] = []
        removed: list[str] = []
        with self._lock:
            self._sweep()
            for one in self._uploads.all():
                try:
                    if self._restored(one):
                        (written if one.removed_at is None else removed).append(one.path)
                except (OSError, RefusedError) as error:
                    logger.error("%s could not be restored: %s", one.path, error)  # noqa: TRY400 - the text says all
        return Restored(tuple(written), tuple(removed))

    def _restored(self, one: Upload) -> bool:
        """Put an article right; tell whether something had to be done."""
        place = self._place(one.path)
        if one.removed_at is None and not place.exists():
            _write(place, one.content)
            return True
        if one.removed_at is not None and place.is_file() and _sha256_of(place) == one.sha256:
            place.unlink()
            return True
        return False

    def _claimed(self, topic: str, name: FileName, content: bytes, by: str) -> str:
        """Return a path that is this article's from now on."""
        for number in count(1):
            slug = name.slug if number == 1 else f"{name.slug}-{number}"
            path = f"{topic}/{slug}{name.suffix}" if topic else f"{slug}{name.suffix}"
            if self._place(path).exists():
                continue
            kept = self._uploads.find(path)
            if kept is not None and kept.sha256 == _sha256(content):
                self._uploads.put(path, content, by)  # the very file that was taken away, or lost
                return path
            if kept is None and self._uploads.claim(path, content, by):
                return path
        raise AssertionError("numbers have no end")

    def _written(self, path: str, content: bytes, before: Upload | None = None) -> None:
        """Write an article that is noted; where that fails, note what was before."""
        try:
            _write(self._place(path), content)
        except OSError as error:
            if before is None:
                self._uploads.drop(path)
            elif before.removed_at is None:
                self._uploads.put(path, before.content, before.added_by)
            else:
                self._uploads.remove(path, before.content, before.added_by)
            raise _unwritable(path, error) from error

    def _found(self, path: str) -> Path:
        place = next((one.location for one in self.articles() if one.path == path), None)
        if place is None:
            raise RefusedError(f"There is no article {path} in the folder any more.")
        return place

    def _place(self, path: str) -> Path:
        """Return where an article lies.

        Raises:
            RefusedError: That is outside the folder.
        """
        root = self._folder.resolve()
        parts = path.split("/")
        place = root.joinpath(*parts)
        hidden = any(one.startswith(".") or not one or "\\" in one or "\0" in one for one in parts)
        if hidden or not place.parent.resolve().is_relative_to(root):
            raise RefusedError(f"{path!r} leads out of the knowledge folder.")
        return place

    def _sweep(self) -> None:
        """Remove what a crash left half written."""
        for left in self._folder.rglob(f"{_HALF}*"):
            with suppress(OSError):
                left.unlink()


def stored_name(name: FileName, title: str) -> FileName:
    """Return a file's name, made of the title where the file's own holds no letter to use."""
    if name.slug != "article":
        return name
    return FileName(name.shown, slug_of(title), name.suffix)


def _write(place: Path, content: bytes) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    descriptor, half = tempfile.mkstemp(prefix=_HALF, dir=place.parent)
    try:
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        Path(half).chmod(_MODE)
        Path(half).replace(place)
    except BaseException:
        Path(half).unlink(missing_ok=True)
        raise
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _unwritable(path: str, error: OSError) -> RefusedError:
    return RefusedError(
        f"The knowledge folder cannot be changed ({path}: {error.strerror or error}); "
        "whoever runs PM Role must make it writable, or free disk space."
    )


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _sha256_of(place: Path) -> str:
    with place.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
