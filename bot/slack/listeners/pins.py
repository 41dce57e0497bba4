"""A person's answer is approved, and shown first from then on."""

import json
from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.insights.pinned import PinnedAnswers
from bot.slack import names
from bot.slack.admins import Admins
from bot.slack.approving import as_shown
from bot.slack.auditing import Auditor
from bot.slack.clicks import Click, field_of, value_of
from bot.slack.delivering import respond, tell
from bot.slack.gestures import Gestures
from bot.slack.looking_up import name_of, opening_of, permalink
from bot.slack.messages import (
    HUMAN_REQUEST,
    QUESTION_CHARACTERS,
    PinLine,
    Shown,
    notice,
    pin_view,
    pins_message,
)
from bot.slack.mrkdwn import cut, read
from bot.slack.verbs import Verb, VerbCall, Verbs
from bot.state.pins import Pins

NO_ANSWER = "Use it on a message in which a person answered a question."
APPROVED = "Approved. From now on I show it first, until an article on it changes."
ENDED_ALREADY = "That answer is not shown any more."


@dataclass(frozen=True)
class Listeners:
    """Hears what concerns approved answers.

    Attributes:
        pins: Those there are.
        answers: Approves them.
        admins: Knows who may.
        auditor: Is told of it.
        gestures: Does the work.
    """

    pins: Pins
    answers: PinnedAnswers
    admins: Admins
    auditor: Auditor
    gestures: Gestures

    def register(self, app: App, verbs: Verbs) -> None:
        """Listen to the shortcut, the form and the buttons, and to the verb that lists them."""
        app.shortcut(names.USE_THIS_ANSWER)(self.open_form)
        app.view(names.PIN_ANSWER)(self.approve)
        app.action(names.REMOVE_PIN)(self.remove)
        verbs.add(Verb("pins", "the approved answers, to read and remove", self._list))

    def open_form(self, ack: Ack, body: dict[str, Any]) -> None:
        """Ask for the question and the words, with those of the message filled in."""
        click, message = Click.of(body), body.get("message") or {}
        answer = read(str(message.get("text") or ""))

        def gesture(client: WebClient) -> None:
            if message.get("bot_id") or not answer:
                tell(client, click, notice(NO_ANSWER))
                return
            metadata = json.dumps({"channel": click.channel, "ts": str(message.get("ts") or "")})
            question = _question_of(client, click.channel, message)
            view = pin_view(question, answer, metadata)
            client.views_open(trigger_id=click.trigger_id, view=view)

        self.gestures.do(click, self.admins.only(click, gesture))
        ack()

    def approve(self, ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
        """Pin what the form holds."""
        question, answer = (
            value_of(field_of(view, one)).strip()
            for one in (names.PINNED_QUESTION, names.PINNED_ANSWER)
        )
        missing = {names.PINNED_QUESTION: question, names.PINNED_ANSWER: answer}
        errors = {name: "Please write something." for name, text in missing.items() if not text}
        if errors:
            ack(response_action="errors", errors=errors)
            return
        click = Click.of(body)
        place = json.loads(view.get("private_metadata") or "{}")

        def gesture(client: WebClient) -> None:
            source = permalink(client, place.get("channel") or "", place.get("ts") or "")
            pin = self.answers.approve(
                click.team,
                question,
                answer,
                source_url=source,
                approved_by=name_of(client, click.user),
            )
            tell(client, click, notice(APPROVED))
            self.auditor.did(client, click.team, click.user, "approved an answer", {"pin": pin.id})

        self.gestures.do(click, self.admins.only(click, gesture))
        ack()

    def remove(self, ack: Ack, action: dict[str, Any], body: dict[str, Any]) -> None:
        """End a pin, and draw the list anew."""
        click, number = Click.of(body), value_of(action)

        def gesture(client: WebClient) -> None:
            if not self.pins.end(click.team, int(number), "removed by an admin"):
                tell(client, click, notice(ENDED_ALREADY))
                return
            shown = self._listed(click.team)
            respond(
                client,
                click.response_url,
                text=shown.text,
                blocks=shown.blocks,
                response_type="ephemeral",
                replace_original=True,
            )
            detail = {"pin": int(number)}
            self.auditor.did(client, click.team, click.user, "removed an approved answer", detail)

        self.gestures.do(click, self.admins.only(click, gesture))
        ack()

    def _list(self, call: VerbCall) -> None:
        tell(call.client, call.click, self._listed(call.click.team))

    def _listed(self, team: str) -> Shown:
        lines = [PinLine(pin.id, as_shown(pin), pin.ended_why) for pin in self.pins.listed(team)]
        return pins_message(lines)


def _question_of(client: WebClient, channel: str, message: dict[str, Any]) -> str:
    """Return what the thread of a message began with; empty where it cannot be read."""
    root = message.get("thread_ts")
    if not root or root == message.get("ts"):
        return ""
    asked = opening_of(client, channel, root)
    return cut(asked.removeprefix(HUMAN_REQUEST).strip(), QUESTION_CHARACTERS)
