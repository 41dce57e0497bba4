"""Everyday words to the words that articles use: "devs" to "engineers", "promo" to "promotion".

Neither the vectors nor BM25 bring slang and shortenings near the written word. Only words with one
meaning in questions on work are listed. Pure.
"""

import re

_WRITTEN = {
    "dev": "engineer",
    "devs": "engineers",
    "eng": "engineering",
    "promo": "promotion",
    "comp": "compensation",
    "uni": "university",
    "homework": "take-home exercise",
    "doc": "document",
    "docs": "documents",
    "exec": "executive",
    "execs": "executives",
    "reqs": "requirements",
    "specs": "specifications",
    "gov": "government",
    "govt": "government",
    "startup": "start-up",
    "startups": "start-ups",
    "prepping": "preparing",
    "prep": "preparation",
}
_EVERYDAY = re.compile(rf"\b(?:{'|'.join(map(re.escape, _WRITTEN))})\b", re.IGNORECASE)
# A tech lead is a title, and a tech company sells it.
_TECH = re.compile(
    r"\btech(?= (?:backgrounds?|skills?|knowledge|experience|degrees?)\b)", re.IGNORECASE
)


def as_written(text: str) -> str:
    """Return a question in the words of articles."""
    written = _EVERYDAY.sub(lambda found: _WRITTEN[found.group().lower()], text)
    return _TECH.sub("technical", written)
