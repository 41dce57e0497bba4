"""Words meet by their stems, and BM25 ranks texts by them."""

import numpy as np
import pytest

from index.lexical import coverage
from index.posting_files import PostingFiles, write_words

TEXTS = ["A manager leads products", "The ladder of titles", "Managing a product well", "Tea"]


@pytest.fixture
def lexical(tmp_path):
    write_words(tmp_path / "lexical", TEXTS)
    return PostingFiles(tmp_path / "lexical")


def test_words_match_by_their_stem_and_without_case(lexical):
    assert set(lexical.search("PRODUCT", 10).tolist()) == {0, 2}


def test_scores_fall_from_the_best_text_on(lexical):
    found = lexical.search("managing products well", 10)
    assert found[0] == 2
    scores = lexical.scores("managing products well", found)
    assert np.all(np.diff(scores) <= 0)


def test_only_as_many_rows_come_back_as_are_wanted(lexical):
    assert len(lexical.search("product", 1)) == 1


@pytest.mark.parametrize("question", ["", "the of a", "zebra", "?!", '"unclosed AND ('])
def test_a_question_that_shares_no_word_finds_nothing(lexical, question):
    assert not len(lexical.search(question, 10))
    assert not lexical.scores(question, np.arange(len(TEXTS))).any()


def test_a_rare_word_has_a_higher_idf_than_a_common_one(lexical):
    assert lexical.idf("tea") > lexical.idf("product") > 0


def test_the_stems_of_a_text_are_the_same_each_time_and_for_each_caller(lexical):
    first = lexical.terms("A start-up manages products")
    assert "startup" in first
    wanted = list(first)
    first.clear()
    assert lexical.terms("A start-up manages products") == wanted


def test_coverage_is_the_share_of_the_question_by_weight():
    assert coverage(["a", "b"], [3.0, 1.0], ["a", "x"]) == pytest.approx(0.75)
    assert coverage([], [], ["a"]) == 0.0
