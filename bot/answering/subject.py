"""Whether passages and sentences are on what was asked at all.

These rules refuse an answer, however confident the signals are. Pure.
"""

from collections.abc import Sequence

from bot.answering.choosing import Choice
from bot.answering.intents import required_words
from bot.answering.reading import TitleReader
from bot.domain import Intent, Question
from index.hits import Hit

# Of the best sentences, those one of which must name a title of another trade.
_TOLD = 1


def names_asked_title(question: Question, hits: Sequence[Hit], reader: TitleReader) -> bool:
    """Tell whether the passages name an asked title at all.

    However near they come in meaning, without it they answer another question.
    """
    asked = set(question.titles)
    return not asked or any(
        asked & set(mention.readings)
        for hit in hits
        for mention in reader.mentions(" > ".join([hit.title, *hit.heading, hit.text]))
    )


def held_titles(hits: Sequence[Hit], reader: TitleReader) -> frozenset[str]:
    """Return the titles outside the vocabulary's subject that articles found are about.

    A folder on nursing is about nurses, whatever the vocabulary thinks of them: its titles and
    headings name them, and none of ours beside them, as a glossary does or a way into our trade.
    """
    held: set[str] = set()
    for line in {line for hit in hits for line in (hit.title, *hit.heading)}:
        mentions = reader.mentions(line)
        if not any(one.ours for one in mentions):
            held.update(name for one in mentions for name in one.readings)
    return frozenset(held)


def is_other_trade(question: Question) -> bool:
    """Tell whether all titles asked about are of a trade that the articles only touch on."""
    return bool(question.titles) and not any("product" in title for title in question.titles)


def speaks_of_titles(question: Question, chosen: Sequence[Choice], reader: TitleReader) -> bool:
    """Tell whether sentences, or what they stand under, are about the titles asked about.

    What a title is must be said of it: a sentence that only mentions it defines another.
    """
    if not question.titles:
        return True
    asked = set(question.titles)
    if is_other_trade(question):
        # The articles are about product: of another trade they must speak by name.
        return any(asked & {*one.titles, *_subjects(one, reader)} for one in chosen[:_TOLD])
    if required_words(question.intent, question.outline):
        return True  # pay is rarely told title by title, and the sentences speak of pay
    if question.intent is Intent.DEFINITION and len(asked) == 1:
        return any(asked & set(_subjects(one, reader)) for one in chosen)
    return any(asked & (one.titles | set(_subjects(one, reader))) for one in chosen)


def _subjects(choice: Choice, reader: TitleReader) -> list[str]:
    """Return the titles that a sentence begins with, or that its headings name."""
    first = reader.ours(choice.sentence.text)[:1]
    above = reader.ours(" > ".join([choice.hit.title, *choice.hit.heading]))
    return [one.readings[0] for one in [*first, *above]]


def on_subject(question: Question, choices: list[Choice]) -> list[Choice]:
    """Keep what speaks of pay, interviews, CVs or bosses, where one of them is asked about."""
    required = required_words(question.intent, question.outline)
    if required is None:
        return choices
    return [
        one
        for one in choices
        if required.search(" ".join([one.hit.title, *one.hit.heading, one.sentence.text]).lower())
    ]
