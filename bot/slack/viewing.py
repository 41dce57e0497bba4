"""A reply in a pop-up: shown at once as being looked for, then as it is."""

import logging

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.slack.asked import Asked
from bot.slack.desk import BUSY
from bot.slack.messages import FAILED, Shown, answer_view, notice
from bot.slack.responding import Responder
from index.errors import EncoderBusyError

logger = logging.getLogger(__name__)

LOOKING = "Looking through the articles…"


def open_answer(client: WebClient, responder: Responder, asked: Asked, trigger_id: str) -> None:
    """Open a pop-up before its trigger runs out, and answer in it.

    Raises:
        SlackApiError: if Slack opens none.
    """
    opened = client.views_open(trigger_id=trigger_id, view=answer_view(notice(LOOKING)))
    answer_in_view(client, responder, asked, opened["view"]["id"])


def answer_in_view(client: WebClient, responder: Responder, asked: Asked, view_id: str) -> None:
    """Put the reply to a question in the place of what a pop-up shows.

    Raises:
        SlackApiError: if Slack refuses it.
    """
    try:
        client.views_update(view_id=view_id, view=answer_view(_reply(responder, asked)))
    except SlackApiError as error:
        if error.response.get("error") != "not_found":
            raise
        logger.info("%s: the pop-up was closed before its answer came", asked.reference)


def _reply(responder: Responder, asked: Asked) -> Shown:
    try:
        return responder.preview(asked)
    except EncoderBusyError:
        return notice(BUSY)
    except Exception:
        logger.exception("%s: failed", asked.reference)
        return notice(FAILED.format(reference=asked.reference))
