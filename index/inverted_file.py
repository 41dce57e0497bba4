"""The inverted file that many vectors are searched by: its lists, its codes, its training.

With `index.vectors`, the only door to FAISS.
"""

import math

import faiss
import numpy as np
import numpy.typing as npt

# Lists of the inverted file: so many times the root of the number of vectors. A quarter of them is
# visited, of millions of vectors fewer, which are nearer to each other (bench/scale.md).
_LISTS_PER_ROOT, _MOST_LISTS = 4, 4096
_SHARE_PROBED, _ALWAYS_PROBED, _SHARE_OF_MORE = 1 / 4, 30_000, 1 / 32
# What k-means is given for each list, and how often it goes over them.
_TRAINING_PER_LIST, _LEAST_TRAINING, _PASSES = 64, 50_000, 6
# Quantisers are taken over while the number of lists that they would have is within this factor.
_ALIKE = 1.25


def _lists_for(count: int) -> int:
    return min(_MOST_LISTS, round(_LISTS_PER_ROOT * math.sqrt(count)))


def probed(lists: int, count: int) -> int:
    """Return how many lists are searched for a question."""
    visited = min(_SHARE_PROBED * count, _ALWAYS_PROBED + _SHARE_OF_MORE * count)
    return max(1, round(lists * visited / max(1, count)))


def _empty(coarse: faiss.Index, dimension: int, lists: int) -> faiss.IndexIVFPQFastScan:
    """Return an inverted file with 4 bits for each 2 dimensions of what its lists leave over.

    André et al. 2017, "Accelerated nearest neighbor search with Quick ADC", as built in FAISS.
    """
    parts = next(m for m in range(dimension // 2 or 1, 0, -1) if dimension % m == 0)
    index = faiss.IndexIVFPQFastScan(coarse, dimension, lists, parts, 4, faiss.METRIC_INNER_PRODUCT)
    index.by_residual = True
    return index


def trained(rows: npt.NDArray[np.float16]) -> faiss.IndexIVFPQFastScan:
    """Return an empty inverted file whose quantisers fit some unit vectors, a row each."""
    count, dimension = rows.shape
    lists = _lists_for(count)
    index = _empty(faiss.IndexFlatIP(dimension), dimension, lists)
    index.cp.niter, index.cp.spherical = _PASSES, True
    step = max(1, count // max(_LEAST_TRAINING, _TRAINING_PER_LIST * lists))
    index.train(rows[::step].astype(np.float32))
    return index


def trained_like(held: faiss.IndexIVFPQFastScan, count: int) -> faiss.IndexIVFPQFastScan | None:
    """Return an empty inverted file with another's quantisers, for about the same vectors.

    Args:
        held: The other.
        count: How many vectors there are; None comes back if they want more or fewer lists.
    """
    if not 1 / _ALIKE <= held.nlist / _lists_for(count) <= _ALIKE:
        return None
    index = _empty(faiss.clone_index(held.quantizer), held.d, held.nlist)
    index.pq.centroids = held.pq.centroids
    index.is_trained = True
    return index
