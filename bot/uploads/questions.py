"""Questions that an article seems to answer, in the words of its own headings. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence

_ASKS = re.compile(
    r"(?:what|who|whose|when|where|which|why|how|is|are|was|do|does|did|can|could|should|would"
    r"|will)\b",
    re.IGNORECASE,
)
_HOW_TO = re.compile(r"how to\s+(?P<what>\S.*)", re.IGNORECASE)
_NUMBERED = re.compile(r"^(?:(?:chapter|part|step|section)\s+)?[\dIVX]{1,4}[.):]\s+", re.IGNORECASE)
_LONGEST = 150


def candidates(
    asked: Iterable[str], title: str, headings: Sequence[Sequence[str]]
) -> tuple[str, ...]:
    """Return questions to try an article with, the most promising first, each once.

    Args:
        asked: The questions that its author says it answers.
        title: The article's title.
        headings: The headings over each of its passages, outermost first, without the title.
    """
    innermost = [one[-1] for one in headings if one]
    of_headings = [question for one in [title, *innermost] if (question := _asking(one))]
    topics = [f"{title}: {_plain(one)}" for one in innermost if not _asking(one)]
    found: dict[str, str] = {}
    for one in _usable([*asked, *of_headings, *topics, title]):
        found.setdefault(one.casefold().strip("?"), one)
    return tuple(found.values())


def _asking(heading: str) -> str:
    """Return a heading as the question it asks; empty if it asks none."""
    plain = _plain(heading)
    how = _HOW_TO.fullmatch(plain)
    if how:
        return f"How do I {how['what'].rstrip('?. ')}?"
    if plain.endswith("?"):
        return plain
    return f"{plain.rstrip('.:! ')}?" if _ASKS.match(plain) and len(plain.split()) > 2 else ""


def _plain(heading: str) -> str:
    return _NUMBERED.sub("", " ".join(heading.split()))


def _usable(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        plain = " ".join(text.split())
        if plain and len(plain) <= _LONGEST:
            yield plain
