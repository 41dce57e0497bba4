"""A question is edited or deleted: its answer follows."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from slack_bolt import App, BoltContext

from bot.slack.asked import Surface
from bot.slack.desk import Desk
from bot.slack.editing import EDITABLE_S, Editor
from bot.slack.events import is_mention, message_key, question_in, team_of
from bot.slack.mrkdwn import read
from bot.slack.work import Work


def register(app: App, desk: Desk, editor: Editor, work: Work) -> None:
    """Listen to edits and deletions, wherever the bot hears messages.

    Args:
        app: What hears them.
        desk: Answers a message that becomes a question by an edit.
        editor: Lets answers follow.
        work: The threads on which they do; they wait for answers, so nothing else may need them.
    """
    edits = _Edits(desk, editor, work)
    app.event("message", matchers=[edits.is_edit])(edits.follow_edit)
    app.event("message", matchers=[edits.is_deletion])(edits.follow_deletion)


@dataclass(frozen=True)
class _Edits:
    desk: Desk
    editor: Editor
    work: Work

    def is_edit(self, event: dict[str, Any], context: BoltContext) -> bool:
        message, before = _table(event, "message"), _table(event, "previous_message")
        # An address that unfolds into a preview changes a message too, but not its text.
        return (
            event.get("subtype") == "message_changed"
            and isinstance(message.get("user"), str)
            and message["user"] != context.bot_user_id
            and not message.get("bot_id")
            and message.get("text") != before.get("text")
            and all(isinstance(one, str) for one in (event.get("channel"), message.get("ts")))
            and _edited_at(message) is not None
        )

    def follow_edit(
        self, event: dict[str, Any], body: dict[str, Any], context: BoltContext
    ) -> None:
        message = event["message"]
        team, channel, ts = team_of(body, event), event["channel"], message["ts"]
        raw = str(message.get("text") or "")
        text = read(raw, context.bot_user_id)
        edited = _edited_at(message) or 0.0
        in_time = edited - float(ts) <= EDITABLE_S
        had_mention = is_mention(
            str(_table(event, "previous_message").get("text") or ""), context.bot_user_id
        )
        # Slack tells of no mention that an edit adds. One that was there has been taken.
        if is_mention(raw, context.bot_user_id) and (in_time or not had_mention):
            asked = question_in(
                message,
                Surface.MENTION,
                team=team,
                channel=channel,
                bot_user=context.bot_user_id,
            )
            self.desk.take(asked, (message_key(team, channel, ts),))
        if in_time:
            edit = partial(self.editor.edit, team, channel, ts, text, edited)
            self.work.give(edit, refused=_nothing)

    def is_deletion(self, event: dict[str, Any]) -> bool:
        return isinstance(event.get("channel"), str) and bool(_deleted(event))

    def follow_deletion(self, event: dict[str, Any], body: dict[str, Any]) -> None:
        delete = partial(
            self.editor.delete, team_of(body, event), event["channel"], _deleted(event)
        )
        self.work.give(delete, refused=_nothing)


def _deleted(event: dict[str, Any]) -> str:
    """Return the time stamp of the message whose deletion an event tells of; empty if of none."""
    message = _table(event, "message")
    if event.get("subtype") == "message_deleted":
        found = event.get("deleted_ts")
    elif event.get("subtype") == "message_changed" and message.get("subtype") == "tombstone":
        found = message.get("ts")  # it had replies: a stone is left in its place
    else:
        found = None
    return found if isinstance(found, str) else ""


def _edited_at(message: dict[str, Any]) -> float | None:
    try:
        float(message["ts"])
        return float(_table(message, "edited")["ts"])
    except (TypeError, ValueError, KeyError):
        return None


def _table(values: dict[str, Any], name: str) -> dict[str, Any]:
    found = values.get(name)
    return found if isinstance(found, dict) else {}


def _nothing() -> None:
    """Nobody waits for this; the answer stays as it is."""
