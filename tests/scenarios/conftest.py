"""The real bot, connected over real Socket Mode to a local Slack, answering from the library."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from bot.answering.answerer import Answerer
from bot.settings import Settings
from bot.slack.connecting import SocketConnection
from bot.slack.running import RunningBot
from bot.state.store import State
from playground.acting import Actor, Posted
from playground.delivery import Delivery
from playground.local_slack import LocalSlack
from playground.messages import Message
from playground.views import View
from playground.world import Call, Ping

MANIFEST = json.loads(Path("slack-manifest.json").read_text("utf-8"))
VP = "what does a VP of Product do"
# Long enough for a machine that runs other things too; nothing waits so long when all is well.
PATIENCE_S = 120.0


class Office:
    """A workspace with the bot in it, and what people there see of it."""

    def __init__(self, slack: LocalSlack, answerer: Answerer, settings: Settings) -> None:
        self.slack, self.answerer, self.settings = slack, answerer, settings
        self.ann, self.gus = slack.person("ann"), slack.person("gus")
        self.ada, self.ole = slack.person("ada"), slack.person("ole")
        self.bot: RunningBot | None = None
        self.connection: SocketConnection | None = None
        self._before: frozenset[str] = frozenset()
        self._calls_before = self._pings_before = 0

    # The bot

    def start(self) -> None:
        """Start the bot as `pmrole serve` does."""
        self.bot = RunningBot(self.answerer, self.settings)
        self.connection = SocketConnection(
            self.bot.app.bolt, self.settings.slack_app_token or "", hearing=self.bot.hearing
        )
        self.connection.open()
        self.bot.start()

    def stop(self) -> None:
        """Stop it as SIGTERM does."""
        if self.connection is not None and self.bot is not None:
            self.connection.close(4.0)
            self.bot.close(4.0)
        self.connection = self.bot = None

    def restart(self) -> None:
        """Stop it and start another on the same state."""
        self.stop()
        self.start()

    @property
    def mention(self) -> str:
        """How people mention the bot."""
        return f"<@{self.slack.bot_user}>"

    @property
    def state(self) -> State:
        """What the bot keeps."""
        assert self.bot is not None
        return self.bot.state

    def begin(self) -> None:
        """Let a test see only what comes from now on, with no modal open."""
        self.settle()
        for person in (self.ann, self.gus, self.ada, self.ole):
            for view in person.views()[:1]:
                person.closes(view, everything=True)
        held = [
            one for room in self.slack.workspace().channels for one in self.slack.messages(room)
        ]
        self._before = frozenset(one.ts for one in held)
        self._calls_before, self._pings_before = len(self.slack.calls), len(self.slack.pings)

    @property
    def pings(self) -> list[Ping]:
        """What would have notified people."""
        return self.slack.pings[self._pings_before :]

    def called(self, method: str) -> list[Call]:
        """Return the bot's calls of a method."""
        return [one for one in self.slack.calls[self._calls_before :] if one.method == method]

    # What people see

    def wait(self, condition: Callable[[], Any], what: str) -> None:
        """Wait until something holds."""
        self.slack.wait_for(condition, what, PATIENCE_S)

    def replies(self, person: Actor, asked: Posted, count: int = 1) -> list[Message]:
        """Return the bot's messages in a thread, once there are so many."""

        def found() -> list[Message]:
            thread = person.sees(asked.channel, asked)
            return [one for one in thread if one.user == self.slack.bot_user]

        self.wait(lambda: len(found()) >= count, f"{count} replies of the bot")
        return found()

    def whispers(self, person: Actor, channel: str, count: int = 1) -> list[Message]:
        """Return what only one person sees in a channel, once there is so much."""

        def found() -> list[Message]:
            messages = self.slack.messages(channel)
            mine = [one for one in messages if one.visible_to == person.id]
            return [one for one in mine if one.ts not in self._before]

        self.wait(lambda: len(found()) >= count, f"{count} messages for {person.name} alone")
        return found()

    def direct_replies(self, person: Actor, count: int = 1) -> list[Message]:
        """Return the bot's direct messages to somebody, once there are so many."""

        def found() -> list[Message]:
            held = self.slack.messages(person.direct_channel)
            theirs = [one for one in held if one.user == self.slack.bot_user]
            return [one for one in theirs if one.ts not in self._before]

        self.wait(lambda: len(found()) >= count, f"{count} direct messages of the bot")
        return found()

    def posted(self, channel: str, count: int = 1) -> list[Message]:
        """Return what the bot wrote in a channel for everybody, once there is so much."""

        def found() -> list[Message]:
            held = self.slack.messages(channel)
            theirs = [one for one in held if one.user == self.slack.bot_user and not one.visible_to]
            return [one for one in theirs if one.ts not in self._before]

        self.wait(lambda: len(found()) >= count, f"{count} messages of the bot in {channel}")
        return found()

    def view(self, person: Actor, title: str = "") -> View:
        """Return the modal somebody has open, once it is there."""

        def found() -> list[View]:
            return [one for one in person.views()[-1:] if title in one.title]

        self.wait(found, f"a modal {title!r}")
        return found()[0]

    def settle(self) -> None:
        """Wait until everything sent is acknowledged and answered."""
        self.wait(lambda: all(one.is_over for one in self.slack.deliveries), "acknowledgements")
        assert self.bot is not None
        bot = self.bot
        self.wait(lambda: not bot.unfinished, "the queue to empty")


