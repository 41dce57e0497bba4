"""`pmrole migrate-to-postgres`: the state of one machine moved to Postgres, for several."""

import argparse
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from bot.cli import OK
from bot.cli.stored import file_of
from bot.index_store import index_store
from bot.operating.moving import MoveError, move_state
from bot.settings import Settings, SettingsError
from bot.state.database import open_database
from index.generation_store import GenerationStore

_NEXT = """
{file} is as it was. Next:
1. In .env set DATABASE_URL to that address, and INDEX_STORE=postgres if several bots are to share
   one index as well.
2. {index}
3. `pmrole doctor`, then start the bot."""
_BUILD = """With INDEX_STORE=postgres: `pmrole index build` puts the index there, and embeds all of
   it; --with-index would have brought the one of this machine."""
_LOADED = "The index {name} is there too, as it was, for INDEX_STORE=postgres."


def migrate_to_postgres(options: argparse.Namespace, settings: Settings) -> int:
    """Copy the state into an empty Postgres database, compare the two, and say what to set.

    Raises:
        SettingsError: if no Postgres database is named.
        MoveError, StateError: if the state cannot be moved; nothing is changed then.
        IndexingError: if the index was to be loaded too, and is not there or damaged.
    """
    url = _target(options.address, settings)
    generation = _checked_index(settings) if options.with_index else None
    file = options.source or file_of(settings) or Path("var/state.db")
    engine = open_database(url)
    try:
        moved = move_state(file, engine)
    finally:
        engine.dispose()
    for one in moved:
        print(f"{one.table:<20} {one.rows:>9,} rows  {one.checksum[:12]}")
    print(
        f"{sum(one.rows for one in moved):,} rows are on Postgres, the same by count and checksum."
    )
    if generation is not None:
        _load_index(generation, settings, url)
    index = _LOADED.format(name=generation) if generation else _BUILD
    print(_NEXT.format(file=file, index=index))
    return OK


def _target(address: str | None, settings: Settings) -> str:
    """Return the address of the Postgres database: the one given, or DATABASE_URL."""
    given = Settings.from_env({"DATABASE_URL": address}) if address else settings
    if file_of(given) is not None:
        raise SettingsError(
            "wanted is the address of an empty Postgres database: `pmrole migrate-to-postgres "
            "postgresql://name:password@host/database`, or the same in DATABASE_URL"
        )
    return given.database_url


def _checked_index(settings: Settings) -> str:
    """Return the name of the published generation of this machine, compared with its checksums."""
    store = GenerationStore(settings.index_dir)
    name = store.current_name()
    store.verify(name)
    return name


def _load_index(name: str, settings: Settings, url: str) -> None:
    """Publish a generation of this machine on Postgres, with its vectors and the calibration."""
    here = GenerationStore(settings.index_dir)
    there_too = replace(settings, database_url=url, index_store="postgres")
    with closing(index_store(there_too)) as there, there.building(wait_s=0.0):
        if there.names():
            raise MoveError(
                "the state is moved, but that database holds an index already, which stays; "
                "`pmrole index build` with INDEX_STORE=postgres makes a new one"
            )
        there.publish(here.folder / name, name)
        calibration = here.calibration()
        if calibration is not None:
            there.keep_calibration(calibration)
