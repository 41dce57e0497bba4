"""A Postgres of our own for tests, where its programs are installed."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_START_S = 30.0


def _programs() -> Path | None:
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    return next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)


@contextmanager
def running_postgres() -> Iterator[str]:
    """Start a server on a socket in a folder; give the address of its database."""
    programs = _programs()
    if programs is None:
        pytest.skip("Postgres is not installed")
    # It refuses to run as root, and its folder must be its own.
    user = "postgres" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
    if user:
        shutil.chown(folder, user)
    data = str(folder / "data")
    try:
        made = [str(programs / "initdb"), "-D", data, "-U", "pmrole", "-A", "trust", "--no-sync"]
        with _started(made, folder, user) as making:
            assert making.wait() == 0, "initdb failed"
        serve = [str(programs / "postgres"), "-D", data, "-k", str(folder), "-F"]
        with _started([*serve, "-c", "listen_addresses="], folder, user) as server:
            try:
                _wait(programs, folder)
                yield f"postgresql://pmrole@/postgres?host={folder}"
            finally:
                server.terminate()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _started(command: list[str], folder: Path, user: str | None) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        user=user,
        group=user,
        extra_groups=[] if user else None,
    )


def _wait(programs: Path, folder: Path) -> None:
    end = time.monotonic() + _START_S
    command = [str(programs / "pg_isready"), "-h", str(folder), "-U", "pmrole", "-q"]
    while subprocess.run(command, check=False).returncode:
        assert time.monotonic() < end, "Postgres did not start"
        time.sleep(0.05)
