"""Chosen sentences to an answer that reads as one, every sentence a verbatim citation."""

from collections.abc import Sequence

from bot.answering.choosing import Choice
from bot.answering.quotable import is_first_person, leans
from bot.domain import ArticleLink, Citation, QuotedSentence, cite
from index.documents import Span
from index.retrieval import Hit

# What stands before a sentence that speaks as "I": it is one person's view, not the articles'.
ONE_PERSON = "One person's account:"
# Characters that all sentences may take together, so that the answer stays one Slack message.
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
        text, span = choice.sentence.text, choice.sentence.span
        if leans(text):
            before = choice.hit.sentences[choice.place - 1] if choice.place else None
            if before is None or leans(before.text):
                return None
            span = Span(before.span.start, span.end)
        if not introduction and is_first_person(
            choice.hit.text[span.start - choice.hit.span.start : span.end - choice.hit.span.start]
        ):
            introduction = ONE_PERSON
        return self.quote(choice.hit, span, introduction)


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
    """Quote choices in order, up to a length that is one message; none twice."""
    quoted: list[QuotedSentence] = []
    length = 0
    for choice in choices:
        if quoted and length + len(choice.sentence.text) > _MAX_CHARACTERS:
            continue
        one = quotations.quote_choice(choice)
        if one is not None and all(one.text not in known.text for known in quoted):
            quoted.append(one)
            length += len(one.text)
    return tuple(quoted)


def closest_articles(hits: Sequence[Hit], count: int = 3) -> tuple[ArticleLink, ...]:
    """Name the articles of the best hits, each once."""
    links = {hit.article: ArticleLink(hit.article, hit.title, hit.url, hit.updated) for hit in hits}
    return tuple(links.values())[:count]
