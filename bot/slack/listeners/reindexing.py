"""Admins index the articles anew, decide what is published, and return to an older index."""

import re
from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.reindexing.history import kept_generations, roll_back
from bot.slack import names
from bot.slack.admins import Admins, Reach
from bot.slack.auditing import Auditor
from bot.slack.clicks import Click, value_of
from bot.slack.delivering import tell
from bot.slack.gestures import Gesture, Gestures
from bot.slack.messages import history_message, notice
from bot.slack.mrkdwn import escape
from bot.slack.reindexing import Reindexing, Wanted
from bot.slack.verbs import Verb, Verbs
from bot.state.reindexes import Reindexes
from index.errors import IndexingError

BEGUN = "I index the articles anew, and tell you in our direct messages how it goes."
RETURNED = "Questions are answered from index {name} again. The articles stay as they are."
NOT_RETURNED = "That did not work: {reason}"
_GENERATION = re.compile(r"(?:[0-9]{8}T[0-9.]+Z\+*)?", re.IGNORECASE)
# More than are kept; who began an older one is not told.
_RECENT = 50
_REACH = Reach.EVERYTHING


@dataclass(frozen=True)
class Listeners:
    """What admins can do about the index.

    Attributes:
        reindexing: Runs reindexes.
        rows: Knows which there were.
        admins: Knows who may.
        auditor: Is told what they do.
        gestures: Does what clicks ask for.
    """

    reindexing: Reindexing
    rows: Reindexes
    admins: Admins
    auditor: Auditor
    gestures: Gestures

    def register(self, app: App, verbs: Verbs) -> None:
        """Listen to the buttons, and add the verbs."""
        verbs.add(
            Verb(
                "reindex",
                "index the articles anew",
                lambda call: self._begin(call.client, call.click),
                reach=_REACH,
            ),
            Verb(
                "history",
                "which indexes are kept",
                lambda call: self._show(call.client, call.click),
                reach=_REACH,
            ),
            Verb(
                "rollback",
                "to the index before, or to the one named",
                lambda call: self._return(call.client, call.click, call.rest.upper()),
                rest=_GENERATION,
                reach=_REACH,
            ),
        )
        app.action(names.REINDEX)(self.begin)
        app.action(names.HISTORY)(self.show)
        app.action(names.ROLL_BACK)(self.return_to)
        app.action(names.PUBLISH_ANYWAY)(self.publish_anyway)
        app.action(names.KEEP_OLD)(self.keep_old)

    def begin(self, ack: Ack, body: dict[str, Any]) -> None:
        """Reindex."""
        click = Click.of(body)
        self._do(click, lambda client: self._begin(client, click))
        ack()

    def show(self, ack: Ack, body: dict[str, Any]) -> None:
        """Show which generations are kept."""
        click = Click.of(body)
        self._do(click, lambda client: self._show(client, click))
        ack()

    def return_to(self, ack: Ack, action: dict[str, Any], body: dict[str, Any]) -> None:
        """Publish a generation that is kept."""
        click, name = Click.of(body), value_of(action)
        self._do(click, lambda client: self._return(client, click, name))
        ack()

    def publish_anyway(self, ack: Ack, action: dict[str, Any], body: dict[str, Any]) -> None:
        """Publish an index that loses answers."""
        self._decide(Click.of(body), value_of(action), publish=True)
        ack()

    def keep_old(self, ack: Ack, action: dict[str, Any], body: dict[str, Any]) -> None:
        """Keep the index that answers."""
        self._decide(Click.of(body), value_of(action), publish=False)
        ack()

    def _do(self, click: Click, gesture: Gesture) -> None:
        self.gestures.do(click, self.admins.only(click, gesture, _REACH))

    def _begin(self, client: WebClient, click: Click) -> None:
        if not click.channel.startswith("D"):
            tell(client, click, notice(BEGUN))
        wanted = Wanted(click.team, click.user)
        self.reindexing.begin(client, wanted, lambda shown: tell(client, click, shown))

    def _show(self, client: WebClient, click: Click) -> None:
        store = self.reindexing.reindexer.store
        begun = {one.generation: one.user for one in self.rows.recent(_RECENT) if one.generation}
        candidate = store.candidate()
        waiting = [
            one.id for one in self.rows.with_status("blocked") if one.generation == candidate
        ]
        shown = history_message(kept_generations(store), begun, waiting[0] if waiting else None)
        tell(client, click, shown)

    def _return(self, client: WebClient, click: Click, name: str) -> None:
        store = self.reindexing.reindexer.store
        try:
            chosen = roll_back(store, name)
        except IndexingError as error:
            tell(client, click, notice(NOT_RETURNED.format(reason=escape(str(error)))))
            return
        tell(client, click, notice(RETURNED.format(name=chosen)))
        self.auditor.did(
            client, click.team, click.user, "returned to an older index", {"index": chosen}
        )

    def _decide(self, click: Click, row: str, *, publish: bool) -> None:
        def decide(client: WebClient) -> None:
            number = int(row) if row.isdecimal() else 0
            shown = self.reindexing.decide(client, click.team, click.user, number, publish=publish)
            tell(client, click, shown)

        self._do(click, decide)
