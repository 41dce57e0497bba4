"""Whose turn it is to reindex, kept where the index is kept."""

from bot.reindexing.folder_turns import FolderTurns
from bot.reindexing.turns import Turns
from bot.settings import Settings


def turns_of(settings: Settings) -> Turns:
    """Return the turns of the index that the settings name."""
    if settings.index_store == "folder":
        return FolderTurns(settings.index_dir)
    from bot.reindexing.postgres_turns import PostgresTurns  # noqa: PLC0415 - psycopg takes time

    return PostgresTurns(settings.database_url)
