"""Messages in channels that do not mention the bot.

Follow-ups in its threads are answered, and plain questions where an admin switched that on.
"""

from dataclasses import dataclass
from typing import Any

from slack_bolt import App, BoltContext

from bot.slack.addressing import is_follow_up, is_plain_question
from bot.slack.asked import Surface
from bot.slack.desk import Desk
from bot.slack.events import is_from_a_person, is_mention, keys_of, question_in, team_of
from bot.state.store import State
from bot.state.threads import Place


def register(app: App, desk: Desk, state: State) -> None:
    """Listen to what people write in channels."""
    messages = _Messages(desk, state)
    app.event("message", matchers=[messages.is_written])(messages.answer)


@dataclass(frozen=True)
class _Messages:
    desk: Desk
    state: State

    def is_written(self, event: dict[str, Any], context: BoltContext) -> bool:
        # A mention comes as an event of its own.
        return (
            event.get("channel_type") in {"channel", "group"}
            and is_from_a_person(event, context.bot_user_id)
            and not is_mention(event.get("text") or "", context.bot_user_id)
        )

    def answer(self, event: dict[str, Any], body: dict[str, Any], context: BoltContext) -> None:
        team = team_of(body, event)
        surface = self._surface_of(event, team)
        if surface is None:
            return
        asked = question_in(
            event,
            surface,
            team=team,
            channel=event["channel"],
            bot_user=context.bot_user_id,
        )
        self.desk.take(asked, keys_of(body))

    def _surface_of(self, event: dict[str, Any], team: str) -> Surface | None:
        """Return as what a message is answered; None if it is not for the bot."""
        text, root = event.get("text") or "", event.get("thread_ts")
        if not root:
            settings = self.state.channels.get(team, event["channel"])
            return Surface.AUTO if settings.auto_answer and is_plain_question(text) else None
        place = Place(team, event["channel"], root)
        thread = self.state.threads.speakers(place)
        if is_follow_up(text, event["user"], thread):
            return Surface.THREAD
        if thread is not None:
            self.state.threads.heard(place, event["user"])
        return None
