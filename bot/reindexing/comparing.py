"""What a new generation does to answers: saved questions asked of the old one and of the new."""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.domain import Answer, Comparison, Exchange

Ask = Callable[[str], Exchange]
Quotes = frozenset[tuple[str, str]]

# A reranker may take a second a question: what is not asked by then is not waited for.
WITHIN_S = 60.0


@dataclass(frozen=True, slots=True)
class ChangedAnswer:
    """A question whose answer differs.

    Attributes:
        question: As saved.
        before: The articles quoted before, by path, in their order; none if it was not answered.
        after: The articles quoted now.
    """

    question: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerDiff:
    """What a new generation does to the answers of saved questions.

    Attributes:
        saved: How many questions there are.
        asked: How many of them were asked before the time was up.
        lost: Answered before and not now; or now from other words, since every article that was
            quoted is gone.
        changed: Answered with other quotations.
        gained: Answered now and not before.
    """

    saved: int = 0
    asked: int = 0
    lost: tuple[ChangedAnswer, ...] = ()
    changed: tuple[ChangedAnswer, ...] = ()
    gained: tuple[ChangedAnswer, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "AnswerDiff":
        """Read what `as_dict` gave.

        Raises:
            KeyError: if something is missing.
        """
        kinds = {
            kind: tuple(
                ChangedAnswer(str(one["question"]), tuple(one["before"]), tuple(one["after"]))
                for one in values[kind]
            )
            for kind in ("lost", "changed", "gained")
        }
        return cls(int(values["saved"]), int(values["asked"]), **kinds)


def compare_answers(
    questions: Sequence[str],
    before: Ask,
    after: Ask,
    articles: Collection[str],
    *,
    tell: Callable[[int, int], None] = lambda _done, _total: None,
    clock: Callable[[], float] = time.monotonic,
) -> AnswerDiff:
    """Ask questions of the old generation and of the new one.

    Args:
        questions: Those that matter most first.
        before: Answers from the old generation.
        after: Answers from the new one, in the same way.
        articles: The paths of the articles in the new one.
        tell: Told how many are asked, and of how many.
        clock: Seconds that only go up; after `WITHIN_S` of them no question is asked any more.
    """
    end = clock() + WITHIN_S
    kinds: dict[str, list[ChangedAnswer]] = {"lost": [], "changed": [], "gained": []}
    asked = 0
    for question in questions:
        if clock() > end:
            break
        old, new = before(question), after(question)
        kind = _kind(_quotes(old), _quotes(new), articles)
        if kind:
            kinds[kind].append(ChangedAnswer(question, _articles(old), _articles(new)))
        asked += 1
        tell(asked, len(questions))
    found = {kind: tuple(changes) for kind, changes in kinds.items()}
    return AnswerDiff(len(questions), asked, **found)


def _kind(old: Quotes, new: Quotes, articles: Collection[str]) -> str:
    """Return what became of an answer; empty if it is the same."""
    if not old:
        return "gained" if new else ""
    if not new:
        return "lost"
    gone = not any(path in articles for path, _ in old)
    if gone and not {text for _, text in old} & {text for _, text in new}:
        return "lost"
    return "changed" if old != new else ""


def _quotes(exchange: Exchange) -> Quotes:
    reply = exchange.reply
    cited = reply.citations if isinstance(reply, Answer | Comparison) else ()
    return frozenset((one.article, one.quote) for one in cited)


def _articles(exchange: Exchange) -> tuple[str, ...]:
    reply = exchange.reply
    cited = reply.citations if isinstance(reply, Answer | Comparison) else ()
    return tuple(dict.fromkeys(one.article for one in cited))
