"""Chosen sentences to an answer that reads as one, every sentence a verbatim citation."""

from collections.abc import Sequence

from bot.answering.choosing import Choice
from bot.answering.quotable import is_first_person, leans
from bot.domain import ArticleLink, Citation, QuotedSentence, cite
from index.documents import Span
from index.hits import Hit

# What stands before a sentence that speaks as "I": it is one person's view, not the articles'.
ONE_PERSON = "One person's account:"
# Characters that all sentences may take together, so that the answer stays one short message.
_MAX_CHARACTERS = 1_200


class Quotations:
    """Numbers citations as sentences are quoted, one citation a passage and sentence."""

    def __init__(self) -> None:
        """Start with no citation."""
        self._citations: list[Citation] = []

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The citations so far, numbered from 1."""
        return tuple(self._citations)

    def quote(self, hit: Hit, span: Span, introduction: str = "") -> QuotedSentence:
        """Quote a stretch of a hit; the same stretch keeps its number."""
        for known in self._citations:
            if (known.article, known.span) == (hit.article, span):
                return QuotedSentence(known.quote, known.number, introduction)
        citation = cite(hit, span, len(self._citations) + 1)
        self._citations.append(citation)
        return QuotedSentence(citation.quote, citation.number, introduction)

    def quote_choice(self, choice: Choice, introduction: str = "") -> QuotedSentence | None:
        """Quote a chosen sentence, with the one before it where it leans on that.

        None if nothing near it names whom it speaks of.
        """
        span = quoted_span(choice)
        if span is None:
            return None
        if not introduction and is_first_person(
            choice.hit.text[span.start - choice.hit.span.start : span.end - choice.hit.span.start]
        ):
            introduction = ONE_PERSON
        return self.quote(choice.hit, span, introduction)


def quoted_span(choice: Choice) -> Span | None:
    """Return what is quoted of a choice: it, and the sentence before where it leans on that.

    None if nothing near it names whom it speaks of.
    """
    span = choice.sentence.span
    if not leans(choice.sentence.text):
        return span
    before = choice.hit.sentences[choice.place - 1] if choice.place else None
    if before is None or leans(before.text):
        return None
    return Span(before.span.start, span.end)


def in_reading_order(choices: Sequence[Choice]) -> list[Choice]:
    """Order sentences to read as one: the best first, then its article's, then the others'.

    Sentences of one passage keep the order of the text.
    """
    if not choices:
        return []
    best = choices[0]
    rest = sorted(
        choices[1:],
        key=lambda one: (
            one.hit.article != best.hit.article,
            one.hit.heading != best.hit.heading,
            one.hit.rank,
            one.sentence.span.start,
        ),
    )
    return [best, *rest]


def quote_all(choices: Sequence[Choice], quotations: Quotations) -> tuple[QuotedSentence, ...]:
    """Quote choices in order, up to a length that is one message; no words twice."""
    quoted: list[QuotedSentence] = []
    left = _MAX_CHARACTERS
    for choice in choices:
        span = quoted_span(choice)
        if span is None:
            continue
        size = span.end - span.start
        text = choice.hit.text[span.start - choice.hit.span.start :][:size]
        said = any(text in one.text or one.text in text for one in quoted)
        one = quotations.quote_choice(choice) if not said and (size <= left or not quoted) else None
        if one is not None:
            quoted.append(one)
            left -= size
    return tuple(quoted)


def closest_articles(hits: Sequence[Hit], count: int = 3) -> tuple[ArticleLink, ...]:
    """Name the articles of the best hits, each once."""
    links = {hit.article: ArticleLink(hit.article, hit.title, hit.url, hit.updated) for hit in hits}
    return tuple(links.values())[:count]
