"""Someone writes to the bot directly: it answers in place, in the thread where there is one."""

from typing import Any

from slack_bolt import App, BoltContext, BoltRequest
from slack_sdk import WebClient

from bot.slack.asking import Desk, Incoming
from bot.slack.events import is_from_a_person, keys_of
from bot.slack.mrkdwn import read
from bot.slack.replying import in_channel
from bot.slack.threads import Place


def register(app: App, desk: Desk) -> None:
    """Listen to messages of every subtype: one nobody listens to is delivered four times."""

    def answer_direct_message(
        event: dict[str, Any], client: WebClient, context: BoltContext, request: BoltRequest
    ) -> None:
        is_direct = event.get("channel_type") == "im"
        if not is_direct or not is_from_a_person(event, context.bot_user_id):
            return
        root = event.get("thread_ts")
        desk.take(
            Incoming(
                text=read(event.get("text") or "", context.bot_user_id),
                tell=in_channel(client, event["channel"], root),
                request=request,
                place=Place(event["channel"], root or ""),
                keys=keys_of(request.body),
            )
        )

    app.event("message")(answer_direct_message)
