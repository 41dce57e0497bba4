"""A search that is kept to some folders of articles."""

import pytest

from index.generation_store import GenerationStore
from index.passages import Passages
from index.retrieval import Retriever
from tests.builds import ARTICLES, build, write_articles
from tests.fakes import HashingEmbedder

MORE = {
    "ladder/deep/apm.md": "# Associate\n\nAn associate leads no product team and learns the job.\n",
    "craft/roadmap.md": "# Planning\n\nA roadmap of a product team names problems and not dates.\n",
}


@pytest.fixture(scope="module")
def retriever(tmp_path_factory):
    folder = tmp_path_factory.mktemp("folders")
    knowledge = write_articles(folder / "knowledge", {**ARTICLES, **MORE})
    embedder = HashingEmbedder()
    build(knowledge, folder / "index", embedder)
    generation = GenerationStore(folder / "index").open()
    return Retriever(generation, lambda text: embedder.embed_queries([text])[0])


def articles(retriever, *folders, query="what does a product team roadmap hold?"):
    return {hit.article for hit in retriever.within(folders).search(query, 50)}


def test_without_folders_everything_is_searched(retriever):
    assert retriever.within(()) is retriever
    assert articles(retriever) == {*ARTICLES, *MORE}


def test_only_articles_of_the_folder_and_below_it_are_found(retriever):
    assert articles(retriever, "ladder") == {
        "ladder/head-of-product.md",
        "ladder/vp-of-product.md",
        "ladder/deep/apm.md",
    }
    assert articles(retriever, "ladder/deep") == {"ladder/deep/apm.md"}


def test_several_folders_are_searched_together(retriever):
    assert articles(retriever, "craft", "ladder/deep") == set(MORE)


def test_a_dot_stands_for_the_articles_in_no_folder(retriever):
    assert articles(retriever, ".") == {"roadmap.md"}


@pytest.mark.parametrize("folder", ["lad", "ladder/de", "no-such", "roadmap.md", ""])
def test_a_folder_that_is_not_there_holds_nothing(retriever, folder):
    assert articles(retriever, folder) == set()


def test_the_best_hit_there_has_the_best_lexical_score(retriever):
    hits = retriever.within(["craft"]).search("roadmap of problems", 5)
    assert hits[0].lexical == 1.0


def test_scores_within_a_folder_are_those_of_a_whole_search(retriever):
    query = "who leads a product team?"
    whole = {hit.row: hit.cosine for hit in retriever.search(query, 50)}
    for hit in retriever.within(["ladder"]).search(query, 50):
        assert hit.cosine == pytest.approx(whole[hit.row])


def test_what_is_searched_has_a_name_of_its_own(retriever):
    names = {one.name for one in (retriever, *map(retriever.within, (["craft"], ["ladder"])))}
    assert len(names) == 3
    assert retriever.within(["craft"]) is retriever.within(["craft"])


def test_a_folder_too_large_to_score_whole_is_searched_too(retriever, monkeypatch):
    monkeypatch.setattr("index.retrieval._ALL_OF", 0)
    fresh = Retriever(retriever.generation, retriever.embed_query)
    assert articles(fresh, "craft", "ladder/deep") == set(MORE)


def test_rows_are_those_of_the_articles(retriever):
    passages: Passages = retriever.generation.passages
    rows = passages.rows_in(["craft"])
    assert {one.chunk.path for one in passages.get(rows)} == {"craft/roadmap.md"}
    assert rows == sorted(rows)
