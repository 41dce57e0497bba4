"""What the events of several surfaces have in common."""

from typing import Any

# A file with a comment and a reply that is shown in the channel too are messages people write;
# every other subtype is an edit, a deletion, a bot, or Slack's own notice.
_WRITTEN = {None, "file_share", "thread_broadcast"}


def is_from_a_person(event: dict[str, Any], bot_user: str | None) -> bool:
    """Tell whether a person wrote this just now: no bot, not this one, no edit, no deletion."""
    return (
        event.get("subtype") in _WRITTEN
        and not event.get("bot_id")
        and not event.get("edited")
        and event.get("user") not in {None, bot_user}
    )


def keys_of(body: dict[str, Any]) -> tuple[str, ...]:
    """Return what an event is known by: its id, and the message it tells of."""
    event = body["event"]
    message = f"{event['channel']} {event['ts']}"
    return (message, body["event_id"]) if body.get("event_id") else (message,)
