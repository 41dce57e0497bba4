"""The values that pass between understanding, answering and the surfaces. All frozen."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal

from index.documents import Span
from index.hits import Hit


class Intent(StrEnum):
    """What kind of answer a question asks for."""

    DEFINITION = "definition"
    COMPARISON = "comparison"
    PATH = "path"
    SKILLS = "skills"
    HIRING = "hiring"
    CV = "cv"
    INTERVIEW = "interview"
    PAY = "pay"
    ORGANISATION = "organisation"
    SWITCHING = "switching"
    PROCESS = "process"


@dataclass(frozen=True, slots=True)
class Message:
    """An earlier message of the thread."""

    sender: Literal["user", "bot"]
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """What a person asked, understood.

    Attributes:
        text: The message without Slack's mark-up, greetings and the bot's mention.
        query: What the retriever is given: `text` with abbreviations spelt out and, for a
            follow-up, what it refers to.
        intent: The kind of answer wanted.
        titles: The job titles it is about, canonical, in the order named.
        foreign_titles: Titles outside this subject that it names ("vp of sales").
        stage: The company stage it names, such as "startup".
        resolved: The question as understood from the thread, if it leaned on the thread.
        readings: What an ambiguous abbreviation was taken for, as (letters, title).
        abbreviated: Whether every title was read from letters such as PM or GPM.
        outline: The question with each of its titles replaced by TITLE, for rules on its form.
    """

    text: str
    query: str
    intent: Intent = Intent.DEFINITION
    titles: tuple[str, ...] = ()
    foreign_titles: tuple[str, ...] = ()
    stage: str | None = None
    resolved: str | None = None
    readings: tuple[tuple[str, str], ...] = ()
    abbreviated: bool = False
    outline: str = ""


@dataclass(frozen=True, slots=True)
class Citation:
    """A quotation and where it stands. Made by `cite`, which refuses what the article lacks."""

    number: int
    article: str
    title: str
    heading: tuple[str, ...]
    quote: str
    span: Span
    url: str | None
    updated: date | None


class MisquotedError(ValueError):
    """A quotation is not in the passage it is said to come from."""


def cite(hit: Hit, span: Span, number: int) -> Citation:
    """Quote a stretch of a hit's passage.

    Args:
        hit: Where the quotation comes from.
        span: Where it stands in the article's text, inside the hit's span.
        number: The number it is cited by, from 1.

    Raises:
        MisquotedError: if the span is empty or leaves the passage.
    """
    start, end = span.start - hit.span.start, span.end - hit.span.start
    if not 0 <= start < end <= len(hit.text):
        raise MisquotedError(f"{span} is not inside the passage {hit.article} {hit.span}")
    return Citation(
        number=number,
        article=hit.article,
        title=hit.title,
        heading=hit.heading,
        quote=hit.text[start:end],
        span=span,
        url=hit.url,
        updated=hit.updated,
    )


@dataclass(frozen=True, slots=True)
class QuotedSentence:
    """A verbatim sentence of the answer, and the number of its citation.

    Attributes:
        text: The sentence, verbatim.
        citation: The number of the citation that holds it.
        introduction: What is shown before it where it cannot stand alone, such as "One head of
            product's account:". Never part of the quotation.
    """

    text: str
    citation: int
    introduction: str = ""


@dataclass(frozen=True, slots=True)
class ArticleLink:
    """An article to read, without any claim of what it says."""

    article: str
    title: str
    url: str | None = None
    updated: date | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """Whole sentences from the articles that answer the question.

    Attributes:
        question: As understood.
        lead: One line that names what the answer is about; not a claim of its own.
        sentences: In reading order.
        citations: Numbered from 1, in the order of first use.
        confidence: The calibrated probability that the sentences answer the question.
        disagreement: Sentences of sources that contradict each other, shown apart.
        suggestions: Follow-up questions that these articles can answer.
    """

    question: Question
    lead: str
    sentences: tuple[QuotedSentence, ...]
    citations: tuple[Citation, ...]
    confidence: float
    disagreement: tuple[QuotedSentence, ...] = ()
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """One dimension of a comparison: a quoted sentence a title, None where there is none."""

    dimension: str
    cells: tuple[QuotedSentence | None, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two or three titles side by side.

    Attributes:
        question: As understood.
        titles: The columns, as shown.
        lead: One line that names what is compared.
        sentences: Sentences that speak of the titles together.
        rows: The dimensions; a row without any quotation is left out.
        citations: Numbered from 1, in the order of first use.
        confidence: The calibrated probability that this answers the question.
        disagreement: Sentences of sources that contradict each other.
        suggestions: Follow-up questions that these articles can answer.
    """

    question: Question
    titles: tuple[str, ...]
    lead: str
    sentences: tuple[QuotedSentence, ...]
    rows: tuple[ComparisonRow, ...]
    citations: tuple[Citation, ...]
    confidence: float
    disagreement: tuple[QuotedSentence, ...] = ()
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clarification:
    """An abbreviation that the articles know in more than one meaning."""

    question: Question
    prompt: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """The articles do not hold the answer, or the message is not a question.

    Attributes:
        question: As understood.
        message: What the person is told; no claim about the subject.
        confidence: The calibrated probability that the best passages would have answered.
        closest: Articles worth reading, where some come near.
        suggestions: Questions that these articles can answer.
    """

    question: Question
    message: str
    confidence: float = 0.0
    closest: tuple[ArticleLink, ...] = ()
    suggestions: tuple[str, ...] = ()


Reply = Answer | Comparison | Clarification | NoAnswer


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question's reply, with what it was made from.

    Attributes:
        reply: What the person is shown.
        hits: The best passages, even where the answer is withheld.
        milliseconds: Time by step, and in all.
        generation: The name of the generation that was searched; empty if none was.
    """

    reply: Reply
    hits: tuple[Hit, ...]
    milliseconds: dict[str, float] = field(default_factory=dict)
    generation: str = ""
