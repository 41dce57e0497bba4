"""Modals and Home tabs as values, and as Slack shows them."""

from dataclasses import dataclass, field
from typing import Any

StateValues = dict[str, dict[str, dict[str, Any]]]
"""What stands in the inputs: by block id, then by action id."""


@dataclass(frozen=True, slots=True)
class View:
    """A view that somebody has before them. Its dicts are read-only by agreement."""

    id: str
    team: str
    user: str
    content: dict[str, Any]
    hash: str
    app_id: str
    bot_id: str
    root: str
    previous: str = ""
    values: StateValues = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """Either "modal" or "home"."""
        return str(self.content["type"])

    @property
    def blocks(self) -> list[dict[str, Any]]:
        """Its blocks, each with its id."""
        return list(self.content["blocks"])

    @property
    def title(self) -> str:
        """What stands above it; nothing for a Home tab."""
        return str(self.content.get("title", {}).get("text", ""))

    @property
    def callback_id(self) -> str:
        """What the app calls it."""
        return str(self.content.get("callback_id", ""))

    @property
    def private_metadata(self) -> str:
        """What the app hung on it."""
        return str(self.content.get("private_metadata", ""))

    @property
    def external_id(self) -> str:
        """The app's own id for it."""
        return str(self.content.get("external_id", ""))


def shape_of(view: View) -> dict[str, Any]:
    """Return a view as interactions and `views.open` show it."""
    content = view.content
    return {
        "id": view.id,
        "team_id": view.team,
        "type": view.kind,
        "blocks": view.blocks,
        "private_metadata": view.private_metadata,
        "callback_id": view.callback_id,
        "state": {"values": view.values},
        "hash": view.hash,
        "title": content.get("title"),
        "clear_on_close": bool(content.get("clear_on_close")),
        "notify_on_close": bool(content.get("notify_on_close")),
        "close": content.get("close"),
        "submit": content.get("submit"),
        "previous_view_id": view.previous or None,
        "root_view_id": view.root,
        "app_id": view.app_id,
        "external_id": view.external_id,
        "app_installed_team_id": view.team,
        "bot_id": view.bot_id,
    }
