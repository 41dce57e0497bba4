"""How alike sentences are, for tests without an index."""

from collections.abc import Sequence

import numpy as np

from bot.answering.choosing import Choice
from bot.answering.repeating import Likeness


def by_words(choices: Sequence[Choice]) -> Likeness:
    """Compare by a vector with a place for each word of the choices, all equally rare."""
    every = sorted(frozenset().union(*(one.words for one in choices)))
    vectors = {}
    for one in choices:
        counts = np.asarray([word in one.words for word in every], dtype=np.float32)
        vectors[one.hit.row, one.place] = counts / np.linalg.norm(counts)
    return Likeness(vectors, lambda _: 1.0)
