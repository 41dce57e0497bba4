"""Text to Slack's mrkdwn and back: escaping, cutting to a limit, links, and reading messages."""

import re
import unicodedata
from urllib.parse import quote, urlsplit

ELLIPSIS = "…"

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
# `@channel` in plain text notifies only under `parse=full`, which we never ask for. The invisible
# word joiner keeps it inert even if a workspace or a client parses it.
_BROADCAST = re.compile(r"@(?=(?:channel|here|everyone|group)\b)", re.IGNORECASE)
_WORD_JOINER, _ZERO_WIDTH_JOINER = "\u2060", "\u200d"
# What Slack wraps in <...>: a user, a channel, a command such as !here, or an address.
_MARKED = re.compile(r"<(?P<target>[^<>|]*)(?:\|(?P<label>[^<>]*))?>")
# Everything an address may hold unquoted; what mrkdwn reads, "|<>", is not among it.
_ADDRESS_CHARACTERS = ":/?#[]@!$&'()*+,;=%~-._"


def escape(text: str) -> str:
    """Return text as mrkdwn that shows it and mentions nobody."""
    return _BROADCAST.sub(f"@{_WORD_JOINER}", text).translate(_ESCAPES)


def length(text: str) -> int:
    """Return the length that is held against Slack's limits: UTF-16 units.

    Slack does not say what it counts; of characters and UTF-16 units, these are never fewer.
    """
    return len(text) + sum(character > "\uffff" for character in text)


def clip(text: str, limit: int) -> str:
    """Escape text and cut it to a limit, whole characters only; an ellipsis shows the cut.

    Args:
        text: Anything.
        limit: The most that `length` may give for the result, at least 1.
    """
    if len(text) <= limit and length(escape(text)) <= limit:
        return escape(text)
    # No character is escaped to less than itself: what lies beyond the limit cannot fit.
    head = _BROADCAST.sub(f"@{_WORD_JOINER}", text[: limit + 1])
    end, used = 0, length(ELLIPSIS)
    while end < len(head) and used <= limit:
        used += length(head[end].translate(_ESCAPES))
        end += 1
    return head[: _whole(head, end - 1)].rstrip().translate(_ESCAPES) + ELLIPSIS


def bold(text: str, limit: int) -> str:
    """Return one line of text in bold, cut to a limit."""
    line = " ".join(text.replace("*", "\u2217").split())
    return f"*{clip(line, limit - 2)}*"


def link(url: str | None, label: str, limit: int) -> str:
    """Return a label that links to a web address, cut to a limit.

    Without an address, or with one that is not http or too long, the label stands alone.
    """
    line = " ".join(label.split())
    target = web_address(url)
    room = limit - length(target) - 3
    if not target or room < min(20, length(line)):
        return clip(line, limit)
    return f"<{target}|{clip(line, room)}>"


def web_address(url: str | None) -> str:
    """Return an http address ready to stand in a link, or an empty string."""
    try:
        scheme = urlsplit(url or "").scheme
    except ValueError:
        return ""
    if url is None or scheme not in {"http", "https"}:
        return ""
    safe = quote(url, safe=_ADDRESS_CHARACTERS, errors="replace")
    return safe.replace("&", "&amp;")


def read(text: str, bot_user: str | None = None) -> str:
    """Return a message as the person wrote it: no mark-up, no mention of the bot."""

    def plain(match: re.Match[str]) -> str:
        target, label = match["target"], match["label"]
        if bot_user and target == f"@{bot_user}":
            return " "
        if label:
            return f"{target[:1]}{label}" if target[:1] in {"@", "#"} else label
        if target.startswith("!"):
            return f"@{target[1:]}"
        return " " if target[:1] in {"@", "#"} else target.removeprefix("mailto:")

    unmarked = _MARKED.sub(plain, text)
    for character, escaped in (("<", "&lt;"), (">", "&gt;"), ("&", "&amp;")):
        unmarked = unmarked.replace(escaped, character)
    return re.sub(r"[^\S\n]+", " ", unmarked).strip()


def _whole(text: str, end: int) -> int:
    """Move a cut back to where it parts no letter from its accents and no joined emoji."""
    while 0 < end < len(text) and (_joins(text[end]) or text[end - 1] == _ZERO_WIDTH_JOINER):
        end -= 1
    return end


def _joins(character: str) -> bool:
    return (
        character == _ZERO_WIDTH_JOINER
        or unicodedata.category(character) in {"Mn", "Me", "Mc"}
        or "\U0001f3fb" <= character <= "\U0001f3ff"  # skin tones
    )
