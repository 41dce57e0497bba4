"""Buttons that ask a question: suggestions, meanings to choose from, the ladder of the Home tab."""

import re
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.slack import names
from bot.slack.clicks import Click, value_of
from bot.slack.desk import Desk
from bot.slack.gestures import Gestures
from bot.slack.responding import Responder
from bot.slack.viewing import answer_in_view, open_answer

_ASKS = re.compile(rf"^(?:{names.ASK}|{names.CHOOSE}):\d+$")


def register(app: App, desk: Desk, responder: Responder, gestures: Gestures) -> None:
    """Listen to buttons whose value is a question."""

    def ask(ack: Ack, action: dict[str, Any], body: dict[str, Any]) -> None:
        click, question = Click.of(body), value_of(action)
        if question and click.view_id:

            def show(client: WebClient) -> None:
                asked = click.asks(question)
                if click.in_modal:
                    answer_in_view(client, responder, asked, click.view_id)
                else:
                    open_answer(client, responder, asked, click.trigger_id)

            gestures.do(click, show)
        elif question:
            desk.take(click.asks(question))
        ack()

    app.action(_ASKS)(ask)
