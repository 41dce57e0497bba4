"""Whole payloads: all blocks of a message or a view together."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from playground.blocks.checks import (
    Check,
    boolean,
    list_of,
    one_of,
    problem,
    shape,
    string,
    strings_below,
    units,
)
from playground.blocks.kinds import BLOCK_OF, MARKDOWN_MOST, Surface
from playground.blocks.texts import plain_text

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
VIEW_BYTES = 250_000
TABLE_CHARACTERS = 10_000
# Not documented, measured by others: all text of the blocks, 125 less for each further block.
BLOCKS_CHARACTERS, LESS_A_BLOCK = 13_297, 125

_MOST = {"message": MESSAGE_BLOCKS, "modal": VIEW_BLOCKS, "home": VIEW_BLOCKS}


def problems_of(
    blocks: object, surface: Surface = "message", pointer: str = "/blocks"
) -> list[str]:
    """Say what Slack would refuse in the blocks of a message or a view; nothing if it would not.

    Lengths count UTF-16 units. Two limits are not documented: 13,297 characters for all blocks of a
    message, less 125 for each further one; and text of blanks only.
    """
    if not isinstance(blocks, list):
        return [problem("must provide an array", pointer)]
    check = list_of(BLOCK_OF[surface], _MOST[surface], least=0 if surface == "message" else 1)
    problems = list(check(blocks, pointer))
    if problems:
        return problems
    return [*_repeated(blocks, pointer), *_totals(blocks, surface, pointer)]


def is_too_long(blocks: Sequence[dict[str, Any]]) -> bool:
    """Return whether the text of all blocks is more than one message takes."""
    return _characters(blocks) > BLOCKS_CHARACTERS - LESS_A_BLOCK * (len(blocks) - 1)


def problems_of_view(view: object) -> list[str]:
    """Say what Slack would refuse in a modal or a Home tab."""
    if not isinstance(view, dict):
        return [problem("must provide an object", "/view")]
    kind = view.get("type")
    if kind not in ("modal", "home"):
        return [problem(f"unsupported type: {kind}", "/view/type")]
    rest = {key: value for key, value in view.items() if key != "blocks"}
    problems = list(_VIEWS[kind](rest, "/view"))
    if "blocks" not in view:
        return [*problems, problem("missing required field: blocks", "/view")]
    problems += problems_of(view["blocks"], kind, "/view/blocks")
    if problems:
        return problems
    inputs = any(one["type"] == "input" for one in view["blocks"])
    if kind == "modal" and inputs and not view.get("submit"):
        return [problem("missing required field: submit", "/view")]
    return []


def is_too_large(view: object) -> bool:
    """Return whether a view has more bytes than Slack takes."""
    return len(json.dumps(view).encode()) > VIEW_BYTES


_common: dict[str, Check] = {
    "private_metadata": string(3000, 0),
    "callback_id": string(255, 0),
    "external_id": string(255, 0),
}
_VIEWS: dict[Surface, Check] = {
    "modal": shape(
        {"type": one_of("modal"), "title": plain_text(24)},
        {
            **_common,
            "close": plain_text(24),
            "submit": plain_text(24),
            "clear_on_close": boolean,
            "notify_on_close": boolean,
            "submit_disabled": boolean,
        },
    ),
    "home": shape({"type": one_of("home")}, _common),
}


def _repeated(blocks: Sequence[dict[str, Any]], pointer: str) -> Iterator[str]:
    ids = Counter(one["block_id"] for one in blocks if "block_id" in one)
    for name in (name for name, count in ids.items() if count > 1):
        yield problem(f"`block_id` {name} already exists for another block", pointer)
    for place, block in enumerate(blocks):
        held = block.get("elements", []) if block["type"].endswith("actions") else []
        actions = Counter(one["action_id"] for one in held if "action_id" in one)
        for name in (name for name, count in actions.items() if count > 1):
            yield problem(
                f"`action_id` {name} already exists for another element", f"{pointer}/{place}"
            )


def _totals(blocks: Sequence[dict[str, Any]], surface: Surface, pointer: str) -> Iterator[str]:
    if surface != "message":
        return
    tables = [one for one in blocks if one["type"] in {"table", "data_table"}]
    if len(tables) > 1:
        yield problem("only_one_table_allowed", pointer)
    if _characters(tables) > TABLE_CHARACTERS:
        yield problem(f"tables must hold less than {TABLE_CHARACTERS + 1} characters", pointer)
    markdown = [one for one in blocks if one["type"] == "markdown"]
    if _characters(markdown) > MARKDOWN_MOST:
        yield problem(f"markdown must be less than {MARKDOWN_MOST + 1} characters", pointer)
    if is_too_long(blocks):
        yield problem("msg_blocks_too_long", pointer)


def _characters(blocks: Sequence[dict[str, Any]]) -> int:
    return sum(units(one) for one in strings_below(list(blocks), "text"))
