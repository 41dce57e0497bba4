"""The bot is mentioned in a channel: it answers in the thread."""

from typing import Any

from slack_bolt import App, BoltContext

from bot.slack.asked import Surface
from bot.slack.desk import Desk
from bot.slack.events import is_from_a_person, keys_of, question_in, team_of


def register(app: App, desk: Desk) -> None:
    """Listen to mentions."""

    def answer_mention(event: dict[str, Any], body: dict[str, Any], context: BoltContext) -> None:
        if not is_from_a_person(event, context.bot_user_id):
            return
        asked = question_in(
            event,
            Surface.MENTION,
            team=team_of(body, event),
            channel=event["channel"],
            bot_user=context.bot_user_id,
        )
        desk.take(asked, keys_of(body))

    app.event("app_mention")(answer_mention)
