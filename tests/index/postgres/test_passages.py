"""Documents and chunks read from Postgres are those that the folder holds."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.errors import DamagedIndexError
from tests.builds import ARTICLES
from tests.index.postgres.conftest import MORE

PATHS = sorted([*ARTICLES, *MORE])
FOLDERS = [".", "ladder", "skills", "skills/deep", "skill", "skills/", "", "/", "roadmap.md", "%"]
SAME_FIXTURES = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def both(in_folder, in_postgres):
    return in_folder.passages, in_postgres.passages


def test_as_many_are_there(both):
    one, other = both
    assert len(one) == len(other) > 5


@SAME_FIXTURES
@given(data=st.data())
def test_any_rows_are_read_in_the_order_asked(both, data):
    one, other = both
    rows = data.draw(st.lists(st.integers(0, len(one) - 1), max_size=12))
    assert other.get(rows) == one.get(rows)


@pytest.mark.parametrize("row", [-1, 99, 2**31 - 1])
def test_a_row_that_is_not_there_is_a_key_error(both, row):
    for passages in both:
        with pytest.raises(KeyError):
            passages.get([0, row])


def test_all_are_given_in_order(both, monkeypatch):
    one, other = both
    monkeypatch.setattr("index.postgres.passages._AT_ONCE", 2)
    assert list(other.all()) == list(one.all())


@pytest.mark.parametrize("path", [*PATHS, "nowhere.md"])
def test_an_article_is_read_by_its_path(both, path):
    one, other = both
    assert other.of_article(path) == one.of_article(path)
    assert other.headings_of(path) == one.headings_of(path)


@SAME_FIXTURES
@given(folders=st.lists(st.sampled_from(FOLDERS), unique=True))
def test_the_rows_in_folders_are_the_same(both, folders):
    one, other = both
    assert other.rows_in(folders) == one.rows_in(folders)


def test_articles_and_what_is_left_out_of_them_are_the_same(both):
    one, other = both
    assert other.articles() == one.articles()
    assert [article.path for article in other.articles()] == PATHS
    assert other.left_out() == one.left_out()


@pytest.mark.parametrize("path", PATHS)
def test_whole_texts_are_the_same(both, path):
    one, other = both
    assert other.text_of(path) == one.text_of(path)


def test_the_text_of_no_article_is_a_key_error(both):
    with pytest.raises(KeyError):
        both[1].text_of("nowhere.md")


def test_what_was_read_before_needs_no_database(loaded, connections):
    passages = loaded().passages
    first = passages.get([0, 1])
    with connections.connection() as session:
        session.execute("DROP TABLE pmrole_index.g1_chunks")
    assert passages.get([1, 0]) == first[::-1]
    with pytest.raises(DamagedIndexError):
        passages.get([2])
