"""`pmrole` as a process of its own, away from this repository's settings."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent


def command_line(argv: list[str], env: Mapping[str, str]) -> list[str]:
    """Return the command that runs `pmrole` with some settings on top of this environment."""
    # A model that is compiled shares two cores with the tests.
    settings = {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT), **env}
    values = [f"{name}={value}" for name, value in settings.items()]
    return ["env", *values, sys.executable, "-m", "bot", *argv]


def run(
    argv: list[str], env: Mapping[str, str], folder: Path, *, stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run `pmrole` in a folder to its end."""
    return subprocess.run(
        command_line(argv, env),
        cwd=folder,
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
