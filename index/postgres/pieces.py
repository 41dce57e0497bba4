"""The files of a generation as Postgres keeps them: in pieces, of which one is in memory."""

import hashlib
from collections.abc import Iterator
from itertools import count

from index.errors import DamagedIndexError
from index.manifest import Manifest
from index.postgres.connecting import Connections
from index.postgres.schema import SCHEMA

_PIECE = (
    f"SELECT content FROM {SCHEMA}.files WHERE generation = %s AND path = %s AND piece = %s"  # noqa: S608 - a constant
).encode()


def read_pieces(connections: Connections, generation: str, path: str) -> Iterator[bytes]:
    """Give a file piece by piece; nothing if it is not there.

    Raises:
        StoreUnavailableError: if Postgres is away.
        DamagedIndexError: if it cannot read what it keeps.
    """
    for piece in count():
        rows = connections.fetch(_PIECE, [generation, path, piece])
        if not rows:
            return
        yield rows[0][0]


def check_pieces(connections: Connections, manifest: Manifest, place: str) -> None:
    """Compare the files of a generation with its manifest.

    Raises:
        DamagedIndexError: naming the first file that is missing or differs.
        StoreUnavailableError: if Postgres is away.
    """
    for path, (size, digest) in manifest.files.items():
        file = f"{path} of {manifest.name} in {place}"
        seen, sha256 = 0, hashlib.sha256()
        for piece in read_pieces(connections, manifest.name, path):
            seen += len(piece)
            sha256.update(piece)
        if size and not seen:
            raise DamagedIndexError(f"{file} is missing")
        if seen != size:
            raise DamagedIndexError(f"{file} has {seen} bytes, its manifest says {size}")
        if sha256.hexdigest() != digest:
            raise DamagedIndexError(f"{file} is damaged: its checksum differs")
