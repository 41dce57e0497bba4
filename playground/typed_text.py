"""What a person types, as Slack's own clients send it."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

_TOKEN = re.compile(r"<(@[UW]\w+|#[CG]\w+|!\w+|https?://[^>|\s]+|mailto:[^>|\s]+)(\|[^>]*)?>")


def escaped(text: str) -> str:
    """Escape `&`, `<` and `>` outside mentions and links such as `<@U0BOT>`."""
    parts, at = [], 0
    for token in _TOKEN.finditer(text):
        parts += [_escaped(text[at : token.start()]), token[0]]
        at = token.end()
    return "".join([*parts, _escaped(text[at:])])


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def rich_text_of(text: str, block_id: str) -> dict[str, Any]:
    """Return the `rich_text` block that a client adds to a typed message."""
    section = {"type": "rich_text_section", "elements": list(_elements(text))}
    return {"type": "rich_text", "block_id": block_id, "elements": [section]}


def _elements(text: str) -> Iterator[dict[str, Any]]:
    at = 0
    for token in _TOKEN.finditer(text):
        if token.start() > at:
            yield {"type": "text", "text": unescape(text[at : token.start()])}
        yield _mention(token[1])
        at = token.end()
    if at < len(text):
        yield {"type": "text", "text": unescape(text[at:])}


def _mention(name: str) -> dict[str, Any]:
    match name[0]:
        case "@":
            return {"type": "user", "user_id": name[1:]}
        case "#":
            return {"type": "channel", "channel_id": name[1:]}
        case "!":
            return {"type": "broadcast", "range": name[1:]}
        case _:
            return {"type": "link", "url": name}
