"""BM25 over postings in Postgres, fetched when a question has a stem, and kept."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from index.bm25 import Weigher
from index.inverting import Postings
from index.posted_words import PostedWords
from index.postgres.connecting import Connections
from index.postgres.schema import query

_POSTINGS = "SELECT stem, rows, counts FROM {} WHERE stem = ANY(%s) ORDER BY stem, part"


class PostgresWords(PostedWords):
    """BM25 over numbered texts, whose postings lie in Postgres. Safe between threads."""

    def __init__(
        self,
        connections: Connections,
        number: int,
        weigher: Weigher,
        stem_keys: npt.NDArray[np.uint64],
        frequencies: npt.NDArray[np.int32],
    ) -> None:
        """Read the postings of a generation.

        Args:
            connections: To the database.
            number: The generation's.
            weigher: Knows the lengths of its texts.
            stem_keys: The keys of all its stems, ascending.
            frequencies: In how many texts each of them stands.
        """
        super().__init__(weigher, stem_keys, frequencies)
        self._connections = connections
        self._query = query(_POSTINGS, number, "postings")

    def postings(self, terms: Sequence[str]) -> Mapping[str, Postings]:
        """See `PostedWords.postings`."""
        parts: dict[str, list[tuple[bytes, bytes]]] = {term: [] for term in terms}
        for stem, rows, counts in self._connections.fetch(self._query, [list(terms)]):
            parts[stem].append((rows, counts))
        return {term: _joined(some) for term, some in parts.items()}


def _joined(parts: Sequence[tuple[bytes, bytes]]) -> Postings:
    rows = np.frombuffer(b"".join(rows for rows, _ in parts), dtype=np.int32)
    counts = np.frombuffer(b"".join(counts for _, counts in parts), dtype=np.uint16)
    return Postings(rows, counts)
