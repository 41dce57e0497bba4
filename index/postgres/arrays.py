"""The arrays of a generation, kept whole beside its tables."""

import io

import numpy as np
import numpy.typing as npt

from index.errors import DamagedIndexError
from index.postgres.connecting import Connections
from index.postgres.schema import query

_PIECES = "SELECT name, content FROM {} WHERE name = ANY(%s) ORDER BY name, piece"


def read_arrays(
    connections: Connections, number: int, *names: str
) -> list[npt.NDArray[np.generic]]:
    """Return some arrays of a generation, by name.

    Raises:
        DamagedIndexError: if one is not there or cannot be read.
        StoreUnavailableError: if Postgres is away.
    """
    pieces: dict[str, list[bytes]] = {name: [] for name in names}
    for name, content in connections.fetch(query(_PIECES, number, "arrays"), [list(names)]):
        pieces[name].append(content)
    try:
        return [np.load(io.BytesIO(b"".join(pieces[name])), allow_pickle=False) for name in names]
    except (ValueError, EOFError) as error:
        raise DamagedIndexError(
            f"the arrays of a generation in Postgres cannot be read ({error}): run "
            "`pmrole index build`"
        ) from error
