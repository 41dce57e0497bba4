"""A reply on its way to Slack: where it goes.

Messages carry the key of their question as metadata, so that a bot that died between posting and
noting it finds its own answer and does not post another.
"""

import logging
from typing import Any

from slack_sdk import WebClient
from slack_sdk.models.blocks import ContextBlock, MarkdownTextObject
from slack_sdk.webhook import WebhookClient

from bot.slack.asked import Asked, Surface
from bot.slack.clicks import Click
from bot.slack.messages import Shown
from bot.slack.messages.limits import fits_a_message
from bot.slack.refusals import (
    UNREACHABLE,
    ClosedError,
    GoneError,
    PassingError,
    UndeliveredError,
    refusal_of,
)

logger = logging.getLogger(__name__)

EVENT = "pmrole_answer"
# What Slack shows to one person cannot be read back, so it may come twice rather than never.
REPEATED = "Slack did not confirm this answer the first time, so you may see it twice."


def deliver(client: WebClient, asked: Asked, shown: Shown, *, privately: bool = False) -> str:
    """Show a reply where the question was asked.

    Args:
        client: Of the asker's workspace.
        asked: The question.
        shown: The reply.
        privately: Show it to the asker alone, even in a channel.

    Returns:
        The time stamp of the bot's message; empty where only the asker sees it.

    Raises:
        PassingError: if Slack could not be reached or is in trouble.
        ClosedError: if the bot may not write there.
        GoneError: if the thread is no longer there.
        UndeliveredError: if Slack refuses the reply itself.
    """
    try:
        if asked.response_url:
            whisper(client, asked.user, asked.response_url, shown, thread=asked.open_thread)
            return ""
        if privately:
            # In a thread that has no reply yet nobody would see it: the thread is not open.
            within = asked.root if asked.root != asked.message_ts else None
            client.chat_postEphemeral(
                channel=asked.channel,
                user=asked.user,
                thread_ts=within or None,
                text=shown.text,
                blocks=shown.blocks,
            )
            return ""
        _, message_ts = post(client, asked.channel, shown, thread=asked.root, question=asked.key)
    except UNREACHABLE as error:
        raise refusal_of(error) from error
    return message_ts


def post(
    client: WebClient, channel: str, shown: Shown, *, thread: str = "", question: str = ""
) -> tuple[str, str]:
    """Post a message in which no address unfolds into a preview.

    Args:
        client: Of the workspace.
        channel: Where; a person's id for a direct message, which Slack opens by itself.
        shown: The message.
        thread: In which thread there; empty for none.
        question: What the question is known by that it answers; empty if it answers none.

    Returns:
        The channel, which of a direct message only Slack knows, and the time stamp.

    Raises:
        SlackClientError, OSError, HTTPException: if Slack does not take it.
    """
    known_by = {"event_type": EVENT, "event_payload": {"question": question}}
    posted = client.chat_postMessage(
        channel=channel,
        thread_ts=thread or None,
        text=shown.text,
        blocks=shown.blocks,
        unfurl_links=False,
        unfurl_media=False,
        metadata=known_by if question else None,
    )
    return str(posted["channel"]), str(posted["ts"])


def deliver_anyhow(
    client: WebClient,
    asked: Asked,
    shown: Shown,
    *,
    privately: bool = False,
    repeated: bool = False,
) -> str:
    """Deliver a reply; by direct message where its own place is closed to the bot.

    Args:
        client: Of the asker's workspace.
        asked: The question.
        shown: The reply.
        privately: Show it to the asker alone, even in a channel.
        repeated: Say that the asker may have seen it, where nobody can look.

    Returns:
        The time stamp of the bot's message in the place of the question; empty if it is elsewhere,
        or only the asker sees it.

    Raises:
        PassingError: if Slack could not be reached or is in trouble.
        GoneError: if the question was deleted.
        UndeliveredError: if Slack takes it nowhere.
    """
    again = _marked(shown) if repeated else shown
    alone = privately or bool(asked.response_url)
    try:
        return deliver(client, asked, again if alone else shown, privately=privately)
    except ClosedError as error:
        if asked.surface is Surface.DIRECT:
            raise
        logger.warning("%s: %s; answering by direct message", asked.reference, error)
    except GoneError as error:
        if asked.root == asked.message_ts:
            raise
        logger.warning("%s: %s; answering by direct message", asked.reference, error)
    direct = Asked(
        surface=Surface.DIRECT,
        team=asked.team,
        user=asked.user,
        text="",
        channel=asked.user,  # Slack opens the direct message by itself
        message_ts=asked.message_ts,
        reference=asked.reference,
    )
    deliver(client, direct, again)
    return ""


