"""Vectors in Postgres are those of the folder, and their cosines the same."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from index.errors import DamagedIndexError
from index.postgres.vector_tables import build_graph, store_vectors
from index.postgres.vectors import PostgresVectors, read_vectors
from index.vectors import EXACT_LIMIT, HeldVectors, VectorSet

SETS = ["chunks", "sentences", "headings"]
SAME_FIXTURES = settings(
    max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def in_folder_of(generation, name):
    held = {
        "chunks": generation.chunk_vectors,
        "sentences": generation.sentence_vectors,
        "headings": generation.heading_vectors,
    }
    return held[name]


@pytest.fixture(params=SETS)
def name(request):
    return request.param


@pytest.fixture(params=["held in memory", "asked of Postgres"])
def both(request, in_folder, in_postgres, shared, name):
    """The folder's vectors, and the same ones from Postgres, held or not."""
    one = in_folder_of(in_folder, name)
    if request.param == "held in memory":
        return one, in_folder_of(in_postgres, name)
    size = {"count": len(one), "dimension": one.dimension}
    return one, PostgresVectors(shared, 1, name, **size)


def any_query(data, dimension):
    numbers = st.lists(st.floats(-1, 1, width=32), min_size=dimension, max_size=dimension)
    vector = np.asarray(data.draw(numbers), dtype=np.float32)
    length = np.linalg.norm(vector)
    return vector / length if length > 1e-3 else np.eye(dimension, dtype=np.float32)[0]


def any_rows(data, count):
    rows = data.draw(st.lists(st.integers(0, count - 1), max_size=20))
    return np.asarray(rows, dtype=np.int64)


def test_number_and_dimension_are_the_same(both):
    one, other = both
    assert (len(other), other.dimension) == (len(one), one.dimension)


@SAME_FIXTURES
@given(data=st.data())
def test_the_nearest_are_the_same(both, data):
    one, other = both
    query, k = any_query(data, one.dimension), data.draw(st.integers(0, len(one) + 2))
    rows, cosines = other.search(query, k)
    wanted_rows, wanted = one.search(query, k)
    assert_allclose(cosines, wanted, atol=1e-6)
    # Equally near ones may change places.
    assert_allclose(one.scores(query, rows), wanted, atol=1e-6)
    assert len(set(rows.tolist())) == len(wanted_rows)


@SAME_FIXTURES
@given(data=st.data())
def test_the_cosines_of_any_rows_are_the_same_however_often_they_are_asked(both, data):
    one, other = both
    query = any_query(data, one.dimension)
    for _ in range(3):
        rows = any_rows(data, len(one))
        cosines = other.scores(query, rows)
        assert cosines.dtype == np.float32
        assert_allclose(cosines, one.scores(query, rows), atol=1e-6)


@SAME_FIXTURES
@given(data=st.data())
def test_any_vectors_are_the_same_to_the_last_bit(both, data):
    one, other = both
    rows = any_rows(data, len(one))
    vectors = other.vectors(rows)
    assert vectors.dtype == np.float32
    assert_array_equal(vectors, one.vectors(rows))


def test_many_vectors_are_fetched_some_at_a_time(both, monkeypatch):
    monkeypatch.setattr("index.postgres.vectors._MANY", 3)
    monkeypatch.setattr("index.postgres.vectors._AT_ONCE", 2)
    one, other = both
    rows = np.asarray([*range(len(one)), 0, 0])
    assert_array_equal(other.vectors(rows), one.vectors(rows))


def test_rows_are_found_by_key(both):
    one, other = both
    assert isinstance(one, VectorSet)
    keys = np.concatenate([one.keys[::-1], np.asarray([0, 2**64 - 1], dtype=np.uint64)])
    assert_array_equal(other.rows_by_key(keys), one.rows_by_key(keys))


@pytest.mark.parametrize("row", [-1, 10_000])
def test_a_row_that_is_not_there_is_an_index_error(both, row):
    _, other = both
    with pytest.raises(IndexError):
        other.scores(np.zeros(other.dimension, dtype=np.float32), np.asarray([0, row]))
    if isinstance(other, PostgresVectors):
        with pytest.raises(IndexError):
            other.vectors(np.asarray([0, row]))


