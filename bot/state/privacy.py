"""How much of what people write is kept, and what is taken out of it before.

A name is recognised by its capital letter, and by being no word of the articles. One written in
small letters, or in a script without capitals, is not recognised: QUESTION_LOG=off keeps no text.
"""

import re
from collections.abc import Callable
from typing import Literal

QuestionLog = Literal["full", "redacted", "off"]
Known = Callable[[str], bool]

NAME, SOMEONE, CHANNEL = "[name]", "[someone]", "[channel]"
EMAIL, LINK, NUMBER = "[email]", "[link]", "[number]"

# <@U1>, <@U1|ann>, <!subteam^S1|@leads>, <!channel>, <#C1|general>, <https://...|shown>
_MARKUP = re.compile(r"<([@!#])[^<>]*>|<(?:mailto|tel|https?|ftp):[^<>]*>", re.IGNORECASE)
_CHUNK = re.compile(r"[^\s<>]+")
_URL = re.compile(r"^\W*(?:[a-z][a-z0-9+.-]{1,15}://|www\.|mailto:|tel:)", re.IGNORECASE)
# Seven digits or more, with what telephone numbers hold between them.
_LONG_NUMBER = re.compile(r"\+?(?<!\d)\d(?:[\s().\-/\u2010-\u2015]{0,3}\d){6,}")
# Letters and digits, with apostrophes inside: O'Brien's.
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_LEVEL = re.compile(r"[A-Z]\d{1,2}")  # L6, E5, Q3
_NEIGHBOURS = re.compile(r"\[name\](?:[\s.\-]{1,3}\[name\])+")
_OURS = {"i", "i'm", "i'd", "i'll", "i've"}
_PLACEHOLDERS = re.compile(r"(\[(?:name|someone|channel|email|link|number)\])")


def kept(text: str, policy: QuestionLog, known: Known) -> str:
    """Return what is stored of a text under a policy; nothing if that is off."""
    if policy == "off":
        return ""
    return text if policy == "full" else redact(text, known)


def redact(text: str, known: Known) -> str:
    """Take out of a text what could tell who wrote it, or about whom.

    Args:
        text: As a person wrote it, with or without Slack's mark-up.
        known: Whether the articles hold a word, given in small letters and without 's.

    Returns:
        The text with mentions, e-mail addresses, links, numbers of seven digits and more, and
        capitalised words that no article knows replaced by a word in brackets. Redacting it
        again changes nothing.
    """
    text = _MARKUP.sub(_marked, text)
    text = _CHUNK.sub(_addressed, text)
    text = _LONG_NUMBER.sub(NUMBER, text)
    parts = _PLACEHOLDERS.split(text)
    # Every second part is a placeholder already.
    parts[::2] = [_WORD.sub(lambda found: _named(found.group(), known), one) for one in parts[::2]]
    return _NEIGHBOURS.sub(NAME, "".join(parts))


def _marked(found: re.Match[str]) -> str:
    return {"@": SOMEONE, "!": SOMEONE, "#": CHANNEL}.get(found.group(1) or "", LINK)


def _addressed(found: re.Match[str]) -> str:
    chunk = found.group()
    if _URL.match(chunk):
        return LINK
    if "@" not in chunk or chunk == "@":
        return chunk
    return SOMEONE if chunk.lstrip("([{\"'*_~“‘").startswith("@") else EMAIL


def _named(word: str, known: Known) -> str:
    if not any(letter.isupper() for letter in word) or _LEVEL.fullmatch(word):
        return word
    plain = word.lower().replace("’", "'")
    if plain in _OURS or known(plain.removesuffix("'s")):
        return word
    return NAME
