"""What docker-compose.yml starts, without Docker: the image's start script, twice, on Postgres."""

import re
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import yaml

from bot.index_store import index_store
from bot.settings import Settings
from tests.commands import ROOT
from tests.library import ENCODERS
from tests.scenarios.conftest import running_slack
from tests.scenarios.machines import Workspace
from tests.scenarios.test_uploads import FILE, QUESTION, THURSDAY, small_library

__all__ = ["small_library"]  # a fixture of this module too

START_S = 300.0


class Container:
    """The start script in a folder like the image's, with the settings of the compose file."""

    def __init__(self, folder: Path, library: Path, env: dict[str, str]) -> None:
        self.folder, self.env = folder, env
        shutil.copytree(library / "knowledge", folder / "app" / "knowledge")
        (folder / "app" / "deploy").symlink_to(ROOT / "deploy")
        (folder / "bin").mkdir()
        command = folder / "bin" / "pmrole"
        command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m bot "$@"\n')
        command.chmod(0o755)
        self.written = ""
        self._process: subprocess.Popen[str] | None = None

    @property
    def knowledge(self) -> Path:
        return Path(self.env["KNOWLEDGE_DIR"])

    def start(self) -> None:
        """Start with an empty memory, as a new container does."""
        shutil.rmtree(self.folder / "tmp", ignore_errors=True)
        (self.folder / "tmp").mkdir()
        path = f"{self.folder / 'bin'}:/usr/bin:/bin"
        self._process = subprocess.Popen(
            ["sh", "deploy/start.sh"],
            cwd=self.folder / "app",
            env={**self.env, "PATH": path, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
            stderr=subprocess.PIPE,
            text=True,
        )

    def wait_until_it_answers(self) -> None:
        assert self._process is not None
        assert self._process.stderr is not None
        watchdog = threading.Timer(START_S, self._process.kill)
        watchdog.start()
        for line in self._process.stderr:
            self.written += line
            if "answers as" in line:
                watchdog.cancel()
                return
        raise AssertionError(self.written)

    def stop(self) -> None:
        if self._process is None:
            return
        self._process.send_signal(signal.SIGTERM)
        _, written = self._process.communicate(timeout=30)
        self.written += written
        assert self._process.returncode == 0, self.written
        self._process = None


def settings_of(folder: Path, slack, url: str) -> dict[str, str]:
    """Return the settings of the compose file, with a memory and a database of the test's own."""
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
    given = {**compose["services"]["bot"]["environment"], "DATABASE_URL": url}
    env = {name: re.sub("^/tmp", str(folder / "tmp"), value) for name, value in given.items()}
    env["DATABASE_URL"] = url
    return env | {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.api_url,
        "ENCODER_DIR": str(ENCODERS),
        "HF_HUB_OFFLINE": "1",
    }


@pytest.fixture
def composed(small_library, tmp_path, empty_postgres):
    with running_slack() as slack:
        containers = [
            Container(
                tmp_path / name, small_library, settings_of(tmp_path / name, slack, empty_postgres)
            )
            for name in ("one", "two")
        ]
        yield Workspace(slack), containers
        for container in containers:
            container.stop()


def test_one_builds_both_answer_and_nothing_on_their_disks_is_missed(composed):
    workspace, containers = composed
    for container in containers:
        container.start()
    for container in containers:
        container.wait_until_it_answers()
        assert "Traceback" not in container.written
        assert container.knowledge.is_dir()
    with_settings = Settings.from_env(containers[0].env)
    store = index_store(with_settings)
    try:
        assert len(store.names()) == 1  # one built it, and the other waited
        workspace.add(FILE)
        workspace.wait_until_all_answer(QUESTION, THURSDAY)
        published = store.current_name()
        # New containers, of the same image and with an empty memory.
        for container in containers:
            container.stop()
        for container in containers:
            container.start()
        for container in containers:
            container.wait_until_it_answers()
        workspace.wait_until_all_answer(QUESTION, THURSDAY)
        assert store.current_name() == published  # and nothing was built anew
    finally:
        store.close()
