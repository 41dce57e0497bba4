"""Titles picked in a form are compared: from an answer, from the Home tab, from the shortcut."""

import time
from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.slack import names
from bot.slack.asked import Asked, Surface
from bot.slack.catalogue import Catalogue
from bot.slack.clicks import Click, field_of, value_of
from bot.slack.desk import Desk
from bot.slack.gestures import Gestures
from bot.slack.messages import answer_view, compare_view, notice
from bot.slack.responding import Responder
from bot.slack.viewing import LOOKING, answer_in_view
from bot.state.answers import KeptAnswer
from bot.state.store import State

# Slack must have drawn what the acknowledgement shows before it is replaced.
_DRAWN_S = 0.5
_PICKERS = (names.FIRST_TITLE, names.SECOND_TITLE, names.THIRD_TITLE)


@dataclass(frozen=True)
class Form:
    """Opens the form, and answers it.

    Attributes:
        desk: Answers where a message can follow.
        responder: Answers in the form itself.
        state: Knows the answer that the form was opened from.
        gestures: Opens the form.
        catalogue: Knows the titles.
    """

    desk: Desk
    responder: Responder
    state: State
    gestures: Gestures
    catalogue: Catalogue

    def register(self, app: App) -> None:
        """Listen to what opens the form, and to the form."""
        app.action(names.COMPARE_WITH)(self.compare_with)
        app.action(names.HOME_COMPARE)(self.compare_any)
        app.shortcut(names.COMPARE_SHORTCUT)(self.compare_any)
        app.view(names.COMPARE_TITLES)(self.compare)

    def compare_with(self, ack: Ack, action: dict[str, Any], body: dict[str, Any]) -> None:
        """Open the form on the title that an answer is about."""
        kept = self.state.answers.find(value_of(action))
        titles = kept.reply.get("titles") if kept else None
        first = self.catalogue.display(titles[0]) if titles else None
        self._open(Click.of(body), first, kept)
        ack()

    def compare_any(self, ack: Ack, body: dict[str, Any]) -> None:
        """Open the form on no title."""
        self._open(Click.of(body), None, None)
        ack()

    def compare(self, ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
        """Answer beside the answer the form came from, or else in the form."""
        click, titles = Click.of(body), _picked(view)
        if len(titles) < 2:
            errors = {names.SECOND_TITLE: "Pick another title than the first."}
            ack(response_action="errors", errors=errors)
            return
        question = " vs ".join(titles)
        kept = self.state.answers.find(view.get("private_metadata") or "")
        if kept and kept.message_ts:
            self.desk.take(
                Asked(
                    surface=Surface.BUTTON,
                    team=kept.team,
                    user=click.user,
                    text=question,
                    channel=kept.channel,
                    root=kept.root,
                )
            )
            ack()
        else:
            self._answer_in_form(click, question)
            ack(response_action="update", view=answer_view(notice(LOOKING)))

    def _open(self, click: Click, first: str | None, kept: KeptAnswer | None) -> None:
        def gesture(client: WebClient) -> None:
            view = compare_view(self.catalogue.titles(), first, kept.id if kept else None)
            client.views_open(trigger_id=click.trigger_id, view=view)

        self.gestures.do(click, gesture)

    def _answer_in_form(self, click: Click, question: str) -> None:
        def gesture(client: WebClient) -> None:
            asked = Asked(Surface.SHORTCUT, click.team, click.user, question, "")
            time.sleep(_DRAWN_S)
            answer_in_view(client, self.responder, asked, click.view_id)

        self.gestures.do(click, gesture)


def _picked(view: dict[str, Any]) -> list[str]:
    """Return the titles picked, each once."""
    picked = [value_of(field_of(view, name)) for name in _PICKERS]
    return list(dict.fromkeys(title for title in picked if title))
