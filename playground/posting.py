"""Messages come, change and go: kept, announced, and told to the app."""

import secrets
from dataclasses import replace
from typing import Any

from playground import events
from playground.blocks.pings import pings_of
from playground.messages import Message
from playground.workspace import Workspace
from playground.world import Ping, World

_TOMBSTONE = {
    "subtype": "tombstone",
    "text": "This message was deleted.",
    "user": "USLACKBOT",
    "blocks": (),
    "bot_id": "",
    "app_id": "",
    "metadata": None,
    "files": (),
}


def post(world: World, workspace: Workspace, message: Message) -> Message:
    """Put a new message into its channel and tell the app if it is there."""
    workspace.keep(message)
    root = _root_of(workspace, message)
    if message.bot_id:
        _note_pings(world, message)
        _clear_status(world, workspace, message)
    world.changes.announce("message", message)
    channel = workspace.channels[message.channel]
    if message.visible_to or workspace.bot_user not in channel.members:
        return message
    parent = root.user if root else ""
    event = events.message(message, channel, world.address, parent)
    world.tell(workspace, event, events.subscription_of(channel))
    if channel.kind != "im" and _is_addressed(message, workspace.bot_user):
        world.tell(workspace, events.app_mention(message, world.address, parent), "app_mention")
    return message


def change(world: World, workspace: Workspace, old: Message, **changes: Any) -> Message:  # noqa: ANN401 - fields of several types
    """Give a message its new content and tell the app."""
    new = replace(old, **changes)
    workspace.keep(new)
    if new.bot_id:
        _note_pings(world, new)
    world.changes.announce("message", new)
    channel = workspace.channels[new.channel]
    if not new.visible_to and workspace.bot_user in channel.members:
        ts = world.times.next()
        event = events.message_changed(new, old, channel, ts, world.address)
        world.tell(workspace, event, events.subscription_of(channel))
    return new


def delete(world: World, workspace: Workspace, message: Message) -> None:
    """Take a message away and tell the app; one with replies leaves a stone in its place."""
    if workspace.replies(message):
        change(world, workspace, message, **_TOMBSTONE)
        return
    workspace.remove(message)
    world.changes.announce("message_deleted", message)
    channel = workspace.channels[message.channel]
    if not message.visible_to and workspace.bot_user in channel.members:
        event = events.message_deleted(message, channel, world.times.next(), world.address)
        world.tell(workspace, event, events.subscription_of(channel))


def by_bot(world: World, workspace: Workspace, channel: str, text: str) -> Message:
    """Return a message of the bot's, not yet posted."""
    return Message(
        workspace.team,
        channel,
        world.times.next(),
        workspace.bot_user,
        text,
        bot_id=workspace.bot_id,
        app_id=world.app.id,
    )


def with_ids(blocks: list[dict[str, Any]]) -> tuple[dict[str, Any], ...]:
    """Give an id to every block and element without one, as Slack does."""
    return tuple(
        {"block_id": secrets.token_urlsafe(3), **block, **_elements_with_ids(block)}
        for block in blocks
    )


def _elements_with_ids(block: dict[str, Any]) -> dict[str, Any]:
    named: dict[str, Any] = {}
    if block.get("type") in {"actions", "context_actions"}:
        named["elements"] = [_with_id(one) for one in block["elements"]]
    for key in ("accessory", "element"):
        if isinstance(block.get(key), dict) and block[key].get("type") != "image":
            named[key] = _with_id(block[key])
    return named


def _with_id(element: dict[str, Any]) -> dict[str, Any]:
    return {"action_id": secrets.token_urlsafe(3), **element}


def _is_addressed(message: Message, bot_user: str) -> bool:
    typed = message.subtype in {"", "file_share"} and not message.bot_id
    return typed and f"<@{bot_user}>" in message.text


def _root_of(workspace: Workspace, message: Message) -> Message | None:
    """Find the first message of a reply's thread; it becomes one by its first reply."""
    root = workspace.message(message.channel, message.thread_ts) if message.is_reply else None
    if root and not root.thread_ts and not message.visible_to:
        workspace.keep(replace(root, thread_ts=root.ts))
    return root


def _note_pings(world: World, message: Message) -> None:
    for what in pings_of(message.text, message.blocks, allowed=world.pingable):
        world.pings.append(Ping(message.channel, message.ts, what))
        world.changes.announce("ping", world.pings[-1])


def _clear_status(world: World, workspace: Workspace, message: Message) -> None:
    key = (message.channel, message.thread_ts or message.ts)
    if workspace.statuses.pop(key, None):
        world.changes.announce("status", key)
