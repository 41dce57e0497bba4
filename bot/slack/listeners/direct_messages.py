"""Someone writes to the bot directly: it answers in place, in the thread where there is one."""

from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt import App, BoltContext

from bot.slack.addressing import is_plain_question
from bot.slack.asked import Surface
from bot.slack.desk import Desk
from bot.slack.events import is_from_a_person, keys_of, question_in, team_of

Offered = Callable[[Mapping[str, Any], str], bool]


def register(app: App, desk: Desk, offered: Offered) -> None:
    """Listen to direct messages.

    Args:
        app: What hears them.
        desk: Answers them.
        offered: Takes up a message's files, given its workspace too; tells whether one of them may
            be an article. Then its words are a comment, unless they ask something.
    """

    def is_direct_message(event: dict[str, Any], context: BoltContext) -> bool:
        return event.get("channel_type") == "im" and is_from_a_person(event, context.bot_user_id)

    def answer_direct_message(
        event: dict[str, Any], body: dict[str, Any], context: BoltContext
    ) -> None:
        asked = question_in(
            event,
            Surface.DIRECT,
            team=team_of(body, event),
            channel=event["channel"],
            bot_user=context.bot_user_id,
        )
        # Kept before its files are looked at: what fails comes again, and neither is done twice.
        if is_plain_question(event.get("text") or ""):
            desk.take(asked, keys_of(body))
            offered(event, asked.team)
        elif not offered(event, asked.team):
            desk.take(asked, keys_of(body))

    app.event("message", matchers=[is_direct_message])(answer_direct_message)
