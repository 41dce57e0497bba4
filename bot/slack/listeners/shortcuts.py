"""The message shortcut: any message is a question, and only who used it sees the answer."""

from typing import Any

from slack_bolt import Ack, App

from bot.slack import names
from bot.slack.asked import Asked, Surface
from bot.slack.clicks import Click
from bot.slack.desk import Desk
from bot.slack.mrkdwn import read


def register(app: App, desk: Desk) -> None:
    """Listen to the shortcut on messages."""

    def answer_message(ack: Ack, body: dict[str, Any]) -> None:
        click = Click.of(body)
        message = body.get("message") or {}
        desk.take(
            Asked(
                surface=Surface.SHORTCUT,
                team=click.team,
                user=click.user,
                text=read(message.get("text") or ""),
                channel=click.channel,
                root=message.get("thread_ts") or message.get("ts") or "",
                response_url=click.response_url,
                open_thread=click.open_thread,
            )
        )
        ack()

    app.shortcut(names.ANSWER_MESSAGE)(answer_message)
