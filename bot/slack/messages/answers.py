"""An answer: what it is about, the quoted sentences, where they stand, what to ask next."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block

from bot.domain import Answer, Comparison
from bot.slack.messages.buttons import control_row, feedback, suggestions
from bot.slack.messages.limits import fitted
from bot.slack.messages.quoting import Room, listed, running_text
from bot.slack.messages.rich import one_line, rich_text
from bot.slack.messages.shown import Controls
from bot.slack.messages.sources import context, sources, words

_LEAD, _UNDERSTOOD = 200, 200


def answer_blocks(
    answer: Answer, controls: Controls | None, above: Sequence[Block] = ()
) -> list[Block]:
    """Return an answer as the blocks of a message, below others that stand above it."""

    def build(share: float) -> list[Block]:
        room = Room(share)
        by_number = {one.number: one for one in answer.citations}
        text = running_text(one_line(answer.lead, _LEAD), answer.sentences, by_number, room)
        blocks = [*above, *understood(answer)]
        blocks += [rich_text(text)] if text else []
        return blocks + ending(answer, room, share, controls)

    return fitted(build)


def understood(reply: Answer | Comparison) -> list[Block]:
    """Say what a question that leaned on its thread was taken for."""
    resolved = words(reply.question.resolved or "", _UNDERSTOOD)
    return context([f"Understood as: {resolved}"]) if resolved else []


def ending(
    reply: Answer | Comparison, room: Room, share: float, controls: Controls | None
) -> list[Block]:
    """Return what stands below the quotations: what contradicts, the sources, the buttons."""
    contradicting = listed("Sources disagree", reply.disagreement, room)
    blocks: list[Block] = [rich_text(contradicting)] if contradicting else []
    if room.left_out:
        more = "quotation does" if room.left_out == 1 else "quotations do"
        blocks += context([f"{room.left_out} more {more} not fit into this message."])
    blocks += sources([one for one in reply.citations if one.number in room.cited], share)
    blocks += suggestions(reply.suggestions, controls)
    if controls is not None:
        has_title = isinstance(reply, Answer) and bool(reply.question.titles)
        blocks += control_row(controls, passages=True, compare=has_title) + feedback(controls)
    return blocks
