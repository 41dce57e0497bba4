"""Replies of every kind, made by hand."""

from datetime import date

from bot.domain import (
    Answer,
    ArticleLink,
    Clarification,
    Comparison,
    ComparisonRow,
    Exchange,
    NoAnswer,
    Question,
    QuotedSentence,
    cite,
)
from index.documents import Span
from index.hits import Hit, ScoredSentence
from index.sentences import sentence_spans

SCOPE = "A VP of product answers for results. Directors report to the VP."
REPORTING = "The head of product reports to the founder."


def hit(
    text: str,
    *,
    start: int = 0,
    rank: int = 1,
    article: str = "roles/vp.md",
    title: str = "VP of product",
    heading: tuple[str, ...] = ("Scope",),
    dated: bool = True,
) -> Hit:
    """Make a hit whose passage is a text."""
    spans = [Span(start + one.start, start + one.end) for one in sentence_spans(text)]
    return Hit(
        rank=rank,
        score=0.123456,
        row=rank,
        article=article,
        title=title,
        heading=heading,
        span=Span(start, start + len(text)),
        text=text,
        sentences=tuple(
            ScoredSentence(text[one.start - start : one.end - start], one, 0.5) for one in spans
        ),
        cosine=0.4,
        lexical=1.0,
        url="https://example.org/vp" if dated else None,
        updated=date(2024, 5, 1) if dated else None,
    )


VP = hit(SCOPE, start=10)
HEAD = hit(
    REPORTING, rank=2, article="roles/head.md", title="Head of product", heading=(), dated=False
)
HITS = (VP, HEAD)
FIRST, SECOND = (one.span for one in VP.sentences)
CITATIONS = (cite(VP, FIRST, 1), cite(VP, SECOND, 2), cite(HEAD, HEAD.span, 3))
QUESTION = Question("vp?", "vp of product", titles=("VP of product",))


def answer(**changes: object) -> Exchange:
    """Make an answer of two sentences of one article."""
    values: dict[str, object] = {
        "question": QUESTION,
        "lead": "VP of product",
        "sentences": (
            QuotedSentence(CITATIONS[0].quote, 1),
            QuotedSentence(CITATIONS[1].quote, 2),
        ),
        "citations": CITATIONS[:2],
        "confidence": 0.876543,
    }
    return Exchange(Answer(**{**values, **changes}), HITS, {"total": 1.5})  # type: ignore[arg-type]


def comparison() -> Exchange:
    """Make a comparison with a cell that is empty, one introduced, and sources that disagree."""
    reply = Comparison(
        question=QUESTION,
        titles=("VP of product", "Head of product"),
        lead="VP of product and head of product",
        sentences=(),
        rows=(
            ComparisonRow("Scope", (QuotedSentence(CITATIONS[0].quote, 1), None)),
            ComparisonRow(
                "Reporting",
                (
                    QuotedSentence(CITATIONS[1].quote, 2),
                    QuotedSentence(CITATIONS[2].quote, 3, "One account:"),
                ),
            ),
        ),
        citations=CITATIONS,
        confidence=0.5,
        disagreement=(QuotedSentence(CITATIONS[0].quote, 1), QuotedSentence("No.", 2)),
        suggestions=("What does a CPO do?",),
    )
    return Exchange(reply, HITS)


def clarification() -> Exchange:
    """Make a question back."""
    return Exchange(
        Clarification(Question("what is a tpm", "tpm"), "TPM may mean:", ("technical", "program")),
        (),
    )


def no_answer() -> Exchange:
    """Make a refusal that names articles."""
    links = (
        ArticleLink("roles/vp.md", "VP of product", "https://example.org/vp"),
        ArticleLink("roles/head.md", "Head of product"),
    )
    return Exchange(NoAnswer(Question("pay?", "pay"), "Not known.", 0.25, links, ("Why?",)), HITS)
