"""`/pmrole`: only the asker sees the answer; the first word may ask for something else."""

import re
from dataclasses import replace
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.slack import names
from bot.slack.admins import Admins
from bot.slack.asked import Asked, Surface
from bot.slack.auditing import Auditor
from bot.slack.catalogue import with_article
from bot.slack.clicks import Click
from bot.slack.delivering import tell
from bot.slack.desk import Desk
from bot.slack.gestures import Gestures
from bot.slack.messages import notice
from bot.slack.mrkdwn import read
from bot.slack.verbs import Verb, VerbCall, Verbs
from bot.state.store import State

_COMPARE = re.compile(r"compare\s+(?P<titles>\S.*)", re.IGNORECASE | re.DOTALL)
_PATH = re.compile(r"path\s+(?:to\s+)?(?:an?\s+)?(?P<title>\S.*)", re.IGNORECASE | re.DOTALL)
_SWITCH = re.compile("on|off", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:,|;|\bvs\.?\b|\bversus\b|\band\b|\bwith\b|\bto\b)\s*", re.IGNORECASE)

AUTO_ON = (
    "From now on I answer plain questions in this channel where I am sure, and stay silent "
    "otherwise. I hear a channel only as its member: `/invite` me if I am not. "
    "`/pmrole auto off` ends it."
)
AUTO_OFF = "I answer in this channel only when somebody mentions me."


def register(app: App, desk: Desk, verbs: Verbs, admins: Admins, gestures: Gestures) -> None:
    """Listen to the command, and add the verb that lists the verbs."""

    def run(click: Click, verb: Verb, rest: str) -> None:
        def gesture(client: WebClient) -> None:
            verb.run(VerbCall(client, click, rest))

        gestures.do(click, admins.only(click, gesture, verb.reach))

    def list_verbs(call: VerbCall) -> None:
        lines = [
            f"`{names.COMMAND} {one.name}`: {one.summary}"
            for one in verbs
            if admins.may(call.client, call.click, one.reach)
        ]
        tell(call.client, call.click, notice("\n".join(lines)))

    def answer_command(ack: Ack, command: dict[str, Any]) -> None:
        text = read(command.get("text") or "")
        asked = Asked(
            surface=Surface.COMMAND,
            team=str(command.get("team_id") or ""),
            user=str(command.get("user_id") or ""),
            text=question_of(text),
            channel=str(command.get("channel_id") or ""),
            response_url=str(command.get("response_url") or ""),
        )
        found = verbs.find(text)
        if found:
            click = Click(
                asked.team,
                asked.user,
                trigger_id=str(command.get("trigger_id") or ""),
                channel=asked.channel,
                response_url=asked.response_url,
            )
            run(click, *found)
        else:
            desk.take(asked)
        ack()

    verbs.add(Verb("admin", "what admins may write here", list_verbs))
    app.command(names.COMMAND)(answer_command)


def auto_answers(state: State, auditor: Auditor) -> Verb:
    """Return the verb that switches answers to untagged questions on and off in a channel."""

    def switch(call: VerbCall) -> None:
        click, on = call.click, call.rest.lower() == "on"
        settings = state.channels.get(click.team, click.channel)
        state.channels.put(click.team, click.channel, replace(settings, auto_answer=on))
        tell(call.client, click, notice(AUTO_ON if on else AUTO_OFF))
        did = f"switched answers to plain questions {'on' if on else 'off'}"
        auditor.did(call.client, click.team, click.user, did, {"channel": click.channel})

    return Verb("auto", "`on` or `off`: answer plain questions in this channel", switch, _SWITCH)


def question_of(text: str) -> str:
    """Return the question that the words after the command ask.

    `compare X, Y` and `path X` are short for questions; anything else is the question itself.
    """
    words = text.strip()
    compared, path = _COMPARE.fullmatch(words), _PATH.fullmatch(words)
    if compared:
        return " vs ".join(one for one in _BETWEEN.split(compared["titles"]) if one.strip())
    return f"How do I become {with_article(path['title'])}?" if path else words
