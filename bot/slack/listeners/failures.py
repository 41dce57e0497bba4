"""Whatever fails: the log gets the traceback, the asker a reference to it."""

import logging
from http.client import HTTPException

from slack_bolt import App, BoltRequest
from slack_sdk.errors import SlackClientError

from bot.slack.asking import reference
from bot.slack.blocks import notice
from bot.slack.replying import ReplyRefusedError, Tell

logger = logging.getLogger(__name__)


def register(app: App) -> None:
    """Listen to every error: Bolt's listeners raise them here, and so does our own queue."""

    def report(error: Exception, request: BoltRequest) -> None:
        name = reference(request)
        logger.error("%s failed", name, exc_info=error)
        tell: Tell | None = request.context.get("tell")
        if tell is None:
            return
        try:
            tell(notice(f"Something went wrong, and it is in the log (reference {name})."))
        except (SlackClientError, ReplyRefusedError, OSError, HTTPException) as unsaid:
            logger.error("%s failed, and the asker could not be told: %s", name, unsaid)  # noqa: TRY400 - logged whole above

    app.error(report)
