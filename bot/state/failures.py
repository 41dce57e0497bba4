"""What can go wrong with the state database, in words for an operator."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from bot.errors import BotError


class StateError(BotError):
    """The state database is locked, unreachable, damaged or newer than this program.

    The text says what was seen and what to do; it holds no password and no stored text.
    """


def named(url: URL) -> str:
    """Return what a message may say of a database: its file, or its host and name."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    port = f":{url.port}" if url.port else ""
    return f"{url.host or 'localhost'}{port}/{url.database or ''}"


_CLOSE = "close what else has it open, such as a sqlite3 shell"
_RESTORE = "restore a copy, or move it away: a new one is begun"
# What SQLite says (in small letters), what it means, and what to do about it.
_SQLITE = (
    ("locked", "is locked by another program", _CLOSE),
    ("busy", "is locked by another program", _CLOSE),
    ("malformed", "is damaged", _RESTORE),
    ("not a database", "is damaged or not a database", _RESTORE),
    ("unable to open", "cannot be opened", "name a file the bot may write to in DATABASE_URL"),
    ("readonly", "cannot be written to", "make the file and its folder writable for the bot"),
    ("full", "cannot grow: the disk is full", "free disk space"),
    ("disk i/o", "cannot be read or written by the disk", "check the disk"),
)


@contextmanager
def explained(url: URL) -> Iterator[None]:
    """Turn what the database raises into a StateError.

    Raises:
        StateError: for every error of the database and its driver.
    """
    try:
        yield
    except PoolTimeoutError as error:
        raise StateError(
            f"the state database {named(url)} gave no connection in time: every one is in use; "
            "ask again in a moment"
        ) from error
    except DBAPIError as error:
        told = StateError(_text(error, url))
        # Postgres may quote stored values in its messages: they are kept out of tracebacks too.
        raise told from (error if url.get_backend_name() == "sqlite" else None)


def _text(error: DBAPIError, url: URL) -> str:
    name = named(url)
    if url.get_backend_name() != "sqlite":
        code = getattr(error.orig, "sqlstate", None)
        kind = f"{type(error.orig).__name__}{f' {code}' if code else ''}"
        return (
            f"the state database at {name} failed ({kind}); check that it runs, that DATABASE_URL "
            "is right, and its own log"
        )
    seen = str(error.orig)
    for sign, meaning, remedy in _SQLITE:
        if sign in seen.lower():
            return f"the state database {name} {meaning} (SQLite: {seen}); {remedy}"
    return f"the state database {name} failed (SQLite: {seen}); see the traceback in the log"
