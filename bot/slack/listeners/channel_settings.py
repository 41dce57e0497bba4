"""`/pmrole settings`: how the bot behaves in a channel."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, cast

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.slack import names
from bot.slack.admins import Admins
from bot.slack.auditing import Auditor
from bot.slack.catalogue import Catalogue
from bot.slack.clicks import Click, field_of, value_of
from bot.slack.delivering import tell
from bot.slack.gestures import Gestures
from bot.slack.messages import ChannelForm, channel_settings_view, notice
from bot.slack.verbs import Verb, VerbCall, Verbs
from bot.state.channels import Channels, ChannelSettings

NO_CHANNEL = "There is nothing to set in a direct message: use it in a channel."
SAVED = "Saved for <#{channel}>."


@dataclass(frozen=True)
class Form:
    """Opens the form, and keeps what it says.

    Attributes:
        channels: Where settings are kept.
        admins: Knows who may change them.
        auditor: Is told of changes.
        gestures: Does the work.
        catalogue: Knows the topics.
    """

    channels: Channels
    admins: Admins
    auditor: Auditor
    gestures: Gestures
    catalogue: Catalogue

    def register(self, app: App, verbs: Verbs) -> None:
        """Listen to the form, and to the verb that opens it."""
        app.view(names.CHANNEL_SETTINGS)(self.save)
        verbs.add(Verb("settings", "how I behave in this channel", self.open))

    def open(self, call: VerbCall) -> None:
        """Show the form for the channel that the command was typed in."""
        click = call.click
        if click.channel.startswith("D"):
            tell(call.client, click, notice(NO_CHANNEL))
            return
        now = self.channels.get(click.team, click.channel)
        form = ChannelForm(
            now.auto_answer, now.reply, now.confidence, now.topics, self.catalogue.folders()
        )
        metadata = json.dumps({"channel": click.channel, "url": click.response_url})
        call.client.views_open(
            trigger_id=click.trigger_id, view=channel_settings_view(form, metadata)
        )

    def save(self, ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
        """Keep what the form says."""
        place = json.loads(view.get("private_metadata") or "{}")
        channel, url = str(place.get("channel") or ""), str(place.get("url") or "")
        click, wanted = replace(Click.of(body), response_url=url), settings_of(view)

        def gesture(client: WebClient) -> None:
            self.channels.put(click.team, channel, wanted)
            tell(client, click, notice(SAVED.format(channel=channel)))
            detail = {"channel": channel, **_as_detail(wanted)}
            did = "changed the settings of a channel"
            self.auditor.did(client, click.team, click.user, did, detail)

        self.gestures.do(click, self.admins.only(click, gesture))
        ack()


def settings_of(view: Mapping[str, Any]) -> ChannelSettings:
    """Return what the form holds."""

    def several(name: str) -> tuple[str, ...]:
        chosen = field_of(view, name).get("selected_options")
        return tuple(str(one["value"]) for one in chosen or ())

    bar = value_of(field_of(view, names.CONFIDENCE))
    reply = "ephemeral" if value_of(field_of(view, names.REPLY_TO)) == "ephemeral" else "thread"
    return ChannelSettings(
        auto_answer=bool(several(names.AUTO_ANSWER)),
        reply=cast("Literal['thread', 'ephemeral']", reply),
        confidence=None if bar in {"", names.DEFAULT} else float(bar),
        topics=several(names.TOPICS),
    )


def _as_detail(settings: ChannelSettings) -> dict[str, str | float]:
    return {
        "auto answer": "on" if settings.auto_answer else "off",
        "reply": settings.reply,
        "confidence": "my own" if settings.confidence is None else settings.confidence,
        "topics": ", ".join(settings.topics) or "all",
    }
