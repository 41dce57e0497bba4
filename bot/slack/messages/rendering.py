"""A reply of any kind as a message."""

from collections.abc import Sequence
from dataclasses import replace
from typing import assert_never

from slack_sdk.models.blocks import Block

from bot.domain import Answer, Clarification, Comparison, NoAnswer, Reply
from bot.slack.messages.answers import answer_blocks
from bot.slack.messages.comparisons import comparison_blocks
from bot.slack.messages.pins import NEAR, approved_blocks, approved_spoken
from bot.slack.messages.refusals import clarification_blocks, no_answer_blocks
from bot.slack.messages.rich import Words, paragraph
from bot.slack.messages.shown import Controls, Pinned, Shown
from bot.slack.messages.spoken import spoken


def render(
    reply: Reply,
    controls: Controls | None = None,
    *,
    tables: bool = True,
    pinned: Pinned | None = None,
) -> Shown:
    """Return a reply as a message inside Slack's limits, whatever the articles hold.

    Args:
        reply: What the person is told.
        controls: Its buttons; None for a message without any.
        tables: Whether Slack takes tables there; without, a comparison is a list.
        pinned: An approved answer, shown above what the articles say.
    """
    above: Sequence[Block] = ()
    said_first = ""
    if pinned is not None:
        above, said_first = approved_blocks(pinned), approved_spoken(pinned)
        reply, controls = _beside(reply, controls)
    match reply:
        case Answer():
            blocks = answer_blocks(reply, controls, above)
        case Comparison():
            blocks = comparison_blocks(reply, controls, above, tables=tables)
        case Clarification():
            blocks = clarification_blocks(reply, controls, above)
        case NoAnswer():
            blocks = no_answer_blocks(reply, controls, above)
        case _:
            assert_never(reply)
    return Shown(spoken(reply, said_first), blocks or [paragraph([Words("No answer.")])])


def _beside(reply: Reply, controls: Controls | None) -> tuple[Reply, Controls | None]:
    """Return a reply as it stands below an approved answer: it refuses nothing that is there."""
    if not isinstance(reply, NoAnswer):
        return reply, controls
    fewer = None if controls is None else replace(controls, human=False, tell=False)
    return replace(reply, message=NEAR if reply.closest else ""), fewer
