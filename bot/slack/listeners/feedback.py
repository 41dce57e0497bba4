"""Thumbs under an answer; a thumb down asks why."""

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.slack import names
from bot.slack.clicks import Click, field_of, value_of
from bot.slack.delivering import tell
from bot.slack.gestures import Gestures
from bot.slack.messages import notice, reason_view
from bot.state.store import State

THANKS = "Thank you. Your vote is counted, without your name."


def register(app: App, state: State, gestures: Gestures) -> None:
    """Listen to thumbs, and to the form that asks why."""

    def vote(ack: Ack, action: dict[str, Any], body: dict[str, Any]) -> None:
        click = Click.of(body)
        verdict, _, answer_id = value_of(action).partition(":")

        def gesture(client: WebClient) -> None:
            if verdict == names.DOWN:
                client.views_open(trigger_id=click.trigger_id, view=reason_view(answer_id))
                state.feedback.vote(answer_id, click.user, "down")
            elif verdict == names.UP:
                state.feedback.vote(answer_id, click.user, "up")
                tell(client, click, notice(THANKS))

        gestures.do(click, gesture)
        ack()

    def explain(ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
        state.feedback.explain(
            view.get("private_metadata") or "",
            Click.of(body).user,
            reason=value_of(field_of(view, names.REASON)),
            comment=value_of(field_of(view, names.COMMENT)),
        )
        ack()

    app.action(names.FEEDBACK)(vote)
    app.view(names.FEEDBACK_REASON)(explain)
