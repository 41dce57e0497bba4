"""Rich text: words that Slack shows exactly as they are, whatever marks they hold.

In mrkdwn a star or an underscore of an article would format what follows. In rich text only a style
formats, only a link element links, and only a user element mentions.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from slack_sdk.models.blocks import (
    RichTextBlock,
    RichTextElement,
    RichTextElementParts,
    RichTextListElement,
    RichTextQuoteElement,
    RichTextSectionElement,
)

from bot.slack.mrkdwn import cut, length, web_url

Style = Literal["plain", "bold", "italic"]

_URL = 1000
# Control characters but for the tab and the end of a line, and turns of the writing direction.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\u202a-\u202e\u2066-\u2069]")
_MEMBER = re.compile(r"[UW][A-Z0-9]{1,30}")
_HALF = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Words:
    """A stretch of text in one style; with a url it is a link, with a user a mention."""

    text: str
    style: Style = "plain"
    url: str = ""
    user: str = ""


def clean(text: str) -> str:
    """Return text that any client can show: no control characters, no turned direction.

    An override of the writing direction in an article would turn the bot's own words after it too.
    """
    return _HALF.sub("\ufffd", _UNSEEN.sub("", text.replace("\t", " ")))


def one_line(text: str, limit: int) -> str:
    """Return text cleaned, on one line, cut to a limit; it may be empty."""
    return cut(" ".join(clean(text).split()), limit)


def linked(label: str, url: str | None, limit: int, style: Style = "plain") -> Words:
    """Return a label that links to a web address; without a usable one it stands alone."""
    target = web_url(url)
    usable = target if length(target) <= _URL else ""
    return Words(one_line(label, limit), style, usable)


def person(who: str) -> Words:
    """Return a mention of somebody by id; what is no person's id stands as it is."""
    return Words(who, user=who) if is_member(who) else Words(one_line(who, 80) or "somebody")


def is_member(who: str) -> bool:
    """Tell whether a text is the id of a person."""
    return _MEMBER.fullmatch(who) is not None


def section(words: Iterable[Words]) -> RichTextSectionElement:
    """Return words as running text; a newline in them begins a line."""
    return RichTextSectionElement(elements=_parts(words))


def bullets(lines: Iterable[Sequence[Words]]) -> RichTextListElement:
    """Return lines as a list with dots."""
    return RichTextListElement(style="bullet", elements=[section(line) for line in lines])


def quote(words: Iterable[Words]) -> RichTextQuoteElement:
    """Return words with a bar beside them."""
    return RichTextQuoteElement(elements=_parts(words))


def rich_text(elements: Sequence[RichTextElement]) -> RichTextBlock:
    """Return sections, lists and quotes as a block."""
    return RichTextBlock(elements=list(elements))


def paragraph(words: Iterable[Words]) -> RichTextBlock:
    """Return running text as a block of its own."""
    return rich_text([section(words)])


def _parts(words: Iterable[Words]) -> list[dict[str, Any] | RichTextElement]:
    """Join neighbours of one style: fewer parts, a lighter message."""
    joined: list[Words] = []
    for one in words:
        if not one.text and not one.user:
            continue
        last = joined[-1] if joined else None
        if last and not (last.url or last.user or one.url or one.user) and last.style == one.style:
            joined[-1] = Words(last.text + one.text, one.style)
        else:
            joined.append(one)
    return [_part(one) for one in joined]


def _part(one: Words) -> RichTextElement:
    style = None if one.style == "plain" else {one.style: True}
    if one.user:
        return RichTextElementParts.User(user_id=one.user)
    if one.url:
        return RichTextElementParts.Link(url=one.url, text=one.text, style=style)
    return RichTextElementParts.Text(text=one.text, style=style)
