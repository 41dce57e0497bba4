"""What completes the best sentences: a near article's say, and further points of their own.

The best sentences of a question crowd where its words stand. The second point of an answer often
stands further down the same section in other words, and where two articles are equally near, the
asker is owed the other one's answer too (bench/quality.md, "Completing an answer"). Pure.
"""

from collections.abc import Sequence

from bot.answering.choosing import Choice
from bot.answering.quotable import stands_alone
from bot.answering.repeating import Likeness
from index.hits import Hit

# Articles that may have their say, and how far their best passage may score below the best one.
_ARTICLES, _NEAR = 3, 0.25
# How far below the best sentence theirs may score.
_MARGIN = 0.50
# The same for what else is said in the articles used.
_LAST_MARGIN, _LAST_NEAR = 0.35, 0.10
# Words that a further point of the section must have and no sentence taken has.
_NEW_WORDS = 3


def complete(
    taken: Sequence[Choice], choices: Sequence[Choice], count: int, likeness: Likeness
) -> list[Choice]:
    """Add to the best sentences, up to a count, one of each near article and then of their own.

    Args:
        taken: The best sentences, best first.
        choices: All that may be shown, best first.
        count: The most that are returned.
        likeness: Compares them.
    """
    completed = list(taken)
    if not completed:
        return completed
    others = _of_near_articles(completed, choices, likeness)
    completed += others[: max(0, count - len(completed))]
    for one in [*_of_section(completed, choices), *_of_articles(completed, choices)]:
        if len(completed) >= count:
            break
        known = frozenset[str]().union(*(other.words for other in completed))
        if len(one.words - known) >= _NEW_WORDS and not likeness.repeats_any(one, completed):
            completed.append(one)
    return completed


def _of_section(taken: Sequence[Choice], choices: Sequence[Choice]) -> list[Choice]:
    """Return what else stands under the best sentence's heading and can be shown alone, in order.

    A section says the most in its first sentences, whatever their words.
    """
    best = taken[0].hit
    own = [
        one
        for one in choices
        if (one.hit.article, one.hit.heading) == (best.article, best.heading)
        and stands_alone(one.sentence.text)
    ]
    return sorted(own, key=lambda one: one.sentence.span.start)


def _of_articles(taken: Sequence[Choice], choices: Sequence[Choice]) -> list[Choice]:
    """Return what else the articles used say near the best sentence and can be shown alone."""
    used = {one.hit.article for one in taken}
    best = taken[0]
    return [
        one
        for one in choices
        if one.hit.article in used
        and one.score >= best.score - _LAST_MARGIN
        and one.hit.score >= best.hit.score - _LAST_NEAR
        and stands_alone(one.sentence.text)
    ]


def _of_near_articles(
    taken: Sequence[Choice], choices: Sequence[Choice], likeness: Likeness
) -> list[Choice]:
    """Return the best sentence of each near article that none was taken from, nearest first."""
    best: dict[str, Hit] = {}
    for one in sorted(choices, key=lambda choice: choice.hit.rank):
        best.setdefault(one.hit.article, one.hit)
    if not best:
        return []
    nearest = max(hit.score for hit in best.values())
    found: list[Choice] = []
    for article, hit in list(best.items())[:_ARTICLES]:
        known = [*taken, *found]
        if hit.score < nearest - _NEAR or any(one.hit.article == article for one in known):
            continue
        own = [
            one
            for one in choices
            if one.hit.article == article
            and one.score >= taken[0].score - _MARGIN
            and not likeness.repeats_any(one, known)
        ]
        found += own[:1]
    return found
