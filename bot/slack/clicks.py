"""What the payload of a click, a shortcut or a sent form says. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.slack.asked import Asked, Surface


@dataclass(frozen=True, slots=True)
class Click:
    """Who clicked, and where.

    Attributes:
        team: The workspace's id.
        user: The person's id.
        trigger_id: With it a view can be opened, for three seconds.
        channel: The channel's id; empty in a view.
        message_ts: The message that holds the button; empty in a view.
        thread_ts: The thread of that message; empty outside one.
        alone: Whether only this person sees the message.
        response_url: Where to reply to it; empty in a view.
        view_id: The view that holds the button; empty in a message.
        in_modal: Whether that view is a modal, and not the Home tab.
    """

    team: str
    user: str
    trigger_id: str = ""
    channel: str = ""
    message_ts: str = ""
    thread_ts: str = ""
    alone: bool = False
    response_url: str = ""
    view_id: str = ""
    in_modal: bool = False

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> "Click":
        """Read a payload; what it lacks is empty."""
        container = _table(body, "container")
        message = _table(body, "message")
        user = _table(body, "user")
        return cls(
            team=_text(_table(body, "team"), "id") or _text(user, "team_id"),
            user=_text(user, "id"),
            trigger_id=_text(body, "trigger_id"),
            channel=_text(_table(body, "channel"), "id") or _text(container, "channel_id"),
            message_ts=_text(container, "message_ts") or _text(body, "message_ts"),
            thread_ts=_text(container, "thread_ts") or _text(message, "thread_ts"),
            alone=bool(container.get("is_ephemeral")),
            response_url=_text(body, "response_url"),
            view_id=_text(container, "view_id") or _text(_table(body, "view"), "id"),
            in_modal=_text(_table(body, "view"), "type") == "modal",
        )

    @property
    def open_thread(self) -> str:
        """The thread in which the person sees the message; empty where it stands in the channel."""
        return self.thread_ts if self.thread_ts != self.message_ts else ""

    def asks(self, question: str) -> Asked:
        """Return the question that a button asks: answered beside the message that holds it."""
        in_direct = self.channel.startswith("D")
        root = self.thread_ts or ("" if in_direct or self.alone else self.message_ts)
        return Asked(
            surface=Surface.BUTTON,
            team=self.team,
            user=self.user,
            text=question,
            channel=self.channel,
            root=root,
            response_url=self.response_url if self.alone else "",
            open_thread=self.open_thread if self.alone else "",
        )


def value_of(action: Mapping[str, Any]) -> str:
    """Return what a button, or the chosen option of a menu, stands for."""
    return _text(action, "value") or _text(_table(action, "selected_option"), "value")


def field_of(view: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return what a sent form holds in an input whose block and action have one name."""
    return _table(_table(_table(_table(view, "state"), "values"), name), name)


def _table(values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = values.get(name)
    return found if isinstance(found, Mapping) else {}


def _text(values: Mapping[str, Any], name: str) -> str:
    found = values.get(name)
    return found if isinstance(found, str) else ""
