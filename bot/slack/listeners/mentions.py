"""The bot is mentioned in a channel: it answers in the thread."""

from typing import Any

from slack_bolt import App, BoltContext

from bot.slack.asked import Asked, Surface
from bot.slack.desk import Desk
from bot.slack.events import is_from_a_person, keys_of, team_of
from bot.slack.mrkdwn import read


def register(app: App, desk: Desk) -> None:
    """Listen to mentions."""

    def answer_mention(event: dict[str, Any], body: dict[str, Any], context: BoltContext) -> None:
        if not is_from_a_person(event, context.bot_user_id):
            return
        asked = Asked(
            surface=Surface.MENTION,
            team=team_of(body, event),
            user=event["user"],
            text=read(event.get("text") or "", context.bot_user_id),
            channel=event["channel"],
            message_ts=event["ts"],
            root=event.get("thread_ts") or event["ts"],
        )
        desk.take(asked, keys_of(body))

    app.event("app_mention")(answer_mention)
