"""Admins bring articles as files, and take articles away."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.slack import names
from bot.slack.admins import Admins, Reach
from bot.slack.clicks import Click, value_of
from bot.slack.delivering import post, tell
from bot.slack.downloading import article_files
from bot.slack.gestures import Gesture, Gestures
from bot.slack.messages import notice
from bot.slack.messages.uploads import chosen_of
from bot.slack.uploading import Uploading
from bot.slack.verbs import Verb, VerbCall, Verbs
from bot.state.inbox import Inbox

NO_FILE = "That message has no file that could be an article (.md, .txt, .html, .pdf or .docx)."
SHOWN_DIRECTLY = "I read the file, and show you in our direct messages what it would be."
NOT_YOURS = "Thank you for the file. Adding it to the articles is not open to everyone. {refusal}"
_REACH = Reach.EVERYTHING
_FORGET = re.compile(rf"^{names.FORGET}:\d+$")
# "forget that, what does a CPO do?" is a question.
_ARTICLE = re.compile(r"(?!.*\?\s*$)\S.*", re.DOTALL)


@dataclass(frozen=True)
class Listeners:
    """What admins can do about articles.

    Attributes:
        uploading: Does it.
        admins: Knows who may.
        gestures: Does what is asked for, one file at a time: each takes some seconds.
        inbox: Remembers which messages were seen.
    """

    uploading: Uploading
    admins: Admins
    gestures: Gestures
    inbox: Inbox

    def register(self, app: App, verbs: Verbs) -> None:
        """Listen to the shortcut and the buttons, and add the verb."""
        app.shortcut(names.ADD_TO_KNOWLEDGE)(self.use_shortcut)
        app.action(names.UPLOAD_TOPIC)(self.choose_topic)
        app.action(names.UPLOAD_ADD)(self.add)
        app.action(names.UPLOAD_REPLACE)(self.add)
        app.action(names.UPLOAD_DISCARD)(self.discard)
        app.action(_FORGET)(self.forget)
        app.action(names.BRING_BACK)(self.bring_back)
        summary = "and an article's name: takes the article away"
        verbs.add(Verb("forget", summary, self._ask_to_forget, _ARTICLE, _REACH))

    def offered(self, event: Mapping[str, Any], team: str) -> bool:
        """Take up the files of a direct message; tell whether it has any that may be articles.

        Raises:
            StateError: if it cannot be remembered; Slack must then deliver it again.
        """
        files = article_files(event)
        channel, ts = str(event["channel"]), str(event["ts"])
        if files and self.inbox.seen((f"files {team} {channel} {ts}",)):
            click = Click(team, str(event["user"]), channel=channel)
            thread = str(event.get("thread_ts") or "")
            self.gestures.do(click, lambda client: self._offer(client, click, thread, files))
        return bool(files)

    def use_shortcut(self, ack: Ack, body: dict[str, Any]) -> None:
        """Show what the files of a message would be, in a direct message."""
        click, files = Click.of(body), article_files(body.get("message") or {})

        def show(client: WebClient) -> None:
            said = SHOWN_DIRECTLY if files else NO_FILE
            tell(client, click, notice(said))
            for one in files:
                self.uploading.preview(client, click.user, "", one)

        self._do(click, show)
        ack()

    def choose_topic(self, ack: Ack) -> None:
        """Do nothing: Slack keeps what is chosen, and sends it with the button."""
        ack()

    def add(self, ack: Ack, action: dict[str, Any], body: dict[str, Any]) -> None:
        """Store what was shown."""
        click, chosen = Click.of(body), chosen_of(value_of(action), body.get("state") or {})
        self._do(click, lambda client: self.uploading.add(client, click, chosen))
        ack()

    def discard(self, ack: Ack, body: dict[str, Any]) -> None:
        """Put a preview away."""
        click = Click.of(body)
        self._do(click, lambda client: self.uploading.discard(client, click))
        ack()

    def forget(self, ack: Ack, action: dict[str, Any], body: dict[str, Any]) -> None:
        """Take an article away."""
        click, path = Click.of(body), value_of(action)
        self._do(click, lambda client: self.uploading.forget(client, click, path))
        ack()

    def bring_back(self, ack: Ack, action: dict[str, Any], body: dict[str, Any]) -> None:
        """Bring an article back that was taken away."""
        click, path = Click.of(body), value_of(action)
        self._do(click, lambda client: self.uploading.bring_back(client, click, path))
        ack()

    def _do(self, click: Click, gesture: Gesture) -> None:
        self.gestures.do(click, self.admins.only(click, gesture, _REACH))

    def _offer(self, client: WebClient, click: Click, thread: str, files: tuple[str, ...]) -> None:
        if not self.admins.may(client, click, _REACH):
            refused = NOT_YOURS.format(refusal=self.admins.refusal(_REACH))
            post(client, click.channel, notice(refused), thread=thread)
            return
        for one in files:
            self.uploading.preview(client, click.channel, thread, one)

    def _ask_to_forget(self, call: VerbCall) -> None:
        self.uploading.ask_to_forget(call.client, call.click, call.rest)
