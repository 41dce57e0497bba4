"""The state database, for commands that can do without one."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import BotError
from bot.settings import Settings

if TYPE_CHECKING:  # SQLAlchemy takes half a second, and most installations begin without a state
    from bot.state.store import State

_SQLITE = "sqlite:///"


@contextmanager
def opened_state(settings: Settings) -> Iterator["State | None"]:
    """Open the state if there is one already; None if there is none, or it cannot be used.

    What is wrong with it is said on standard error: the command goes on without it.
    """
    state = _state(settings)
    try:
        yield state
    finally:
        if state is not None:
            state.close()


def bring_articles(settings: Settings, state: "State | None") -> None:
    """Bring the folder of articles to what admins did on any machine, before it is read.

    Raises:
        RefusedError: if an article cannot be written.
        StateError: if the state cannot be read.
    """
    if state is None:
        return
    from bot.uploads.storing import Shelf

    Shelf(settings.knowledge_dir, state.uploads).catch_up()


def file_of(settings: Settings) -> Path | None:
    """Return the file of the state database; None where it is Postgres."""
    url = settings.database_url
    return Path(url.removeprefix(_SQLITE)) if url.startswith(_SQLITE) else None


def _state(settings: Settings) -> "State | None":
    url, file = settings.database_url, file_of(settings)
    if file is not None and not file.is_file():
        return None
    from bot.state.store import State

    try:
        return State.open(url, policy=settings.question_log, retention_days=settings.retention_days)
    except BotError as error:
        print(f"pmrole: {error}; going on without what people asked", file=sys.stderr)
        return None
