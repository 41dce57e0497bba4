"""What the events of several surfaces have in common."""

from collections.abc import Mapping
from typing import Any

from bot.slack.asked import Asked, Surface
from bot.slack.mrkdwn import read

# A file with a comment and a reply that is shown in the channel too are messages people write;
# every other subtype is an edit, a deletion, a bot, or Slack's own notice.
_WRITTEN = {None, "file_share", "thread_broadcast"}


def is_from_a_person(event: Mapping[str, Any], bot_user: str | None) -> bool:
    """Tell whether a person wrote this just now: no bot, not this one, no edit, no deletion."""
    return (
        event.get("subtype") in _WRITTEN
        and not event.get("bot_id")
        and not event.get("edited")
        and event.get("user") not in {None, bot_user}
        and _is_filled(event, "channel", "ts", "user")
    )


def is_mention(text: str, bot_user: str | None) -> bool:
    """Tell whether a text with Slack's mark-up mentions the bot."""
    return bool(bot_user) and f"<@{bot_user}" in text


def team_of(body: Mapping[str, Any], event: Mapping[str, Any]) -> str:
    """Return the id of the workspace an event comes from.

    In a channel shared between workspaces that is the one whose member wrote.
    """
    return str(body.get("team_id") or event.get("team") or "")


def question_in(
    message: Mapping[str, Any], surface: Surface, *, team: str, channel: str, bot_user: str | None
) -> Asked:
    """Return the question that a message asks, to be answered in its thread.

    A direct message outside a thread is answered outside one too.
    """
    root = message.get("thread_ts") or ("" if surface is Surface.DIRECT else message["ts"])
    return Asked(
        surface=surface,
        team=team,
        user=message["user"],
        text=read(message.get("text") or "", bot_user),
        channel=channel,
        message_ts=message["ts"],
        root=root,
    )


def message_key(team: str, channel: str, ts: str) -> str:
    """Return what a message is known by, whichever event tells of it."""
    return f"{team} {channel} {ts}"


def keys_of(body: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what an event is known by: the message it tells of, and its own id.

    Slack delivers an event again when it missed the acknowledgement, and tells of one message twice
    where the bot is mentioned and hears messages too: other event ids, same channel and time stamp.
    """
    event = body["event"]
    message = message_key(team_of(body, event), event["channel"], event["ts"])
    return (message, str(body["event_id"])) if body.get("event_id") else (message,)


def _is_filled(event: Mapping[str, Any], *names: str) -> bool:
    return all(isinstance(event.get(name), str) and event[name] for name in names)