def test_cosines_asked_once_need_no_database_again(loaded, connections, in_folder):
    loaded()
    one = in_folder.sentence_vectors
    other = PostgresVectors(connections, 1, "sentences", count=len(one), dimension=one.dimension)
    query, rows = one.vectors(np.asarray([2]))[0], np.asarray([1, 4, 2])
    first = other.scores(query, rows)
    held = other.vectors(rows)
    with connections.connection() as session:
        session.execute("TRUNCATE pmrole_index.g1_sentence_vectors")
    assert_array_equal(other.scores(query, rows), first)
    assert_array_equal(other.vectors(rows), held)
    for ask in (
        lambda: other.scores(query, np.asarray([0])),
        lambda: other.vectors(np.asarray([0])),
        lambda: other.search(query, 3),
    ):
        with pytest.raises(DamagedIndexError, match="lack vectors"):
            ask()


def test_an_empty_set_finds_nothing(connections, monkeypatch):
    monkeypatch.setattr(PostgresVectors, "keys", lambda _: np.empty(0, dtype=np.uint64))
    vectors = read_vectors(connections, 1, "chunks", count=0, dimension=4)
    rows, scores = vectors.search(np.ones(4, dtype=np.float32), 10)
    assert (len(rows), len(scores), len(vectors)) == (0, 0, 0)


# --- Many


@pytest.fixture(scope="module")
def many(library):
    """Sentences and passages of the shipped library and mixtures of them, too many to be held."""
    generation = library.retriever().generation
    base = np.concatenate(
        [
            one.vectors(np.arange(len(one)))
            for one in (generation.sentence_vectors, generation.chunk_vectors)
        ]
    )
    random = np.random.default_rng(5)
    more = EXACT_LIMIT + 1 - len(base)
    one, other, third = (base[random.integers(len(base), size=more)] for _ in range(3))
    mixed = 0.7 * one + 0.3 * other + 0.1 * (third - other)
    every = np.concatenate([base, mixed / np.linalg.norm(mixed, axis=1, keepdims=True)])
    return every.astype(np.float16)


def test_a_graph_finds_nearly_all_of_the_nearest(many, library, shared):
    with shared.connection() as session:
        session.execute("SET statement_timeout = 0")
        with session.transaction():
            store_vectors(session, 50, "sentences", many)
        build_graph(session, 50, "sentences", many)
        session.execute("SET statement_timeout = '30s'")
        plan = session.execute(
            "EXPLAIN SELECT row FROM pmrole_index.g50_sentence_vectors "
            "ORDER BY vector <#> (SELECT vector FROM pmrole_index.g50_sentence_vectors WHERE row=1)"
            " LIMIT 200"
        ).fetchall()
    assert "Index Scan using g50_sentence_vectors_vector_idx" in str(plan)
    there = read_vectors(shared, 50, "sentences", count=len(many), dimension=many.shape[1])
    assert isinstance(there, PostgresVectors)
    exact = HeldVectors(many, np.arange(len(many), dtype=np.uint64))
    questions = [f"what does a {who} do in {where}?" for who, where in asked()]
    shared_of = {10: 0, 200: 0}
    for question in questions:
        query = library.embed_query(question)
        for k in shared_of:
            rows, cosines = there.search(query, k)
            _, wanted = exact.search(query, k)
            assert len(rows) == k
            assert_allclose(cosines, exact.scores(query, rows), atol=1e-6)
            shared_of[k] += int(np.sum(cosines >= wanted[-1] - 1e-6))
    assert shared_of[10] / (10 * len(questions)) >= 0.98
    assert shared_of[200] / (200 * len(questions)) >= 0.93


def test_a_graph_is_built_by_one_process_where_several_find_no_memory(
    connections, in_folder, monkeypatch
):
    monkeypatch.setattr("index.postgres.vector_tables.EXACT_LIMIT", 3)
    rows = in_folder.chunk_vectors.vectors(np.arange(len(in_folder.passages))).astype(np.float16)
    with connections.connection() as session:
        # As a container with little shared memory refuses it.
        session.execute(
            "CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN "
            "IF current_setting('max_parallel_maintenance_workers') != '0' THEN "
            "RAISE SQLSTATE '53100'; END IF; END $$"
        )
        with session.transaction():
            store_vectors(session, 9, "chunks", rows)
        session.execute(
            "CREATE EVENT TRIGGER refuse ON ddl_command_start WHEN TAG IN ('CREATE INDEX') "
            "EXECUTE FUNCTION refuse()"
        )
        build_graph(session, 9, "chunks", rows)
        built = session.execute(
            "SELECT indexdef FROM pg_indexes WHERE tablename = 'g9_chunk_vectors'"
        ).fetchall()
    assert any("halfvec_ip_ops" in definition for (definition,) in built)


def asked():
    people = ["product manager", "head of product", "director", "designer", "founder"]
    places = ["a startup", "a bank", "an interview", "the first ninety days", "a roadmap review"]
    return [(who, where) for who in people for where in places]
