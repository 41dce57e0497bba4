"""All there is in the local Slack: the app, its workspaces, and what is under way."""

import itertools
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from playground.changes import Changes
from playground.clock import Timestamps
from playground.credentials import App, Tokens
from playground.delivery import Deliveries, Delivery
from playground.faults import Faults
from playground.manifest import Manifest
from playground.tickets import (
    CODE_S,
    RESPONSE_URL_S,
    RESPONSE_URL_USES,
    TRIGGER_S,
    Tickets,
)
from playground.workspace import Workspace, furnished


@dataclass(frozen=True, slots=True)
class Call:
    """A call of the Web API, or of a response URL: what the app sent and what it was answered.

    `error` is empty for a call that was answered with ok.
    """

    method: str
    fields: dict[str, Any]
    token: str = field(repr=False)
    at: float
    error: str = ""
    answer: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ping:
    """A message of the app that would notify people: where, and what in it does."""

    channel: str
    ts: str
    what: str


@dataclass(frozen=True, slots=True)
class Trigger:
    """Who did what allows a view to be opened."""

    team: str
    user: str
    view_id: str = ""


@dataclass(frozen=True, slots=True)
class ResponseTo:
    """What a response URL answers to: a command, or the use of a message."""

    team: str
    channel: str
    user: str
    message_ts: str = ""


@dataclass(frozen=True, slots=True)
class Code:
    """An installation that somebody allowed, to be exchanged for a token."""

    team: str
    user: str
    scopes: frozenset[str]
    redirect_uri: str


@dataclass
class World:
    """Everything, behind one lock; what changes is announced."""

    app: App
    manifest: Manifest
    times: Timestamps
    changes: Changes
    deliveries: Deliveries
    address: str = ""

    def __post_init__(self) -> None:
        clock = self.times.now
        self.lock = threading.RLock()
        self.tokens = Tokens()
        self.faults = Faults()
        self.workspaces: dict[str, Workspace] = {}
        self.calls: list[Call] = []
        self.pings: list[Ping] = []
        self.pingable: set[str] = set()
        self.triggers: Tickets[Trigger] = Tickets(clock, TRIGGER_S)
        self.responses: Tickets[ResponseTo] = Tickets(clock, RESPONSE_URL_S, RESPONSE_URL_USES)
        self.codes: Tickets[Code] = Tickets(clock, CODE_S)
        self._numbers = itertools.count(1)

    def add_workspace(self, team: str, name: str, domain: str) -> Workspace:
        """Add a workspace with people and channels; the app is not installed in it."""
        suffix = "" if not self.workspaces else str(len(self.workspaces) + 1)
        bot = f"U0BOT{suffix}"
        workspace = furnished(Workspace(team, name, domain, bot, f"B0BOT{suffix}"), suffix)
        self.workspaces[team] = workspace
        return workspace

    def is_installed(self, workspace: Workspace) -> bool:
        """Return whether the app has a good token there."""
        return self.tokens.alive(workspace.team) is not None

    def new_id(self, letter: str) -> str:
        """Return an id that nothing has yet, such as "F0000000042"."""
        return f"{letter}{next(self._numbers):010}"

    def new_trigger(self, trigger: Trigger) -> str:
        """Return a trigger id in Slack's form: two numbers and a secret."""
        name = f"{next(self._numbers)}.{len(self.workspaces)}.{secrets.token_hex(8)}"
        return self.triggers.give(trigger, name)

    def new_response_url(self, kind: str, to: ResponseTo) -> str:
        """Return an address where the app can answer five times within half an hour."""
        ticket = self.responses.give(to, f"{kind}/{to.team}/{secrets.token_hex(12)}")
        return f"{self.address}/{ticket}"

    def tell(
        self, workspace: Workspace, event: dict[str, Any], subscription: str
    ) -> Delivery | None:
        """Send an event to the app, if it is installed there and wants to know."""
        if not self.manifest.hears(subscription) or not self.is_installed(workspace):
            return None
        return self.send_event(workspace, event)

    def send_event(self, workspace: Workspace, event: dict[str, Any]) -> Delivery:
        """Send an event to the app, whether it is installed or not."""
        number = next(self._numbers)
        return self.deliveries.submit(
            "events_api",
            {
                "token": self.app.verification_token,
                "team_id": workspace.team,
                "context_team_id": workspace.team,
                "context_enterprise_id": None,
                "api_app_id": self.app.id,
                "event": event,
                "type": "event_callback",
                "event_id": f"Ev{number:09}",
                "event_time": int(self.times.now()),
                "authorizations": [
                    {
                        "enterprise_id": None,
                        "team_id": workspace.team,
                        "user_id": workspace.bot_user,
                        "is_bot": True,
                        "is_enterprise_install": False,
                    }
                ],
                "is_ext_shared_channel": False,
                "event_context": f"4-{secrets.token_hex(16)}",
            },
        )
