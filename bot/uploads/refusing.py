"""Why a file does not become an article."""

from bot.errors import BotError

WANTED = ".md, .txt, .html, .pdf or .docx"


class RefusedError(BotError):
    """A file is refused; the text says in one line what was seen and what is wanted.

    It may hold words of the file's name, so whoever shows it escapes it.
    """
