"""Whom a message would notify."""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Any

_LIVE = re.compile(r"<(!(?:channel|here|everyone|subteam\^\w+)|@[UW]\w+)(?:\|[^>]*)?>")
_BARE = re.compile(r"(?<![\w@])@(?:channel|here|everyone)\b")


def pings_of(
    text: str, blocks: Sequence[dict[str, Any]] = (), *, allowed: Collection[str] = ()
) -> list[str]:
    """Name every mention that is live, such as "<!channel>"; `allowed` holds user ids that may be.

    Plain text and fallback text without mark-up notify nobody. A bare @channel counts in `mrkdwn`
    that is not verbatim, because Slack makes a mention of it.
    """
    found = [*_live(text)]
    for block in blocks:
        found += _of_value(block)
    return [one for one in found if one.strip("<>@") not in allowed]


def _live(text: str) -> Iterator[str]:
    for one in _LIVE.finditer(text):
        yield f"<{one[1]}>"


def _of_value(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        yield from _of_object(value)
        for inner in value.values():
            yield from _of_value(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _of_value(inner)


def _of_object(value: dict[str, Any]) -> Iterator[str]:
    text = value.get("text")
    match value.get("type"):
        case "mrkdwn" if isinstance(text, str):
            yield from _live(text)
            if not value.get("verbatim"):
                yield from _BARE.findall(text)
        case "markdown" if isinstance(text, str):
            yield from _live(text)
        case "user" if "user_id" in value:
            yield f"<@{value['user_id']}>"
        case "usergroup" if "usergroup_id" in value:
            yield f"<!subteam^{value['usergroup_id']}>"
        case "broadcast":
            yield f"<!{value.get('range')}>"
