"""Texts are found by their words, ranked and scored as tantivy does."""

import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from index.errors import DamagedIndexError
from index.posting_files import PostingFiles, write_words
from tests.index.by_tantivy import Tantivy

WORDS = "product product product roadmap start-up startup team teams head VP the unheard-of".split()
TEXTS = st.lists(
    st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join), min_size=1, max_size=60
)


def words_of(folder, texts):
    write_words(folder / "words", iter(texts))
    return PostingFiles(folder / "words")


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=TEXTS, asked=TEXTS, k=st.integers(1, 70))
def test_texts_are_ranked_as_tantivy_ranks_them(tmp_path_factory, monkeypatch, texts, asked, k):
    monkeypatch.setattr("index.inverting.SLAB", 7)  # so that stems stand in several slabs
    folder = tmp_path_factory.mktemp("words")
    theirs, ours = Tantivy(folder / "tantivy", texts), words_of(folder, texts)
    assert len(ours) == len(texts)
    for question in asked:
        rows, scores = theirs.search(question, k)
        assert_array_equal(ours.search(question, k), rows)
        assert_allclose(ours.scores(question, rows), scores, rtol=2e-6)
        assert_array_equal(ours.search(question, k), rows)  # from what is kept at hand


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=TEXTS, asked=TEXTS, data=st.data())
def test_any_rows_in_any_order_have_the_scores_they_are_ranked_by(
    tmp_path_factory, texts, asked, data
):
    ours = words_of(tmp_path_factory.mktemp("words"), texts)
    rows = data.draw(st.lists(st.integers(0, len(texts) - 1), max_size=20))
    for question in asked:
        ranked = ours.search(question, len(texts))
        every = dict(zip(ranked.tolist(), ours.scores(question, ranked).tolist(), strict=True))
        found = ours.scores(question, np.asarray(rows, dtype=np.int64))
        assert found.dtype == np.float32
        assert found.tolist() == [every.get(row, 0.0) for row in rows]


def test_stems_are_as_rare_as_in_tantivy(tmp_path):
    texts = ["a product team", "products", "the head of product", "roadmap"]
    theirs, ours = Tantivy(tmp_path / "tantivy", texts), words_of(tmp_path, texts)
    for word in ("products", "teams", "roadmap", "unknown"):
        (stem,) = ours.terms(word)
        frequency = theirs.frequency(stem)
        assert ours.idf(stem) == pytest.approx(
            math.log1p((4 - frequency + 0.5) / (frequency + 0.5))
        )
        assert ours.holds(stem) is bool(frequency)


def test_texts_without_a_word_are_found_by_none(tmp_path):
    ours = words_of(tmp_path, ["", "the of"])
    assert len(ours) == 2
    assert ours.search("product", 5).tolist() == []
    assert ours.scores("product", np.asarray([1, 0])).tolist() == [0, 0]


@pytest.mark.parametrize("name", ["rows.bin", "counts.bin", "lengths.npy"])
def test_damaged_files_are_refused_by_name(tmp_path, name):
    write_words(tmp_path / "words", ["product team", "product"])
    whole = (tmp_path / "words" / name).read_bytes()
    (tmp_path / "words" / name).write_bytes(whole[:-2])
    with pytest.raises(DamagedIndexError, match="words"):
        PostingFiles(tmp_path / "words")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DamagedIndexError, match="cannot read the lexical index"):
        PostingFiles(tmp_path / "absent")


def test_of_texts_that_share_a_common_word_the_one_with_the_rare_word_is_first(tmp_path):
    ours = words_of(tmp_path, ["product"] * 400 + ["product team"])
    found = ours.search("team of a product", 3)
    assert found[0] == 400
    assert np.all(np.diff(ours.scores("team of a product", found)) <= 0)
