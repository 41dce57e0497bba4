"""What Slack tells of messages and people, where it tells it."""

from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.slack.mrkdwn import read


def permalink(client: WebClient, channel: str, message_ts: str) -> str:
    """Return the address of a message; empty if it is gone, or where the bot is no member."""
    if not channel or not message_ts:
        return ""
    try:
        return str(client.chat_getPermalink(channel=channel, message_ts=message_ts)["permalink"])
    except SlackApiError:
        return ""


def opening_of(client: WebClient, channel: str, thread: str) -> str:
    """Return what a thread began with, without mark-up; empty where the bot is no member."""
    try:
        found = client.conversations_replies(channel=channel, ts=thread, limit=1)
    except SlackApiError:
        return ""
    messages: list[dict[str, Any]] = found.get("messages") or [{}]
    return read(str(messages[0].get("text") or ""))


def name_of(client: WebClient, user: str) -> str:
    """Return what people call somebody; the id where Slack does not say."""
    try:
        profile = (client.users_info(user=user).get("user") or {}).get("profile") or {}
    except SlackApiError:
        return user
    return str(profile.get("display_name") or profile.get("real_name") or user)
