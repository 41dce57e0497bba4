"""`pmrole serve` as machines of its own run it: a folder of articles and an index for each."""

import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.slack.uploading import ANSWERS
from index.build import BuildOptions, knowledge_stamp
from playground.acting import Posted
from playground.local_slack import LocalSlack
from playground.messages import Message
from tests.commands import run
from tests.library import ENCODERS
from tests.scenarios.breaking import BotProcess, by_bot
from tests.scenarios.conftest import buttons_of, text_of

PATIENCE_S = 180.0


class Machine:
    """A machine with the program on it: some articles, and an index of its own."""

    def __init__(
        self, slack: LocalSlack, folder: Path, library: Path, url: str, *, store: str = "folder"
    ) -> None:
        for part in ("knowledge", "index") if store == "folder" else ("knowledge",):
            shutil.copytree(library / part, folder / part)
        self.slack, self.folder, self.url, self.store = slack, folder, url, store
        self.process: BotProcess | None = None

    @property
    def env(self) -> dict[str, str]:
        """The settings of its own."""
        places = {"KNOWLEDGE_DIR": "knowledge", "INDEX_DIR": "index"}
        folders = {name: str(self.folder / place) for name, place in places.items()}
        return {**folders, "INDEX_STORE": self.store}

    def runs(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command of `pmrole` to its end."""
        env = {**self.env, "DATABASE_URL": self.url, "ENCODER_DIR": str(ENCODERS)}
        return run(list(words), {**env, "HF_HUB_OFFLINE": "1"}, self.folder)

    def start(self, **settings: str) -> None:
        """Start the bot, and wait until Slack can deliver to it."""
        self.process = BotProcess(self.slack, self.url, **self.env, **settings)
        self.process.wait_until_it_answers()

    def stop(self) -> str:
        """Stop the bot; return what it wrote."""
        process, self.process = self.process, None
        status, written = process.stop() if process else (0, "")
        assert status == 0
        return written

    def kill(self) -> None:
        """End the bot without a word."""
        process, self.process = self.process, None
        if process is not None:
            process.kill()

    @property
    def articles(self) -> set[str]:
        """What is in its folder."""
        root = self.folder / "knowledge"
        return {one.relative_to(root).as_posix() for one in root.rglob("*") if one.is_file()}

    @property
    def stamp(self) -> str:
        """What a build would compare."""
        return knowledge_stamp(self.folder / "knowledge", BuildOptions())


class Workspace:
    """People, and the machines that answer them."""

    def __init__(self, slack: LocalSlack, *machines: Machine) -> None:
        self.slack, self.machines = slack, machines
        self.ada, self.gus = slack.person("ada"), slack.person("gus")

    def wait(self, condition: Callable[[], Any], what: str) -> None:
        """Wait until something holds."""
        self.slack.wait_for(condition, what, PATIENCE_S)

    def settle(self) -> None:
        """Wait until all that was sent is acknowledged."""
        self.wait(lambda: all(one.is_over for one in self.slack.deliveries), "acknowledgements")

    def told(self, found: Callable[[Message], object], what: str) -> Message:
        """Return the bot's last direct message of a kind to ada, once it is there."""

        def matching() -> list[Message]:
            held = by_bot(self.slack, self.slack.messages(self.ada.direct_channel))
            return [one for one in held if found(one)]

        self.wait(matching, what)
        return matching()[-1]

    def add(self, file: tuple[str, bytes]) -> None:
        """Bring an article; return when it is answered from."""
        self.ada.writes("", files=[file])
        preview = self.told(lambda one: "Add" in buttons_of(one), "a preview")
        self.ada.clicks(preview, "upload_add")
        self.told(lambda one: ANSWERS in text_of(one), "the new article")

    def new_indexes(self) -> int:
        """Return of how many new indexes ada was told."""
        held = by_bot(self.slack, self.slack.messages(self.ada.direct_channel))
        return len([one for one in held if one.text.startswith("New index")])

    def answers(self, asked: Posted, count: int = 1) -> list[Message]:
        """Return the answers in the thread of a question, once there are so many."""

        def found() -> list[Message]:
            seen = by_bot(self.slack, self.gus.sees(asked.channel, asked))
            return [one for one in seen if not one.visible_to]

        self.wait(lambda: len(found()) >= count, f"{count} answers")
        return found()

    def asks(self, question: str) -> Posted:
        """Let gus ask in a channel."""
        return self.gus.says("#careers", f"<@{self.slack.bot_user}> {question}")

    def heard_by(self, asked: Posted) -> str:
        """Return which connection heard a question."""
        (delivery,) = [
            one
            for one in self.slack.deliveries
            if one.kind == "events_api"
            and one.payload["event"].get("ts") == asked.ts
            and one.payload["event"]["type"] == "app_mention"
        ]
        return str(delivery.tries[-1].via)

    def wait_until_all_answer(self, question: str, wanted: str, machines: int = 2) -> None:
        """Ask until as many machines as there are have answered as wanted."""
        right: set[str] = set()
        end = time.monotonic() + PATIENCE_S
        while len(right) < machines:
            assert time.monotonic() < end, f"{right} of {machines} answer {question!r}"
            asked = self.asks(question)
            if wanted in self.answers(asked)[0].text:
                right.add(self.heard_by(asked))
            time.sleep(0.2)
