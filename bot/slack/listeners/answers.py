"""Buttons under an answer: share it, show its passages, ask a human instead."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.slack import names
from bot.slack.clicks import Click, value_of
from bot.slack.delivering import post, respond, tell
from bot.slack.gestures import Gestures
from bot.slack.looking_up import permalink
from bot.slack.messages import Passage, human_request, notice, passages_view
from bot.slack.refusals import UndeliveredError, refusal_of
from bot.slack.sharing import share
from bot.state.answers import KeptAnswer
from bot.state.store import State

logger = logging.getLogger(__name__)

TOO_OLD = "That answer is no longer kept. Please ask again."
PASSED_ON = "Your question was passed on to <#{channel}>."
NOT_PASSED_ON = "Your question could not be passed on. Please tell an admin of PM Role."

_Use = Callable[[WebClient, Click, KeptAnswer], None]


def register(app: App, state: State, gestures: Gestures, ask_channel: str | None) -> None:
    """Listen to the buttons of answers."""
    buttons = _Buttons(state, gestures, ask_channel)
    app.action(names.SHARE)(buttons.share)
    app.action(names.PASSAGES)(buttons.show_passages)
    app.action(names.ASK_HUMAN)(buttons.ask_human)


@dataclass(frozen=True)
class _Buttons:
    state: State
    gestures: Gestures
    ask_channel: str | None

    def share(self, ack: Ack, action: dict[str, Any], body: dict[str, Any]) -> None:
        def gesture(client: WebClient, click: Click, kept: KeptAnswer) -> None:
            with self._once(f"share {kept.id}") as first:
                if first:
                    self.state.answers.placed(kept.id, share(client, kept, click))
                    respond(client, click.response_url, delete_original=True)

        self._with_answer(action, body, gesture)
        ack()

    def show_passages(self, ack: Ack, action: dict[str, Any], body: dict[str, Any]) -> None:
        def gesture(client: WebClient, click: Click, kept: KeptAnswer) -> None:
            passages = [Passage.from_dict(one) for one in kept.reply["passages"]]
            client.views_open(trigger_id=click.trigger_id, view=passages_view(passages))

        self._with_answer(action, body, gesture)
        ack()

    def ask_human(self, ack: Ack, action: dict[str, Any], body: dict[str, Any]) -> None:
        def gesture(client: WebClient, click: Click, kept: KeptAnswer) -> None:
            if not kept.text:  # deleted, as QUESTION_LOG=off says
                tell(client, click, notice(TOO_OLD))
                return
            said = PASSED_ON.format(channel=self.ask_channel)
            try:
                with self._once(f"human {kept.id} {click.user}") as first:
                    if first:
                        self._pass_on(client, click, kept)
            except SlackApiError as error:
                refused = refusal_of(error)
                logger.error("%s: not passed on: %s", kept.reference, refused)  # noqa: TRY400 - the text says all
                said = NOT_PASSED_ON
            tell(client, click, notice(said))

        if self.ask_channel:
            self._with_answer(action, body, gesture)
        ack()

    def _pass_on(self, client: WebClient, click: Click, kept: KeptAnswer) -> None:
        shown = human_request(kept.text, click.user, _place_of(client, kept))
        post(client, str(self.ask_channel), shown)

    @contextmanager
    def _once(self, key: str) -> Iterator[bool]:
        """Tell whether a click is the first of its kind; one that Slack refused counts for none."""
        first = self.state.inbox.seen((key,))
        try:
            yield first
        except (SlackApiError, UndeliveredError):
            if first:
                self.state.inbox.unsee((key,))
            raise

    def _with_answer(self, action: dict[str, Any], body: dict[str, Any], use: _Use) -> None:
        """Use the kept answer that a button belongs to; say so if it is gone."""
        click, answer_id = Click.of(body), value_of(action)

        def gesture(client: WebClient) -> None:
            kept = self.state.answers.find(answer_id)
            if kept is None:
                tell(client, click, notice(TOO_OLD))
            else:
                use(client, click, kept)

        self.gestures.do(click, gesture)


def _place_of(client: WebClient, kept: KeptAnswer) -> str:
    """Return the address of the message that asked, where others may read it too."""
    return "" if kept.channel.startswith("D") else permalink(client, kept.channel, kept.question_ts)
