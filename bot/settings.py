"""Every setting, read once from the environment, validated together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from index.chunking import MAX_TOKENS
from index.embedding import DEFAULT_MODEL


class SettingsError(Exception):
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
    """

    knowledge_dir: Path = Path("knowledge")
    index_dir: Path = Path("var/index")
    encoder_dir: Path = Path("var/encoder")
    embedding_model: str = DEFAULT_MODEL
    chunk_tokens: int = MAX_TOKENS
    keep_boilerplate: bool = False
    log_level: str = "WARNING"

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
                problems.append(f"{name}={text!r}: {error}")
        if problems:
            raise SettingsError("these settings are wrong:\n  " + "\n  ".join(problems))
        return cls(**values)


def _path(text: str) -> Path:
    return Path(text).expanduser()


def _boolean(text: str) -> bool:
    known = {"true": True, "yes": True, "1": True, "on": True}
    known |= {"false": False, "no": False, "0": False, "off": False}
    if text.lower() not in known:
        raise ValueError("true or false is wanted")
    return known[text.lower()]


def _tokens(text: str) -> int:
    if not text.isdigit() or not 16 <= int(text) <= 100_000:
        raise ValueError("a whole number from 16 to 100000 is wanted")
    return int(text)


def _level(text: str) -> str:
    if text.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise ValueError("DEBUG, INFO, WARNING or ERROR is wanted")
    return text.upper()


_PARSERS: dict[str, Callable[[str], Any]] = {
    "knowledge_dir": _path,
    "index_dir": _path,
    "encoder_dir": _path,
    "embedding_model": str,
    "chunk_tokens": _tokens,
    "keep_boilerplate": _boolean,
    "log_level": _level,
}
