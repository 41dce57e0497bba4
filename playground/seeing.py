"""What somebody sees: a channel, a thread, and what is shown to them alone."""

from playground.messages import Message
from playground.workspace import Status, Workspace

STATUS_S = 120.0  # a status disappears after two minutes


def channel_as_seen(workspace: Workspace, channel: str, person: str) -> list[Message]:
    """Return a channel as somebody reads it: no replies but those shown in the channel too."""
    return [
        one
        for one in workspace.messages.get(channel, {}).values()
        if _is_for(one, person) and (not one.is_reply or one.is_broadcast)
    ]


def thread_as_seen(workspace: Workspace, channel: str, root: str, person: str) -> list[Message]:
    """Return a thread as somebody reads it, first message and all.

    Messages for one person show only in a thread that has replies already.
    """
    held = workspace.messages.get(channel, {}).values()
    thread = [one for one in held if root in {one.ts, one.thread_ts}]
    replies = [float(one.ts) for one in thread if one.is_reply and not one.visible_to]
    began = min(replies, default=float("inf"))
    return [
        one
        for one in thread
        if _is_for(one, person) and (not one.visible_to or one.ts == root or float(one.ts) > began)
    ]


def status_as_seen(workspace: Workspace, channel: str, root: str, now: float) -> Status | None:
    """Return what the bot says it is doing in a thread; None once it is done or silent."""
    status = workspace.statuses.get((channel, root))
    return status if status and now - status.set_at < STATUS_S else None


def _is_for(message: Message, person: str) -> bool:
    return message.visible_to in {"", person}
