"""Every weight is the one that tantivy gives."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from index.bm25 import Weigher, coded_lengths
from index.inverting import Inverter
from tests.index.by_tantivy import Tantivy

WORDS = ["product", "roadmaps", "start-up", "teams", "hiring", "leads", "über", "the", "x1"]
texts = st.lists(
    st.tuples(
        st.lists(st.sampled_from(WORDS), max_size=20).map(" ".join),
        # So often again: lengths of every size at which they are rounded.
        st.integers(1, 60) | st.integers(100, 400),
    ).map(lambda made: " ".join([made[0]] * made[1])),
    min_size=1,
    max_size=12,
)


def inverted(some, slab=50_000):
    """Invert texts; returns what was learned of all and the postings of each stem."""
    inverter = Inverter(slab)
    rows: dict[str, np.ndarray] = {}
    counts: dict[str, np.ndarray] = {}
    for _, stem, found in inverter.invert(some):
        rows[stem] = np.concatenate([rows.get(stem, np.empty(0, np.int32)), found.rows])
        counts[stem] = np.concatenate([counts.get(stem, np.empty(0, np.uint16)), found.counts])
    return inverter, rows, counts


@settings(max_examples=25)
@given(some=texts)
def test_every_weight_of_every_stem_is_the_one_of_tantivy(some, tmp_path_factory):
    folder = tmp_path_factory.mktemp("words") / "tantivy"
    theirs = Tantivy(folder, some)
    inverter, rows, counts = inverted(some)
    weigher = Weigher(coded_lengths(inverter.lengths), sum(inverter.lengths))
    for stem, where in rows.items():
        found, scores = theirs.search(stem, len(some))
        order = np.argsort(found)
        assert_array_equal(where, found[order], stem)
        weights = weigher.weights(inverter.frequencies[stem], where, counts[stem])
        assert weights.dtype == np.float32
        assert_allclose(weights, scores[order], rtol=1e-6)


@settings(max_examples=50)
@given(some=texts, slab=st.integers(1, 5))
def test_slabs_give_what_all_at_once_gives(some, slab):
    one, rows, counts = inverted(some)
    other, slab_rows, slab_counts = inverted(some, slab)
    assert (other.lengths, other.frequencies) == (one.lengths, one.frequencies)
    for stem, where in rows.items():
        assert_array_equal(slab_rows[stem], where)
        assert_array_equal(slab_counts[stem], counts[stem])


@given(length=st.integers(0, 10_000_000))
def test_a_longer_text_never_has_a_smaller_code(length):
    shorter, longer = coded_lengths([length, length + 1]).tolist()
    assert shorter <= longer <= shorter + 1


def test_short_lengths_are_kept_exactly():
    assert coded_lengths(list(range(41))).tolist() == list(range(41))
    assert coded_lengths([42, 43]).tolist() == [41, 41]