def mend(client: WebClient, asked: Asked, shown: Shown, message_ts: str) -> str:
    """Put a reply in the place of an earlier message of the bot's; return its time stamp.

    Raises:
        UndeliveredError: if Slack takes it not.
    """
    try:
        client.chat_update(
            channel=asked.channel, ts=message_ts, text=shown.text, blocks=shown.blocks
        )
    except UNREACHABLE as error:
        raise refusal_of(error) from error
    return message_ts


def edited(client: WebClient, channel: str, message_ts: str, shown: Shown) -> bool:
    """Put something else in the place of a message; tell whether Slack took it."""
    try:
        client.chat_update(channel=channel, ts=message_ts, text=shown.text, blocks=shown.blocks)
    except UNREACHABLE as error:
        logger.warning("a message was not edited: %s", type(error).__name__)
        return False
    return True


def tell(client: WebClient, click: Click, shown: Shown) -> None:
    """Show something to whoever clicked or typed a command, as `whisper` does."""
    whisper(client, click.user, click.response_url, shown, thread=click.open_thread)


def whisper(
    client: WebClient, user: str, response_url: str, shown: Shown, *, thread: str = ""
) -> None:
    """Show something to one person: where they are, or by direct message where that is no message.

    Args:
        client: Of their workspace.
        user: Their id.
        response_url: Where to reply to their click or command; empty if there is none.
        shown: What they see.
        thread: The thread they have open; empty outside one.

    Raises:
        UndeliveredError: if Slack takes it not.
        SlackApiError: if Slack refuses the direct message.
    """
    if response_url:
        respond(
            client,
            response_url,
            text=shown.text,
            blocks=shown.blocks,
            response_type="ephemeral",
            replace_original=False,
            unfurl_links=False,
            unfurl_media=False,
            thread_ts=thread or None,
        )
    else:
        post(client, user, shown)


def respond(client: WebClient, url: str, **message: Any) -> None:  # noqa: ANN401 - the webhook's own arguments
    """Send to a response address.

    Raises:
        PassingError: if Slack is in trouble.
        ClosedError: if the address is used up.
        UndeliveredError: if it refuses the message.
    """
    webhook = WebhookClient(url, timeout=client.timeout, retry_handlers=client.retry_handlers)
    response = webhook.send_dict(message)
    # Unlike a WebClient, a webhook reports failure by its status alone.
    if response.status_code == 429 or response.status_code >= 500:
        raise PassingError(f"the response address answered {response.status_code}")
    if response.status_code == 404:  # used five times, or older than half an hour
        raise ClosedError("the response address is used up")
    if response.status_code != 200:
        raise UndeliveredError(f"the response address answered {response.status_code}")


def own_answer(client: WebClient, asked: Asked) -> str | None:
    """Return the time stamp of the answer to a question that is in Slack already, if there is one.

    Raises:
        PassingError: if Slack cannot be reached.
    """
    if asked.response_url:
        return None  # what only the asker sees cannot be read back
    since: dict[str, Any] = {
        "channel": asked.channel,
        "oldest": asked.message_ts or "0",
        "include_all_metadata": True,
        "limit": 200,
    }
    try:
        if asked.root:
            found = client.conversations_replies(ts=asked.root, **since)
        else:
            found = client.conversations_history(**since)
    except UNREACHABLE as error:
        refused = refusal_of(error)
        if isinstance(refused, PassingError):
            raise refused from error
        return None  # a place that cannot be read cannot be written to either
    messages: list[dict[str, Any]] = found.get("messages") or []
    return next((str(one["ts"]) for one in messages if _answers(one, asked.key)), None)


def _answers(message: dict[str, Any], key: str) -> bool:
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") or {}
    return bool(metadata.get("event_type") == EVENT and payload.get("question") == key)


def _marked(shown: Shown) -> Shown:
    """Return a reply that says it may come a second time, if there is room for that."""
    note = ContextBlock(elements=[MarkdownTextObject(text=REPEATED, verbatim=True)])
    marked = Shown(shown.text, [*shown.blocks, note])
    return marked if fits_a_message(marked.blocks) else shown
