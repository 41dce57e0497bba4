"""Secrets taken out of whatever is written for people to read."""

import re
from collections.abc import Iterable
from dataclasses import fields
from urllib.parse import unquote, urlsplit

from bot.settings import Settings, masked

# Tokens of Slack of every kind, and addresses with which anybody may write in the bot's name.
_TOKENS = re.compile(r"\bx(?:ox[a-z](?:\.xox[a-z])?|app)-[A-Za-z0-9-]{6,}")
_HOOKS = re.compile(
    r"(https?://[^\s/\"']+/(?:commands|actions|app|services|workflows)/)[^\s\"'<>]+"
)
_PASSWORDS = re.compile(r"(\b[a-z][a-z0-9+.-]*://[^\s:/@\"']*:)[^\s/@\"']+@")
_TICKETS = re.compile(r"([?&]ticket=)[^\s&\"'<>]+")
# A shorter one could be any word.
_SHORTEST = 6


class Masking:
    """Takes secrets out of texts. Safe between threads."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        """Know some secrets besides those that can be told by their form."""
        known = sorted({one for one in secrets if len(one) >= _SHORTEST}, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    @classmethod
    def of(cls, settings: Settings) -> "Masking":
        """Know the secrets of the settings, and the password of the database."""
        secret = [one.name for one in fields(settings) if one.metadata.get("secret")]
        values = [getattr(settings, name) for name in secret if name != "database_url"]
        password = _password(settings.database_url)
        return cls([*filter(None, values), password, unquote(password)])

    def __call__(self, text: str) -> str:
        """Return a text without the secrets."""
        if self._known is not None:
            text = self._known.sub(lambda found: masked(found.group()), text)
        text = _TOKENS.sub(lambda found: masked(found.group()), text)
        text = _HOOKS.sub(r"\1***", text)
        text = _TICKETS.sub(r"\1***", text)
        return _PASSWORDS.sub(r"\1***@", text)


def _password(url: str) -> str:
    try:
        return urlsplit(url).password or ""
    except ValueError:
        return ""
