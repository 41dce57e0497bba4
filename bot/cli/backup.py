"""`pmrole export` and `pmrole import`: the state as one file, and back."""

import argparse
import sys

from bot.cli import FAILED, OK
from bot.cli.stored import file_of
from bot.operating.backup import export_state, import_state
from bot.settings import Settings
from bot.state.database import open_database


def export(options: argparse.Namespace, settings: Settings) -> int:
    """Write the state into a file."""
    file = file_of(settings)
    if file is not None and not file.is_file():
        print(
            f"pmrole: there is no state at {file} yet: `pmrole serve` makes it, or DATABASE_URL "
            "names another",
            file=sys.stderr,
        )
        return FAILED
    engine = open_database(settings.database_url)
    try:
        exported = export_state(engine, options.file, installations=options.with_installations)
    finally:
        engine.dispose()
    size = options.file.stat().st_size / 1_000_000
    print(f"{options.file}: {exported.total} rows, {size:.1f} MB")
    if options.with_installations:
        print("It holds the tokens of workspaces: keep it as you keep those.")
    return OK


def restore(options: argparse.Namespace, settings: Settings) -> int:
    """Put the state of a file into the database."""
    engine = open_database(settings.database_url)
    try:
        exported = import_state(engine, options.file, replace=options.replace)
    finally:
        engine.dispose()
    uploads = exported.rows.get("uploads", 0)
    print(
        f"{exported.total} rows of {exported.made_at:%Y-%m-%d %H:%M} UTC, made by PM Role "
        f"{exported.program}. Start the bot now"
        + (f": it writes {uploads} uploaded articles back and indexes them." if uploads else ".")
    )
    return OK
