"""Many texts are found by their words as tantivy finds few."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from index.errors import DamagedIndexError
from index.lexical import LexicalIndex, write_lexical
from index.posting_files import PostingFiles, open_words, write_postings, write_words

WORDS = "product product product roadmap start-up startup team teams head VP the unheard-of".split()
TEXTS = st.lists(
    st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join), min_size=1, max_size=60
)


def both(folder, texts):
    write_lexical(folder / "tantivy", texts)
    write_postings(folder / "postings", iter(texts))
    return LexicalIndex(folder / "tantivy"), PostingFiles(folder / "postings")


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=TEXTS, asked=TEXTS, k=st.integers(1, 70))
def test_texts_are_ranked_as_tantivy_ranks_them(tmp_path_factory, monkeypatch, texts, asked, k):
    monkeypatch.setattr("index.inverting.SLAB", 7)  # so that stems stand in several slabs
    theirs, ours = both(tmp_path_factory.mktemp("words"), texts)
    assert len(ours) == len(theirs) == len(texts)
    for question in asked:
        wanted, found = theirs.search(question, k), ours.search(question, k)
        assert_allclose(found.scores, wanted.scores, rtol=2e-6)
        assert_array_equal(found.rows, wanted.rows)
        again = ours.search(question, k)  # from what is kept at hand
        assert_array_equal(again.rows, found.rows)


def test_stems_are_as_rare_as_in_tantivy(tmp_path):
    theirs, ours = both(tmp_path, ["a product team", "products", "the head of product", "roadmap"])
    for word in ("products", "teams", "roadmap", "unknown"):
        (stem,) = ours.terms(word)
        assert ours.idf(stem) == pytest.approx(theirs.idf(stem))
        assert ours.holds(stem) is theirs.holds(stem)


def test_only_many_texts_are_kept_as_postings(tmp_path, monkeypatch):
    monkeypatch.setattr("index.posting_files.TANTIVY_LIMIT", 2)
    write_words(tmp_path / "few", ["one", "two"], 2)
    write_words(tmp_path / "many", ["one", "two", "three"], 3)
    assert isinstance(open_words(tmp_path / "few"), LexicalIndex)
    assert isinstance(open_words(tmp_path / "many"), PostingFiles)


def test_texts_without_a_word_are_found_by_none(tmp_path):
    write_postings(tmp_path / "words", ["", "the of"])
    ours = PostingFiles(tmp_path / "words")
    assert len(ours) == 2
    assert ours.search("product", 5).rows.tolist() == []


@pytest.mark.parametrize("name", ["rows.bin", "counts.bin", "lengths.npy"])
def test_damaged_files_are_refused_by_name(tmp_path, name):
    write_postings(tmp_path / "words", ["product team", "product"])
    whole = (tmp_path / "words" / name).read_bytes()
    (tmp_path / "words" / name).write_bytes(whole[:-2])
    with pytest.raises(DamagedIndexError, match="words"):
        PostingFiles(tmp_path / "words")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DamagedIndexError, match="cannot read the lexical index"):
        PostingFiles(tmp_path / "absent")


def test_of_texts_that_share_a_common_word_the_one_with_the_rare_word_is_first(tmp_path):
    texts = ["product"] * 400 + ["product team"]
    write_postings(tmp_path / "words", texts)
    found = PostingFiles(tmp_path / "words").search("team of a product", 3)
    assert found.rows[0] == 400
    assert np.all(np.diff(found.scores) <= 0)
