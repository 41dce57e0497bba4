"""Every setting, read once from the environment, validated together."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot.errors import BotError
from index.chunking import MAX_TOKENS
from index.embedding import DEFAULT_MODEL


class SettingsError(BotError):
    """One or more settings are wrong; the text names every one of them."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How this installation runs; see docs/operating.md for each setting.

    Attributes:
        knowledge_dir: The folder of articles.
        index_dir: Where generations are kept.
        encoder_dir: Where compiled encoders are kept.
        embedding_model: A sentence-transformers name or folder.
        chunk_tokens: The most word pieces in a passage of several sentences.
        keep_boilerplate: Index adverts, biographies and reference lists too.
        log_level: DEBUG, INFO, WARNING or ERROR.
        slack_bot_token: The bot's token, xoxb-...; secret.
        slack_app_token: The app-level token for Socket Mode, xapp-...; secret.
        slack_api_url: Where Slack's Web API is.
    """

    knowledge_dir: Path = Path("knowledge")
    index_dir: Path = Path("var/index")
    encoder_dir: Path = Path("var/encoder")
    embedding_model: str = DEFAULT_MODEL
    chunk_tokens: int = MAX_TOKENS
    keep_boilerplate: bool = False
    log_level: str = "WARNING"
    slack_bot_token: str | None = field(default=None, repr=False, metadata={"secret": True})
    slack_app_token: str | None = field(default=None, repr=False, metadata={"secret": True})
    slack_api_url: str = "https://slack.com/api/"

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Settings":
        """Read the settings from an environment; an empty value counts as not set.

        Raises:
            SettingsError: naming every setting that is wrong, what was seen and what is wanted.
        """
        values: dict[str, Any] = {}
        problems: list[str] = []
        for setting in fields(cls):
            name = setting.name.upper()
            text = env.get(name, "").strip()
            if not text:
                continue
            try:
                values[setting.name] = _PARSERS[setting.name](text)
            except ValueError as error:
                seen = masked(text) if setting.metadata.get("secret") else text
                problems.append(f"{name}={seen!r}: {error}")
        if problems:
            raise SettingsError("these settings are wrong:\n  " + "\n  ".join(problems))
        return cls(**values)


def masked(secret: str) -> str:
    """Return what may be shown of a secret: which kind of Slack token it is, and no more."""
    kind = re.match(r"x[a-z]{3}-", secret)
    return f"{kind.group() if kind else ''}***"


def _path(text: str) -> Path:
    return Path(text).expanduser()


def _boolean(text: str) -> bool:
    known = {"true": True, "yes": True, "1": True, "on": True}
    known |= {"false": False, "no": False, "0": False, "off": False}
    if text.lower() not in known:
        raise ValueError("true or false is wanted")
    return known[text.lower()]


def chunk_tokens(text: str) -> int:
    """Read the most word pieces of a passage.

    Raises:
        ValueError: if it is not a whole number in the range that makes sense.
    """
    if not text.isdecimal() or not 16 <= int(text) <= 100_000:
        raise ValueError("a whole number from 16 to 100000 is wanted")
    return int(text)


def _level(text: str) -> str:
    if text.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise ValueError("DEBUG, INFO, WARNING or ERROR is wanted")
    return text.upper()


def _token_with(prefix: str) -> Callable[[str], str]:
    def token(text: str) -> str:
        if not re.fullmatch(rf"{prefix}[A-Za-z0-9-]+", text):
            raise ValueError(f"a token that begins with {prefix} is wanted")
        return text

    return token


def _url(text: str) -> str:
    address = urlsplit(text)
    if address.scheme not in {"http", "https"} or not address.hostname:
        raise ValueError("an address that begins with https:// is wanted")
    return text.rstrip("/") + "/"


_PARSERS: dict[str, Callable[[str], Any]] = {
    "knowledge_dir": _path,
    "index_dir": _path,
    "encoder_dir": _path,
    "embedding_model": str,
    "chunk_tokens": chunk_tokens,
    "keep_boilerplate": _boolean,
    "log_level": _level,
    "slack_bot_token": _token_with("xoxb-"),
    "slack_app_token": _token_with("xapp-"),
    "slack_api_url": _url,
}
