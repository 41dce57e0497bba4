"""Generations in Postgres, answered from copies on this machine.

    <folder>/<generation>/   a copy, whole: renamed into place when its checksums are right
    <folder>/pull-*          one under way; left by a crash, swept away by the next
    <folder>/pull.lock       held meanwhile, so that processes on one machine pull once

What is published and kept is Postgres's to say; a folder here says nothing by being there.
"""

import contextlib
import logging
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from filelock import FileLock

from index.errors import DamagedIndexError, IndexingError
from index.generation import Generation, open_newest_good
from index.generation_folder import open_folder, put_in_place
from index.generation_store import KEPT, GenerationStore
from index.manifest import MANIFEST, Manifest
from index.postgres.connecting import Connections
from index.postgres.generations import PostgresGenerations
from index.postgres.pieces import read_pieces
from index.postgres.reading import manifest_of

logger = logging.getLogger(__name__)

# What could not be pulled is tried again after so long: it may have gigabytes.
_AGAIN_S = 60.0


def pull(connections: Connections, manifest: Manifest, work: Path) -> None:
    """Write the files of a generation into a folder, a piece at a time.

    Raises:
        DamagedIndexError: if one differs from the manifest, or is gone.
        StoreUnavailableError: if Postgres is away.
        OSError: if the disk is full.
    """
    for path in manifest.files:
        file = work / path
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as opened:
            for piece in read_pieces(connections, manifest.name, path):
                opened.write(piece)
    manifest.write(work)
    manifest.check_files(work)


def copy_published(url: str, name: str, target: GenerationStore) -> None:
    """Put a generation into a folder of its own, as the one that is published there.

    Raises:
        DamagedIndexError, StoreUnavailableError, OSError: as `pull` does.
    """
    connections = Connections(url)
    try:
        with target.building(wait_s=0) as work:
            pull(connections, manifest_of(connections, name), work)
            target.publish(work, name)
    finally:
        connections.close()


