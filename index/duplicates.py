"""Near-duplicate chunks: the same sentences in two articles must not fill every place."""

import hashlib
import re
from array import array
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

_WORD = re.compile(r"\w+")
# Words a shingle has; two chunks are near-duplicates if this share of the shorter one's shingles
# stands in the other (Broder 1997, "On the resemblance and containment of documents").
_SHINGLE_WORDS = 4
_CONTAINED = 0.8
# A shingle in more chunks than this is a stock phrase and tells nothing.
_STOCK_PHRASE = 64


def group_near_duplicates(texts: Sequence[str]) -> npt.NDArray[np.int32]:
    """Return for each text the row of the first text it nearly repeats, its own row if none."""
    groups = np.arange(len(texts), dtype=np.int32)
    sizes, hashes, owners = _shingles(texts)
    order = np.argsort(hashes, kind="stable")
    hashes, owners = hashes[order], owners[order]
    edges = np.flatnonzero(np.diff(hashes)) + 1
    starts, ends = np.concatenate([[0], edges]), np.concatenate([edges, [len(hashes)]])
    telling = (ends - starts > 1) & (ends - starts <= _STOCK_PHRASE)
    shared: dict[tuple[int, int], int] = {}
    for start, end in zip(starts[telling].tolist(), ends[telling].tolist(), strict=True):
        _count_pairs(owners[start:end].tolist(), shared)
    for (first, second), count in sorted(shared.items()):
        if count >= _CONTAINED * min(sizes[first], sizes[second]):
            groups[second] = min(groups[second], groups[first])
    return groups


def _shingles(
    texts: Sequence[str],
) -> tuple[Sequence[int], npt.NDArray[np.uint64], npt.NDArray[np.int32]]:
    # Arrays, because a library of 100,000 passages has five million shingles.
    sizes, hashes, owners = array("i"), array("Q"), array("i")
    for row, text in enumerate(texts):
        words = _WORD.findall(text.lower())
        count = max(1, len(words) - _SHINGLE_WORDS + 1)
        own = {" ".join(words[at : at + _SHINGLE_WORDS]) for at in range(count)}
        sizes.append(len(own))
        owners.extend([row] * len(own))
        hashes.extend(
            int.from_bytes(hashlib.blake2b(one.encode(), digest_size=8).digest()) for one in own
        )
    return sizes, np.asarray(hashes, dtype=np.uint64), np.asarray(owners, dtype=np.int32)


def _count_pairs(rows: list[int], shared: dict[tuple[int, int], int]) -> None:
    rows = sorted(rows)
    for place, first in enumerate(rows):
        for second in rows[place + 1 :]:
            shared[first, second] = shared.get((first, second), 0) + 1
