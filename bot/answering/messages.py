"""A chat message to the question in it: mark-up, greetings and padding taken off. Pure."""

import html
import re

from index.sentences import sentences

# A question longer than this is an essay; the reply asks for a sentence or two.
MAX_CHARACTERS = 2_000

_CODE = re.compile(r"```.*?```", re.DOTALL)
_MENTION = re.compile(r"<[@!][^>]*>")
_LABELLED = re.compile(r"<(?:#|https?:|mailto:)[^|>]*\|([^>]*)>")
_LINK = re.compile(r"<(?:#\w+|https?://[^>]*|mailto:[^>]*)>|https?://\S+")
_EMOJI = re.compile(
    r":[a-z0-9_+'-]+:|[\U0001F000-\U0001FAFF\u2600-\u27BF\u2B00-\u2BFF\uFE0F\u200D]",
    re.IGNORECASE,
)
_EMPHASIS = re.compile(r"(?<!\w)([*_~`])(?=\S)(.+?)(?<=\S)\1(?!\w)")
_QUOTED_LINE = re.compile(r"^\s*(?:>|&gt;).*$", re.MULTILINE)
_GREETING = re.compile(
    r"^(?:(?:hi|hey|hello|hiya|yo|good (?:morning|afternoon|evening)|morning|dear)\b"
    r"(?: (?:there|all|everyone|everybody|folks|team|guys|bot|pm role|pmrole))*[\s,.!:;-]*)+",
    re.IGNORECASE,
)
_PADDING = re.compile(
    r"^(?:(?:so|ok|okay|um|well|please|pls|sorry|quick question|question|just wondering"
    r"|(?:i(?:'m| am| was)? )?(?:just )?(?:wondering|curious)(?: about)?(?: if)?"
    r"|(?:can|could|would|does|will) (?:any|some)(?:one|body) (?:please )?"
    r"(?:tell me|explain|help me understand|know|help with)?"
    r"|(?:can|could|would|will) you (?:please )?(?:tell me|explain|help me understand|help with)?"
    r"|(?:please )?(?:tell me|let me know)|(?:i(?:'d| would)? (?:like|want|need) to know)"
    r"|do you know|remind me)\b[\s,.:;-]*)+",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"(?:[\s,.!-]*\b(?:please|pls|plz|thanks(?: in advance| a lot| so much)?|thank you|thx|ty"
    r"|cheers|lol|haha|asap|tia)\b)+([\s.!?]*)$",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\?|^(?:what|whats|who|whom|whose|when|where|which|why|how|hows|is|are|am|do|does|did|can|could"
    r"|should|would|will|explain|describe|define|compare|list|tell)\b",
    re.IGNORECASE,
)


def clean_message(text: str) -> str:
    """Return a message as plain text: no mentions, links, emoji, code, quotations or emphasis."""
    plain = _CODE.sub(" ", html.unescape(_QUOTED_LINE.sub(" ", text)))
    plain = _LABELLED.sub(r"\1", _MENTION.sub(" ", plain))
    plain = _EMOJI.sub(" ", _LINK.sub(" ", plain))
    plain = _EMPHASIS.sub(r"\2", plain)
    plain = plain.replace("\u2019", "'").replace("\u201c", '"').replace("\u201d", '"')
    return " ".join(plain.split())


def extract_question(text: str) -> str:
    """Return the question of a cleaned message, without greeting, padding and thanks.

    Of several sentences those that ask are kept; if none asks, all are.
    """
    body = _GREETING.sub("", text)
    body = re.sub(r"([?.])[\s!.]+$", r"\1", _CLOSING.sub(r"\1", body)).strip(" ,;-")
    parts = sentences(body)
    if len(parts) > 1:
        asking = [part for part in parts if _ASKS.search(_unpadded(part))]
        body = " ".join(asking or parts)
    return _unpadded(body) or body


def _unpadded(text: str) -> str:
    return _PADDING.sub("", _GREETING.sub("", text)).strip()
