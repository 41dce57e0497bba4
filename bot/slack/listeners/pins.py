"""A person's answer is approved, and shown first from then on."""

import json
from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.insights.pinned import PinnedAnswers
from bot.slack import names
from bot.slack.admins import Admins
from bot.slack.approving import as_shown
from bot.slack.auditing import Auditor
from bot.slack.clicks import Click, value_of
from bot.slack.delivering import respond, whisper
from bot.slack.gestures import Gestures
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
                _say(client, click, NO_ANSWER)
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
            _typed(view, one) for one in (names.PINNED_QUESTION, names.PINNED_ANSWER)
        )
        missing = {names.PINNED_QUESTION: question, names.PINNED_ANSWER: answer}
        errors = {name: "Please write something." for name, text in missing.items() if not text}
        if errors:
            ack(response_action="errors", errors=errors)
            return
        click = Click.of(body)
        place = json.loads(view.get("private_metadata") or "{}")

        def gesture(client: WebClient) -> None:
            source = _permalink(client, place.get("channel"), place.get("ts"))
            pin = self.answers.approve(
                click.team,
                question,
                answer,
                source_url=source,
                approved_by=_name_of(client, click.user),
            )
            _say(client, click, APPROVED)
            self.auditor.did(client, click.team, click.user, "approved an answer", {"pin": pin.id})

        self.gestures.do(click, self.admins.only(click, gesture))
        ack()

    def remove(self, ack: Ack, action: dict[str, Any], body: dict[str, Any]) -> None:
        """End a pin, and draw the list anew."""
        click, number = Click.of(body), value_of(action)

        def gesture(client: WebClient) -> None:
            if not self.pins.end(click.team, int(number), "removed by an admin"):
                _say(client, click, ENDED_ALREADY)
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
        shown = self._listed(call.click.team)
        whisper(call.client, call.click.user, call.click.response_url, shown)

    def _listed(self, team: str) -> Shown:
        lines = [PinLine(pin.id, as_shown(pin), pin.ended_why) for pin in self.pins.listed(team)]
        return pins_message(lines)


def _say(client: WebClient, click: Click, text: str) -> None:
    whisper(client, click.user, click.response_url, notice(text), thread=click.open_thread)


def _question_of(client: WebClient, channel: str, message: dict[str, Any]) -> str:
    """Return what the thread of a message began with; empty where it cannot be read."""
    root = message.get("thread_ts")
    if not root or root == message.get("ts"):
        return ""
    try:
        found = client.conversations_replies(channel=channel, ts=root, limit=1)
    except SlackApiError:
        return ""  # a channel that the bot is not in
    messages: list[dict[str, Any]] = found.get("messages") or [{}]
    asked = read(str(messages[0].get("text") or ""))
    return cut(asked.removeprefix(HUMAN_REQUEST).strip(), QUESTION_CHARACTERS)


def _name_of(client: WebClient, user: str) -> str:
    """Return what people call somebody; the id where Slack does not say."""
    try:
        profile = (client.users_info(user=user).get("user") or {}).get("profile") or {}
    except SlackApiError:
        return user
    return str(profile.get("display_name") or profile.get("real_name") or user)


def _typed(view: dict[str, Any], name: str) -> str:
    values = view.get("state", {}).get("values", {})
    return value_of(values.get(name, {}).get(name) or {}).strip()


def _permalink(client: WebClient, channel: str | None, ts: str | None) -> str:
    if not channel or not ts:
        return ""
    try:
        return str(client.chat_getPermalink(channel=channel, message_ts=ts)["permalink"])
    except SlackApiError:
        return ""  # deleted meanwhile, or in a channel that the bot is not in
