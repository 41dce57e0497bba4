"""Abbreviations with more than one meaning: ask back, or say which meaning was taken. Pure."""

import re
from collections.abc import Sequence

from bot.answering.reading import TitleReader
from bot.answering.searching import Searcher
from bot.domain import Clarification, Question
from index.hits import Hit

# These ask for the meaning itself, which an article may hold.
_ASKS_MEANING = re.compile(
    r"\b(?:stands? for|mean(?:s|ing)?|what(?:'s|s| is| are) (?:an? )?\w+\??$|abbreviat\w+|acronym"
    r"|difference|vs\.?|versus)\b|^\w+\??$",
    re.IGNORECASE,
)


def clarify(
    question: Question, hits: Sequence[Hit], searcher: Searcher, reader: TitleReader
) -> Clarification | None:
    """Ask which meaning is meant, if the articles hold more than one; None if it is clear.

    Only a question about that one abbreviation is asked back; one that asks what it stands for,
    or compares it, is answered.
    """
    ours = [(letters, name) for letters, name in question.readings if reader.vocabulary.title(name)]
    surfaces = {letters for letters, _ in ours}
    if len(ours) < 2 or len(surfaces) > 1 or len(question.titles) > 1:
        return None
    if _ASKS_MEANING.search(question.text):
        return None
    held = {title for hit in hits for title in searcher.subject(hit.title)[0]}
    meanings = [name for _, name in ours if name in held]
    if len(meanings) < 2:
        return None
    letters = ours[0][0]
    pattern = re.compile(rf"\b{re.escape(letters)}\b")
    asked = question.resolved or question.text
    choices = tuple(pattern.sub(reader.display(name), asked, count=1) for name in meanings)
    return Clarification(
        question, f"{letters} can mean more than one thing. Which do you mean?", choices
    )


def reading_note(question: Question, reader: TitleReader) -> str:
    """Return what to add to the lead where an ambiguous abbreviation was read in one way."""
    notes = {}
    for letters, name in question.readings:
        if name in question.titles:
            notes[letters] = f"{letters} read as {reader.display(name)}"
    return f" ({', '.join(notes.values())})" if notes else ""
