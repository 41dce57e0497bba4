"""What no listener caught, and what none listens to."""

import logging
from collections.abc import Mapping
from typing import Any

from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.error import BoltUnhandledRequestError
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import BotError
from bot.slack.asked import new_reference
from bot.slack.clicks import Click
from bot.slack.delivering import tell
from bot.slack.gestures import Gestures
from bot.slack.messages import FAILED, notice
from bot.slack.refusals import UNREACHABLE

logger = logging.getLogger(__name__)

# Trouble of the state database or of Slack, which may be over when the event comes again.
_PASSING = (BotError, SQLAlchemyError, *UNREACHABLE)


def register(app: App, gestures: Gestures) -> None:
    """Listen to every error that Bolt meets.

    Args:
        app: What meets them.
        gestures: Tells people whose clicks and commands failed.
    """

    def report(error: Exception, request: BoltRequest) -> BoltResponse | None:
        body: Mapping[str, Any] = request.body
        if isinstance(error, BoltUnhandledRequestError):
            # Slack delivers what is not acknowledged four times, so that is acknowledged too.
            logger.debug("nobody listens to a %s", type(body.get("type")).__name__)
            return BoltResponse(status=200)
        reference = new_reference()
        if isinstance(error, _PASSING) and "event" in body:
            said = error if isinstance(error, BotError) else type(error).__name__
            logger.error("%s: Slack will deliver an event again: %s", reference, said)
            return None  # not acknowledged
        # It would be no better the next time, and a command or a click is not delivered again.
        logger.error("%s: a listener failed", reference, exc_info=error)
        said = FAILED.format(reference=reference)
        if "command" in body:
            return BoltResponse(status=200, body=said)  # only who typed it sees that
        click = Click.of(body)
        if "event" not in body and click.user:
            gestures.do(click, lambda client: tell(client, click, notice(said)))
        return BoltResponse(status=200)

    app.error(report)
