"""What people do with an app, as Slack sends it: commands, clicks, submissions, shortcuts."""

from dataclasses import dataclass
from typing import Any

from playground.channels import Channel
from playground.credentials import App
from playground.messages import Message
from playground.messages import shape_of as shape_of_message
from playground.people import Person
from playground.views import View
from playground.views import shape_of as shape_of_view
from playground.workspace import Workspace

Payload = dict[str, Any]


@dataclass(frozen=True, slots=True)
class By:
    """Who did it, where, and at which app."""

    app: App
    workspace: Workspace
    person: Person

    def common(self, kind: str) -> Payload:
        """Return what every interaction says."""
        workspace, person = self.workspace, self.person
        return {
            "type": kind,
            "user": {
                "id": person.id,
                "username": person.name,
                "name": person.name,
                "team_id": workspace.team,
            },
            "api_app_id": self.app.id,
            "token": self.app.verification_token,
            "team": {"id": workspace.team, "domain": workspace.domain},
            "enterprise": None,
            "is_enterprise_install": False,
        }


def shown_name(channel: Channel) -> str:
    """Return a channel's name as payloads give it."""
    return {"im": "directmessage", "group": "privategroup"}.get(channel.kind, channel.name)


def slash_command(
    by: By, channel: Channel, command: str, text: str, response_url: str, trigger_id: str
) -> Payload:
    """Somebody typed a slash command."""
    return {
        "token": by.app.verification_token,
        "team_id": by.workspace.team,
        "team_domain": by.workspace.domain,
        "channel_id": channel.id,
        "channel_name": shown_name(channel),
        "user_id": by.person.id,
        "user_name": by.person.name,
        "command": command,
        "text": text,
        "api_app_id": by.app.id,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger_id,
    }


def message_action(
    by: By, message: Message, channel: Channel, action: Payload, response_url: str, address: str
) -> Payload:
    """Somebody used an element of a message. Ephemeral messages come without their content."""
    ephemeral = bool(message.visible_to)
    shape = shape_of_message(message, address, metadata=True)
    threaded = {"thread_ts": message.thread_ts} if message.is_reply else {}
    return {
        **by.common("block_actions"),
        "container": {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": channel.id,
            "is_ephemeral": ephemeral,
            **threaded,
        },
        "channel": {"id": channel.id, "name": shown_name(channel)},
        **({} if ephemeral else {"message": shape}),
        "state": {"values": {}},
        "response_url": response_url,
        "actions": [action],
    }


def view_action(by: By, view: View, action: Payload) -> Payload:
    """Somebody used an element of a modal or a Home tab."""
    return {
        **by.common("block_actions"),
        "container": {"type": "view", "view_id": view.id},
        "view": shape_of_view(view),
        "actions": [action],
    }


def view_submission(by: By, view: View) -> Payload:
    """Somebody submitted a modal."""
    return {**by.common("view_submission"), "view": shape_of_view(view), "response_urls": []}


def view_closed(by: By, view: View, *, cleared: bool) -> Payload:
    """Somebody closed a modal that asked to be told."""
    return {
        **by.common("view_closed"),
        "view": shape_of_view(view),
        "is_cleared": cleared,
    }


def global_shortcut(by: By, callback_id: str, ts: str) -> Payload:
    """Somebody used a shortcut of the app from anywhere."""
    return {**by.common("shortcut"), "callback_id": callback_id, "action_ts": ts}


def message_shortcut(
    by: By, message: Message, channel: Channel, callback_id: str, address: str
) -> Payload:
    """Somebody used a shortcut of the app on a message."""
    return {
        **by.common("message_action"),
        "callback_id": callback_id,
        "channel": {"id": channel.id, "name": shown_name(channel)},
        "message_ts": message.ts,
        "message": shape_of_message(message, address),
    }
