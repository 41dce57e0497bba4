"""`/pmrole <question>`: only the asker sees the answer, in any channel."""

from typing import Any

from slack_bolt import Ack, App, BoltRequest, Respond

from bot.slack.asking import Desk, Incoming
from bot.slack.mrkdwn import read
from bot.slack.replying import to_asker

COMMAND = "/pmrole"


def register(app: App, desk: Desk) -> None:
    """Listen to the command."""

    def answer_command(
        ack: Ack, command: dict[str, Any], respond: Respond, request: BoltRequest
    ) -> None:
        incoming = Incoming(read(command.get("text") or ""), to_asker(respond), request)
        ack()
        # Nothing may be raised from here on: Bolt would take the acknowledgement back.
        desk.take(incoming)

    app.command(COMMAND)(answer_command)
