"""slack-manifest.json asks for what the code listens to and calls, and for nothing else."""

import re
from pathlib import Path

import pytest

from bot.slack import names
from tests.scenarios.conftest import MANIFEST, Office

SUBSCRIBED = MANIFEST["settings"]["event_subscriptions"]["bot_events"]
SCOPES = set(MANIFEST["oauth_config"]["scopes"]["bot"])
FEATURES = MANIFEST["features"]

# Read from docs.slack.dev/reference/events and /methods.
SCOPE_OF_EVENT = {
    "app_home_opened": set(),
    "app_mention": {"app_mentions:read"},
    "app_uninstalled": set(),
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "message.im": {"im:history"},
    "tokens_revoked": set(),
}
HISTORY = {"channels:history", "groups:history", "im:history"}
SCOPE_OF_METHOD = {
    "assistant.threads.setStatus": {"chat:write"},
    "assistant.threads.setSuggestedPrompts": {"assistant:write"},
    "auth.test": set(),
    "chat.delete": {"chat:write"},
    "chat.getPermalink": set(),
    "chat.postEphemeral": {"chat:write"},
    "chat.postMessage": {"chat:write"},
    "chat.update": {"chat:write"},
    "conversations.history": HISTORY,
    "conversations.replies": HISTORY,
    "files.info": {"files:read"},
    "users.info": {"users:read"},
    "views.open": set(),
    "views.publish": set(),
    "views.update": set(),
}
# By the app-level token, which has no scope of the manifest, and by the addresses of replies.
NOT_BY_THE_BOT = {"apps.connections.open", "response_url"}
OTHER_EVENTS = [
    "app_context_changed",
    "assistant_thread_started",
    "channel_created",
    "file_shared",
    "link_shared",
    "member_joined_channel",
    "reaction_added",
    "team_join",
]


def methods_in_the_code() -> set[str]:
    """Return the methods of the Web API that the bot calls anywhere."""
    code = "\n".join(one.read_text("utf-8") for one in Path("bot/slack").rglob("*.py"))
    found = re.findall(r"\b(?:client|bot_client|_client)\.([a-z]+(?:_[a-zA-Z]+)+)\(", code)
    # `api_call` is how `pmrole doctor` tries the methods above by name.
    return {one.replace("_", ".") for one in found if one != "api_call"}


def heard(office: Office, event: dict[str, object], caplog: pytest.LogCaptureFixture) -> bool:
    """Tell whether anything listens to an event."""
    caplog.clear()
    with caplog.at_level("DEBUG", "bot.slack.listeners.failures"):
        payload = {"type": "event_callback", "team_id": "T0LOCAL", "event_id": "", "event": event}
        delivery = office.slack.sends(payload)
        office.wait(lambda: office.slack.delivery(delivery.id).is_over, "its acknowledgement")
    assert office.slack.delivery(delivery.id).error == ""
    return "nobody listens" not in caplog.text


def an_event(name: str) -> dict[str, object]:
    """Return an event as Slack sends it."""
    kind, _, place = name.partition(".")
    channel_type = {"channels": "channel", "groups": "group"}.get(place, place)
    return {
        "type": kind,
        "user": "U0GUS",
        "text": "Good morning.",
        "channel": "C0CAREERS",
        "channel_type": channel_type,
        "ts": "1700000000.000001",
        "tab": "about",
    }


@pytest.mark.parametrize("event", sorted(set(SUBSCRIBED) - {"app_uninstalled", "tokens_revoked"}))
def test_every_event_subscribed_to_is_listened_to(shared_office, caplog, event):
    assert heard(shared_office, an_event(event), caplog)


@pytest.mark.parametrize("event", OTHER_EVENTS)
def test_no_other_event_is_listened_to(shared_office, caplog, event):
    assert not heard(shared_office, an_event(event), caplog)


def test_the_end_of_an_installation_is_listened_to():
    assert {"app_uninstalled", "tokens_revoked"} <= set(SUBSCRIBED)
    assert "enable_token_revocation_listeners" in Path("bot/slack/installing.py").read_text("utf-8")


def test_the_scopes_are_those_of_the_events_commands_and_calls():
    wanted = {"commands"}  # of the command and the shortcuts
    for event in SUBSCRIBED:
        wanted |= SCOPE_OF_EVENT[event]
    for method in methods_in_the_code():
        wanted |= SCOPE_OF_METHOD[method]
    assert wanted == SCOPES
    assert MANIFEST["oauth_config"]["scopes"] == {"bot": sorted(SCOPES)}


def test_what_the_conversation_called_is_what_the_code_is_read_to_call(conversation):
    called = {one.method for one in conversation.calls} - NOT_BY_THE_BOT
    assert called <= methods_in_the_code() | {"auth.test"}
    assert len(called) >= 9


def listened_to(kind: str) -> set[str]:
    """Return the names that the code gives to Bolt's listeners of a kind."""
    code = "\n".join(one.read_text("utf-8") for one in Path("bot/slack").rglob("*.py"))
    return {getattr(names, one) for one in re.findall(rf"app\.{kind}\(names\.(\w+)\)", code)}


def test_the_command_and_the_shortcuts_are_those_listened_to():
    assert {one["command"] for one in FEATURES["slash_commands"]} == listened_to("command")
    assert {one["callback_id"] for one in FEATURES["shortcuts"]} == listened_to("shortcut")
    kinds = {one["callback_id"]: one["type"] for one in FEATURES["shortcuts"]}
    assert kinds[names.ANSWER_MESSAGE] == "message"
    assert kinds[names.COMPARE_SHORTCUT] == "global"


def test_it_is_socket_mode_with_interactivity_and_both_tabs():
    assert MANIFEST["settings"]["socket_mode_enabled"] is True
    assert MANIFEST["settings"]["interactivity"] == {"is_enabled": True}
    assert FEATURES["app_home"] == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": False,
    }


def test_its_texts_are_as_short_as_slack_wants_them():
    assert len(MANIFEST["display_information"]["name"]) <= 35
    assert len(MANIFEST["display_information"]["description"]) <= 140
    assert len(FEATURES["bot_user"]["display_name"]) <= 80
    assert len(FEATURES["agent_view"]["agent_description"]) <= 300
    assert len(FEATURES["agent_view"]["suggested_prompts"]) <= 4
    for command in FEATURES["slash_commands"]:
        assert len(command["command"]) <= 32
        assert len(command["usage_hint"]) <= 1000
    for shortcut in FEATURES["shortcuts"]:
        assert len(shortcut["name"]) <= 24
        assert len(shortcut["description"]) <= 150
