"""The shared tables are made once, and what is missing for them is said with the remedy."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from index.errors import IndexMismatchError, StoreUnavailableError
from index.postgres.connecting import Connections
from index.postgres.schema import ensure


@pytest.fixture
def bare(empty_postgres):
    """Connections to a database with nothing in it."""
    opened = Connections(empty_postgres)
    yield opened
    opened.close()


def run(url, statement):
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(statement)


def test_several_replicas_make_the_tables_at_once(bare):
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(ensure, [bare] * 6))
    assert bare.fetch(b"SELECT value FROM pmrole_index.settings WHERE key = 'format'") == [("1",)]


def test_what_is_there_stays(bare):
    ensure(bare)
    run(bare.url, "INSERT INTO pmrole_index.settings VALUES ('current', 'x')")
    ensure(bare)
    assert bare.fetch(b"SELECT count(*) FROM pmrole_index.settings") == [(2,)]


def test_tables_of_another_version_are_refused_and_kept(bare):
    ensure(bare)
    run(bare.url, "UPDATE pmrole_index.settings SET value = '7' WHERE key = 'format'")
    with pytest.raises(IndexMismatchError, match="has format 7, this program reads 1"):
        ensure(bare)
    assert bare.fetch(b"SELECT count(*) FROM pmrole_index.settings") == [(1,)]


def test_a_role_that_may_not_add_pgvector_is_told_who_may(bare, empty_postgres):
    run(bare.url, "DO $$ BEGIN CREATE ROLE plain LOGIN; EXCEPTION WHEN OTHERS THEN END $$")
    other = Connections(empty_postgres.replace("pmrole@", "plain@"))
    with pytest.raises(StoreUnavailableError, match="let one that may run `CREATE EXTENSION vec"):
        ensure(other)
    other.close()
    # Once pgvector is there, what it still lacks is the right to make a schema.
    run(bare.url, "CREATE EXTENSION vector")
    with pytest.raises(StoreUnavailableError, match="GRANT CREATE ON DATABASE"):
        ensure(other)
    other.close()


def test_a_server_without_pgvector_is_told_what_to_install(bare, tmp_path):
    ((name,),) = bare.fetch(b"SELECT current_database()")
    bare.close()
    run(bare.url, f'ALTER DATABASE {name} SET extension_control_path = "{tmp_path}"')
    other = Connections(bare.url)
    with pytest.raises(StoreUnavailableError, match="postgresql-<version>-pgvector"):
        ensure(other)
    other.close()


def test_an_old_pgvector_is_told_what_is_wanted(bare):
    run(bare.url, "CREATE EXTENSION vector")
    run(bare.url, "UPDATE pg_extension SET extversion = '0.7.4' WHERE extname = 'vector'")
    with pytest.raises(StoreUnavailableError, match=r"has pgvector 0\.7\.4; wanted is 0\.8 or n"):
        ensure(bare)


def test_a_database_that_keeps_no_unicode_is_refused(postgres):
    with postgres.database(tables=False) as url:
        run(url, "DROP DATABASE IF EXISTS ascii_only")
        run(url, "CREATE DATABASE ascii_only ENCODING 'SQL_ASCII' TEMPLATE template0")
        other = Connections(postgres.address("ascii_only"))
        with pytest.raises(StoreUnavailableError, match="keeps text as SQL_ASCII"):
            ensure(other)
        other.close()
        run(url, "DROP DATABASE ascii_only WITH (FORCE)")
