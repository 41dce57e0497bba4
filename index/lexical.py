"""Texts to the stems that BM25 counts. The only door to tantivy, whose analyzer finds them."""

import functools
import re
import sys
from collections.abc import Iterable, Sequence

import tantivy

# A question longer than this is cut: each stem costs time.
MAX_TERMS = 64
# Texts whose stems are kept at hand: about a kilobyte each.
_REMEMBERED = 8192
_HYPHENATED = re.compile(r"\b[^\W\d_]+(?:-[^\W\d_]+)+\b")


@functools.cache
def _analyzer() -> tantivy.TextAnalyzer:
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(60))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
        .filter(tantivy.Filter.stopword("english"))
        .filter(tantivy.Filter.stemmer("english"))
        .build()
    )


def stems(text: str) -> list[str]:
    """Return the stems of a text, in order, very common words left out, "start-up" as one too."""
    found: list[str] = _analyzer().analyze(_with_joined_words(text))
    return found


@functools.lru_cache(maxsize=_REMEMBERED)
def remembered_stems(text: str) -> tuple[str, ...]:
    """Return the stems of a text; the sentences of articles come again with every question."""
    # The same few thousand stems come again in every text: one string of each is enough.
    return tuple(sys.intern(stem) for stem in stems(text))


def _with_joined_words(text: str) -> str:
    """Add each hyphenated word written as one, so that "start-up" and "startup" meet."""
    joined = [word.replace("-", "") for word in _HYPHENATED.findall(text)]
    return " ".join([text, *joined]) if joined else text


def coverage(wanted: Sequence[str], idf: Sequence[float], seen: Iterable[str]) -> float:
    """Return the share of a question's stems found in a text, each weighted by its idf, 0 to 1."""
    total = sum(idf)
    if not total:
        return 0.0
    held = set(seen)
    found = sum(weight for term, weight in zip(wanted, idf, strict=True) if term in held)
    return found / total
