"""conversations.*: channels, their members and their messages."""

import base64
from collections.abc import Sequence
from typing import Any

from playground.channels import Channel
from playground.channels import shape_of as shape_of_channel
from playground.messages import Message, shape_of
from playground.web_api.calling import (
    Answer,
    Caller,
    Fields,
    Method,
    RefusedError,
    is_set,
    whole_number,
)

_SCOPE_WORDS = {"channel": "channels", "group": "groups", "im": "im"}
_MOST = 999


def _readable(caller: Caller, fields: Fields, verb: str, *, member: bool) -> Channel:
    channel = caller.channel(fields["channel"], member=member)
    caller.needs(f"{_SCOPE_WORDS[channel.kind]}:{verb}")
    return channel


def _info(caller: Caller, fields: Fields) -> Answer:
    channel = _readable(caller, fields, "read", member=False)
    count = is_set(fields.get("include_num_members"))
    return {"channel": shape_of_channel(channel, caller.workspace.bot_user, count=count)}


def _members(caller: Caller, fields: Fields) -> Answer:
    channel = _readable(caller, fields, "read", member=False)
    page, cursor = _page(sorted(channel.members), fields, otherwise=100)
    return {"members": page, "response_metadata": {"next_cursor": cursor}}


def _open(caller: Caller, fields: Fields) -> Answer:
    if fields.get("channel"):
        channel = caller.channel(fields["channel"])
    else:
        names = _listed(fields.get("users"))
        if not names:
            raise RefusedError("users_list_not_supplied")
        if any(name not in caller.workspace.people for name in names):
            raise RefusedError("user_not_found")
        if len(names) > 1 or names[0] == caller.workspace.bot_user:
            raise RefusedError("invalid_user_combination")
        channel = caller.workspace.direct_messages_of(names[0])
    shape: dict[str, Any] = {"id": channel.id}
    if is_set(fields.get("return_im")):
        shape = shape_of_channel(channel, caller.workspace.bot_user)
    return {"no_op": True, "already_open": True, "channel": shape}


def _history(caller: Caller, fields: Fields) -> Answer:
    channel = _readable(caller, fields, "history", member=True)
    messages = [
        one
        for one in caller.workspace.public_messages(channel.id)
        if not one.is_reply or one.is_broadcast
    ]
    return _messages(caller, fields, _within(messages, fields)[::-1], otherwise=100)


def _replies(caller: Caller, fields: Fields) -> Answer:
    channel = _readable(caller, fields, "history", member=True)
    named = caller.workspace.message(channel.id, str(fields["ts"]))
    if named is None or named.visible_to:
        raise RefusedError("thread_not_found")
    root = named.thread_ts or named.ts
    everything = caller.workspace.public_messages(channel.id)
    replies = [one for one in everything if one.is_reply and one.thread_ts == root]
    first = [one for one in everything if one.ts == root]
    return _messages(caller, fields, [*first, *_within(replies, fields)], otherwise=_MOST)


def _messages(
    caller: Caller, fields: Fields, messages: Sequence[Message], *, otherwise: int
) -> Answer:
    page, cursor = _page(messages, fields, otherwise=otherwise)
    metadata = is_set(fields.get("include_all_metadata"))
    workspace, address = caller.workspace, caller.world.address
    shapes = []
    for one in page:
        shape = shape_of(one, address, workspace.replies(one), metadata=metadata)
        root = workspace.message(one.channel, one.thread_ts) if one.is_reply else None
        shapes.append(shape | ({"parent_user_id": root.user} if root else {}))
    answer: Answer = {"messages": shapes, "has_more": bool(cursor)}
    return answer | ({"response_metadata": {"next_cursor": cursor}} if cursor else {})


def _within(messages: Sequence[Message], fields: Fields) -> list[Message]:
    inclusive = is_set(fields.get("inclusive"))
    oldest = _time(fields, "oldest", 0.0)
    latest = _time(fields, "latest", float("inf"))
    found = []
    for one in messages:
        at = float(one.ts)
        if oldest < at < latest or (inclusive and at in {oldest, latest}):
            found.append(one)
    return found


def _time(fields: Fields, name: str, otherwise: float) -> float:
    try:
        return float(fields.get(name) or otherwise)
    except (TypeError, ValueError) as error:
        raise RefusedError(f"invalid_ts_{name}") from error


def _page(items: Sequence[Any], fields: Fields, *, otherwise: int) -> tuple[list[Any], str]:
    limit = max(1, min(whole_number(fields, "limit", otherwise, "invalid_limit"), _MOST))
    start = 0
    if cursor := str(fields.get("cursor") or ""):
        try:
            start = int(base64.b64decode(cursor, validate=True).decode().removeprefix("from:"))
        except ValueError as error:
            raise RefusedError("invalid_cursor") from error
    end = start + limit
    more = base64.b64encode(f"from:{end}".encode()).decode() if end < len(items) else ""
    return list(items[start:end]), more


def _listed(value: object) -> list[str]:
    if isinstance(value, list):
        return [str(one) for one in value]
    return [one for one in str(value or "").split(",") if one]


METHODS = {
    "conversations.info": Method(_info, (), ("channel",)),
    "conversations.members": Method(_members, (), ("channel",)),
    "conversations.open": Method(_open, ("im:write", "mpim:write")),
    "conversations.history": Method(_history, (), ("channel",)),
    "conversations.replies": Method(_replies, (), ("channel", "ts")),
}
