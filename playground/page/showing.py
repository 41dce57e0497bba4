"""What one person sees of the local Slack, and what the inspector tells, as JSON."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from playground.acting import Actor
from playground.channels import Channel
from playground.delivery import Delivery
from playground.local_slack import LocalSlack
from playground.messages import Message
from playground.people import Person
from playground.views import View
from playground.world import Call

Json = dict[str, Any]

# The inspector shows the latest; a page that is open longer keeps what it has.
CALLS_SHOWN, DELIVERIES_SHOWN = 200, 200
_ROLES = (("is_bot", "app"), ("is_owner", "owner"), ("is_admin", "admin"), ("is_guest", "guest"))


def snapshot(slack: LocalSlack, actor: Actor, manifest: Mapping[str, Any]) -> Json:
    """Return all that a page needs to begin: places, messages, views and the inspector's lists."""
    features = manifest.get("features", {})
    return {
        "me": actor.id,
        "bot": slack.bot_user,
        "people": [_person(one) for one in slack.workspace().people.values()],
        "commands": features.get("slash_commands", []),
        "shortcuts": features.get("shortcuts", []),
        "messages": messages_seen(slack, actor),
        "calls": calls_from(slack.calls, max(0, len(slack.calls) - CALLS_SHOWN)),
        "deliveries": [delivery_shown(one) for one in slack.deliveries[-DELIVERIES_SHOWN:]],
        "sockets": slack.connections,
        **surroundings(slack, actor),
    }


def surroundings(slack: LocalSlack, actor: Actor) -> Json:
    """Return what is small enough to be told anew with every change of it."""
    workspace = slack.workspace()
    mine = _channels(slack, actor)
    home = actor.home()
    return {
        "channels": [_channel(one, workspace.bot_user) for one in mine],
        "views": [_view(one) for one in actor.views()],
        "home": _view(home) if home else None,
        "prompts": [{"title": one.title, "message": one.message} for one in actor.prompts()],
        "statuses": [
            {
                "channel": one.channel,
                "thread": one.thread_ts,
                "text": one.text,
                "loading": list(one.loading_messages),
            }
            for one in list(workspace.statuses.values())
            if one.channel in {place.id for place in mine}
        ],
    }


def messages_seen(slack: LocalSlack, actor: Actor) -> list[Json]:
    """Return every message that somebody can see, channel by channel, oldest first."""
    return [
        message_shown(one)
        for channel in _channels(slack, actor)
        for one in slack.messages(channel.id)
        if sees(actor, one)
    ]


def sees(actor: Actor, message: Message) -> bool:
    """Return whether somebody sees a message: in the channel, or in its thread."""
    if message.visible_to not in {"", actor.id}:
        return False
    if not (message.visible_to and message.is_reply):
        return True
    # Slack shows such a message only in a thread that has replies.
    return message.ts in {one.ts for one in actor.sees(message.channel, message.thread_ts)}


def message_shown(message: Message) -> Json:
    """Return a message as the page shows it."""
    return {
        "channel": message.channel,
        "ts": message.ts,
        "thread": message.thread_ts if message.is_reply else "",
        "user": message.user,
        "text": message.text,
        "blocks": list(message.blocks),
        "files": [{"name": one.name, "size": len(one.content or b"")} for one in message.files],
        "isAlone": bool(message.visible_to),
        "isEdited": bool(message.edited_at) and not message.bot_id,
        "isDeleted": message.subtype == "tombstone",
        "isBroadcast": message.is_broadcast,
        "reactions": [name for name, _ in message.reactions],
    }


def calls_from(calls: Sequence[Call], first: int) -> list[Json]:
    """Return the app's calls from a number on, without what they sent."""
    return [_call(number, one) for number, one in enumerate(calls[first:], first)]


def delivery_shown(delivery: Delivery) -> Json:
    """Return what became of something sent to the app, without its content."""
    return {
        "id": delivery.id,
        "kind": delivery.kind,
        "what": _what(delivery),
        "attempts": delivery.attempts,
        "ackMs": delivery.ack_ms,
        "error": delivery.error,
        "isOver": delivery.is_over,
        "tries": [
            {"number": one.number, "reason": one.reason, "via": one.via, "error": one.error}
            for one in delivery.tries
        ],
    }


def reasons_of(call: Call) -> list[str]:
    """Return why a call was refused, in Slack's words; nothing for one that was answered."""
    if not call.error:
        return []
    told = call.answer.get("response_metadata", {}).get("messages") or call.answer.get("errors")
    needed = call.answer.get("needed")
    return [_reason(one) for one in told or ()] or ([f"needs {needed}"] if needed else [])


def _reason(told: object) -> str:
    if isinstance(told, Mapping):
        return f"{told.get('message')} [json-pointer:{told.get('pointer')}]"
    return str(told).removeprefix("[ERROR] ")


def _call(number: int, call: Call) -> Json:
    fields = call.fields
    return {
        "id": number,
        "method": call.method,
        "error": call.error,
        "reasons": reasons_of(call),
        "channel": str(fields.get("channel") or ""),
        "thread": str(fields.get("thread_ts") or ""),
        "at": call.at,
    }


def _what(delivery: Delivery) -> str:
    """Name a delivery: an event's type, a command, or what was used."""
    payload = delivery.payload if isinstance(delivery.payload, Mapping) else {}
    event = payload.get("event", {})
    if event:
        return " ".join(str(event[key]) for key in ("type", "subtype") if key in event)
    if "command" in payload:
        return f"{payload['command']} {payload.get('text', '')}".strip()
    actions: Iterable[Mapping[str, Any]] = payload.get("actions", ())
    used = [str(one.get("action_id")) for one in actions]
    named = payload.get("callback_id") or payload.get("view", {}).get("callback_id")
    return ": ".join(one for one in (str(payload.get("type", "")), *used, named) if one)


def _channels(slack: LocalSlack, actor: Actor) -> list[Channel]:
    """Return where somebody is a member; the conversation with the bot comes last."""
    held = slack.workspace().channels.values()
    mine = [one for one in held if actor.id in one.members]
    return sorted(mine, key=lambda one: one.kind == "im")


def _channel(channel: Channel, bot: str) -> Json:
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind,
        "hasBot": bot in channel.members,
        "isArchived": channel.is_archived,
    }


def _person(person: Person) -> Json:
    role = next((role for flag, role in _ROLES if getattr(person, flag)), "member")
    return {"id": person.id, "name": person.name, "realName": person.real_name, "role": role}


def _view(view: View) -> Json:
    content = view.content
    return {
        "id": view.id,
        "hash": view.hash,
        "title": view.title,
        "submit": content.get("submit", {}).get("text", ""),
        "close": content.get("close", {}).get("text", "Cancel"),
        "blocks": view.blocks,
        "values": view.values,
    }
