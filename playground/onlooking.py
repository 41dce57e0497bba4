"""What a person sees in the local Slack."""

from dataclasses import dataclass

from playground import seeing
from playground.channels import Channel
from playground.finding import NotThereError
from playground.messages import Message
from playground.views import View
from playground.workspace import Prompt, Status, Workspace
from playground.world import World


@dataclass(frozen=True, slots=True)
class Posted:
    """Where a message went."""

    channel: str
    ts: str
    text: str


Place = Posted | Message | str
"""A message, by itself or by its timestamp."""


class Onlooker:
    """One person before a screen. Every method can be called from any thread."""

    def __init__(self, world: World, workspace: Workspace, person: str) -> None:
        self._world, self._workspace, self.id = world, workspace, person

    @property
    def name(self) -> str:
        """The person's short name."""
        return self._workspace.people[self.id].name

    @property
    def direct_channel(self) -> str:
        """The id of the conversation with the bot."""
        return self._workspace.direct_messages_of(self.id).id

    def sees(self, channel: str, thread: Place | None = None) -> list[Message]:
        """Return a channel without its replies, or a thread with its first message.

        What only this person sees is in it.
        """
        with self._world.lock:
            place = self._readable(channel)
            if thread is None:
                return seeing.channel_as_seen(self._workspace, place.id, self.id)
            return seeing.thread_as_seen(self._workspace, place.id, ts_of(thread), self.id)

    def direct_messages(self, thread: Place | None = None) -> list[Message]:
        """Return the conversation with the bot, as `sees` does a channel."""
        return self.sees(self.direct_channel, thread)

    def home(self) -> View | None:
        """Return the Home tab as the app last published it."""
        with self._world.lock:
            return self._workspace.homes.get(self.id)

    def views(self) -> list[View]:
        """Return the open modals, the one on top last."""
        with self._world.lock:
            return list(self._workspace.views.get(self.id, []))

    def status(self, thread: Posted | Message) -> Status | None:
        """Return what the bot says it is doing in a thread."""
        now = self._world.times.now()
        return seeing.status_as_seen(self._workspace, thread.channel, thread.ts, now)

    def prompts(self) -> tuple[Prompt, ...]:
        """Return the questions that the bot offers in its Messages tab."""
        return self._workspace.prompts.get(self.direct_channel, ())

    def _readable(self, name: str) -> Channel:
        channel = self._workspace.channel(name)
        if channel is None or self.id not in channel.members:
            raise NotThereError(f"{self.name} is not in {name}")
        return channel

    def _message(self, place: Place) -> Message:
        if isinstance(place, str):
            held = (messages.get(place) for messages in self._workspace.messages.values())
            message = next((one for one in held if one), None)
        else:
            message = self._workspace.message(place.channel, place.ts)
        if message is None or message.visible_to not in {"", self.id}:
            raise NotThereError(f"{self.name} sees no such message: {place}")
        self._readable(message.channel)
        return message

    def _view(self, view: View) -> View:
        current = self._workspace.view(view.id)
        if current is None or current.user != self.id:
            raise NotThereError(f"{self.name} has no view {view.title!r} open")
        return current


def ts_of(place: Place) -> str:
    """Return the timestamp of a message."""
    return place if isinstance(place, str) else place.ts
