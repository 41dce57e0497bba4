"""The knowledge folder on the disk: whole files, in their place, by one writer at a time."""

import fcntl
import hashlib
import os
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.uploads.refusing import RefusedError

# Hidden, so that neither a build nor a watch takes it for an article.
_HALF = ".upload-"
_MODE = 0o644
# Longer than a hundred articles of 10 MB take on a slow disk.
_WAIT_S = 60.0
_LOOK_EVERY_S = 0.02


def place_of(folder: Path, path: str) -> Path:
    """Return where an article lies.

    Raises:
        RefusedError: That is outside the folder.
    """
    root = folder.resolve()
    parts = path.split("/")
    place = root.joinpath(*parts)
    hidden = any(one.startswith(".") or not one or "\\" in one or "\0" in one for one in parts)
    if hidden or not place.parent.resolve().is_relative_to(root):
        raise RefusedError(f"{path!r} leads out of the knowledge folder.")
    return place


def folders_below(folder: Path) -> tuple[str, ...]:
    """Return the top level, which is empty, and the folders below it, sorted by path."""
    root = folder.resolve()
    below = [Path(place).relative_to(root) for place, _, _ in os.walk(root)]
    named = [one.as_posix() for one in below if one.parts]
    return ("", *sorted(one for one in named if not re.search(r"(?:^|/)\.", one)))


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Hold a folder against every other thread and process of this machine that changes it.

    The lock is the system's, on the folder itself: nothing is written, and it is free again however
    a process ends. Where the file system has no locks, such as some of the network, nobody is held
    up; files are whole all the same.

    Raises:
        RefusedError: Another process holds it for a minute.
    """
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        yield  # there is no folder yet
        return
    try:
        with suppress(OSError):
            _lock(descriptor)
        yield
    finally:
        os.close(descriptor)


def write_article(place: Path, content: bytes, at: float) -> None:
    """Write a file that is whole or not there, with its time of change; it survives a power cut.

    Args:
        place: Where; folders that are missing are made.
        content: The file.
        at: The time of change it is to have, in seconds since 1970.

    Raises:
        OSError: if it cannot be written; then what was there is there still.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    descriptor, half = tempfile.mkstemp(prefix=_HALF, dir=place.parent)
    try:
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        Path(half).chmod(_MODE)
        set_time(Path(half), at)
        Path(half).replace(place)
    except BaseException:
        Path(half).unlink(missing_ok=True)
        raise
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def set_time(place: Path, at: float) -> None:
    """Give a file a time of change, in seconds since 1970."""
    os.utime(place, ns=(nanoseconds(at), nanoseconds(at)))


def nanoseconds(at: float) -> int:
    """Return a time of the state as a file has it: to the microsecond, the same everywhere."""
    return round(at * 1_000_000) * 1000


def sweep(folder: Path) -> None:
    """Remove what a crash left half written."""
    for left in folder.rglob(f"{_HALF}*"):
        with suppress(OSError):
            left.unlink()


def sha256_of(place: Path) -> str:
    """Return the hash of a file, in hexadecimal."""
    with place.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def unwritable(path: str, error: OSError) -> RefusedError:
    """Return what is told where the folder cannot be changed."""
    return RefusedError(
        f"The knowledge folder cannot be changed ({path}: {error.strerror or error}); "
        "whoever runs PM Role must make it writable, or free disk space."
    )


def _lock(descriptor: int) -> None:
    end = time.monotonic() + _WAIT_S
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                raise RefusedError(
                    "The knowledge folder is being changed by another process; try again in a "
                    "minute."
                ) from None
            time.sleep(_LOOK_EVERY_S)
        else:
            return
