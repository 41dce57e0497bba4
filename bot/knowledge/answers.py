"""Are the questions that the articles say they answer answered from them?"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.domain import Answer, Clarification, Comparison, Exchange
from bot.knowledge.findings import Finding, Severity
from bot.knowledge.reading import Article

Ask = Callable[[str], Exchange]

# Several articles may rightly answer; the question's own must be among the first few.
_CLOSE = 3
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of an article's front matter, and what came of it.

    Attributes:
        article: The article whose question it is.
        question: The question.
        line: Where it stands.
        rank: The article's place among the articles found, from 1; None if it was not found.
        found: The articles found, best first.
        kind: What the reply is.
        answered: Whether sentences were quoted.
        cited: Whether one of them comes from the article.
    """

    article: str
    question: str
    line: int | None
    rank: int | None
    found: tuple[str, ...]
    kind: str
    answered: bool
    cited: bool


@dataclass(frozen=True, slots=True)
class AnswerShares:
    """How many questions were asked, and how many of them found what they should."""

    asked: int
    first: int
    among_three: int
    answered: int
    cited: int


def ask_questions(articles: Sequence[Article], ask: Ask) -> tuple[Asked, ...]:
    """Ask every question of the articles' front matter."""
    return tuple(
        _asked(article, question, article.lines.get(("questions", place)), ask(question))
        for article in articles
        for place, question in enumerate(article.texts("questions"))
    )


def shares(asked: Sequence[Asked]) -> AnswerShares:
    """Count what became of the questions."""
    return AnswerShares(
        asked=len(asked),
        first=sum(one.rank == 1 for one in asked),
        among_three=sum(_is_close(one) for one in asked),
        answered=sum(one.answered for one in asked),
        cited=sum(one.cited for one in asked),
    )


def check_answers(asked: Sequence[Asked]) -> Iterator[Finding]:
    """Find questions that are not answered from their own article, with what was found instead.

    An error where nothing is quoted, or the article is neither among the first three nor quoted; a
    warning where it is the second or third, or only other articles are quoted. An article that is
    quoted may be missing among those found, because another fills every place.
    """
    for one in asked:
        if one.rank == 1 and one.cited:
            continue
        severity: Severity = (
            "warning" if one.answered and (one.cited or _is_close(one)) else "error"
        )
        message = f"{one.question!r} {'; '.join(_outcome(one))}"
        yield Finding(one.article, message, severity, one.line)


def _asked(article: Article, question: str, line: int | None, exchange: Exchange) -> Asked:
    reply = exchange.reply
    found = tuple(dict.fromkeys(hit.article for hit in exchange.hits))
    citations = reply.citations if isinstance(reply, Answer | Comparison) else ()
    return Asked(
        article=article.path,
        question=question,
        line=line,
        rank=found.index(article.path) + 1 if article.path in found else None,
        found=found,
        kind="a question back" if isinstance(reply, Clarification) else "no answer",
        answered=bool(citations),
        cited=any(one.article == article.path for one in citations),
    )


def _is_close(one: Asked) -> bool:
    return one.rank is not None and one.rank <= _CLOSE


def _outcome(one: Asked) -> Iterator[str]:
    if one.rank is None:
        yield "does not find this article among the best passages"
    elif one.rank > 1:
        yield f"finds this article at rank {one.rank}"
    if not one.answered:
        yield f"gets {one.kind}"
    elif not one.cited:
        yield "is answered from other articles"
    others = [path for path in one.found if path != one.article][:_SHOWN]
    if others:
        yield f"found: {', '.join(others)}"
