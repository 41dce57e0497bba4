"""slack-manifest.json asks for what the code listens to and calls, and for nothing else."""

import json
from pathlib import Path

import pytest

from bot.slack.listeners.commands import COMMAND
from tests.bot.slack.conftest import VP_QUESTION

MANIFEST = json.loads(Path("slack-manifest.json").read_text("utf-8"))
SUBSCRIBED = MANIFEST["settings"]["event_subscriptions"]["bot_events"]
# Read from docs.slack.dev/reference/events and /methods.
SCOPE_OF = {
    "app_mention": "app_mentions:read",
    "message.im": "im:history",
    "chat.postMessage": "chat:write",
    "auth.test": None,
    "response_url": None,
}
OTHER_EVENTS = [
    "app_home_opened",
    "app_context_changed",
    "assistant_thread_started",
    "channel_created",
    "file_shared",
    "link_shared",
    "member_joined_channel",
    "reaction_added",
    "team_join",
]


@pytest.mark.parametrize("event", SUBSCRIBED)
def test_every_event_subscribed_to_is_listened_to(bot, event):
    kind, _, channel_type = event.partition(".")
    assert bot.hear(kind, VP_QUESTION, channel="D1", channel_type=channel_type) == 200
    bot.replies()


@pytest.mark.parametrize("event", OTHER_EVENTS)
def test_no_other_event_is_listened_to(bot, event):
    assert bot.hear(event, "", channel="C1") == 404


def test_the_command_is_the_one_listened_to(bot):
    assert [one["command"] for one in MANIFEST["features"]["slash_commands"]] == [COMMAND]
    assert bot.command() == 200
    bot.whispers()


def test_the_scopes_are_those_of_the_events_commands_and_calls(bot):
    bot.mention()
    bot.write()
    bot.write(thread_ts="1600000000.1")
    bot.replies(3)
    bot.command()
    bot.whispers()
    used = [*SUBSCRIBED, *(one.method for one in bot.slack.calls)]
    wanted = {scope for one in used if (scope := SCOPE_OF[one])} | {"commands"}
    assert MANIFEST["oauth_config"]["scopes"] == {"bot": sorted(wanted)}


def test_it_is_socket_mode_and_direct_messages_can_be_written():
    assert MANIFEST["settings"]["socket_mode_enabled"] is True
    assert MANIFEST["features"]["app_home"]["messages_tab_enabled"] is True
    assert MANIFEST["features"]["app_home"]["messages_tab_read_only_enabled"] is False


def test_its_texts_are_as_short_as_slack_wants_them():
    assert len(MANIFEST["display_information"]["name"]) <= 35
    assert len(MANIFEST["display_information"]["description"]) <= 140
    assert len(MANIFEST["features"]["bot_user"]["display_name"]) <= 80
    for command in MANIFEST["features"]["slash_commands"]:
        assert len(command["command"]) <= 32
        assert len(command["usage_hint"]) <= 1000
