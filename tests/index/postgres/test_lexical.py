"""BM25 over Postgres ranks and scores as it does over the folder."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from index.errors import DamagedIndexError
from index.posted_words import best_rows

WORDS = (
    "product roadmap start-up startup team teams head VP leads the of unheard-of 3.5 über "
    "interviews short"
).split()
SAME_FIXTURES = settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def both(in_folder, in_postgres):
    return in_folder.lexical, in_postgres.lexical


def assert_same(both, question, k):
    one, other = both
    wanted, found = one.search(question, k), other.search(question, k)
    assert_array_equal(found, wanted)
    every = np.arange(len(one))
    scores = other.scores(question, every)
    assert_array_equal(scores, one.scores(question, every))
    assert (found.dtype, scores.dtype) == (np.int64, np.float32)


@SAME_FIXTURES
@given(words=st.lists(st.sampled_from(WORDS), max_size=8), k=st.integers(1, 12))
def test_the_best_rows_are_the_same_in_the_same_order(both, words, k):
    assert_same(both, " ".join(words), k)


@given(
    scores=st.lists(st.sampled_from([0.0, 0.5, 1.0, 1.5, 2.5, 7.25]), max_size=400),
    k=st.integers(1, 20),
)
def test_the_best_of_any_scores_are_those_that_sorting_gives(scores, k):
    wanted = [row for row in np.argsort(-np.asarray(scores), kind="stable") if scores[row]][:k]
    assert best_rows(np.asarray(scores, dtype=np.float32), k).tolist() == wanted


def test_a_long_question_is_cut_at_the_same_word(both):
    many = " ".join(f"word{number}" for number in range(63))
    assert_same(both, f"{many} product roadmap", 10)
    assert_same(both, f"{many} roadmap product", 10)


@SAME_FIXTURES
@given(text=st.lists(st.sampled_from(WORDS)).map(" ".join))
def test_stems_and_their_rarity_are_the_same(both, text):
    one, other = both
    assert len(other) == len(one)
    assert other.terms(text) == one.terms(text)
    for term in one.terms(text):
        assert other.idf(term) == one.idf(term)
        assert other.holds(term) == one.holds(term)


def test_postings_in_several_slabs_are_read_as_one(loaded, in_folder, monkeypatch):
    monkeypatch.setattr("index.inverting.SLAB", 2)
    lexical = loaded().lexical
    for question in ("product", "the roadmap of a product team", "short sentences"):
        assert_same((in_folder.lexical, lexical), question, 10)


def test_how_rare_a_stem_is_needs_no_database_and_where_it_stands_only_once(loaded, connections):
    lexical = loaded().lexical
    first = lexical.search("a roadmap", 5)
    with connections.connection() as session:
        session.execute("DROP TABLE pmrole_index.g1_postings")
    assert lexical.idf("product") < lexical.idf("forti")
    assert lexical.holds("forti")
    assert not lexical.holds("elephant")
    assert_array_equal(lexical.search("the roadmaps", 5), first)
    assert len(lexical.search("elephant", 5)) == 0
    with pytest.raises(DamagedIndexError):
        lexical.search("product", 5)
