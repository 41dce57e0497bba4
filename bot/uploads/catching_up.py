"""The knowledge folder of one machine, brought to what admins did on any.

The rows of `bot.state.uploads` are what counts. Of a row and a file the newer one wins, by the time
that the row has and the time of change of the file; a file that is written gets the time of its
row. So a file that somebody wrote by hand since stays, an older version goes, and folders that
began the same are the same again, times included.
"""

import logging
from dataclasses import dataclass
from pathlib import Path

from bot.state.uploads import Noted, Uploads
from bot.uploads.folder import (
    nanoseconds,
    place_of,
    set_time,
    sha256_of,
    unwritable,
    write_article,
)
from bot.uploads.refusing import RefusedError

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put right in the folder, by path.

    Attributes:
        written: Articles that were missing, or older.
        removed: Articles that had been taken away.
        failed: Why articles could not be put right.
    """

    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    failed: tuple[RefusedError, ...] = ()

    def __bool__(self) -> bool:
        """Whether the folder is another than before."""
        return bool(self.written or self.removed)


def bring_up_to_date(folder: Path, uploads: Uploads) -> Restored:
    """Write and remove what a folder needs to hold what admins brought; a second time nothing.

    Whoever calls it holds the folder; see `alone_in`. A row whose path leads out of the folder is
    logged and passed over.

    Raises:
        StateError: if the rows cannot be read.
    """
    written: list[str] = []
    removed: list[str] = []
    failed: list[RefusedError] = []
    for one in uploads.noted():
        try:
            place = place_of(folder, one.path)
            if one.removed_at is None and _is_behind(place, one):
                written += _written(place, uploads, one.path)
            elif one.removed_at is not None and _was_taken_away(place, one):
                place.unlink(missing_ok=True)
                removed.append(one.path)
        except RefusedError as error:
            logger.error("%s could not be restored: %s", one.path, error)  # noqa: TRY400 - the text says all
        except OSError as error:
            logger.error("%s could not be restored: %s", one.path, error)  # noqa: TRY400 - the text says all
            failed.append(unwritable(one.path, error))
    return Restored(tuple(written), tuple(removed), tuple(failed))


def _is_behind(place: Path, one: Noted) -> bool:
    """Tell whether an article has to be written; one that is right gets the time of its row."""
    try:
        seen = place.stat().st_mtime_ns
    except FileNotFoundError:
        return True
    noted = nanoseconds(one.added_at)
    if seen == noted or not place.is_file():
        return False
    if sha256_of(place) == one.sha256:
        set_time(place, one.added_at)
        return False
    if seen > noted:
        logger.info("%s was changed by hand since an admin brought it, and stays", one.path)
        return False
    return True


def _was_taken_away(place: Path, one: Noted) -> bool:
    """Tell whether a file is what was taken away, or an older version of it."""
    if not place.is_file():
        return False
    is_newer = place.stat().st_mtime_ns > nanoseconds(one.removed_at or 0.0)
    return not is_newer or sha256_of(place) == one.sha256


def _written(place: Path, uploads: Uploads, path: str) -> tuple[str, ...]:
    """Write an article as it is noted by now."""
    found = uploads.find(path)
    if found is None or found.removed_at is not None:
        return ()  # taken away this moment; the next time tells
    write_article(place, found.content, found.added_at)
    return (path,)
