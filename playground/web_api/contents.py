"""What a message may hold, checked the same way for every method that posts."""

from dataclasses import dataclass
from typing import Any

from playground.blocks import problems_of
from playground.blocks.checks import units
from playground.posting import with_ids
from playground.web_api.calling import Fields, RefusedError

POST_TEXT_MOST = 40_000  # chat.postMessage cuts the rest off
TEXT_MOST = 4_000  # other methods refuse more
MARKDOWN_TEXT_MOST = 12_000
ATTACHMENTS_MOST = 100


@dataclass(frozen=True, slots=True)
class Content:
    """A message's content after the checks; `warnings` go into the answer."""

    text: str
    blocks: tuple[dict[str, Any], ...]
    attachments: tuple[dict[str, Any], ...]
    metadata: dict[str, Any] | None
    warnings: tuple[str, ...] = ()


def content_of(fields: Fields, *, truncates: bool = False) -> Content:
    """Check and return what a call wants to be shown.

    Raises:
        RefusedError: no_text, msg_too_long, invalid_blocks and their like.
    """
    text, warnings = _text_of(fields, truncates=truncates)
    blocks = blocks_of(fields.get("blocks"))
    attachments = tuple(fields.get("attachments") or ())
    if len(attachments) > ATTACHMENTS_MOST:
        raise RefusedError("too_many_attachments")
    if not (text.strip() or blocks or attachments):
        raise RefusedError("no_text")
    return Content(text, blocks, attachments, _metadata_of(fields), warnings)


def blocks_of(blocks: object) -> tuple[dict[str, Any], ...]:
    """Check the blocks of a message and give them ids.

    Raises:
        RefusedError: invalid_blocks_format, invalid_blocks or msg_blocks_too_long, with reasons.
    """
    if not blocks:
        return ()
    if not isinstance(blocks, list):
        raise RefusedError("invalid_blocks_format")
    problems = problems_of(blocks)
    if problems:
        error = "msg_blocks_too_long" if "msg_blocks_too_long" in problems[0] else "invalid_blocks"
        told = {"messages": [f"[ERROR] {one}" for one in problems]}
        raise RefusedError(error, errors=problems, response_metadata=told)
    return with_ids(blocks)


def _text_of(fields: Fields, *, truncates: bool) -> tuple[str, tuple[str, ...]]:
    text = str(fields.get("text") or "")
    markdown = str(fields.get("markdown_text") or "")
    if markdown:
        if text or fields.get("blocks"):
            raise RefusedError("markdown_text_conflict")
        if units(markdown) > MARKDOWN_TEXT_MOST:
            raise RefusedError("msg_too_long")
        return markdown, ()
    if truncates:
        cut = units(text) > POST_TEXT_MOST
        return text[:POST_TEXT_MOST], ("message_truncated",) if cut else ()
    if units(text) > TEXT_MOST:
        raise RefusedError("msg_too_long")
    return text, ()


def _metadata_of(fields: Fields) -> dict[str, Any] | None:
    metadata = fields.get("metadata")
    if not metadata:
        return None
    if (
        not isinstance(metadata, dict)
        or not isinstance(metadata.get("event_type"), str)
        or not isinstance(metadata.get("event_payload"), dict)
    ):
        raise RefusedError("invalid_metadata_format")
    return metadata
