"""What is wrong with a message or a view: Slack's limits, and what the bot promises beyond them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from playground.blocks import pings_of, problems_of, problems_of_view
from playground.blocks.payloads import is_too_large

Json = dict[str, Any]


def units(text: str) -> int:
    """Return the length of a text as JavaScript counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def faults_of_message(message: Json, *, allowed: Sequence[str] = ()) -> list[str]:
    """Say what is wrong with a message's text and blocks; `allowed` may be mentioned."""
    text, blocks = message["text"], message["blocks"]
    faults = problems_of(blocks) + pings_of(text, blocks, allowed=allowed)
    if not text.strip() or units(text) > 3000 or "<" in text or _bare_ampersand(text):
        faults.append(f"the text {text[:100]!r}")
    return [*faults, *_broken_promises(message)]


def faults_of_view(view: Json) -> list[str]:
    """Say what is wrong with a modal or Home tab."""
    faults = problems_of_view(view) + pings_of("", view["blocks"])
    return [*faults, *_broken_promises(view), *(["too large"] if is_too_large(view) else [])]


def texts_of(value: object) -> Iterator[str]:
    """Give every text that a person would read in blocks, in order."""
    for one in _objects(value):
        if isinstance(one.get("text"), str):
            yield one["text"]


def _broken_promises(payload: Json) -> Iterator[str]:
    actions = [one["action_id"] for one in _objects(payload) if "action_id" in one]
    if len(set(actions)) < len(actions):
        yield f"action ids {actions}"
    for text in texts_of(payload):
        if re.search("[\ud800-\udfff\x00-\x08\x7f-\x9f\u202a-\u202e]", text):
            yield f"characters that no client shows in {text[:60]!r}"
    for one in _objects(payload["blocks"]):
        yield from _broken_promises_of(one)


def _broken_promises_of(one: Mapping[str, Any]) -> Iterator[str]:
    match one.get("type"):
        case "mrkdwn":
            yield from _broken_promises_of_mrkdwn(one)
        case "plain_text" if one.get("emoji") is True:
            yield "plain text whose words may become emoji"
        case "rich_text_section" | "rich_text_quote" if not one["elements"]:
            yield "a line without words"
        case "table" if len({len(row) for row in one["rows"]}) != 1:
            yield "rows of different lengths"
        case "usergroup" | "broadcast" | "channel" | "emoji":
            yield f"an element {one}"
        case "link" if not re.fullmatch(r"https?://[!-~]+", one["url"]):
            yield f"a link to {one['url'][:60]}"


def _broken_promises_of_mrkdwn(one: Mapping[str, Any]) -> Iterator[str]:
    if one.get("verbatim") is not True:
        yield "mrkdwn that Slack would rewrite"
    for piece in one["text"].split("<")[1:]:
        if not piece.startswith(("http://", "https://")) or ">" not in piece:
            yield f"live mark-up: <{piece[:40]}"
    if _bare_ampersand(one["text"]):
        yield "a bare ampersand"


def _bare_ampersand(text: str) -> bool:
    return "&" in re.sub("&(amp|lt|gt);", "", text)


def _objects(value: object) -> Iterator[Mapping[str, Any]]:
    """Give every object of a payload, outermost first."""
    if isinstance(value, Mapping):
        yield value
        for inner in value.values():
            yield from _objects(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _objects(inner)
