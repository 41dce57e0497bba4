"""What people could not find, and how the bot is used; and "Tell me when you know"."""

from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.answering.answerer import Answerer
from bot.domain import Message
from bot.insights.gaps import Gaps
from bot.insights.usage import usage_of
from bot.slack import names
from bot.slack.admins import Reach
from bot.slack.clicks import Click, value_of
from bot.slack.delivering import tell
from bot.slack.gestures import Gestures
from bot.slack.messages import gaps_message, notice, stats_message
from bot.slack.verbs import Verb, VerbCall, Verbs
from bot.state.answers import KeptAnswer
from bot.state.retention import DAY_S
from bot.state.store import State
from bot.state.threads import Place

GAP_DAYS, GAPS = 30, 10
WILL_TELL = "I will send you one direct message once the articles answer that."
WAITING_TOO_MUCH = "You wait for many answers already, so I cannot take another question."
NOT_KEPT = "That question is no longer kept. Please ask again."


@dataclass(frozen=True)
class Listeners:
    """Hears who wants to know what is missing, and who wants to be told.

    Attributes:
        state: What was asked, and who waits.
        answerer: Understands what is waited for.
        gaps: Finds what is missing.
        gestures: Does the work.
    """

    state: State
    answerer: Answerer
    gaps: Gaps
    gestures: Gestures

    def register(self, app: App, verbs: Verbs) -> None:
        """Listen to the button, and to the verbs that show figures."""
        app.action(names.TELL_ME)(self.promise)
        verbs.add(
            Verb("gaps", "what people could not find", self._show_gaps, reach=Reach.EVERYTHING),
            Verb("stats", "how I am used, by week", self._show_stats, reach=Reach.EVERYTHING),
        )

    def promise(self, ack: Ack, action: dict[str, Any], body: dict[str, Any]) -> None:
        """Let a person wait for the answer to a question."""
        click, answer_id = Click.of(body), value_of(action)

        def gesture(client: WebClient) -> None:
            kept = self.state.answers.find(answer_id)
            said = self._keep(click, kept) if kept and kept.text.strip() else NOT_KEPT
            tell(client, click, notice(said))

        self.gestures.do(click, gesture)
        ack()

    def _show_gaps(self, call: VerbCall) -> None:
        report = self.gaps.report(self.state.clock() - GAP_DAYS * DAY_S, GAPS)
        tell(call.client, call.click, gaps_message(report, GAP_DAYS))

    def _show_stats(self, call: VerbCall) -> None:
        usage = usage_of(self.state, self.answerer.generation())
        tell(call.client, call.click, stats_message(usage))

    def _keep(self, click: Click, kept: KeptAnswer) -> str:
        question = self._standing_alone(kept)
        added = self.state.waiting.add(click.team, click.user, question, kept.reference)
        return WILL_TELL if added else WAITING_TOO_MUCH

    def _standing_alone(self, kept: KeptAnswer) -> str:
        """Return a question as it was understood: "and in a startup?" says nothing by itself."""
        place = Place(kept.team, kept.channel, kept.root)
        before: list[Message] = []
        for one in self.state.threads.recall(place):
            if one.sender == "user" and one.text == kept.text:
                break
            before.append(one)
        return self.answerer.understand(kept.text, before).resolved or kept.text
