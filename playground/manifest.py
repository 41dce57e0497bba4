"""What the app may do and hears, as its manifest says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Manifest:
    """The parts of a manifest that Slack enforces; None where everything is allowed."""

    scopes: frozenset[str] | None = None
    events: frozenset[str] | None = None
    commands: frozenset[str] | None = None
    shortcuts: frozenset[str] | None = None
    has_interactivity: bool = True
    has_home_tab: bool = True
    has_messages_tab: bool = True
    is_agent: bool = True

    @classmethod
    def read(cls, manifest: Mapping[str, Any] | None) -> "Manifest":
        """Read a manifest as `slack-manifest.json` holds it; without one everything is allowed."""
        if manifest is None:
            return cls()
        features = manifest.get("features", {})
        settings = manifest.get("settings", {})
        home = features.get("app_home", {})
        return cls(
            frozenset(manifest.get("oauth_config", {}).get("scopes", {}).get("bot", [])),
            frozenset(settings.get("event_subscriptions", {}).get("bot_events", [])),
            frozenset(one["command"] for one in features.get("slash_commands", [])),
            frozenset(one["callback_id"] for one in features.get("shortcuts", [])),
            bool(settings.get("interactivity", {}).get("is_enabled")),
            bool(home.get("home_tab_enabled")),
            bool(home.get("messages_tab_enabled")),
            "agent_view" in features or "assistant_view" in features,
        )

    def hears(self, subscription: str) -> bool:
        """Return whether the app is told of an event, such as "message.im"."""
        return self.events is None or subscription in self.events
