"""One workspace: its people, channels, messages, files and views."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from playground.channels import Channel
from playground.files import File
from playground.messages import Message, Replies, replies_among
from playground.people import Person, people_of
from playground.views import View


@dataclass(frozen=True, slots=True)
class Status:
    """What the bot says it is doing in a thread, such as "is thinking..."."""

    channel: str
    thread_ts: str
    text: str
    loading_messages: tuple[str, ...]
    set_at: float


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question offered to be asked."""

    title: str
    message: str


@dataclass
class Workspace:
    """What a team has. Owned by its world, read and changed under the world's lock."""

    team: str
    name: str
    domain: str
    bot_user: str
    bot_id: str
    people: dict[str, Person] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    messages: dict[str, dict[str, Message]] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    views: dict[str, list[View]] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)
    statuses: dict[tuple[str, str], Status] = field(default_factory=dict)
    prompts: dict[str, tuple[Prompt, ...]] = field(default_factory=dict)
    thread_titles: dict[tuple[str, str], str] = field(default_factory=dict)
    # What somebody chose in a message's elements: by message and person, then by block and action.
    chosen: dict[tuple[str, str], dict[str, dict[str, Any]]] = field(default_factory=dict)

    def person(self, name_or_id: str) -> Person | None:
        """Find somebody by name or id."""
        found = self.people.get(name_or_id)
        return found or next((p for p in self.people.values() if p.name == name_or_id), None)

    def channel(self, name_or_id: str) -> Channel | None:
        """Find a channel by "#name", name or id."""
        if found := self.channels.get(name_or_id):
            return found
        name = name_or_id.removeprefix("#")
        return next((c for c in self.channels.values() if c.name == name and c.kind != "im"), None)

    def direct_messages_of(self, person: str) -> Channel:
        """Return the conversation between somebody and the bot."""
        return self.channels[f"D{person[1:]}"]

    def keep(self, message: Message) -> None:
        """Add a message, or put its new value in the place of the old."""
        self.messages.setdefault(message.channel, {})[message.ts] = message

    def message(self, channel: str, ts: str) -> Message | None:
        """Find a message."""
        return self.messages.get(channel, {}).get(ts)

    def remove(self, message: Message) -> None:
        """Take a message away."""
        self.messages.get(message.channel, {}).pop(message.ts, None)

    def public_messages(self, channel: str) -> list[Message]:
        """Return what everybody in a channel can see, oldest first."""
        return [one for one in self.messages.get(channel, {}).values() if not one.visible_to]

    def replies(self, message: Message) -> Replies | None:
        """Sum up the thread below a message; None for a reply or without replies."""
        if message.is_reply or message.visible_to or not message.thread_ts:
            return None
        return replies_among(self.public_messages(message.channel), message.ts)

    def join(self, channel: str, person: str) -> None:
        """Make somebody a member of a channel."""
        one = self.channels[channel]
        self.channels[channel] = replace(one, members=one.members | {person})

    def admit(self, person: Person) -> None:
        """Take somebody in, with a conversation with the bot."""
        self.people[person.id] = person
        members = frozenset({person.id, self.bot_user})
        direct = Channel(f"D{person.id[1:]}", "", self.team, "im", members)
        self.channels[direct.id] = direct

    def leave(self, channel: str, person: str) -> None:
        """Take somebody out of a channel."""
        one = self.channels[channel]
        self.channels[channel] = replace(one, members=one.members - {person})

    def view(self, view_id: str) -> View | None:
        """Find an open modal or a Home tab."""
        shown = [one for stack in self.views.values() for one in stack] + list(self.homes.values())
        return next((one for one in shown if one.id == view_id), None)

    def show(self, view: View) -> None:
        """Put a view's new value in the place of the old."""
        if view.kind == "home":
            self.homes[view.user] = view
            return
        stack = self.views[view.user]
        self.views[view.user] = [view if one.id == view.id else one for one in stack]


def furnished(workspace: Workspace, suffix: str = "") -> Workspace:
    """Fill a new workspace with four people, the bot, and five channels."""
    everybody = people_of(workspace.team, suffix)
    ann, gus, ada, ole = (one.id for one in everybody)
    bot = workspace.bot_user
    workspace.people[bot] = bot_of(workspace)
    general = {ann, gus, ada, ole, bot}
    _open(workspace, f"C0GENERAL{suffix}", "general", general)
    _open(workspace, f"C0CAREERS{suffix}", "careers", general)
    _open(workspace, f"C0ELSEWHERE{suffix}", "elsewhere", {ann, ada, ole})
    _open(workspace, f"C0OLD{suffix}", "old", general)
    _open(workspace, f"G0PRIVATE{suffix}", "private", {ann, ada, ole})
    for channel, changes in (
        (f"C0OLD{suffix}", {"is_archived": True}),
        (f"G0PRIVATE{suffix}", {"kind": "group"}),
    ):
        workspace.channels[channel] = replace(workspace.channels[channel], **changes)
    for person in everybody:
        workspace.admit(person)
    return workspace


def bot_of(workspace: Workspace) -> Person:
    """Return the bot's user in a workspace."""
    return Person(
        workspace.bot_user,
        "pmrole",
        "PM Role",
        workspace.team,
        is_bot=True,
        bot_id=workspace.bot_id,
    )


def _open(workspace: Workspace, id_: str, name: str, members: Iterable[str]) -> None:
    workspace.channels[id_] = Channel(id_, name, workspace.team, members=frozenset(members))
