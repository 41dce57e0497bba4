"""The one line above an answer: what it is about, no claim of its own. Pure."""

from bot.answering.reading import TitleReader
from bot.domain import Intent, Question

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


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
