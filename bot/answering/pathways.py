"""What the articles expect of the level that a question on the way up leads to."""

import re
from collections.abc import Callable, Sequence

from bot.answering.choosing import Choice, rank_sentences
from bot.answering.directions import Way, asked_way, way
from bot.answering.evidence import weigh
from bot.answering.reading import TitleReader
from bot.answering.repeating import Likeness, without_repetition
from bot.domain import Question
from index.generation import Generation
from index.hits import Hit

# Sentences of the next level, at most, and how far below the best one may score.
_SENTENCES, _MARGIN = 2, 0.30
# What letters stand for is expected of nobody.
_LETTERS = re.compile(r"\bstands? for\b|\bletters\b")


def next_level(
    question: Question,
    taken: Sequence[Choice],
    reader: TitleReader,
    generation: Generation,
    find: Callable[[str], tuple[Question, Sequence[Hit]]],
) -> tuple[str, list[Choice]]:
    """Return what is said of the target title and not taken yet, and how to introduce it.

    Args:
        question: A question on the way up.
        taken: The sentences of its answer so far.
        reader: Finds titles.
        generation: Where it was found.
        find: Understands and searches for another question.
    """
    target = _target(question, taken, reader)
    if target is None:
        return "", []
    wanted, hits = find(f"What is expected of {reader.display_one(target)}?")
    lexical = generation.lexical
    evidence = weigh(wanted, hits, lexical)
    only = Way(reached=frozenset([target]))
    ranked = rank_sentences(wanted, hits, evidence, reader, lexical.terms)
    likeness = Likeness.of([*taken, *ranked], generation)
    choices = [
        one
        for one in ranked
        if target in one.titles
        and not likeness.repeats_any(one, taken)
        and not _LETTERS.search(one.sentence.text)
        and only.shared_by(way(one.sentence.text, reader.ours(one.sentence.text))) is not False
    ]
    introduction = f"Expected of {reader.display_one(target)}:"
    return introduction, without_repetition(choices, _SENTENCES, _MARGIN, likeness)


def _target(question: Question, taken: Sequence[Choice], reader: TitleReader) -> str | None:
    """Return the title that a question leads to: the one reached, the next, or the one named."""
    if not question.titles:
        return None
    asked = asked_way(question, reader.ours(question.resolved or question.text))
    reached = [title for title in question.titles if title in asked.reached]
    if reached or not asked.left:
        return (reached or question.titles)[-1]
    following = reader.vocabulary.next_titles(question.titles[-1])
    named = [one.readings[0] for known in taken for one in reader.ours(known.sentence.text)]
    return next((name for name in named if name in following), None)
