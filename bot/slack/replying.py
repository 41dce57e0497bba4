"""How an asker is told something: in the channel, or where only the asker sees it."""

from collections.abc import Callable

from slack_bolt import Respond
from slack_sdk import WebClient

from bot.slack.blocks import Shown

Tell = Callable[[Shown], None]


class ReplyRefusedError(Exception):
    """Slack did not take a reply to a command."""


def in_channel(client: WebClient, channel: str, thread_ts: str | None) -> Tell:
    """Reply as a message, in a thread if one is named. Links are not unfurled.

    Not by Bolt's `say`: in a thread of a direct message that reads the thread first, to find an
    assistant's metadata there.
    """

    def tell(shown: Shown) -> None:
        client.chat_postMessage(
            channel=channel,
            text=shown.text,
            blocks=shown.blocks,
            thread_ts=thread_ts,
            unfurl_links=False,
            unfurl_media=False,
        )

    return tell


def to_asker(respond: Respond) -> Tell:
    """Reply to a command; only the asker sees it."""

    def tell(shown: Shown) -> None:
        response = respond(
            text=shown.text,
            blocks=shown.blocks,
            response_type="ephemeral",
            unfurl_links=False,
            unfurl_media=False,
        )
        # Unlike a WebClient, a webhook reports failure by its status alone.
        if response.status_code != 200:
            raise ReplyRefusedError(f"{response.status_code} {response.body[:100]}")

    return tell
