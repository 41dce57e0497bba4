"""Messages as values, and as Slack shows them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from playground.files import File
from playground.files import shape_of as shape_of_file


@dataclass(frozen=True, slots=True)
class Message:
    """One message; a change makes a new value. Its dicts are read-only by agreement."""

    team: str
    channel: str
    ts: str
    user: str
    text: str
    blocks: tuple[dict[str, Any], ...] = ()
    thread_ts: str = ""
    bot_id: str = ""
    app_id: str = ""
    subtype: str = ""
    metadata: dict[str, Any] | None = None
    attachments: tuple[dict[str, Any], ...] = ()
    files: tuple[File, ...] = ()
    edited_at: str = ""
    visible_to: str = ""
    is_broadcast: bool = False
    client_msg_id: str = ""
    reactions: tuple[tuple[str, str], ...] = field(default=())

    @property
    def is_reply(self) -> bool:
        """Whether it stands in a thread below another message."""
        return bool(self.thread_ts) and self.thread_ts != self.ts


@dataclass(frozen=True, slots=True)
class Replies:
    """What a message shows of the thread below it."""

    count: int
    users: tuple[str, ...]
    latest: str


def replies_among(messages: Sequence[Message], root: str) -> Replies | None:
    """Sum up the replies to a message; None if there are none."""
    below = [one for one in messages if one.thread_ts == root and one.is_reply]
    if not below:
        return None
    return Replies(len(below), tuple(dict.fromkeys(one.user for one in below)), below[-1].ts)


def shape_of(
    message: Message, address: str, replies: Replies | None = None, *, metadata: bool = False
) -> dict[str, Any]:
    """Return a message as events and `conversations.history` show it."""
    shape: dict[str, Any] = {
        "type": "message",
        "user": message.user,
        "text": message.text,
        "ts": message.ts,
        "team": message.team,
    }
    for key in ("subtype", "bot_id", "app_id", "client_msg_id", "thread_ts"):
        if value := getattr(message, key):
            shape[key] = value
    for key in ("blocks", "attachments"):
        if value := getattr(message, key):
            shape[key] = list(value)
    if message.files:
        shape["files"] = [shape_of_file(one, address) for one in message.files]
    if message.edited_at:
        shape["edited"] = {"user": message.user, "ts": message.edited_at}
    if metadata and message.metadata:
        shape["metadata"] = message.metadata
    return shape | _reactions(message) | _thread(message, replies)


def _reactions(message: Message) -> dict[str, Any]:
    names = dict.fromkeys(name for name, _ in message.reactions)
    users = {name: [who for one, who in message.reactions if one == name] for name in names}
    found = [{"name": name, "users": who, "count": len(who)} for name, who in users.items()]
    return {"reactions": found} if found else {}


def _thread(message: Message, replies: Replies | None) -> dict[str, Any]:
    if replies is None:
        return {}
    return {
        "thread_ts": message.ts,
        "reply_count": replies.count,
        "reply_users_count": len(replies.users),
        "reply_users": list(replies.users),
        "latest_reply": replies.latest,
        "is_locked": False,
        "subscribed": False,
    }