@pytest.fixture
def settings(tmp_path: Path) -> dict[str, Any]:
    """Give settings of the bot for a test to add to."""
    return {"database_url": f"sqlite:///{tmp_path / 'state.db'}"}


@pytest.fixture
def slack() -> Iterator[LocalSlack]:
    """Give a Slack that refuses whatever the manifest does not ask for."""
    with running_slack() as running:
        yield running


@contextmanager
def running_slack() -> Iterator[LocalSlack]:
    with LocalSlack(manifest=MANIFEST) as running:
        running.ack_within_s = 15.0  # a busy machine is no reason for a second delivery
        yield running
        refused = [one for one in running.calls if one.error]
        assert not [one for one in refused if one.error in {"invalid_blocks", "missing_scope"}]


def office_in(slack: LocalSlack, answerer: Answerer, **settings: Any) -> Office:
    """Return a workspace in which the bot is not running yet."""
    wanted = Settings(
        slack_bot_token=slack.bot_token,
        slack_app_token=slack.app_token,
        slack_api_url=slack.api_url,
    )
    return Office(slack, answerer, replace(wanted, **settings))


@pytest.fixture
def office(slack: LocalSlack, answerer: Answerer, settings: dict[str, Any]) -> Iterator[Office]:
    """Give a workspace with the bot running in it."""
    running = office_in(slack, answerer, **settings)
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def module_office(
    answerer: Answerer, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Office]:
    """Give a bot that serves all tests of a module; its SETTINGS are what they add."""
    state = tmp_path_factory.mktemp("state") / "state.db"
    settings = {"database_url": f"sqlite:///{state}", **getattr(request.module, "SETTINGS", {})}
    with running_slack() as slack:
        running = office_in(slack, answerer, **settings)
        running.start()
        yield running
        running.stop()


@pytest.fixture
def shared_office(module_office: Office) -> Office:
    """Give the module's bot, with nothing of earlier tests to be seen."""
    module_office.begin()
    return module_office


def text_of(message: Message | View) -> str:
    """Return everything that is written in a message's or a view's blocks."""
    return json.dumps(message.blocks, ensure_ascii=False)


def buttons_of(message: Message | View) -> list[str]:
    """Return what is written on a message's or a view's buttons; thumbs are one of them."""
    return [
        "thumbs" if one["type"] == "feedback_buttons" else one["text"]["text"]
        for block in message.blocks
        for one in block.get("elements", [])
        if one.get("type") in {"button", "feedback_buttons"}
    ]


def value_of(message: Message | View, action_id: str) -> str:
    """Return what a button of a message stands for."""
    elements = [one for block in message.blocks for one in block.get("elements", [])]
    found = [one for one in elements if one.get("action_id") == action_id]
    if found and found[0]["type"] == "feedback_buttons":
        return str(found[0]["positive_button"]["value"])
    return str(found[0]["value"])


@dataclass(frozen=True)
class Conversation:
    """The conversation of docs/conversation.md, held anew: the page, and what Slack saw of it."""

    page: str
    calls: tuple[Call, ...]
    deliveries: tuple[Delivery, ...]
    pings: tuple[Ping, ...]


@pytest.fixture(scope="session")
def conversation(answerer: Answerer, tmp_path_factory: pytest.TempPathFactory) -> Conversation:
    """Hold the conversation over all surfaces."""
    from tests.scenarios import transcript  # noqa: PLC0415 - it holds its own with what is here

    state = tmp_path_factory.mktemp("conversation") / "state.db"
    with running_slack() as slack:
        settings = {"database_url": f"sqlite:///{state}", **transcript.SETTINGS}
        held = office_in(slack, answerer, **settings)
        held.start()
        page = transcript.hold(held)
        held.stop()
        return Conversation(page, tuple(slack.calls), tuple(slack.deliveries), tuple(slack.pings))
