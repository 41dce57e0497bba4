"""`pmrole play`: the bot in a local Slack, shown in a browser, with no workspace and no tokens."""

import argparse
import json
import os
import shutil
import sys
import tempfile
import webbrowser
from contextlib import ExitStack, closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.answering.answerer import Answerer
from bot.cli import OK
from bot.cli.asking import reranker_of
from bot.cli.stopping import StopSignal
from bot.index_store import index_store, live_index
from bot.settings import Settings, SettingsError
from bot.slack.connecting import SocketConnection
from bot.slack.running import RunningBot, warm_up
from index.generation_store import GenerationStore
from playground.local_slack import LocalSlack
from playground.page.serving import PageServer

MANIFEST = Path("slack-manifest.json")
_HANG_UP_S, _FINISH_S = 1.0, 4.0


def play(options: argparse.Namespace, settings: Settings) -> int:
    """Show the bot in a browser until SIGTERM or Ctrl-C.

    Raises:
        SettingsError: if there is no manifest, or the port is taken.
        IndexingError: if there is no index that can be opened.
    """
    stop = StopSignal()
    _leave_out_proxies()
    with ExitStack() as stack:
        stage = stack.enter_context(Stage(settings, read_manifest()))
        page = _open_page(stage, options.page_port)
        stack.callback(page.close)
        stop.listen()
        print(f"PM Role plays at {page.address}. Ctrl-C stops it.", file=sys.stderr, flush=True)
        _show(page.address)
        stop.wait()
        print("pmrole: stopping", file=sys.stderr, flush=True)
        stop.close()
    return OK


class Stage:
    """A local Slack with the bot in it, on copies of the articles and the index.

    What is done on it changes neither the articles nor the state of this installation. Used in a
    `with` statement.

    Attributes:
        slack: The local Slack; another one after `reset`.
        manifest: The app's.
    """

    def __init__(self, settings: Settings, manifest: dict[str, Any]) -> None:
        self.manifest = manifest
        self._settings = settings
        self._reranker = reranker_of(settings)
        self._running = ExitStack()
        self.slack = self._begin()

    def __enter__(self) -> "Stage":
        return self

    def __exit__(self, *_: object) -> None:
        self._running.close()

    def reset(self) -> LocalSlack:
        """Begin anew, with nothing said and no article added; return the new local Slack."""
        self._running.close()
        self.slack = self._begin()
        return self.slack

    def _begin(self) -> LocalSlack:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pmrole-")))
            slack = stack.enter_context(LocalSlack(manifest=self.manifest))
            settings = _settings_in(folder, slack, self._settings)
            live = live_index(settings)
            stack.callback(live.close)
            answerer = Answerer.open(live, reranker=self._reranker)
            warm_up(answerer)
            bot = RunningBot(answerer, settings, store=live.store)
            stack.callback(bot.close, _FINISH_S)
            connection = SocketConnection(
                bot.app.bolt, settings.slack_app_token or "", hearing=bot.hearing
            )
            stack.callback(connection.close, _HANG_UP_S)
            connection.open()
            bot.start()
            self._running = stack.pop_all()
        return slack


def read_manifest() -> dict[str, Any]:
    """Read the app's manifest, which says what the local Slack allows it.

    Raises:
        SettingsError: if it is not there.
    """
    try:
        manifest: dict[str, Any] = json.loads(MANIFEST.read_text("utf-8"))
    except FileNotFoundError as error:
        raise SettingsError(
            f"{MANIFEST} is not here: run this in the folder of PM Role, as `make run` does"
        ) from error
    return manifest


def _settings_in(folder: Path, slack: LocalSlack, settings: Settings) -> Settings:
    """Copy what the bot may change, and point it there and at the local Slack."""
    knowledge, index = folder / "knowledge", folder / "index"
    shutil.copytree(settings.knowledge_dir, knowledge)
    _copy_index(settings, index)
    return replace(
        settings,
        knowledge_dir=knowledge,
        index_dir=index,
        index_store="folder",
        database_url=f"sqlite:///{folder / 'state.db'}",
        slack_bot_token=slack.bot_token,
        slack_app_token=slack.app_token,
        slack_api_url=slack.api_url,
        slack_client_id=None,
        slack_client_secret=None,
        admin_users=(),
        ask_channel=slack.channels["#general"].id,
        admin_channel=None,
    )


def _copy_index(settings: Settings, target: Path) -> None:
    """Copy the published generation alone: older ones may be swept away meanwhile."""
    if settings.index_store != "folder":
        _copy_from_postgres(settings, GenerationStore(target))
        return
    source = settings.index_dir
    published = GenerationStore(source).current_name()
    shutil.copytree(source / published, target / published)
    for one in source.iterdir():
        if one.is_file() and one.suffix != ".lock":
            shutil.copy(one, target)


def _copy_from_postgres(settings: Settings, target: GenerationStore) -> None:
    from index.postgres.pulling import copy_published

    with closing(index_store(settings)) as store:
        copy_published(settings.database_url, store.current_name(), target)
        calibration = store.calibration()
        if calibration is not None:
            target.keep_calibration(calibration)


def _open_page(stage: Stage, port: int) -> PageServer:
    try:
        return PageServer(stage.slack, stage.manifest, stage.reset, port)
    except OSError as error:
        raise SettingsError(
            f"port {port} of 127.0.0.1 cannot be used ({error.strerror}): close what uses it, or "
            "choose another with `pmrole play --page-port N`"
        ) from error


def _leave_out_proxies() -> None:
    """Let nothing go through a proxy: slack_sdk would even send there what is for this machine."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY"):
        for spelled in (name, name.lower()):
            os.environ.pop(spelled, None)  # noqa: TID251 - taken out, not read


def _show(address: str) -> None:
    """Open a browser, where a person sits before a display."""
    if not sys.stderr.isatty():
        return
    with suppress(webbrowser.Error):
        browser = webbrowser.get()
        # Without a display only text browsers are known, by this class itself.
        if type(browser) is not webbrowser.GenericBrowser:
            browser.open(address)
