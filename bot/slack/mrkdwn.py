"""Text to Slack's mrkdwn and back: escaping, cutting to a limit, links, and reading messages."""

import re
import unicodedata
from urllib.parse import quote, urlsplit

ELLIPSIS = "…"
# What a cut may drop of a word, so as not to end within it.
_LONGEST_PART_DROPPED = 15

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
# `@channel` in plain text notifies only under `parse=full`, which we never ask for. The invisible
# word joiner keeps it inert even if a workspace or a client parses it.
_BROADCAST = re.compile(r"@(?=(?:channel|here|everyone|group)\b)", re.IGNORECASE)
_WORD_JOINER, _ZERO_WIDTH_JOINER = "\u2060", "\u200d"
# Marks of mrkdwn, and what looks like them: an asterisk, a tilde and a grave accent.
_LOOK_ALIKES = str.maketrans({"*": "\u2217", "~": "\u223c", "`": "\u02cb"})
_EDGE_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_EMOJI_NAME = re.compile(r":(?=[\w+'-]+:)")
_QUOTE_MARK = re.compile(r"^[^\S\n]*>", re.MULTILINE)
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


def literal(text: str) -> str:
    """Return text in which nothing formats, quotes a line or names an emoji, for mrkdwn.

    Slack's mrkdwn has no escape for its marks, so look-alikes stand in for them.
    """
    unmarked = text.translate(_LOOK_ALIKES)
    unmarked = _EDGE_UNDERSCORE.sub("\u02cd", unmarked)
    unmarked = _EMOJI_NAME.sub(f":{_WORD_JOINER}", unmarked)
    return _QUOTE_MARK.sub(rf"{_WORD_JOINER}\g<0>", unmarked)


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


def cut(text: str, limit: int) -> str:
    """Cut text to a limit as it is, whole characters only and between words where it can.

    Args:
        text: Anything that is not read as mrkdwn.
        limit: The most that `length` may give for the result, at least 1.
    """
    if length(text) <= limit:
        return text
    end, used = 0, length(ELLIPSIS)
    while end < len(text) and used <= limit:
        used += length(text[end])
        end += 1
    head = text[: _whole(text, end - 1)].rstrip()
    words, space, rest = head.rpartition(" ")
    between_words = space and len(rest) <= _LONGEST_PART_DROPPED and not text[len(head)].isspace()
    return (words.rstrip() if between_words else head) + ELLIPSIS


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
    """Return an http address ready to stand in a link of mrkdwn, or an empty string."""
    return web_url(url).replace("&", "&amp;")


def web_url(url: str | None) -> str:
    """Return an http address with nothing in it that a link could end at, or an empty string."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return ""
    if url is None or parts.scheme not in {"http", "https"} or not parts.netloc:
        return ""
    return quote(url, safe=_ADDRESS_CHARACTERS, errors="replace")


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
