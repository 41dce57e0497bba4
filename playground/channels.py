"""Channels and direct messages."""

from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["channel", "group", "im"]
"""Public, private, or a direct message: the words of an event's `channel_type`."""

_CREATED = 1_700_000_000  # any date in the past will do


@dataclass(frozen=True, slots=True)
class Channel:
    """A place to write in, and who is in it."""

    id: str
    name: str
    team: str
    kind: Kind = "channel"
    members: frozenset[str] = frozenset()
    is_archived: bool = False


def shape_of(channel: Channel, seen_by: str, *, count: bool = False) -> dict[str, Any]:
    """Return a channel as `conversations.info` shows it to a member of the workspace."""
    counted = {"num_members": len(channel.members)} if count else {}
    if channel.kind == "im":
        (other, *_) = sorted(channel.members - {seen_by}) or [seen_by]
        return {
            "id": channel.id,
            "created": _CREATED,
            "is_im": True,
            "is_org_shared": False,
            "user": other,
            "is_open": True,
            "is_archived": False,
            **counted,
        }
    return {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": channel.kind == "channel",
        "is_group": channel.kind == "group",
        "is_im": False,
        "is_mpim": False,
        "is_private": channel.kind == "group",
        "is_archived": channel.is_archived,
        "is_general": channel.name == "general",
        "is_member": seen_by in channel.members,
        "is_shared": False,
        "created": _CREATED,
        "context_team_id": channel.team,
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "previous_names": [],
        **counted,
    }
