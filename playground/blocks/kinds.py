"""Every block there is, and on which surface it may stand."""

from collections.abc import Iterator
from typing import Literal

from playground.blocks import elements
from playground.blocks.checks import (
    Check,
    boolean,
    both,
    by_type,
    either,
    list_of,
    null,
    number,
    one_of,
    problem,
    shape,
    string,
    url,
    whole,
)
from playground.blocks.rich_text import rich_text
from playground.blocks.texts import (
    CONTEXT_TEXT_MOST,
    TEXT_MOST,
    image_block,
    image_element,
    plain_text,
    text,
)

Surface = Literal["message", "modal", "home"]

TABLE_ROWS, TABLE_COLUMNS = 100, 20
DATA_TABLE_ROWS = 101  # the header row and a hundred more
MARKDOWN_MOST = 12_000


def _block(kind: str, required: dict[str, Check], optional: dict[str, Check]) -> dict[str, Check]:
    return {kind: shape({"type": one_of(kind), **required}, {"block_id": string(255), **optional})}


def _text_or_fields(value: object, pointer: str) -> Iterator[str]:
    if isinstance(value, dict) and "text" not in value and "fields" not in value:
        yield problem("missing required field: text or fields", pointer)


def _any_content(value: object, pointer: str) -> Iterator[str]:
    wanted = {"hero_image", "title", "actions", "body"}
    if isinstance(value, dict) and not wanted & value.keys():
        yield problem("must provide at least one of hero_image, title, actions, body", pointer)


def _title(value: object, pointer: str) -> Iterator[str]:
    if isinstance(value, dict) and not {"title", "rich_text_title"} & value.keys():
        yield problem("missing required field: title or rich_text_title", pointer)
    if isinstance(value, dict) and value.get("is_collapsible") and value.get("has_header_divider"):
        yield problem("has_header_divider cannot be set when is_collapsible is true", pointer)


def _header_and_even_rows(value: object, pointer: str) -> Iterator[str]:
    rows = value.get("rows") if isinstance(value, dict) else None
    if not isinstance(rows, list) or not all(isinstance(one, list) for one in rows):
        return
    if len({len(one) for one in rows}) > 1:
        yield problem("all rows must have the same number of cells", f"{pointer}/rows")
    if rows and any(isinstance(one, dict) and one.get("type") == "rich_text" for one in rows[0]):
        yield problem("the header row must not hold rich_text", f"{pointer}/rows/0")


_section = both(
    _block(
        "section",
        {},
        {
            "text": text(TEXT_MOST),
            "fields": list_of(text(2000), 10),
            "accessory": elements.in_section,
            "expand": boolean,
        },
    )["section"],
    _text_or_fields,
)
_context_item = by_type(
    {
        "image": image_element,
        "plain_text": text(CONTEXT_TEXT_MOST),
        "mrkdwn": text(CONTEXT_TEXT_MOST),
    }
)
_cell = by_type(
    {
        "raw_text": shape({"type": one_of("raw_text"), "text": string(10_000)}),
        "raw_number": shape(
            {"type": one_of("raw_number"), "value": number, "text": string(10_000)}
        ),
        "rich_text": rich_text,
    }
)
_row = list_of(_cell, TABLE_COLUMNS)
_column = either(
    shape({}, {"align": one_of("left", "center", "right"), "is_wrapped": boolean}), null
)
_card = both(
    _block(
        "card",
        {},
        {
            "hero_image": image_element,
            "icon": image_element,
            "title": text(150),
            "subtitle": text(150),
            "body": text(200),
            "actions": list_of(elements.in_card, 25),
        },
    )["card"],
    _any_content,
)

_EVERYWHERE: dict[str, Check] = {
    "section": _section,
    "image": image_block,
    "rich_text": rich_text,
    **_block("divider", {}, {}),
    **_block("header", {"text": plain_text(150)}, {}),
    **_block("context", {"elements": list_of(_context_item, 10)}, {}),
    **_block("actions", {"elements": list_of(elements.in_actions, 25)}, {}),
    **_block("alert", {"text": text(TEXT_MOST)}, {
        "level": one_of("default", "info", "warning", "error", "success"),
    }),
    **_block(
        "input",
        {"label": plain_text(2000), "element": elements.in_input},
        {"hint": plain_text(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    **_block(
        "video",
        {
            "alt_text": string(2000),
            "title": plain_text(199),
            "thumbnail_url": url(),
            "video_url": url(),
        },
        {
            "author_name": string(49),
            "description": plain_text(200),
            "provider_icon_url": url(),
            "provider_name": string(200),
            "title_url": url(),
        },
    ),
}  # fmt: skip
_IN_MESSAGES: dict[str, Check] = {
    "card": _card,
    **_block("carousel", {"elements": list_of(by_type({"card": _card}), 10)}, {}),
    **_block("context_actions", {"elements": list_of(elements.in_context_actions, 5)}, {}),
    **_block("file", {"external_id": string(255), "source": one_of("remote")}, {}),
    **_block("markdown", {"text": string(MARKDOWN_MOST)}, {}),
    **_block(
        "table",
        {"rows": list_of(_row, TABLE_ROWS)},
        {"column_settings": list_of(_column, TABLE_COLUMNS)},
    ),
    "data_table": both(
        _block(
            "data_table",
            {"caption": string(TEXT_MOST), "rows": list_of(_row, DATA_TABLE_ROWS, least=2)},
            {"page_size": whole(1, 100), "row_header_column_index": whole(0, TABLE_COLUMNS - 1)},
        )["data_table"],
        _header_and_even_rows,
    ),
}
_status = {"status": one_of("pending", "in_progress", "complete", "error")}
_url_source = shape({"type": one_of("url"), "url": url(), "text": string(TEXT_MOST)})
_task_card = _block(
    "task_card",
    {"task_id": string(255), "title": string(TEXT_MOST)},
    {
        "details": rich_text,
        "output": rich_text,
        "sources": list_of(by_type({"url": _url_source}), 100),
        **_status,
    },
)
_plan = _block(
    "plan", {"title": string(TEXT_MOST)}, {"tasks": list_of(by_type(_task_card), 100, least=0)}
)
_container = both(
    _block(
        "container",
        {"child_blocks": list_of(by_type({**_EVERYWHERE, **_IN_MESSAGES}), 10)},
        {
            "title": plain_text(150),
            "rich_text_title": rich_text,
            "subtitle": text(150),
            "width": one_of("narrow", "standard", "wide", "full"),
            "icon": image_element,
            "is_collapsible": boolean,
            "default_collapsed": boolean,
            "has_header_divider": boolean,
        },
    )["container"],
    _title,
)
_message = by_type({**_EVERYWHERE, **_IN_MESSAGES, **_task_card, **_plan, "container": _container})
_view = by_type(_EVERYWHERE)

BLOCK_OF: dict[Surface, Check] = {"message": _message, "modal": _view, "home": _view}
