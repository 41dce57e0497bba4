"""The tables of a generation's vectors, and the graphs that find the nearest of many."""

import numpy as np
import numpy.typing as npt
from psycopg import errors, sql

from index.postgres.connecting import Session
from index.postgres.copying import copy_vectors
from index.postgres.schema import query, table
from index.vectors import EXACT_LIMIT

# The sets of vectors: their names in a build folder, and those of their tables.
TABLES = {
    "chunks": "chunk_vectors",
    "sentences": "sentence_vectors",
    "headings": "heading_vectors",
}
# Those that are searched; of the third only cosines are asked.
SEARCHED = "chunks", "sentences"
# Searched as connecting.py says, these give a recall@10 of 0.99 at 50,000 vectors; 64 instead of
# 128 is built in half the time and gives 0.975.
_LINKS, _BUILT_WITH = 16, 128
# What a vector takes in a graph under construction beside itself, and what all may take.
_LINK_BYTES, _LEAST_MB, _MOST_MB = 1024, 64, 2048
_BUILDERS = 4

# Kept in the row itself, whatever its length: it is read for every question.
_MADE = """
CREATE TABLE {{0}} (row integer, vector halfvec({dimension}) NOT NULL);
ALTER TABLE {{0}} ALTER vector SET STORAGE PLAIN;
"""
_GRAPH = f"""
CREATE INDEX ON {{0}} USING hnsw (vector halfvec_ip_ops)
WITH (m = {_LINKS}, ef_construction = {_BUILT_WITH})
"""


def store_vectors(
    session: Session, number: int, name: str, vectors: npt.NDArray[np.float16]
) -> None:
    """Make the table of one set of vectors and fill it, inside a transaction.

    Args:
        session: The connection.
        number: The generation's.
        name: "chunks", "sentences" or "headings".
        vectors: Unit vectors, shape (how many, dimension); in the order of their rows.
    """
    made = _MADE.format(dimension=vectors.shape[1])
    session.execute(query(made, number, TABLES[name]))
    own = table(number, TABLES[name])
    copy_vectors(session, own, vectors)
    session.execute(sql.SQL("ALTER TABLE {} ADD PRIMARY KEY (row)").format(own))


def build_graph(session: Session, number: int, name: str, vectors: npt.NDArray[np.float16]) -> None:
    """Build the graph over one set of vectors, unless they are few: those are held in memory.

    Several processes of the server build it, in memory as far as it goes.
    """
    if len(vectors) <= EXACT_LIMIT:
        return
    needed = vectors.size * vectors.itemsize + len(vectors) * _LINK_BYTES
    megabytes = min(_MOST_MB, max(_LEAST_MB, needed // 1_000_000))
    statement = query(_GRAPH, number, TABLES[name])
    session.execute(f"SET maintenance_work_mem = '{megabytes}MB'".encode())
    try:
        session.execute(f"SET max_parallel_maintenance_workers = {_BUILDERS}".encode())
        session.execute(statement)
    except (errors.DiskFull, errors.OutOfMemory):
        # They share memory that a container often has little of; one alone needs none.
        session.execute("SET max_parallel_maintenance_workers = 0")
        session.execute(statement)
