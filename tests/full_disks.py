"""Disks without room, for real processes: a small file system, or a limit on what one may write."""

import contextlib
import resource
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

_SIZE_MB = 24


class SmallDisk:
    """A file system of a few megabytes, which a ballast fills to its last byte."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self, _pid: int) -> None:
        """Leave no byte."""
        with contextlib.suppress(OSError), self._ballast.open("ab", buffering=0) as ballast:
            while True:
                ballast.write(bytes(4096))

    def free(self, _pid: int) -> None:
        """Make room again."""
        self._ballast.unlink()


class WriteLimit:
    """No room for one process: whatever it writes to a file is refused, as a quota does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._before: tuple[int, int] = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)

    def fill(self, pid: int) -> None:
        """Refuse every further byte."""
        self._before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, self._before[1]))

    def free(self, pid: int) -> None:
        """Allow it again."""
        resource.prlimit(pid, resource.RLIMIT_FSIZE, self._before)


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[SmallDisk]:
    """Mount a small file system; the test is left out where only root may."""
    folder.mkdir(exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={_SIZE_MB}m,mode=700", "pmrole-test"]
    try:
        subprocess.run([*mount, str(folder)], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("mounting a file system takes a privilege")
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@contextlib.contextmanager
def write_limit(folder: Path) -> Iterator[WriteLimit]:
    """Give a folder for a process that can be kept from writing; on Linux only."""
    if not hasattr(resource, "prlimit"):
        pytest.skip("the limits of another process can be set on Linux only")
    folder.mkdir(exist_ok=True)
    yield WriteLimit(folder)
