"""Every setting, read once from the environment, validated together."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, cast
from urllib.parse import urlsplit

from bot.errors import BotError
from index.chunking import MAX_TOKENS
from index.embedding import DEFAULT_MODEL

IndexStore = Literal["folder", "postgres", "postgres+faiss"]


class SettingsError(BotError):
    """One or more settings are wrong; the text names every one of them."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How this installation runs; see docs/operating.md for each setting.

    Attributes:
        knowledge_dir: The folder of articles.
        index_dir: Where generations are kept, or what is copied of them.
        index_store: What keeps generations: the folder, Postgres, or Postgres with a copy here.
        encoder_dir: Where compiled encoders are kept.
        embedding_model: A sentence-transformers name or folder.
        reranker_model: A sentence-transformers CrossEncoder's name or folder; none by default.
        chunk_tokens: The most word pieces in a passage of several sentences.
        keep_boilerplate: Index adverts, biographies and reference lists too.
        log_level: DEBUG, INFO, WARNING or ERROR.
        log_format: Lines of JSON, text, or auto: text at a terminal and JSON elsewhere.
        database_url: Where the state is kept; may hold a password, so secret.
        question_log: How much of people's questions is kept.
        retention_days: How long questions, answers and comments are kept.
        slack_bot_token: The bot's token, xoxb-...; secret.
        slack_app_token: The app-level token for Socket Mode, xapp-...; secret.
        slack_api_url: Where Slack's Web API is.
        slack_signing_secret: What Slack signs requests of HTTP mode with; secret.
        slack_client_id: The app's client id, for installation in several workspaces.
        slack_client_secret: What belongs to it; secret.
        admin_users: Ids of people who may do what admins of the workspace may.
        ask_channel: Id of the channel that takes questions nobody could answer; none by default.
        admin_channel: Id of the channel that hears what admins do; none by default.
        reindex_max_lost: Saved questions that a new index may lose and be published unasked.
        knowledge_watch: Index by itself when articles change.
        port: Where HTTP mode listens, or in Socket Mode the health checks; 0 is any free port.
        http_host: The address it listens at.
        metrics_token: What whoever reads /metrics must bring; none by default; secret.
        socket_connections: Socket Mode connections at once, 1 to 10.
    """

    knowledge_dir: Path = Path("knowledge")
    index_dir: Path = Path("var/index")
    index_store: IndexStore = "folder"
    encoder_dir: Path = Path("var/encoder")
    embedding_model: str = DEFAULT_MODEL
    reranker_model: str | None = None
    chunk_tokens: int = MAX_TOKENS
    keep_boilerplate: bool = False
    log_level: str = "WARNING"
    log_format: Literal["auto", "json", "text"] = "auto"
    database_url: str = field(
        default="sqlite:///var/state.db", repr=False, metadata={"secret": True}
    )
    question_log: Literal["full", "redacted", "off"] = "redacted"
    retention_days: int = 90
    slack_bot_token: str | None = field(default=None, repr=False, metadata={"secret": True})
    slack_app_token: str | None = field(default=None, repr=False, metadata={"secret": True})
    slack_api_url: str = "https://slack.com/api/"
    slack_signing_secret: str | None = field(default=None, repr=False, metadata={"secret": True})
    slack_client_id: str | None = None
    slack_client_secret: str | None = field(default=None, repr=False, metadata={"secret": True})
    admin_users: tuple[str, ...] = ()
    ask_channel: str | None = None
    admin_channel: str | None = None
    reindex_max_lost: int = 2
    knowledge_watch: bool = False
    port: int | None = None
    http_host: str = "0.0.0.0"  # noqa: S104 - platforms reach a container from outside
    metrics_token: str | None = field(default=None, repr=False, metadata={"secret": True})
    socket_connections: int = 1

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
        if values.get("index_store", "folder") != "folder" and not _is_postgres(values):
            problems.append(
                f"INDEX_STORE={values['index_store']!r}: DATABASE_URL must name a Postgres for "
                "that, such as postgresql://name:password@host/database"
            )
        if problems:
            raise SettingsError("these settings are wrong:\n  " + "\n  ".join(problems))
        return cls(**values)


def _is_postgres(values: Mapping[str, Any]) -> bool:
    return str(values.get("database_url", "")).startswith("postgres")


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


def _log_format(text: str) -> Literal["auto", "json", "text"]:
    if text.lower() not in {"auto", "json", "text"}:
        raise ValueError("auto, json or text is wanted")
    return cast("Literal['auto', 'json', 'text']", text.lower())


def _metrics_token(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9._~+/=-]{16,}", text):
        raise ValueError("at least 16 letters, digits or any of ._~+/=- are wanted")
    return text


def _database(text: str) -> str:
    wanted = "sqlite:///var/state.db, or an address like postgresql://name:password@host/database"
    scheme, _, rest = text.partition("://")
    if scheme == "sqlite":
        # One slash belongs to the scheme; what follows it is a file, never memory.
        good = rest.startswith("/") and rest[1:] not in {"", ":memory:"}
        good = good and not rest.startswith("/file:")
    else:
        good = scheme in {"postgres", "postgresql", "postgresql+psycopg"} and bool(rest)
    if not good:
        raise ValueError(f"{wanted} is wanted")
    return text


def _index_store(text: str) -> IndexStore:
    if text.lower() not in {"folder", "postgres", "postgres+faiss"}:
        raise ValueError("folder, postgres or postgres+faiss is wanted")
    return cast("IndexStore", text.lower())


def _question_log(text: str) -> Literal["full", "redacted", "off"]:
    if text.lower() not in {"full", "redacted", "off"}:
        raise ValueError("full, redacted or off is wanted")
    return cast("Literal['full', 'redacted', 'off']", text.lower())


def _days(text: str) -> int:
    # Ten years: a typing mistake, such as a date, is above it.
    if not text.isdecimal() or not 1 <= int(text) <= 3650:
        raise ValueError("a whole number from 1 to 3650 is wanted")
    return int(text)


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


def _secret(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]+", text) or re.match(r"x[a-z]{3}-", text):
        raise ValueError("the secret from the app's page Basic Information is wanted, no token")
    return text


def _client_id(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9._-]+", text):
        raise ValueError("the client id from the app's page Basic Information is wanted")
    return text


def _people(text: str) -> tuple[str, ...]:
    ids = tuple(re.split(r"[\s,]+", text.strip(", ")))
    if not all(re.fullmatch(r"[UW][A-Z0-9]+", one) for one in ids):
        raise ValueError("ids of people are wanted, U... or W..., with commas between")
    return ids


def _channel(text: str) -> str:
    if not re.fullmatch(r"[CG][A-Z0-9]+", text):
        raise ValueError("a channel's id is wanted, C...: it stands last in the channel's details")
    return text


def _whole(least: int, most: int) -> Callable[[str], int]:
    def whole(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= most:
            raise ValueError(f"a whole number from {least} to {most} is wanted")
        return int(text)

    return whole


def _host(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9.:-]+", text):
        raise ValueError("an address of this machine is wanted, such as 127.0.0.1")
    return text


_PARSERS: dict[str, Callable[[str], Any]] = {
    "knowledge_dir": _path,
    "index_dir": _path,
    "index_store": _index_store,
    "encoder_dir": _path,
    "embedding_model": str,
    "reranker_model": str,
    "chunk_tokens": chunk_tokens,
    "keep_boilerplate": _boolean,
    "log_level": _level,
    "log_format": _log_format,
    "database_url": _database,
    "question_log": _question_log,
    "retention_days": _days,
    "slack_bot_token": _token_with("xoxb-"),
    "slack_app_token": _token_with("xapp-"),
    "slack_api_url": _url,
    "slack_signing_secret": _secret,
    "slack_client_id": _client_id,
    "slack_client_secret": _secret,
    "admin_users": _people,
    "ask_channel": _channel,
    "admin_channel": _channel,
    "reindex_max_lost": _whole(0, 1_000_000),
    "knowledge_watch": _boolean,
    "port": _whole(0, 65535),
    "http_host": _host,
    "metrics_token": _metrics_token,
    "socket_connections": _whole(1, 10),
}
