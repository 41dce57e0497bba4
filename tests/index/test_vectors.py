"""Vectors come back exactly as ranked by their cosine, from few rows or from many."""

import shutil
import threading
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import DamagedIndexError
from index.vectors import EXACT_LIMIT, VectorSet, VectorWriter


def unit_rows(count, dimension=32, seed=7):
    rows = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def write(folder, rows, name="set"):
    writer = VectorWriter(folder, name, np.arange(len(rows), dtype=np.uint64) * 3, rows.shape[1])
    writer.put(range(len(rows)), rows)
    writer.close()
    return VectorSet(folder, name)


def test_a_vector_is_its_own_nearest_neighbour(tmp_path):
    rows = unit_rows(50)
    found, scores = write(tmp_path, rows).search(rows[17], 3)
    assert found[0] == 17
    assert scores[0] == pytest.approx(1.0, abs=1e-3)


@settings(max_examples=20, deadline=None)
@given(count=st.integers(0, 40), k=st.integers(1, 60))
def test_search_never_returns_a_row_it_does_not_hold_and_scores_fall(tmp_path_factory, count, k):
    rows = unit_rows(max(count, 1))[:count].reshape(count, 32)
    store = write(tmp_path_factory.mktemp("vectors"), rows)
    found, scores = store.search(unit_rows(1, seed=3)[0], k)
    assert len(found) == min(k, count)
    assert set(found.tolist()) <= set(range(count))
    assert scores.tolist() == sorted(scores.tolist(), reverse=True)


def test_scores_of_rows_are_their_cosines(tmp_path):
    rows = unit_rows(20)
    store = write(tmp_path, rows)
    wanted = rows[[4, 2]] @ rows[9]
    assert store.scores(rows[9], np.array([4, 2])) == pytest.approx(wanted, abs=2e-3)


@pytest.mark.parametrize("rows", [[-1], [20], [3, 20], []])
def test_scores_of_rows_that_are_not_there_are_refused_and_of_none_are_none(tmp_path, rows):
    store = write(tmp_path, unit_rows(20))
    wanted = np.array(rows, dtype=np.int64)
    if rows:
        with pytest.raises(IndexError, match="of 20 vectors"):
            store.scores(unit_rows(1)[0], wanted)
    else:
        assert store.scores(unit_rows(1)[0], wanted).shape == (0,)


def test_a_query_of_another_length_is_refused(tmp_path):
    store = write(tmp_path, unit_rows(20))
    with pytest.raises(IndexError, match="of 32"):
        store.scores(unit_rows(1, 16)[0], np.array([1]))


@settings(max_examples=20, deadline=None)
@given(rows=st.lists(st.integers(0, 29), min_size=1, max_size=60))
def test_scores_are_those_of_the_vectors_in_any_order_and_repeated(tmp_path_factory, rows):
    store = write(tmp_path_factory.mktemp("vectors"), unit_rows(30))
    query, wanted = unit_rows(1, seed=3)[0], np.array(rows)
    assert store.scores(query, wanted) == pytest.approx(store.vectors(wanted) @ query, abs=1e-6)


def test_rows_are_found_by_key_and_strangers_are_not(tmp_path):
    store = write(tmp_path, unit_rows(5))
    keys = np.array([6, 7, 0], dtype=np.uint64)
    assert store.rows_by_key(keys).tolist() == [2, -1, 0]


def test_many_vectors_are_searched_approximately_with_a_recall_of_at_least_098(tmp_path):
    rng = np.random.default_rng(1)
    # Clustered, as sentences of a few subjects are.
    centres = unit_rows(400, 64, seed=5)
    rows = centres[rng.integers(0, 400, EXACT_LIMIT + 1)] + 0.12 * rng.normal(
        size=(EXACT_LIMIT + 1, 64)
    )
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    store = write(tmp_path, rows)
    assert not store.is_exact
    recalls = []
    for query in rows[:: EXACT_LIMIT // 60]:
        found, _ = store.search(query, 10)
        recalls.append(len(set(found.tolist()) & set(store.search_exactly(query, 10).tolist())))
    assert np.mean(recalls) / 10 >= 0.98


def test_few_vectors_are_searched_exactly(tmp_path):
    assert write(tmp_path, unit_rows(10)).is_exact


def test_files_that_do_not_fit_each_other_are_refused(tmp_path):
    write(tmp_path, unit_rows(5))
    np.save(tmp_path / "set.keys.npy", np.arange(4, dtype=np.uint64))
    with pytest.raises(DamagedIndexError, match="do not fit"):
        VectorSet(tmp_path, "set")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DamagedIndexError, match=r"cannot read the vectors .*absent"):
        VectorSet(tmp_path, "absent")


