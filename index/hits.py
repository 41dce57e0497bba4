"""What a search finds, and what each signal counts for. Pure."""

from dataclasses import dataclass
from datetime import date

from index.documents import Span


@dataclass(frozen=True, slots=True)
class Weights:
    """What each signal counts for in a hit's score."""

    passage: float = 0.3
    sentence: float = 0.5
    heading: float = 0.2
    lexical: float = 0.2


HYBRID = Weights()
DENSE = Weights(passage=1.0, sentence=0.0, heading=0.0, lexical=0.0)
LEXICAL = Weights(passage=0.0, sentence=0.0, heading=0.0, lexical=1.0)


@dataclass(frozen=True, slots=True)
class ScoredSentence:
    """A sentence of a hit.

    Attributes:
        text: Verbatim.
        span: Where it stands in the article's text.
        cosine: Of the sentence, with its article's title in front, with the query, -1 to 1.
    """

    text: str
    span: Span
    cosine: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a query.

    Attributes:
        rank: 1 for the best.
        score: The fused score; higher is better. About 0 to 1.
        row: The chunk's number in the generation.
        article: The article's path.
        title: The article's title.
        heading: The headings in force, outermost first.
        span: Where the passage stands in the article's text.
        text: The passage, verbatim.
        sentences: Its sentences, in order.
        place: How many sentences of its section stand before it.
        cosine: Of the passage, with its title and headings in front, with the query.
        lexical: Its BM25 as a share of the best BM25 for the query, 0 to 1.
        url: Where readers find the article.
        updated: The day the article was last changed.
    """

    rank: int
    score: float
    row: int
    article: str
    title: str
    heading: tuple[str, ...]
    span: Span
    text: str
    sentences: tuple[ScoredSentence, ...]
    cosine: float
    lexical: float
    url: str | None
    updated: date | None
    place: int = 0
