"""What an article holds beside its subject: adverts, biographies, disclaimers, link lists.

Precision comes first: a sentence is left out only on several signs, or on one that honest prose
does not show, and everything left out carries its reason so that an author can see and undo it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.documents import Block, LeftOut, Span
from index.sentences import sentence_spans
from index.signals import ENOUGH, Reason
from index.signals_of_asides import ASIDES
from index.signals_of_selling import ADVERT, MOST_PRAISE, PRAISE, PRAISE_POINTS

# A longer "sentence" is a listing or a table; no sign is sought in it.
_LONGEST_JUDGED = 700
# Adverts and biographies come in runs: beside one that is certain, less is asked of the next.
_ENOUGH_BESIDE = 70
# "Ready for the next step?" leads up to an advert, and makes one likelier.
_ENOUGH_FOR_QUESTION = 40
_AFTER_QUESTION = 25
_ENOUGH_IN_BIOGRAPHY = 40
_ENOUGH_FOR_BIOGRAPHY = 140

_REFERENCES = re.compile(
    r"(?:sources?|references?|bibliography|works cited|citations|further reading|"
    r"recommended reading|external links|see also|footnotes|endnotes|"
    r"(?:related|similar|recommended|more|popular|latest|recent) "
    r"(?:articles?|posts?|reading|links|content|stories|guides|resources|topics|pages)|"
    r"you (?:may|might) also (?:like|enjoy|be interested in)|read (?:more|next)|"
    r"(?:sources|references) and (?:further reading|notes|links|references))\W*",
    re.IGNORECASE,
)
_ABOUT_AUTHOR = re.compile(r"(?:about|meet) the authors?\W*|author(?:'s)? bio(?:graphy)?\W*", re.I)
_FURNITURE = re.compile(
    r"(?:share (?:this|on|via)\b.{0,40}|tweet|share|skip to (?:main )?content|back to top|"
    r"(?:read|load|show) more|leave a (?:comment|reply)|\d+ comments?|\d+ min(?:ute)?s? read|"
    r"(?:posted|filed) (?:in|by|on|under)\b.{0,60}|follow us(?: on\b.{0,40})?|advertisement|"
    r"sponsored(?: content| post)?|click here\b.{0,60}|subscribe(?: now| today)?|table of contents|"
    r"(?:photo|image|picture) (?:credit|by)\b.{0,60}|log ?in|sign ?in|sign ?up)\W*",
    re.IGNORECASE,
)
_CITES = re.compile(
    r"https?://|\b[\w-]+\.[a-z]{2,}/|\bundated\b|\bwww\.|\bdoi\b|\bISBN\b|"
    r"\b(?:19|20)\d\d\b|\b(?:retrieved|accessed)\b",
    re.I,
)
_LONGEST_LINK = 160
_LEAST_LINKS = 0.6


def find_left_out(text: str, blocks: Sequence[Block], title: str = "") -> tuple[LeftOut, ...]:
    """Find the stretches of a document that are not about its subject.

    Args:
        text: The document's text.
        blocks: Its blocks, in order.
        title: The document's title: a person named there is its subject, not its author.

    Returns:
        Stretches in the order of the text, not overlapping, each of whole sentences or blocks.
    """
    sections = tuple(_closing_sections(text, blocks))
    covered = sections[0].span.start if sections else len(text)
    found: list[LeftOut] = []
    for block in blocks:
        if block.span.start < covered and block.kind not in ("code", "row"):
            found.extend(_left_out_of(text, block, title))
    return (*found, *sections)


def _closing_sections(text: str, blocks: Sequence[Block]) -> Iterator[LeftOut]:
    """Give the sections at the document's end that only list links or present the author."""
    closing: list[LeftOut] = []
    end = len(blocks)
    for start in range(len(blocks) - 1, -1, -1):
        if blocks[start].kind != "heading":
            continue
        reason = _closing_reason(text, blocks[start:end])
        if reason is None:
            break
        span = Span(blocks[start].span.start, blocks[end - 1].span.end)
        closing.append(LeftOut(span, reason))
        end = start
    yield from reversed(closing)


def _closing_reason(text: str, section: Sequence[Block]) -> Reason | None:
    heading, *rest = [text[block.span.start : block.span.end] for block in section]
    if _ABOUT_AUTHOR.fullmatch(heading.replace("\u2019", "'")):
        return "biography"
    if not _REFERENCES.fullmatch(heading):
        return None
    listed = sum(_is_link(line) for line in rest)
    return "reference list" if listed >= _LEAST_LINKS * len(rest) else None


def _is_link(line: str) -> bool:
    is_name = len(line) <= _LONGEST_LINK and not line.endswith((".", "!", ":"))
    return is_name or bool(_CITES.search(line))


