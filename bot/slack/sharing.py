"""An answer that only its asker saw, shown to the channel."""

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.slack.clicks import Click
from bot.slack.delivering import EVENT, respond
from bot.slack.messages import question_line
from bot.slack.refusals import ClosedError, refusal_of
from bot.state.answers import KeptAnswer


def share(client: WebClient, kept: KeptAnswer, click: Click) -> str:
    """Post an answer where its question was asked.

    Args:
        client: Of the workspace.
        kept: The answer.
        click: The click that shares it.

    Returns:
        The time stamp of the message; empty where the bot is no member and Slack does not tell.

    Raises:
        UndeliveredError: if Slack takes it not.
    """
    asked = [line.to_dict() for line in question_line(kept.text)]
    blocks = [*asked, *kept.reply["blocks"], _signature(click.user)]
    try:
        posted = client.chat_postMessage(
            channel=kept.channel,
            thread_ts=kept.root or None,
            text=kept.reply["text"],
            blocks=blocks,
            unfurl_links=False,
            unfurl_media=False,
            metadata={"event_type": EVENT, "event_payload": {"question": f"shared {kept.id}"}},
        )
        return str(posted["ts"])
    except SlackApiError as error:
        refused = refusal_of(error)
        if not isinstance(refused, ClosedError):
            raise refused from error
    # A command works where the bot is no member, and so does the address that came with it.
    respond(
        client,
        click.response_url,
        text=kept.reply["text"],
        blocks=blocks,
        response_type="in_channel",
        replace_original=False,
        unfurl_links=False,
        unfurl_media=False,
    )
    return ""


def _signature(user: str) -> dict[str, object]:
    return {
        "type": "context",
        "elements": [{"type": "mrkdwn", "text": f"Shared by <@{user}>", "verbatim": True}],
    }
