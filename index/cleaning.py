"""Clean-up of text: one Unicode form, no invisible characters, no leftovers of site generators."""

import re
import unicodedata

# Persian and emoji are written with these two joiners; every other format character is either
# invisible or turns the direction of what follows, which can disguise text.
_JOINERS = "\u200c\u200d"

# Jekyll, Liquid, Nunjucks and Hugo. The patterns stop at any brace, so each takes linear time;
# a tag inside another is found in a second round.
_TEMPLATE_TAG = re.compile(
    r"\{\{-?[<%]?[^{}]*[>%]?-?\}\}|\{%[^{}]*%\}|\{#[^{}]*\}|\{:[^{}\n]*\}",
)
_TEMPLATE_COMMENT = re.compile(
    r"\{%-?\s*(comment)\s*-?%\}.{0,2000}?\{%-?\s*end\1\s*-?%\}", re.DOTALL
)
_ROUNDS = 3


class _Readable(dict[int, int | str | None]):
    """What `str.translate` makes of each character; filled in as characters are met."""

    def __missing__(self, code: int) -> int | str | None:
        self[code] = _readable(code)
        return self[code]


def _readable(code: int) -> int | str | None:
    character = chr(code)
    category = unicodedata.category(character)
    if character in "\r\v\f\x85" or category in ("Zl", "Zp"):
        return "\n"
    if category == "Zs":
        return " "
    is_unreadable = category in ("Cc", "Cf", "Cs") or code & 0xFFFE == 0xFFFE
    return None if is_unreadable and character not in "\n\t" + _JOINERS else code


_READABLE = _Readable()


def clean_text(text: str) -> str:
    r"""Return ``text`` in NFC, with every line end "\n" and every space plain.

    Control characters, zero-width spaces, soft hyphens and marks of text direction are dropped.
    Quotation marks and dashes stay as they were written.
    """
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").translate(_READABLE))


def clean_line(text: str) -> str:
    """Return ``text`` cleaned as one line: white space of any length is one space."""
    return " ".join(clean_text(text).split())


def without_template_tags(text: str) -> str:
    """Remove the tags of site generators: {{ }}, {% %}, {{< >}}, {# #} and {: }.

    What stands between an opening and a closing tag stays, unless the pair is a comment.
    """
    if "{" not in text:
        return text
    text = _TEMPLATE_COMMENT.sub(" ", text)
    for _ in range(_ROUNDS):
        text, removed = _TEMPLATE_TAG.subn("", text)
        if not removed:
            break
    return text
