"""Slack's limits, and what of them a message uses up.

A message may hold 50 blocks, a modal or Home tab 100. All blocks of a message together may hold
13,297 characters, 125 fewer for each block after the first, or Slack answers msg_blocks_too_long.
Slack does not say what it counts. Here each block counts with the whole of its JSON, which is never
less than its text.
"""

import json
from collections.abc import Callable, Iterable, Sequence

from slack_sdk.models.blocks import Block

from bot.slack.mrkdwn import length

MESSAGE_CHARACTERS, CHARACTERS_A_BLOCK = 13_297, 125
MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
SECTION_TEXT = 3000
CONTEXT_ELEMENTS = 10
ACTIONS = 25
BUTTON_TEXT, BUTTON_VALUE = 75, 2000
OPTIONS, OPTION_TEXT, OPTION_VALUE = 100, 75, 150
TABLE_ROWS, TABLE_COLUMNS, TABLE_CHARACTERS = 100, 20, 10_000
# Left free in every reply, for two lines that sharing puts around it: the question, and who shared.
AROUND_CHARACTERS, AROUND_BLOCKS = 1200, 2
VIEW_TITLE, VIEW_BYTES = 24, 250_000
# Slack advises 4,000 for the text beside the blocks.
FALLBACK_TEXT = 3000

_SHARES = (1.0, 0.7, 0.5, 0.35, 0.25, 0.15, 0.1, 0.05)


def weight(blocks: Iterable[Block]) -> int:
    """Return what blocks use of a message's characters, never less than Slack counts."""
    sizes = [length(json.dumps(block.to_dict(), ensure_ascii=False)) for block in blocks]
    return sum(sizes) + CHARACTERS_A_BLOCK * max(0, len(sizes) - 1)


def size(payload: object) -> int:
    """Return how many bytes JSON objects are when sent, as Slack counts a view's 250,000."""
    return len(json.dumps(payload).encode())


def fits_a_message(blocks: Sequence[Block]) -> bool:
    """Return whether Slack takes the blocks as one message, with two more lines around them."""
    few = len(blocks) <= MESSAGE_BLOCKS - AROUND_BLOCKS
    return few and weight(blocks) <= MESSAGE_CHARACTERS - AROUND_CHARACTERS


def fitted(build: Callable[[float], list[Block]]) -> list[Block]:
    """Return blocks that fit into a message, built with as much of what is wanted as can be.

    Args:
        build: Makes the blocks, given the share of its full size that they may have, 0 to 1.
    """
    blocks = build(_SHARES[0])
    for share in _SHARES[1:]:
        if fits_a_message(blocks):
            break
        blocks = build(share)
    return blocks
