"""Events as the Events API sends them: pure functions from values to payloads."""

from typing import Any

from playground.channels import Channel
from playground.messages import Message, shape_of
from playground.views import View
from playground.views import shape_of as shape_of_view

Event = dict[str, Any]


def channel_type(channel: Channel) -> str:
    """Return the word of `channel_type`; subscriptions are "message.channels" and so on."""
    return channel.kind


def subscription_of(channel: Channel) -> str:
    """Return which subscription messages of a channel belong to."""
    return {"channel": "message.channels", "group": "message.groups", "im": "message.im"}[
        channel.kind
    ]


def message(one: Message, channel: Channel, address: str, parent_user: str) -> Event:
    """A message was posted."""
    return {
        **shape_of(one, address, metadata=bool(one.bot_id)),
        **({"parent_user_id": parent_user} if parent_user else {}),
        "channel": channel.id,
        "event_ts": one.ts,
        "channel_type": channel_type(channel),
    }


def app_mention(one: Message, address: str, parent_user: str) -> Event:
    """A message that names the bot was posted; no `channel_type`, no subtype."""
    shape = shape_of(one, address)
    return {
        **{key: value for key, value in shape.items() if key != "subtype"},
        **({"parent_user_id": parent_user} if parent_user else {}),
        "type": "app_mention",
        "channel": one.channel,
        "event_ts": one.ts,
    }


def message_changed(new: Message, old: Message, channel: Channel, ts: str, address: str) -> Event:
    """A message was edited, by its author or by the app."""
    return {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "message": shape_of(new, address, metadata=bool(new.bot_id)),
        "previous_message": shape_of(old, address, metadata=bool(old.bot_id)),
        "channel": channel.id,
        "ts": ts,
        "event_ts": ts,
        "channel_type": channel_type(channel),
    }


def message_deleted(old: Message, channel: Channel, ts: str, address: str) -> Event:
    """A message was deleted."""
    return {
        "type": "message",
        "subtype": "message_deleted",
        "hidden": True,
        "deleted_ts": old.ts,
        "previous_message": shape_of(old, address, metadata=bool(old.bot_id)),
        "channel": channel.id,
        "ts": ts,
        "event_ts": ts,
        "channel_type": channel_type(channel),
    }


def app_home_opened(user: str, channel: str, tab: str, view: View | None, ts: str) -> Event:
    """Somebody opened the app's Home or Messages tab."""
    return {
        "type": "app_home_opened",
        "user": user,
        "channel": channel,
        "tab": tab,
        "event_ts": ts,
        **({"view": shape_of_view(view)} if view and tab == "home" else {}),
    }


def member_joined_channel(user: str, channel: Channel, inviter: str, ts: str) -> Event:
    """Somebody, or the bot, joined a channel."""
    return {
        "type": "member_joined_channel",
        "user": user,
        "channel": channel.id,
        "channel_type": channel.id[0],
        "team": channel.team,
        "inviter": inviter,
        "event_ts": ts,
    }


def reaction_added(user: str, one: Message, name: str, ts: str) -> Event:
    """Somebody reacted to a message."""
    return {
        "type": "reaction_added",
        "user": user,
        "reaction": name,
        "item_user": one.user,
        "item": {"type": "message", "channel": one.channel, "ts": one.ts},
        "event_ts": ts,
    }


def app_uninstalled(ts: str) -> Event:
    """The app was taken out of a workspace."""
    return {"type": "app_uninstalled", "event_ts": ts}


def tokens_revoked(bot_user: str, ts: str) -> Event:
    """The app's token was revoked."""
    return {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [bot_user]}, "event_ts": ts}
