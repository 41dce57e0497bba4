"""A question that asks two things, in two. Pure.

"Who decides the roadmap and who sets the dates?" has one vector, which is near what speaks of both
or of the longer half; asked one by one, each half finds its own passages.
"""

import re
from dataclasses import replace

from bot.domain import Answer, Citation, QuotedSentence

_ASKING = (
    r"(?:who|whom|whose|what|when|where|why|how|which|is|are|do|does|should|can|could|must|will"
    r"|would)(?:'s)?\b"
)
_JOINT = re.compile(
    rf"(?:\?\s+(?:and |or |also )?|[,;]? and (?:also )?)(?={_ASKING})", re.IGNORECASE
)
_ASKS = re.compile(rf"^{_ASKING}|\b(?:who|what|when|where|why|how|which)\b", re.IGNORECASE)
_LEAST_WORDS = 3
# Sentences of the first half's answer and of the second's, at most.
_OF_FIRST, _OF_SECOND = 3, 2


def halves(text: str) -> tuple[str, str] | None:
    """Return the two questions that a text asks; None if it asks one, or more than two."""
    parts = [part.strip(" ,;?") for part in _JOINT.split(text)]
    if len(parts) != 2 or any(len(part.split()) < _LEAST_WORDS for part in parts):
        return None
    first, second = parts
    return (f"{first}?", f"{second}?") if _ASKS.search(first) else None


def joined(whole: Answer, first: Answer, second: Answer) -> Answer:
    """Return the answer to a whole question, made of the sentences that answer its halves."""
    citations: list[Citation] = []
    sentences: list[QuotedSentence] = []
    for half, most in ((first, _OF_FIRST), (second, _OF_SECOND)):
        own = {one.number: one for one in half.citations}
        told = {one.text for one in sentences}
        for sentence in [one for one in half.sentences if one.text not in told][:most]:
            citations.append(replace(own[sentence.citation], number=len(citations) + 1))
            sentences.append(replace(sentence, citation=len(citations)))
    return replace(whole, sentences=tuple(sentences), citations=tuple(citations), disagreement=())