class PulledGenerations:
    """Generations in a database, opened from copies in a folder. Safe between threads."""

    def __init__(self, remote: PostgresGenerations, folder: Path) -> None:
        """Name the generations and the folder; nothing is read or made yet."""
        self._remote, self._folder = remote, folder
        self._opened = self._ready = ""
        self._not_before = 0.0

    @property
    def place(self) -> str:
        """Where the generations are: the database."""
        return self._remote.place

    def current_name(self) -> str:
        """See `PostgresGenerations.current_name`."""
        return self._remote.current_name()

    def heard_name(self) -> str:
        """Return the published generation's name; where that is followed, once its copy is here.

        Raises:
            NoIndexError, StoreUnavailableError: as `PostgresGenerations.heard_name` does.
        """
        return self._ready or self._remote.heard_name()

    def follow(self) -> None:
        """Pull what replicas publish, on a thread of its own, until `close`."""
        self._ready = self._opened
        self._remote.follow(self._bring)

    def close(self) -> None:
        """Follow no more, and close idle connections; open generations stay so."""
        self._remote.close()

    def names(self) -> list[str]:
        """Return the names of all generations, oldest first."""
        return self._remote.names()

    def taken_names(self) -> list[str]:
        """Return the names that a new generation must sort after, oldest first."""
        return self._remote.taken_names()

    def candidate(self) -> str | None:
        """Return the name of the generation that waits to be published, if there is one."""
        return self._remote.candidate()

    def previous_name(self) -> str:
        """See `PostgresGenerations.previous_name`."""
        return self._remote.previous_name()

    def manifest_of(self, name: str) -> Manifest:
        """See `PostgresGenerations.manifest_of`."""
        return self._remote.manifest_of(name)

    def open(self) -> Generation:
        """Open the published generation, or the newest good one before it, pulled if need be.

        Raises:
            NoIndexError, DamagedIndexError, IndexMismatchError: as `open_newest_good` does.
            StoreUnavailableError: if Postgres is away.
        """
        generation = open_newest_good(self)
        self._opened = generation.manifest.name
        return generation

    def open_named(self, name: str) -> Generation:
        """Open the copy of a generation; a damaged copy is pulled again.

        Raises:
            DamagedIndexError: if the generation is gone, or damaged in Postgres too.
        """
        manifest = self._remote.manifest_of(name)
        was_here = (self._folder / name).is_dir()
        try:
            generation = open_folder(self._pulled(manifest))
        except DamagedIndexError as error:
            if not was_here:
                raise
            logger.warning("%s; it is pulled again", error)
            self._remove(name)
            generation = open_folder(self._pulled(manifest))
        return replace(generation, calibration=self._remote.calibration)

    def open_candidate(self, name: str) -> Generation:
        """Open the copy of a generation that waits to be published; see `open_named`."""
        return self.open_named(name)

    def verify(self, name: str) -> Manifest:
        """Compare what Postgres keeps of a generation, and the copy, with the manifest.

        Raises:
            DamagedIndexError: naming the first part that is missing or differs.
        """
        manifest = self._remote.verify(name)
        copy = self._folder / name
        if copy.is_dir():
            manifest.check_files(copy)
        return manifest

    def calibration(self) -> str | None:
        """Return what `keep_calibration` kept, if anything."""
        return self._remote.calibration()

    def keep_calibration(self, text: str) -> str:
        """Keep a calibration for all replicas; return where it is."""
        return self._remote.keep_calibration(text)

    @contextlib.contextmanager
    def building(self, *, wait_s: float) -> Iterator[Path]:
        """See `PostgresGenerations.building`."""
        with self._remote.building(wait_s=wait_s) as work:
            yield work

    def publish(self, work: Path, name: str) -> None:
        """Keep the folder that was built as the copy, load it, and publish it."""
        self._remote.publish(self._adopted(work, name), name)

    def keep_candidate(self, work: Path, name: str) -> None:
        """Keep the folder that was built as the copy, and load it as the one candidate."""
        self._remote.keep_candidate(self._adopted(work, name), name)

    def publish_candidate(self, name: str) -> None:
        """See `PostgresGenerations.publish_candidate`."""
        self._remote.publish_candidate(name)

    def discard_candidate(self, name: str) -> None:
        """Remove a candidate and its copy; one that is gone already is no error."""
        self._remote.discard_candidate(name)
        self._remove(name)

    def point_at(self, name: str) -> None:
        """See `PostgresGenerations.point_at`."""
        self._remote.point_at(name)

    def prune(self, kept: int = KEPT) -> list[str]:
        """Remove all but the newest generations and the current one, and copies of others."""
        removed = self._remote.prune(kept)
        self._prune_copies()
        return removed

    def _bring(self, name: str) -> None:
        """Pull what was heard of; once it is here, questions are answered from it."""
        if name == self._ready or time.monotonic() < self._not_before:
            return
        try:
            self._pulled(self._remote.manifest_of(name))
        except (IndexingError, OSError) as error:
            self._not_before = time.monotonic() + _AGAIN_S
            logger.warning("%s cannot be pulled, and the older index answers: %s", name, error)
            return
        self._ready = name
        self._prune_copies()

    def _pulled(self, manifest: Manifest) -> Path:
        """Return the folder of a copy, pulled if it is not here."""
        place = self._folder / manifest.name
        if place.is_dir():
            return place
        self._folder.mkdir(parents=True, exist_ok=True)
        with FileLock(self._folder / "pull.lock"):
            if not place.is_dir():  # another process has not pulled it meanwhile
                for left in self._folder.glob("pull-*/"):
                    shutil.rmtree(left, ignore_errors=True)
                work = Path(tempfile.mkdtemp(prefix="pull-", dir=self._folder))
                try:
                    pull(self._remote.connections, manifest, work)
                    put_in_place(work, place)
                finally:
                    shutil.rmtree(work, ignore_errors=True)
        return place

    def _adopted(self, work: Path, name: str) -> Path:
        """Make a folder that was built here the copy: what this machine built it need not pull."""
        put_in_place(work, self._folder / name)
        return self._folder / name

    def _prune_copies(self) -> None:
        kept, current = set(self._remote.taken_names()), self._remote.current_name()
        for one in self._folder.glob(f"*/{MANIFEST}"):
            name = one.parent.name
            # A newer one may be loaded this moment, and be published next.
            if name not in kept and name < current and not name.startswith(("build-", "pull-")):
                self._remove(name)

    def _remove(self, name: str) -> None:
        """Remove a copy; whoever has it open reads on."""
        doomed = self._folder / f"pull-removed-{name}"
        with contextlib.suppress(FileNotFoundError):
            (self._folder / name).rename(doomed)
        shutil.rmtree(doomed, ignore_errors=True)
