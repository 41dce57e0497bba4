"""Where sentences begin and end, for English prose."""

import re
from collections.abc import Iterator
from itertools import pairwise

import sentencex  # type: ignore[import-untyped]  # a compiled module without stubs

from index.documents import Span

# sentencex takes these for sentence ends when a number or a small letter follows.
_ABBREVIATION = re.compile(r"\b(?:approx|resp|incl|est|ca|avg|min|max|dept|excl)\.$", re.IGNORECASE)

# It leaves these undivided: a whole sentence in brackets, and an ellipsis before a new sentence.
# "I" alone is too often the middle of a hesitation ("Well... I think so").
_UNDIVIDED = re.compile(
    r"(?<=[.!?][)\]])\s+(?=[\"“(\[]?[A-Z0-9])|(?:(?<=…)|(?<=\.\.\.))\s+(?=[\"“(\[]?(?!I\b)[A-Z])"
)
_LINE = re.compile(r"[^\r\n]+")


def sentence_spans(text: str) -> tuple[Span, ...]:
    """Find the sentences of ``text``, in order.

    The spans never overlap, have no white space at their ends, and together hold every
    character that is not white space. A line end always ends a sentence, because in a document's
    text it parts blocks.
    """
    spans: list[Span] = []
    for line in _LINE.finditer(text):
        for start, end in _joined(line.group(), _cuts(line.group())):
            span = _trimmed(text, line.start() + start, line.start() + end)
            if span.start < span.end:
                spans.append(span)
    return tuple(spans)


def sentences(text: str) -> tuple[str, ...]:
    """Return the sentences of ``text`` themselves, as `sentence_spans` finds them."""
    return tuple(text[span.start : span.end] for span in sentence_spans(text))


def _cuts(line: str) -> list[int]:
    """Return the offsets at which sentences of the line meet, its two ends included."""
    cuts = {0, len(line)}
    for boundary in sentencex.get_sentence_boundaries("en", line):
        start, end = int(boundary["start_index"]), int(boundary["end_index"])
        cuts.update((start, end))
        cuts.update(start + cut for cut in _further_cuts(line[start:end]))
    return sorted(cut for cut in cuts if 0 <= cut <= len(line))


def _further_cuts(sentence: str) -> Iterator[int]:
    for match in _UNDIVIDED.finditer(sentence):
        before = sentence[: match.start()]
        # A bracket that closes in mid-sentence, "GitLab (U.S.) Inc.", ends nothing: only one
        # that opened the sentence does.
        if before[-1] in ")]" and before[0] not in "([":
            continue
        yield match.end()


def _joined(line: str, cuts: list[int]) -> Iterator[tuple[int, int]]:
    """Give the stretches between cuts, joined over those that follow a mere abbreviation."""
    begin = 0
    for start, end in pairwise(cuts):
        if start > begin and not _is_abbreviated(line[begin:start], line[start:end]):
            yield begin, start
            begin = start
        if end == len(line):
            yield begin, end


def _is_abbreviated(before: str, after: str) -> bool:
    following = after.lstrip()[:1]
    return bool(_ABBREVIATION.search(before.rstrip())) and (
        following.isdigit() or following.islower()
    )


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)
