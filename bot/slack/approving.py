"""Approved answers, for whoever shows a reply."""

import logging
from datetime import UTC, datetime

from bot.domain import Exchange
from bot.insights.pinned import PinnedAnswers
from bot.slack.messages import Pinned
from bot.state.database import StateError
from bot.state.pins import Pin
from index.errors import EncoderBusyError

logger = logging.getLogger(__name__)


def pinned_for(answers: PinnedAnswers, team: str, exchange: Exchange) -> Pinned | None:
    """Return the approved answer to a question, ready to be shown; None if there is none.

    Without it people still get what the articles say, so no trouble with it keeps that back.
    """
    try:
        pin = answers.find(team, exchange)
    except (StateError, EncoderBusyError) as error:
        logger.warning("approved answers cannot be looked up: %s", error)
        return None
    return None if pin is None else as_shown(pin)


def as_shown(pin: Pin) -> Pinned:
    """Return a pin as messages show it."""
    day = datetime.fromtimestamp(pin.approved_at, UTC).date()
    return Pinned(pin.question, pin.answer, pin.approved_by, day, pin.source_url)