# --- Many vectors


MANY = EXACT_LIMIT + 500


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """More vectors than are searched exactly, clustered as sentences of a few subjects are."""
    random = np.random.default_rng(2)
    centres = unit_rows(300, 32, seed=5)
    rows = centres[random.integers(0, 300, MANY)] + 0.12 * random.normal(size=(MANY, 32))
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    folder = tmp_path_factory.mktemp("many")
    return folder, rows, write(folder, rows)


def recall(store, queries):
    found = [set(store.search(one, 10)[0].tolist()) for one in queries]
    truth = [set(store.search_exactly(one, 10).tolist()) for one in queries]
    return np.mean([len(a & b) for a, b in zip(found, truth, strict=True)]) / 10


def test_many_vectors_are_scored_from_the_file_as_they_are(many):
    _, rows, store = many
    wanted = np.array([7, 8, 9, MANY - 1, 0, 7])
    assert store.vectors(wanted) == pytest.approx(rows[wanted], abs=1e-3)
    assert store.scores(rows[3], wanted) == pytest.approx(store.vectors(wanted) @ rows[3], abs=1e-5)
    for absent in ([-1], [MANY]):
        with pytest.raises(IndexError, match=f"of {MANY} vectors"):
            store.scores(rows[3], np.array(absent))


def test_the_file_of_many_vectors_is_not_mapped_into_memory(many):
    folder, rows, store = many
    store.search(rows[5], 5)
    assert str(folder / "set.f16.npy") not in Path("/proc/self/maps").read_text()


def test_many_vectors_that_are_only_read_have_no_search_index_and_are_found_all_the_same(tmp_path):
    rows = unit_rows(EXACT_LIMIT + 1, 8)
    keys = np.arange(len(rows), dtype=np.uint64)
    writer = VectorWriter(tmp_path, "headings", keys, 8, searched=False)
    writer.put(keys.astype(np.int64), rows)
    writer.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "headings.f16.npy",
        "headings.keys.npy",
    ]
    store = VectorSet(tmp_path, "headings")
    found, scores = store.search(rows[41], 3)
    assert found[0] == 41
    assert scores[0] == pytest.approx(1.0, abs=1e-3)


def test_quantisers_of_about_as_many_vectors_are_taken_over_and_find_as_much(many, tmp_path):
    _, rows, before = many
    changed = np.concatenate([rows[200:], unit_rows(100)])
    writer = VectorWriter(tmp_path, "set", np.arange(len(changed), dtype=np.uint64), 32)
    writer.put(range(len(changed)), changed)
    writer.close(like=before)
    after = VectorSet(tmp_path, "set")
    assert np.array_equal(centroids(tmp_path), centroids(many[0]))
    assert len(after) == len(changed)
    assert recall(after, changed[::400]) >= 0.97


def centroids(folder):
    index: Any = faiss.read_index(str(folder / "set.faiss"))
    return faiss.vector_to_array(index.pq.centroids)


@pytest.mark.parametrize("count", [EXACT_LIMIT // 2, 2 * EXACT_LIMIT])
def test_quantisers_are_trained_anew_where_there_are_far_more_or_fewer_vectors(many, count):
    assert many[2].quantisers_for(count) is None
    assert many[2].quantisers_for(MANY) is not None


def test_an_index_of_coarser_codes_built_before_is_still_searched(many, tmp_path):
    folder, rows, _ = many
    shutil.copytree(folder, tmp_path / "old")
    index = faiss.IndexPQFastScan(32, 8, 4, faiss.METRIC_INNER_PRODUCT)
    index.train(rows)
    index.add(rows)
    faiss.write_index(index, str(tmp_path / "old" / "set.faiss"))
    assert recall(VectorSet(tmp_path / "old", "set"), rows[::400]) >= 0.98


def test_a_file_of_vectors_that_is_cut_short_is_noticed(many, tmp_path):
    shutil.copytree(many[0], tmp_path / "cut")
    store = VectorSet(tmp_path / "cut", "set")
    with (tmp_path / "cut" / "set.f16.npy").open("r+b") as file:
        file.truncate(1000)
    with pytest.raises(DamagedIndexError, match="shorter than its head says"):
        store.vectors(np.array([MANY - 1]))


def test_every_thread_that_searches_keeps_faiss_on_one_core(many):
    _, rows, store = many
    seen = []

    def search():
        faiss.omp_set_num_threads(3)
        before = faiss.omp_get_max_threads()
        store.search(rows[3], 5)
        seen.append((before, faiss.omp_get_max_threads()))

    thread = threading.Thread(target=search)
    thread.start()
    thread.join()
    assert seen == [(3, 1)]
