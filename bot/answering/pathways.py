"""What the articles expect of the level that a question on the way up leads to."""

from collections.abc import Callable, Sequence

from bot.answering.choosing import rank_sentences, without_repetition
from bot.answering.composing import Quotations
from bot.answering.confidence import weigh
from bot.answering.reading import TitleReader
from bot.domain import Question, QuotedSentence
from index.lexical import LexicalIndex
from index.retrieval import Hit

# Sentences of the next level that follow the answer, and how far below the best one may score.
_SENTENCES, _MARGIN = 2, 0.30


def next_level(
    question: Question,
    shown: Sequence[QuotedSentence],
    reader: TitleReader,
    lexical: LexicalIndex,
    find: Callable[[str], tuple[Question, Sequence[Hit]]],
    quotations: Quotations,
) -> tuple[QuotedSentence, ...]:
    """Quote what is said of the target title and was not shown yet.

    Args:
        question: A question on the way up.
        shown: The sentences of its answer so far.
        reader: Finds titles.
        lexical: Weighs words.
        find: Understands and searches for another question.
        quotations: Numbers the citations.
    """
    target = _target(question, shown, reader)
    if target is None:
        return ()
    wanted, hits = find(f"What is expected of {reader.display_one(target)}?")
    evidence = weigh(wanted, hits, lexical)
    choices = [
        one
        for one in rank_sentences(wanted, hits, evidence, reader, lexical.terms)
        if target in one.titles and all(one.sentence.text not in known.text for known in shown)
    ]
    introduction = f"Expected of {reader.display_one(target)}:"
    quoted = [
        quotations.quote_choice(one, introduction)
        for one in without_repetition(choices, _SENTENCES, _MARGIN)
    ]
    return tuple(one for one in quoted if one is not None)


def _target(question: Question, shown: Sequence[QuotedSentence], reader: TitleReader) -> str | None:
    """Return the title that a question leads to: the last of two, the next, or the one named."""
    if not question.titles:
        return None
    if len(question.titles) > 1:
        return question.titles[-1]
    title = question.titles[0]
    asked = question.text.lower()
    if "next" not in asked and "after" not in asked:
        return title
    following = reader.vocabulary.next_titles(title)
    named = [one.readings[0] for sentence in shown for one in reader.ours(sentence.text)]
    return next((name for name in named if name in following), None)
