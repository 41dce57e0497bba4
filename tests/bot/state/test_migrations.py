"""A database reaches the present tables from nothing, once, whoever opens it."""

import subprocess
import sys
import time

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import SQLAlchemyOAuthStateStore
from sqlalchemy import MetaData, create_engine, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateTable

from bot.state import migrations, schema
from bot.state.database import open_database
from bot.state.upgrading import HEAD, KNOWN, REVISIONS
from tests.bot.state.child import children, lines_of
from tests.bot.state.conftest import on_empty
from tests.commands import ROOT


def differences(engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": REVISIONS, "compare_type": True}
        )
        return compare_metadata(context, schema.metadata)


@on_empty
def test_the_migrations_make_the_tables_the_program_uses(url):
    engine = open_database(url)
    assert differences(engine) == []
    engine.dispose()


def test_the_program_knows_every_migration():
    config = Config()
    config.set_main_option("script_location", next(iter(migrations.__path__)))
    steps = ScriptDirectory.from_config(config)
    assert steps.get_heads() == [HEAD]
    assert {one.revision for one in steps.walk_revisions()} == KNOWN


SLACKS = [
    SQLAlchemyInstallationStore.build_installations_table(MetaData(), "slack_installations"),
    SQLAlchemyInstallationStore.build_bots_table(MetaData(), "slack_bots"),
    SQLAlchemyOAuthStateStore.build_oauth_states_table(MetaData(), "slack_oauth_states"),
]


@pytest.mark.parametrize("table", SLACKS, ids=lambda table: table.name)
@pytest.mark.parametrize("dialect", [sqlite.dialect(), postgresql.dialect()], ids=["sqlite", "pg"])
def test_the_tables_of_installations_are_slack_sdks_own(table, dialect):
    ours = schema.metadata.tables[table.name]
    assert str(CreateTable(ours).compile(dialect=dialect)) == str(
        CreateTable(table).compile(dialect=dialect)
    )
    indexes = [
        {index.name: list(index.columns.keys()) for index in t.indexes} for t in (ours, table)
    ]
    assert indexes[0] == indexes[1]


@pytest.mark.parametrize("table", schema.metadata.sorted_tables, ids=lambda table: table.name)
def test_postgres_has_a_form_for_every_table(table):
    assert "CREATE TABLE" in str(CreateTable(table).compile(dialect=postgresql.dialect()))


@on_empty
def test_several_processes_may_open_a_new_database_at_once(url):
    with children(*[("open_and_close", url)] * 4) as processes:
        for one in processes:
            assert lines_of(one) == []
    engine = open_database(url)
    assert differences(engine) == []
    engine.dispose()


@pytest.mark.parametrize("delay_ms", [0, 3, 10, 30, 60, 120])
@on_empty
def test_a_process_killed_while_migrating_leaves_all_or_nothing(url, delay_ms):
    with children(("open_and_close", url)) as (process,):
        time.sleep(delay_ms / 1000)
        process.kill()
        process.wait()
        plain = create_engine(url)
        tables = set(inspect(plain).get_table_names())
        plain.dispose()
        assert not tables or tables == {*schema.metadata.tables, REVISIONS}
    engine = open_database(url)
    assert differences(engine) == []
    engine.dispose()


def test_a_present_database_is_opened_without_alembic(url):
    open_database(url).dispose()
    check = (
        "import sys; from bot.state.database import open_database\n"
        f"open_database({url!r}).dispose(); sys.exit('alembic' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", check], cwd=ROOT, check=True, timeout=60)


def test_asking_in_a_terminal_does_not_import_the_state():
    check = (
        "import sys; import bot.__main__, bot.cli.asking, bot.settings\n"
        "sys.exit('bot.state' in sys.modules or 'sqlalchemy' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", check], cwd=ROOT, check=True, timeout=60)
