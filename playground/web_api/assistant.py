"""assistant.threads.* and agents.sessions.*: what the bot shows around a conversation."""

from playground.blocks.checks import units
from playground.messages import Message
from playground.web_api.calling import (
    Answer,
    Caller,
    Fields,
    Method,
    RefusedError,
    refused_arguments,
)
from playground.workspace import Prompt, Status

PROMPTS_MOST = 4
LOADING_MESSAGES_MOST, LOADING_MESSAGE_MOST = 10, 50
_SESSION_STATES = {"active", "processing", "suspended", "closed"}


def _set_status(caller: Caller, fields: Fields) -> Answer:
    root = _root(caller, fields)
    loading = fields.get("loading_messages") or []
    if not isinstance(loading, list) or len(loading) > LOADING_MESSAGES_MOST:
        raise refused_arguments(f"no more than {LOADING_MESSAGES_MOST} items in loading_messages")
    if any(not one or units(str(one)) > LOADING_MESSAGE_MOST for one in loading):
        raise refused_arguments(f"a loading message has 1 to {LOADING_MESSAGE_MOST} characters")
    if "status" not in fields:
        raise refused_arguments("missing required field: status")
    status = Status(
        root.channel,
        root.ts,
        str(fields["status"] or ""),
        tuple(str(one) for one in loading),
        caller.world.times.now(),
    )
    statuses = caller.workspace.statuses
    if status.text:
        statuses[root.channel, root.ts] = status
    else:
        statuses.pop((root.channel, root.ts), None)
    caller.world.changes.announce("status", status)
    return {}


def _set_suggested_prompts(caller: Caller, fields: Fields) -> Answer:
    if not caller.world.manifest.is_agent:
        raise RefusedError("not_agent_app")
    channel = caller.channel(fields["channel_id"])
    if channel.kind != "im":
        raise RefusedError("channel_not_found")
    prompts = fields["prompts"]
    if not isinstance(prompts, list) or not all(
        isinstance(one, dict) and one.get("title") and one.get("message") for one in prompts
    ):
        raise refused_arguments("each prompt has a title and a message")
    if len(prompts) > PROMPTS_MOST:
        raise refused_arguments(f"no more than {PROMPTS_MOST} items in prompts")
    if fields.get("thread_ts"):
        return {}  # as in Slack: with a thread, in the agent view, it fails and does not say so
    offered = tuple(Prompt(str(one["title"]), str(one["message"])) for one in prompts)
    caller.workspace.prompts[channel.id] = offered
    caller.world.changes.announce("prompts", (channel.id, offered))
    return {}


def _set_title(caller: Caller, fields: Fields) -> Answer:
    root = _root(caller, fields)
    caller.workspace.thread_titles[root.channel, root.ts] = str(fields["title"])
    caller.world.changes.announce("title", (root.channel, root.ts, str(fields["title"])))
    return {}


def _set_session(caller: Caller, fields: Fields) -> Answer:
    if fields["status"] not in _SESSION_STATES:
        raise RefusedError("invalid_status")
    if not fields.get("thread_ts"):
        raise RefusedError("thread_ts_required")
    _root(caller, fields)
    return {}


def _root(caller: Caller, fields: Fields) -> Message:
    channel = caller.channel(fields["channel_id"])
    if caller.workspace.bot_user not in channel.members:
        raise RefusedError("channel_not_found", detail="Invalid channel_id")
    message = caller.workspace.message(channel.id, str(fields["thread_ts"]))
    if message is None or message.is_reply:
        raise RefusedError("invalid_thread_ts", detail="Thread not found")
    return message


METHODS = {
    "assistant.threads.setStatus": Method(
        _set_status, ("chat:write",), ("channel_id", "thread_ts"), ("loading_messages",)
    ),
    "assistant.threads.setSuggestedPrompts": Method(
        _set_suggested_prompts, ("assistant:write",), ("channel_id", "prompts"), ("prompts",)
    ),
    "assistant.threads.setTitle": Method(
        _set_title, ("assistant:write",), ("channel_id", "thread_ts", "title")
    ),
    "agents.sessions.setStatus": Method(_set_session, ("chat:write",), ("channel_id", "status")),
}
