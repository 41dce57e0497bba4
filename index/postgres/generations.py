"""Generations in Postgres, shared by all replicas; one row of settings names the published one.

A build is made in a folder of this machine and loaded as "building", which nobody reads. One
transaction makes it "kept" or the "candidate", and the published one: a crash at any moment leaves
the old generation answering, and what it left behind is swept away by the next build.
"""

import contextlib
import logging
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from index.errors import BuildInProgressError, NoIndexError, StoreUnavailableError
from index.generation import Generation, open_newest_good
from index.generation_store import KEPT
from index.manifest import Manifest
from index.postgres.catalogue import BUILDING, CALIBRATION, CANDIDATE, KEPT_ONE, Catalogue, Change
from index.postgres.connecting import Connections
from index.postgres.listening import Heard, PublishedName
from index.postgres.loading import drop, load
from index.postgres.locking import BUILD_LOCK, LockTakenError, session_lock
from index.postgres.pieces import check_pieces
from index.postgres.reading import manifest_of, open_generation

logger = logging.getLogger(__name__)


class PostgresGenerations:
    """The generations in a database. Safe between threads and between replicas."""

    def __init__(self, url: str, scratch: Path) -> None:
        """Name the database; nothing is opened or made yet.

        Args:
            url: Its address.
            scratch: A folder of this machine to build in.
        """
        self._url, self._scratch = url, scratch
        self._bare = Connections(url)
        self._catalogue = Catalogue(self._bare)
        self._heard = PublishedName(self._bare, self._catalogue.current_name)

    @property
    def place(self) -> str:
        """Host and name of the database."""
        return self._catalogue.place

    @property
    def connections(self) -> Connections:
        """Connections to the database; see `Catalogue.connections`."""
        return self._catalogue.connections

    def current_name(self) -> str:
        """Return the published generation's name.

        Raises:
            NoIndexError: if none was ever published.
            StoreUnavailableError: if Postgres is away.
        """
        return self._catalogue.current_name()

    def heard_name(self) -> str:
        """Return the published generation's name as it was at most seconds ago.

        While Postgres is away it is the last known one.

        Raises:
            NoIndexError, StoreUnavailableError: as `current_name` does, if none is known yet.
        """
        return self._heard.name()

    def follow(self, heard: Heard = lambda _name: None) -> None:
        """Listen for what replicas publish, on a thread of its own, until `close`.

        Args:
            heard: Told the name every few seconds and when it changes, on that thread.
        """
        self._heard.follow(heard)

    def close(self) -> None:
        """Listen no more and close idle connections; what is open goes on, on new ones."""
        self._heard.close()
        self._bare.close()

    def names(self) -> list[str]:
        """Return the names of all generations, oldest first; a candidate is none yet."""
        return self._catalogue.names(KEPT_ONE)

    def taken_names(self) -> list[str]:
        """Return the names that a new generation must sort after, oldest first."""
        return sorted([*self.names(), *self._catalogue.names(CANDIDATE)])

    def candidate(self) -> str | None:
        """Return the name of the generation that waits to be published, if there is one."""
        return next(reversed(self._catalogue.names(CANDIDATE)), None)

    def previous_name(self) -> str:
        """Return the generation before the current one.

        Raises:
            NoIndexError: if there is none.
        """
        current = self.current_name()
        older = [name for name in self.names() if name < current]
        if not older:
            raise NoIndexError(f"no generation before {current} is kept in {self.place}")
        return older[-1]

    def manifest_of(self, name: str) -> Manifest:
        """Return the manifest of a generation, or of the candidate of that name.

        Raises:
            DamagedIndexError: if it is not there or cannot be read.
            IndexMismatchError: if it is of another format.
        """
        return manifest_of(self.connections, name)

    def open(self) -> Generation:
        """Open the published generation, or the newest good one before it if that is damaged.

        Raises:
            NoIndexError, DamagedIndexError, IndexMismatchError: as `open_newest_good` does.
            StoreUnavailableError: if Postgres is away.
        """
        return open_newest_good(self)

    def open_named(self, name: str) -> Generation:
        """Open one generation; it is read over this object's connections.

        Raises:
            DamagedIndexError: if it is gone, or its parts do not agree with its manifest.
        """
        return open_generation(self.connections, name)

    def open_candidate(self, name: str) -> Generation:
        """Open a generation that waits to be published.

        Raises:
            DamagedIndexError: if it is gone, or its parts do not agree with its manifest.
        """
        return open_generation(self.connections, name)

    def verify(self, name: str) -> Manifest:
        """Compare the files that are kept of a generation, and its tables, with its manifest.

        Raises:
            DamagedIndexError: naming the first part that is missing or differs.
        """
        manifest = self.manifest_of(name)
        check_pieces(self.connections, manifest, self.place)
        self.open_named(name).passages.close()
        return manifest

    def calibration(self) -> str | None:
        """Return what `keep_calibration` kept, if anything."""
        return self._catalogue.setting(CALIBRATION)

    def keep_calibration(self, text: str) -> str:
        """Keep a calibration for all replicas, whatever is published; return where it is."""
        self._catalogue.set(CALIBRATION, text)
        return self.place

    @contextlib.contextmanager
    def building(self, *, wait_s: float) -> Iterator[Path]:
        """Give a new folder to build in, while no other replica builds for this database.

        What a crashed build left behind is swept away first. The lock is that of a connection, so
        it is free again however this process ends.

        Args:
            wait_s: How long to wait for another build to end.

        Raises:
            BuildInProgressError: if another build still runs after that.
            StoreUnavailableError: if Postgres is away.
        """
        with contextlib.ExitStack() as stack:
            try:
                stack.enter_context(session_lock(self._url, BUILD_LOCK, wait_s=wait_s))
            except LockTakenError as error:
                raise BuildInProgressError(
                    f"another build of the index in {self.place} is running; try again when it "
                    "has ended"
                ) from error
            self._drop(self._catalogue.names(BUILDING))
            self._scratch.mkdir(parents=True, exist_ok=True)
            for left in self._scratch.glob("build-*/"):
                shutil.rmtree(left, ignore_errors=True)
            work = Path(tempfile.mkdtemp(prefix="build-", dir=self._scratch))
            stack.callback(shutil.rmtree, work, ignore_errors=True)
            yield work

    def publish(self, work: Path, name: str) -> None:
        """Load a finished build folder and make it the current generation, in one step.

        A candidate that waited is older than this one, and goes.

        Raises:
            StoreUnavailableError: if Postgres is away or full; the old generation answers on.
        """
        with self._revealing(work, name, KEPT_ONE) as change:
            change.point_at(name)
        self._heard.heard(name)

    def keep_candidate(self, work: Path, name: str) -> None:
        """Load a finished build folder beside the generations, in the place of other candidates.

        Raises:
            StoreUnavailableError: if Postgres is away or full.
        """
        with self._revealing(work, name, CANDIDATE):
            pass

    def publish_candidate(self, name: str) -> None:
        """Make a candidate the current generation; done a second time it changes nothing.

        Raises:
            NoIndexError: if it is gone, because another build took its place.
        """
        with self._catalogue.changing() as change:
            change.become(name, KEPT_ONE, was=CANDIDATE)
            change.point_at(name)
        self._heard.heard(name)

    def discard_candidate(self, name: str) -> None:
        """Remove a candidate; one that is gone already is no error."""
        with self._catalogue.changing() as change:
            was_there = change.become(name, BUILDING, was=CANDIDATE)
        if was_there:
            self._drop([name])

    def point_at(self, name: str) -> None:
        """Make a generation that is kept the current one, in one step.

        Raises:
            NoIndexError: if there is no generation of that name.
        """
        with self._catalogue.changing() as change:
            change.point_at(name)
        self._heard.heard(name)

    def prune(self, kept: int = KEPT) -> list[str]:
        """Remove all but the newest generations and the current one; return what was removed."""
        with self._catalogue.changing() as change:
            current = change.current_name()
            removed = [name for name in change.names(KEPT_ONE)[:-kept] if name != current]
            change.hide(removed, was=KEPT_ONE)
        self._drop(removed)
        return removed

    @contextlib.contextmanager
    def _revealing(self, work: Path, name: str, state: str) -> Iterator[Change]:
        """Load what was built and let it be seen, in the place of candidates, with what follows."""
        load(self.connections, work, Manifest.read(work), BUILDING)
        with self._catalogue.changing() as change:
            waited = change.names(CANDIDATE)
            change.hide(waited, was=CANDIDATE)
            change.reveal(name, state)
            yield change
        self._drop(waited)

    def _drop(self, names: Iterable[str]) -> None:
        """Remove what nobody reads any more; what cannot be removed now waits for a build."""
        for name in names:
            try:
                drop(self.connections, name)
            except StoreUnavailableError as error:
                logger.warning("%s stays until the next build: %s", name, error)
