"""Measures agree with figures worked out by hand."""

import pytest

from index.evaluation import (
    auroc,
    average_precision,
    detection,
    ndcg,
    percentile,
    recall_at,
    reciprocal_rank,
)

RANKED = ["a", "b", "c", "d"]


def test_recall_and_reciprocal_rank_count_the_first_gold_item():
    assert recall_at(RANKED, {"c"}, 2) == 0.0
    assert recall_at(RANKED, {"c"}, 3) == 1.0
    assert reciprocal_rank(RANKED, {"c", "d"}) == pytest.approx(1 / 3)
    assert reciprocal_rank(RANKED, {"z"}) == 0.0


def test_ndcg_discounts_by_the_logarithm_of_the_rank():
    assert ndcg(RANKED, {"a"}) == 1.0
    assert ndcg(RANKED, {"b"}) == pytest.approx(0.63093, abs=1e-5)
    assert ndcg(RANKED, {"a", "c"}) == pytest.approx(1.5 / 1.63093, abs=1e-5)
    assert ndcg(RANKED, set()) == 0.0


def test_average_precision_is_the_mean_over_relevant_places():
    assert average_precision([True, False, True]) == pytest.approx((1 + 2 / 3) / 2)
    assert average_precision([False]) == 0.0


def test_auroc_is_the_chance_that_a_positive_scores_higher():
    assert auroc([3, 2], [1, 2]) == pytest.approx(0.875)
    assert auroc([], [1]) is None


def test_detection_gives_precision_recall_and_f1():
    seen = detection([True, True, False, False], [True, False, True, False])
    assert (seen.precision, seen.recall, seen.f1) == (0.5, 0.5, 0.5)
    assert detection([False], [True]).f1 == 0.0
    assert detection([False], [False]) == detection([False], [False])
    assert detection([False], [False]).recall is None


def test_percentiles_interpolate_and_nothing_is_zero():
    assert percentile([1, 2, 3], 50) == 2.0
    assert percentile([], 95) == 0.0
