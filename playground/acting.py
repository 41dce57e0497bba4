"""What a person can do and see in the local Slack."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from playground import events, posting, using
from playground.channels import Channel
from playground.delivery import Delivery
from playground.files import File
from playground.finding import NotThereError, Selected
from playground.messages import Message
from playground.onlooking import Onlooker, Place, Posted, ts_of
from playground.people import Person
from playground.typed_text import escaped, rich_text_of
from playground.using import At
from playground.views import View

__all__ = ["Actor", "Command", "Posted"]

_PATIENCE_S = 15.0  # longer than a submission's three seconds, for a machine that is busy


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command that was typed; `delivery` is the id of its delivery."""

    channel: str
    text: str
    response_url: str
    trigger_id: str
    delivery: int


class Actor(Onlooker):
    """One person at work. Every method can be called from any thread."""

    # Writing

    def says(
        self,
        channel: str,
        text: str,
        thread: Place | None = None,
        files: Iterable[tuple[str, bytes]] = (),
    ) -> Posted:
        """Write into a channel, or a thread there; `files` are names with contents.

        Mentions are written as `<@U0BOT>`; other `<`, `>` and `&` are escaped, as Slack does.

        Raises:
            NotThereError: The person is not in the channel, or it is archived.
        """
        with self._world.lock:
            place = self._writable(channel)
            return self._write(place, text, thread, [self._share(one, place) for one in files])

    def writes(
        self, text: str, thread: Place | None = None, files: Iterable[tuple[str, bytes]] = ()
    ) -> Posted:
        """Write a direct message to the bot."""
        return self.says(self.direct_channel, text, thread, files)

    def edits(self, posted: Place, text: str) -> None:
        """Give one's own message a new text."""
        with self._world.lock:
            old = self._own(posted)
            text = escaped(text)
            block = rich_text_of(text, self._world.new_id("b"))
            at = self._world.times.next()
            changes = {"text": text, "blocks": (block,), "edited_at": at}
            posting.change(self._world, self._workspace, old, **changes)

    def deletes(self, posted: Place) -> None:
        """Delete one's own message."""
        with self._world.lock:
            posting.delete(self._world, self._workspace, self._own(posted))

    def reacts(self, posted: Place, name: str) -> None:
        """React to a message with an emoji, such as "thumbsup"."""
        with self._world.lock:
            message = self._message(posted)
            message = replace(message, reactions=(*message.reactions, (name, self.id)))
            self._workspace.keep(message)
            self._world.changes.announce("message", message)
            event = events.reaction_added(self.id, message, name, self._world.times.next())
            self._world.tell(self._workspace, event, "reaction_added")

    def commands(self, command: str, text: str = "", channel: str = "#careers") -> Command:
        """Type a slash command; works where the bot is no member. Returns before it is there.

        Raises:
            NotThereError: The app has no such command, or the person is not in the channel.
        """
        with self._world.lock:
            known = self._world.manifest.commands
            if known is not None and command not in known:
                raise NotThereError(f"{command} is not a valid command")
            place = self._readable(channel)
            delivery, url, trigger = using.command(self._at, place.id, command, text)
            return Command(place.id, text, url, trigger, delivery.id)

    def invites_bot(self, channel: str) -> None:
        """Invite the bot into a channel."""
        with self._world.lock:
            place = self._readable(channel)
            bot = self._workspace.bot_user
            self._workspace.join(place.id, bot)
            place = self._workspace.channels[place.id]
            self._world.changes.announce("channel", place)
            ts = self._world.times.next()
            event = events.member_joined_channel(bot, place, self.id, ts)
            self._world.tell(self._workspace, event, "member_joined_channel")
            text = f"<@{bot}> has joined the channel"
            joined = Message(place.team, place.id, ts, bot, text, subtype=f"{place.kind}_join")
            posting.post(self._world, self._workspace, joined)

    def removes_bot(self, channel: str) -> None:
        """Take the bot out of a channel."""
        with self._world.lock:
            place = self._readable(channel)
            self._workspace.leave(place.id, self._workspace.bot_user)
            self._world.changes.announce("channel", self._workspace.channels[place.id])

    # Using what the app shows

    def clicks(
        self,
        target: Message | Posted | View,
        action_id: str,
        value: str | None = None,
        selected: Selected = None,
    ) -> Delivery:
        """Use an element of a message or a view. Returns before the app has heard of it.

        `value` chooses among buttons with one action id, and between the two feedback buttons;
        `selected` names options by value or text.

        Raises:
            NotThereError: The person does not see such an element.
        """
        with self._world.lock:
            if isinstance(target, View):
                view = self._view(target)
                return using.use_view(self._at, view, action_id, value, selected)
            return using.use_message(self._at, self._message(target), action_id, value, selected)

    def submits(self, view: View, values: Mapping[str, Any] | None = None) -> dict[str, Any] | None:
        """Fill in a modal and submit it; return what the app answers, once that is done.

        `values` go by action id or block id.

        Raises:
            NotThereError: No such input, or one is empty that must not be.
            TimedOutError: The app did not acknowledge it.
        """
        with self._world.lock:
            delivery = using.submit(self._at, self._view(view), values or {})
        deliveries = self._world.deliveries
        self._world.changes.wait_for(
            lambda: deliveries.find(delivery.id).is_over, "the answer to a modal", _PATIENCE_S
        )
        response = deliveries.find(delivery.id).response
        return response if isinstance(response, dict) else None

    def closes(self, view: View, *, everything: bool = False) -> None:
        """Close a modal with its Cancel button; or the whole stack with the cross."""
        with self._world.lock:
            using.close(self._at, self._view(view), everything=everything)

    def opens_home(self, tab: Literal["home", "messages"] = "home") -> Delivery | None:
        """Open the app's Home or Messages tab; return the delivery that makes, if any."""
        with self._world.lock:
            home = self._workspace.homes.get(self.id)
            ts = self._world.times.next()
            event = events.app_home_opened(self.id, self.direct_channel, tab, home, ts)
            return self._world.tell(self._workspace, event, "app_home_opened")

    def uses_shortcut(self, callback_id: str, message: Place | None = None) -> Delivery:
        """Use a shortcut of the app: a global one, or one on a message.

        Raises:
            NotThereError: The app has no such shortcut.
        """
        with self._world.lock:
            known = self._world.manifest.shortcuts
            if known is not None and callback_id not in known:
                raise NotThereError(f"no shortcut {callback_id!r}; there are: {sorted(known)}")
            on = self._message(message) if message is not None else None
            return using.shortcut(self._at, callback_id, on)

    # The rest

    @property
    def _at(self) -> At:
        return At(self._world, self._workspace, self._person)

    @property
    def _person(self) -> Person:
        return self._workspace.people[self.id]

    def _writable(self, name: str) -> Channel:
        channel = self._readable(name)
        if channel.is_archived:
            raise NotThereError(f"{name} is archived")
        return channel

    def _write(
        self, channel: Channel, text: str, thread: Place | None, files: Sequence[File]
    ) -> Posted:
        text = escaped(text)
        message = Message(
            channel.team,
            channel.id,
            self._world.times.next(),
            self.id,
            text,
            (rich_text_of(text, self._world.new_id("b")),) if text else (),
            ts_of(thread) if thread is not None else "",
            subtype="file_share" if files else "",
            files=tuple(files),
            client_msg_id=self._world.new_id("m"),
        )
        posting.post(self._world, self._workspace, message)
        return Posted(channel.id, message.ts, text)

    def _share(self, named: tuple[str, bytes], channel: Channel) -> File:
        name, content = named
        id_, now = self._world.new_id("F"), self._world.times.now()
        file = File(id_, channel.team, name, self.id, name, content, (channel.id,), now)
        self._workspace.files[id_] = file
        return file

    def _own(self, place: Place) -> Message:
        message = self._message(place)
        if message.user != self.id:
            raise NotThereError(f"{self.name} did not write that: {place}")
        return message