@dataclass(frozen=True, slots=True)
class _Judged:
    """A sentence with what its signs add up to."""

    span: Span
    is_question: bool
    found: dict[Reason, int]

    def points(self, reason: Reason) -> int:
        return self.found.get(reason, 0)


def _left_out_of(text: str, block: Block, title: str) -> Iterator[LeftOut]:
    content = text[block.span.start : block.span.end]
    if block.kind == "paragraph" and _FURNITURE.fullmatch(content):
        yield LeftOut(block.span, "navigation")
        return
    # A heading is left out whole or not at all: half of it would head the wrong text.
    whole = (Span(0, len(content)),)
    judged = [
        _judged(content[span.start : span.end], block.span.start + span.start)
        for span in (whole if block.kind == "heading" else sentence_spans(content))
    ]
    yield from _merged(judged, _reasons(judged, text, title))


def _judged(sentence: str, start: int) -> _Judged:
    span = Span(start, start + len(sentence))
    return _Judged(span, sentence.endswith("?"), _points(sentence))


def _reasons(judged: Sequence[_Judged], text: str, title: str) -> list[Reason | None]:
    asked = [False, *(_is_pitch(sentence) for sentence in judged)]
    reasons = [_certain(sentence, is_led=led) for sentence, led in zip(judged, asked, strict=False)]
    certain = [*reasons, None]
    for index, sentence in enumerate(judged):
        is_lead = asked[index + 1] and certain[index + 1] == "advert"
        wanted = _ENOUGH_FOR_QUESTION if is_lead else _ENOUGH_BESIDE
        is_beside = "advert" in certain[max(index - 1, 0) : index + 2]
        if not reasons[index] and is_beside and sentence.points("advert") >= wanted:
            reasons[index] = "advert"
    for start, end in _biographies(judged, text, title):
        reasons[start:end] = ["biography"] * (end - start)
    return reasons


def _is_pitch(sentence: _Judged) -> bool:
    return sentence.is_question and sentence.points("advert") >= _ENOUGH_FOR_QUESTION


def _certain(sentence: _Judged, *, is_led: bool) -> Reason | None:
    """Return the reason that the sentence's own signs suffice for, if any."""
    if sentence.points("navigation") >= ENOUGH:
        return "navigation"
    if sentence.points("disclaimer") >= ENOUGH:
        return "disclaimer"
    is_advert = sentence.points("advert") + _AFTER_QUESTION * is_led >= ENOUGH
    return "advert" if is_advert and sentence.points("advert") else None


def _biographies(judged: Sequence[_Judged], text: str, title: str) -> Iterator[tuple[int, int]]:
    """Give the runs of sentences that tell who wrote the article, as ranges of indexes."""
    start = 0
    while start < len(judged):
        end = start
        while end < len(judged) and judged[end].points("biography") >= _ENOUGH_IN_BIOGRAPHY:
            end += 1
        total = sum(sentence.points("biography") for sentence in judged[start:end])
        if total >= _ENOUGH_FOR_BIOGRAPHY and not _is_subject(text, judged[start], title):
            yield start, end
        start = max(end, start + 1)


def _is_subject(text: str, first: _Judged, title: str) -> bool:
    name = text[first.span.start : first.span.end].split(maxsplit=1)[0].strip("',")
    return name.casefold() in title.casefold().split()


def _merged(judged: Sequence[_Judged], reasons: Sequence[Reason | None]) -> Iterator[LeftOut]:
    """Join neighbouring sentences that are left out for one reason."""
    open_span: Span | None = None
    open_reason: Reason | None = None
    for sentence, reason in zip(judged, reasons, strict=True):
        if open_span and open_reason and reason != open_reason:
            yield LeftOut(open_span, open_reason)
            open_span = None
        if reason:
            open_span = Span(
                open_span.start if open_span else sentence.span.start, sentence.span.end
            )
        open_reason = reason
    if open_span and open_reason:
        yield LeftOut(open_span, open_reason)


def _points(sentence: str) -> dict[Reason, int]:
    """Add up the signs in ``sentence``; a reason without any sign is not in the result."""
    found: dict[Reason, int] = {}
    if len(sentence) > _LONGEST_JUDGED:
        return found
    plain = sentence.replace("\u2019", "'").replace("\u2018", "'")
    for signal in (*ADVERT, *ASIDES):
        if signal.pattern.search(plain):
            found[signal.reason] = found.get(signal.reason, 0) + signal.points
    # Praise proves nothing alone, but adverts pile it on: it counts beside a sign of selling.
    if "advert" in found:
        praise = {match.group().casefold() for match in PRAISE.pattern.finditer(plain)}
        found["advert"] += min(MOST_PRAISE, len(praise) * PRAISE_POINTS)
    return found
