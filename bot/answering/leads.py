"""The one line above an answer: what it is about, no claim of its own. Pure."""

import re
from collections.abc import Sequence

from bot.answering.intents import COMPARES, speaks_of
from bot.answering.reading import TitleReader
from bot.domain import Intent, Question
from index.hits import Hit

_RANK = re.compile(r"\b(?:e?vp|svp|hr|it|qa|u[xi])\b")
_ABOUT = {
    Intent.DEFINITION: "{title}",
    Intent.PATH: "{title}: the way there and on",
    Intent.SKILLS: "{title}: what it takes",
    Intent.HIRING: "{title}: hiring",
    Intent.CV: "{title}: CV and resume",
    Intent.INTERVIEW: "{title}: interviews",
    Intent.PAY: "{title}: pay",
    Intent.ORGANISATION: "{title}: place in the organisation",
    Intent.SWITCHING: "{title}: switching",
    Intent.PROCESS: "{title}: the work",
}


def lead_line(question: Question, article_title: str, reader: TitleReader) -> str:
    """Name the titles and the kind of answer; without titles, the article it comes from first."""
    names = [_capitalised(reader.display(name)) for name in question.titles]
    if not names:
        return article_title
    if question.intent is Intent.COMPARISON and len(names) > 1:
        return " vs ".join(names)
    return _ABOUT.get(question.intent, "{title}").format(title=" and ".join(names))


def outside_note(question: Question, hits: Sequence[Hit], reader: TitleReader) -> str:
    """Return what to add to the lead where a title outside is compared with one of ours.

    Empty where an article or section of the passages found is about it.
    """
    if not question.titles or not (
        COMPARES.search(question.text) or speaks_of(Intent.COMPARISON, question.outline)
    ):
        return ""
    held = {
        name
        for hit in hits
        for mention in reader.mentions(" > ".join([hit.title, *hit.heading]))
        for name in mention.readings
    }
    missing = [
        _RANK.sub(lambda rank: rank.group().upper(), name)
        for name in question.foreign_titles
        if name not in held
    ]
    return f" (no subject of the articles: {', '.join(missing)})" if missing else ""


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
