"""A made generation put into a Postgres of the bench's own, and asked there."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from index.generation_store import GenerationStore
from index.postgres.connecting import Connections
from index.postgres.loading import load
from index.postgres.schema import ensure
from tests.postgres import running_postgres

SAID = "the Postgres of the tests' wheel with 32 MB of shared buffers, on the same machine"


@contextmanager
def loaded(folder: Path) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Load what a folder store publishes; give the address, its name, and what that took."""
    store = GenerationStore(folder)
    manifest = store.manifest_of(store.current_name())
    with running_postgres() as postgres, postgres.database(tables=False) as url:
        connections = Connections(url)
        ensure(connections)
        before, start = _size(url), time.perf_counter()
        load(connections, store.folder / manifest.name, manifest, "kept")
        took = {"seconds": time.perf_counter() - start, "disk": _size(url) - before}
        try:
            yield url, manifest.name, took
        finally:
            connections.close()


def _size(url: str) -> float:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    return float(row[0]) / 1e6 if row else 0.0
