"""Generations in folders: each build is one; ``CURRENT`` names the one that answers.

    <index>/CURRENT                 the name of the published generation
    <index>/<generation>/           manifest.json, passages.db, vectors, lexical/
    <index>/candidate-<generation>/ built whole, and not published: somebody is to decide
    <index>/build-*/                a build under way; left by a crash, swept away by the next build
    <index>/build.lock              held while a build runs

A folder is renamed into place only when it is whole and on disk, and ``CURRENT`` is replaced in one
step, so a crash at any moment leaves the old generation answering.
"""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from index.errors import BuildInProgressError, NoIndexError
from index.generation import Generation, open_newest_good
from index.generation_folder import CALIBRATION, open_folder, put_in_place, read_beside, sync
from index.manifest import MANIFEST, Manifest

KEPT = 3
_CURRENT = "CURRENT"
_CANDIDATE = "candidate-"


class GenerationStore:
    """The folder that holds an index's generations."""

    def __init__(self, folder: Path) -> None:
        """Name the folder; nothing is read or made yet."""
        self.folder = folder

    @property
    def place(self) -> str:
        """The folder."""
        return str(self.folder)

    def heard_name(self) -> str:
        """Return what `current_name` does: reading a small file takes microseconds."""
        return self.current_name()

    def follow(self) -> None:
        """Do nothing: whoever reads ``CURRENT`` knows."""

    def close(self) -> None:
        """Do nothing: no file stays open here."""

    def current_name(self) -> str:
        """Return the published generation's name.

        Raises:
            NoIndexError: if none was ever published.
        """
        try:
            return (self.folder / _CURRENT).read_text("utf-8").strip()
        except OSError as error:
            raise NoIndexError(
                f"no index in {self.folder}: run `pmrole index build --index {self.folder}`"
            ) from error

    def names(self) -> list[str]:
        """Return the names of all generations, oldest first; a candidate is none yet."""
        found = self.folder.glob(f"*/{MANIFEST}")
        return sorted(
            path.parent.name
            for path in found
            if not path.parent.name.startswith(("build-", _CANDIDATE))
        )

    def taken_names(self) -> list[str]:
        """Return the names that a new generation must sort after, oldest first."""
        waiting = self.candidate()
        return sorted([*self.names(), *([waiting] if waiting else [])])

    def candidate(self) -> str | None:
        """Return the name of the generation that waits to be published, if there is one."""
        found = sorted(self.folder.glob(f"{_CANDIDATE}*/{MANIFEST}"))
        return found[-1].parent.name.removeprefix(_CANDIDATE) if found else None

    def open(self) -> Generation:
        """Open the published generation, or the newest good one before it if that is damaged.

        Raises:
            NoIndexError, DamagedIndexError, IndexMismatchError: as `open_newest_good` does.
        """
        return open_newest_good(self)

    def manifest_of(self, name: str) -> Manifest:
        """Return the manifest of a generation, or of the candidate of that name.

        Raises:
            DamagedIndexError: if it cannot be read.
            IndexMismatchError: if it is of another format.
        """
        waits = name == self.candidate()
        return Manifest.read(self.folder / (_CANDIDATE + name if waits else name))

    def open_candidate(self, name: str) -> Generation:
        """Open a generation that waits to be published.

        Raises:
            DamagedIndexError: if it is gone, or a file differs from the manifest.
        """
        return self.open_named(_CANDIDATE + name)

    def open_named(self, name: str) -> Generation:
        """Open one generation.

        Raises:
            DamagedIndexError: if a file is missing or differs from the manifest.
        """
        return open_folder(self.folder / name)

    def verify(
        self, name: str, manifest: Manifest | None = None, *, limit: int | None = None
    ) -> Manifest:
        """Compare a generation's files with its manifest.

        Args:
            name: The generation.
            manifest: Its manifest, if already read.
            limit: Files larger than this many bytes are compared by size only.

        Raises:
            DamagedIndexError: naming the first file that is missing or differs.
        """
        manifest = manifest or Manifest.read(self.folder / name)
        manifest.check_files(self.folder / name, limit=limit)
        return manifest

    def calibration(self) -> str | None:
        """Return what `keep_calibration` kept, if anything."""
        return read_beside(self.folder / CALIBRATION)

    def keep_calibration(self, text: str) -> str:
        """Keep a calibration with the index, whatever is published; return where it is."""
        target = self.folder / CALIBRATION
        target.write_text(text, encoding="utf-8")
        return str(target)

    def publish(self, work: Path, name: str) -> None:
        """Put a finished build folder in place and make it the current generation.

        Both steps are atomic, and everything is on disk before the second. A candidate that waited
        is older than this one, and goes.
        """
        put_in_place(work, self.folder / name)
        self.point_at(name)
        self._remove_candidates()

    def keep_candidate(self, work: Path, name: str) -> None:
        """Put a finished build folder beside the generations, in the place of other candidates."""
        self._remove_candidates()
        put_in_place(work, self.folder / (_CANDIDATE + name))

    def publish_candidate(self, name: str) -> None:
        """Make a candidate the current generation; done a second time it changes nothing.

        Raises:
            NoIndexError: if it is gone, because another build took its place.
        """
        waiting = self.folder / (_CANDIDATE + name)
        if waiting.is_dir():
            waiting.rename(self.folder / name)
            sync(self.folder)
        self.point_at(name)

    def discard_candidate(self, name: str) -> None:
        """Remove a candidate; one that is gone already is no error."""
        self._remove(_CANDIDATE + name)

    def point_at(self, name: str) -> None:
        """Make a generation that is kept the current one, in one step.

        Raises:
            NoIndexError: if there is no generation of that name.
        """
        if name not in self.names():
            raise NoIndexError(
                f"no generation {name!r} in {self.folder}: `pmrole index list` names them"
            )
        pending = self.folder / f"{_CURRENT}.new"
        pending.write_text(name + "\n", encoding="utf-8")
        sync(pending)
        pending.replace(self.folder / _CURRENT)
        sync(self.folder)

    def previous_name(self) -> str:
        """Return the generation before the current one.

        Raises:
            NoIndexError: if there is none.
        """
        current = self.current_name()
        older = [name for name in self.names() if name < current]
        if not older:
            raise NoIndexError(f"no generation before {current} is kept in {self.folder}")
        return older[-1]

    def prune(self, kept: int = KEPT) -> list[str]:
        """Remove all but the newest generations and the current one; return what was removed."""
        current = self.current_name()
        removed = [name for name in self.names()[:-kept] if name != current]
        for name in removed:
            self._remove(name)
        return removed

    def _remove_candidates(self) -> None:
        for path in self.folder.glob(f"{_CANDIDATE}*/"):
            self._remove(path.name)

    def _remove(self, name: str) -> None:
        # Renamed first, so that a crash on the way leaves no half generation among the names.
        doomed = self.folder / f"build-removed-{name}"
        with contextlib.suppress(FileNotFoundError):
            (self.folder / name).rename(doomed)
        shutil.rmtree(doomed, ignore_errors=True)

    @contextlib.contextmanager
    def building(self, *, wait_s: float) -> Iterator[Path]:
        """Give a new folder to build in, while no other process builds here.

        What a crashed build left behind is swept away first; the folder is removed at the end
        unless it was published.

        Args:
            wait_s: How long to wait for another build to end.

        Raises:
            BuildInProgressError: if another build still runs after that.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.folder / "build.lock")
        try:
            lock.acquire(timeout=wait_s)
        except Timeout as error:
            raise BuildInProgressError(
                f"another build of {self.folder} is running; try again when it has ended"
            ) from error
        try:
            for left in self.folder.glob("build-*/"):
                shutil.rmtree(left, ignore_errors=True)
            work = Path(tempfile.mkdtemp(prefix="build-", dir=self.folder))
            try:
                yield work
            finally:
                shutil.rmtree(work, ignore_errors=True)
        finally:
            lock.release()


def new_name(taken: list[str]) -> str:
    """Return a name for a new generation that sorts after every other: its UTC time."""
    now = datetime.now(UTC)
    name = now.strftime("%Y%m%dT%H%M%S.%f")[:-3] + "Z"
    newest = taken[-1] if taken else ""
    # A clock that was set back must not put the new generation before the old ones.
    return name if name > newest else f"{newest}+"
