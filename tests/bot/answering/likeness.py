"""How alike sentences are, for tests without an index."""

from collections.abc import Sequence

import numpy as np

from bot.answering.choosing import Choice
from bot.answering.repeating import Likeness


def by_words(choices: Sequence[Choice]) -> Likeness:
    """Compare by a vector with a place for each word of the choices, all equally rare."""
    every = sorted(frozenset().union(*(one.words for one in choices)))
    counts = np.asarray([[word in one.words for word in every] for one in choices], np.float32)
    counts /= np.linalg.norm(counts, axis=-1, keepdims=True)
    return Likeness(choices, counts, lambda _: 1.0)
