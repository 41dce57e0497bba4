"""The knowledge folder as admins change it from Slack, and what is kept of that elsewhere.

An article is first noted in the state database, then written under a hidden name and renamed: no
reader meets half of one, and what a crash kept out of the folder is written back at the next start.
Where the database is shared, the folder is first brought to what was done on other machines.
"""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path, PurePosixPath

from bot.state.uploads import Upload, Uploads
from bot.uploads.catching_up import Restored, bring_up_to_date
from bot.uploads.folder import (
    alone_in,
    folders_below,
    place_of,
    sweep,
    unwritable,
    write_article,
)
from bot.uploads.naming import FileName, slug_of
from bot.uploads.refusing import RefusedError
from index.article_files import ArticleFile, find_articles


class Shelf:
    """Puts articles into the knowledge folder and takes them out.

    Safe between threads, processes and machines.
    """

    def __init__(self, folder: Path, uploads: Uploads) -> None:
        """Change a folder, and keep what was changed in the state database."""
        self._folder, self._uploads = folder, uploads
        self._lock = threading.Lock()

    @property
    def is_shared(self) -> bool:
        """Whether articles may be brought on other machines too."""
        return self._uploads.is_shared

    def articles(self) -> tuple[ArticleFile, ...]:
        """Return the folder's articles by path."""
        return tuple(one for one in find_articles(self._folder) if not one.problem)

    def topics(self) -> tuple[str, ...]:
        """Return the top level, which is empty, and the folders below it, sorted by path."""
        return folders_below(self._folder)

    def restore(self) -> Restored:
        """Bring the folder to what is noted, at a start; see `bring_up_to_date`.

        What a crash left half written is swept away.

        Raises:
            RefusedError: Another process holds the folder.
            StateError: if the state database cannot be read.
        """
        with self._alone():
            sweep(self._folder)
            return bring_up_to_date(self._folder, self._uploads)

    def catch_up(self) -> Restored:
        """Bring the folder to what was done on other machines, before it is read.

        Where nobody else can do anything, because the state is a file, this does nothing.

        Raises:
            RefusedError: An article cannot be written, so an index would lack it; or another
                process holds the folder.
            StateError: if the state database cannot be read.
        """
        if not self.is_shared:
            return Restored()
        with self._alone():
            return self._caught_up()

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
        with self._changing():
            return self._added(topic, name, content, by)

    def replace(self, old: str, name: FileName, content: bytes, by: str) -> str:
        """Put an article in the place of another; return its path.

        It takes over the path of one that was brought from Slack. Any other may come again with
        the program, so that one is taken away, and the new one gets a name of its own.

        Raises:
            RefusedError: There is no such article, or it cannot be written.
            StateError: if it cannot be noted.
        """
        with self._changing():
            self._found(old)
            kept = self._uploads.find(old)
            if kept is not None and kept.removed_at is None and old.endswith(name.suffix):
                at = self._uploads.put(old, content, by)
                self._write(old, content, at, kept)
                return old
            topic = PurePosixPath(old).parent.as_posix()
            path = self._added("" if topic == "." else topic, name, content, by)
            self._forgotten(old, by)
            return path

    def forget(self, path: str, by: str) -> None:
        """Take an article out of the folder; its file is kept, for `bring_back`.

        Raises:
            RefusedError: There is no such article, or it cannot be removed.
            StateError: if it cannot be noted.
        """
        with self._changing():
            self._forgotten(path, by)

    def bring_back(self, path: str) -> None:
        """Undo `forget`.

        Raises:
            RefusedError: It was not taken away, another stands there, or it cannot be written.
            StateError: if it cannot be noted.
        """
        with self._changing():
            kept = self._uploads.find(path)
            if kept is None or kept.removed_at is None or self._place(path).exists():
                raise RefusedError(f"{path} cannot be brought back: it is not taken away.")
            self._uploads.bring_back(path)
            self._write(path, kept.content, kept.added_at, kept)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._lock, alone_in(self._folder):
            yield

    @contextmanager
    def _changing(self) -> Iterator[None]:
        with self._alone():
            if self.is_shared:
                self._caught_up()
            yield

    def _caught_up(self) -> Restored:
        restored = bring_up_to_date(self._folder, self._uploads)
        for error in restored.failed:
            raise error
        return restored

    def _added(self, topic: str, name: FileName, content: bytes, by: str) -> str:
        if topic not in self.topics():
            raise RefusedError("That folder is no longer there; choose another.")
        known = self._uploads.path_of(_sha256(content))
        if known is not None and self._place(known).exists():
            raise RefusedError(f"That file is an article already: {known}.")
        path, at, before = self._claimed(topic, name, content, by)
        self._write(path, content, at, before)
        return path

    def _forgotten(self, path: str, by: str) -> None:
        place = self._found(path)
        try:
            self._uploads.remove(path, place.read_bytes(), by)
            place.unlink()
        except OSError as error:
            raise unwritable(path, error) from error

    def _claimed(
        self, topic: str, name: FileName, content: bytes, by: str
    ) -> tuple[str, float, Upload | None]:
        """Return a path that is this article's from now on, the time noted, and what was before."""
        for number in count(1):
            slug = name.slug if number == 1 else f"{name.slug}-{number}"
            path = f"{topic}/{slug}{name.suffix}" if topic else f"{slug}{name.suffix}"
            if self._place(path).exists():
                continue
            kept = self._uploads.find(path)
            if kept is not None and kept.sha256 == _sha256(content):
                # The very file that was taken away, or lost.
                return path, self._uploads.put(path, content, by), kept
            at = self._uploads.claim(path, content, by) if kept is None else None
            if at is not None:
                return path, at, None
        raise AssertionError("numbers have no end")

    def _write(self, path: str, content: bytes, at: float, before: Upload | None) -> None:
        """Write an article that is noted; where that fails, note what was before."""
        try:
            write_article(self._place(path), content, at)
        except OSError as error:
            if before is None and self.is_shared:
                # Another machine may have written it by now: it is to remove it.
                self._uploads.remove(path, b"", "")
            elif before is None:
                self._uploads.drop(path)
            elif before.removed_at is None:
                self._uploads.put(path, before.content, before.added_by)
            else:
                self._uploads.remove(path, before.content, before.added_by)
            raise unwritable(path, error) from error

    def _found(self, path: str) -> Path:
        place = next((one.location for one in self.articles() if one.path == path), None)
        if place is None:
            raise RefusedError(f"There is no article {path} in the folder any more.")
        return place

    def _place(self, path: str) -> Path:
        return place_of(self._folder, path)


def stored_name(name: FileName, title: str) -> FileName:
    """Return a file's name, made of the title where the file's own holds no letter to use."""
    if name.slug != "article":
        return name
    return FileName(name.shown, slug_of(title), name.suffix)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
