"""Articles that admins brought or took away, kept where the disk of the articles does not last."""

import hashlib
import time
from dataclasses import dataclass, field

from sqlalchemy import Row, case, delete, select, update
from sqlalchemy.sql.dml import ReturningInsert

from bot.state.schema import uploads
from bot.state.transactions import Clock, Transactions

_Row = dict[str, object]
# A later change is later by its time too, if the clocks of two machines differ: by so many seconds.
_LATER_S = 0.001


@dataclass(frozen=True, slots=True)
class Upload:
    """An article that an admin brought, or took away.

    Attributes:
        path: Relative to the knowledge folder, with forward slashes.
        content: The file.
        sha256: Of the file, in hexadecimal.
        added_by: The id of who brought it, or took it away.
        added_at: When, in seconds since 1970; later for each change of a path.
        removed_at: When it was taken away; None while it is an article.
    """

    path: str
    content: bytes = field(repr=False)
    sha256: str
    added_by: str
    added_at: float
    removed_at: float | None = None


@dataclass(frozen=True, slots=True)
class Noted:
    """What is noted of an article, without its file; see `Upload`."""

    path: str
    sha256: str
    added_at: float
    removed_at: float | None


class Uploads:
    """Articles brought and taken away. Safe between threads and between processes."""

    def __init__(self, transactions: Transactions, *, clock: Clock = time.time) -> None:
        """Begin with those the database holds."""
        self._transactions, self._clock = transactions, clock
        added = transactions.insert(uploads)
        at = case(
            (added.excluded.added_at > uploads.c.added_at, added.excluded.added_at),
            else_=uploads.c.added_at + _LATER_S,
        )
        changed = {
            **{name: added.excluded[name] for name in ("content", "sha256", "added_by")},
            "added_at": at,
            "removed_at": case((added.excluded.removed_at.is_not(None), at)),
        }
        by_path = [uploads.c.path]
        self._put = added.on_conflict_do_update(index_elements=by_path, set_=changed).returning(
            uploads.c.added_at
        )
        # Only the first of two processes that want a path gets it.
        self._claim = added.on_conflict_do_nothing(index_elements=by_path).returning(
            uploads.c.added_at
        )

    @property
    def is_shared(self) -> bool:
        """Whether processes on other machines may bring articles too."""
        return self._transactions.is_server

    def claim(self, path: str, content: bytes, by: str) -> float | None:
        """Keep a new article, unless something was brought or taken away under its path.

        Returns:
            The time that is noted of it; None if the path is another's.
        """
        return self._time_of(self._claim, self._row(path, content, by))

    def put(self, path: str, content: bytes, by: str) -> float:
        """Keep an article, in the place of an earlier one of that path; return the time noted."""
        return self._time_of(self._put, self._row(path, content, by)) or 0.0

    def remove(self, path: str, content: bytes, by: str) -> None:
        """Note that an article was taken away; its file is kept, so that it can be brought back."""
        row = self._row(path, content, by)
        self._time_of(self._put, row | {"removed_at": row["added_at"]})

    def bring_back(self, path: str) -> bool:
        """Undo `remove`; tell whether there was something to undo."""
        wanted = (uploads.c.path == path) & uploads.c.removed_at.is_not(None)
        with self._transactions.writing() as connection:
            done = connection.execute(update(uploads).where(wanted).values(removed_at=None))
        return bool(done.rowcount)

    def drop(self, path: str) -> None:
        """Forget about a path altogether."""
        with self._transactions.writing() as connection:
            connection.execute(delete(uploads).where(uploads.c.path == path))

    def find(self, path: str) -> Upload | None:
        """Return what is kept under a path."""
        with self._transactions.reading() as connection:
            row = connection.execute(select(uploads).where(uploads.c.path == path)).first()
        return _upload(row) if row else None

    def path_of(self, sha256: str) -> str | None:
        """Return under which path a file is an article already, by its hash."""
        same = (uploads.c.sha256 == sha256) & uploads.c.removed_at.is_(None)
        with self._transactions.reading() as connection:
            path: str | None = connection.scalar(select(uploads.c.path).where(same).limit(1))
        return path

    def live_paths(self) -> tuple[str, ...]:
        """Return the paths of the articles that were brought and not taken away."""
        live = select(uploads.c.path).where(uploads.c.removed_at.is_(None))
        with self._transactions.reading() as connection:
            return tuple(connection.scalars(live.order_by(uploads.c.path)).all())

    def noted(self) -> tuple[Noted, ...]:
        """Return what is noted of all articles, sorted by path."""
        columns = (uploads.c.path, uploads.c.sha256, uploads.c.added_at, uploads.c.removed_at)
        with self._transactions.reading() as connection:
            rows = connection.execute(select(*columns)).all()
        return tuple(sorted((Noted(*row) for row in rows), key=lambda one: one.path))

    def _time_of(self, change: ReturningInsert[float], row: _Row) -> float | None:
        with self._transactions.writing() as connection:
            return connection.execute(change, row).scalar_one_or_none()

    def _row(self, path: str, content: bytes, by: str) -> _Row:
        return {
            "path": path,
            "content": content,
            "sha256": hashlib.sha256(content).hexdigest(),
            "added_by": by,
            "added_at": self._clock(),
            "removed_at": None,
        }


def _upload(row: Row[tuple[object, ...]]) -> Upload:
    return Upload(row.path, row.content, row.sha256, row.added_by, row.added_at, row.removed_at)
