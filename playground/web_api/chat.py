"""chat.*: messages of the bot."""

from dataclasses import replace

from playground import posting
from playground.channels import Channel
from playground.messages import Message, shape_of
from playground.web_api.calling import Answer, Caller, Fields, Method, RefusedError, is_set
from playground.web_api.contents import Content, content_of


def _post_message(caller: Caller, fields: Fields) -> Answer:
    channel = _target(caller, fields)
    content = content_of(fields, truncates=True)
    root = _thread(caller, channel, fields)
    message = replace(
        _written(caller, channel, content),
        thread_ts=root,
        is_broadcast=bool(root) and is_set(fields.get("reply_broadcast")),
    )
    posting.post(caller.world, caller.workspace, message)
    shape = shape_of(message, caller.world.address, metadata=True)
    answer = {"channel": channel.id, "ts": message.ts, "message": shape}
    if content.warnings:
        told = {"warnings": list(content.warnings)}
        answer |= {"warning": ",".join(content.warnings), "response_metadata": told}
    return answer


def _post_ephemeral(caller: Caller, fields: Fields) -> Answer:
    channel = _target(caller, fields)
    user = caller.workspace.people.get(str(fields["user"]))
    if user is None or user.id not in channel.members:
        raise RefusedError("user_not_in_channel")
    message = replace(
        _written(caller, channel, content_of(fields)),
        thread_ts=_thread(caller, channel, fields),
        visible_to=user.id,
        metadata=None,
    )
    posting.post(caller.world, caller.workspace, message)
    return {"message_ts": message.ts}


def _update(caller: Caller, fields: Fields) -> Answer:
    old = _own(caller, fields, "cant_update_message")
    content = content_of(fields)
    new = posting.change(
        caller.world,
        caller.workspace,
        old,
        text=content.text,
        blocks=content.blocks,
        attachments=content.attachments,
        metadata=content.metadata if fields.get("metadata") is not None else old.metadata,
        edited_at=caller.world.times.next(),
    )
    shape = shape_of(new, caller.world.address, metadata=True)
    return {"channel": new.channel, "ts": new.ts, "text": new.text, "message": shape}


def _delete(caller: Caller, fields: Fields) -> Answer:
    old = _own(caller, fields, "cant_delete_message")
    posting.delete(caller.world, caller.workspace, old)
    return {"channel": old.channel, "ts": old.ts}


def _permalink(caller: Caller, fields: Fields) -> Answer:
    channel = caller.channel(fields["channel"])
    message = caller.workspace.message(channel.id, str(fields["message_ts"]))
    if message is None or message.visible_to:
        raise RefusedError("message_not_found")
    link = permalink_of(message, caller.world.address)
    return {"channel": channel.id, "permalink": link}


def permalink_of(message: Message, address: str) -> str:
    """Return the address of a message for people."""
    link = f"{address}/archives/{message.channel}/p{message.ts.replace('.', '')}"
    return f"{link}?thread_ts={message.thread_ts}" if message.is_reply else link


def _target(caller: Caller, fields: Fields) -> Channel:
    name = str(fields["channel"])
    if name in caller.workspace.people and name != caller.workspace.bot_user:
        return caller.workspace.direct_messages_of(name)
    found = caller.workspace.channel(name)
    public = caller.scopes is not None and "chat:write.public" in caller.scopes
    channel = caller.channel(name, member=not (public and found and found.kind == "channel"))
    if channel.is_archived:
        raise RefusedError("is_archived")
    return channel


def _thread(caller: Caller, channel: Channel, fields: Fields) -> str:
    root = str(fields.get("thread_ts") or "")
    if not root:
        return ""
    message = caller.workspace.message(channel.id, root)
    if message is None:
        raise RefusedError("thread_not_found")
    if message.is_reply or message.visible_to:
        raise RefusedError("cannot_reply_to_message")
    return root


def _written(caller: Caller, channel: Channel, content: Content) -> Message:
    message = posting.by_bot(caller.world, caller.workspace, channel.id, content.text)
    return replace(
        message,
        blocks=content.blocks,
        attachments=content.attachments,
        metadata=content.metadata,
    )


def _own(caller: Caller, fields: Fields, error: str) -> Message:
    channel = caller.channel(fields["channel"])
    message = caller.workspace.message(channel.id, str(fields["ts"]))
    if message is None or message.visible_to:
        raise RefusedError("message_not_found")
    if message.bot_id != caller.workspace.bot_id:
        raise RefusedError(error)
    return message


_JSON = ("blocks", "attachments", "metadata")
_BAD = {"blocks": "invalid_blocks_format", "metadata": "invalid_metadata_format"}
_WRITE = ("chat:write",)

METHODS = {
    "chat.postMessage": Method(_post_message, _WRITE, ("channel",), _JSON, bad_json=_BAD),
    "chat.postEphemeral": Method(
        _post_ephemeral, _WRITE, ("channel", "user"), _JSON, bad_json=_BAD
    ),
    "chat.update": Method(_update, _WRITE, ("channel", "ts"), _JSON, bad_json=_BAD),
    "chat.delete": Method(_delete, _WRITE, ("channel", "ts")),
    "chat.getPermalink": Method(_permalink, (), ("channel", "message_ts")),
}
