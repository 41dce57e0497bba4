"""A query finds ranked passages, each once, with what each signal said."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.chunking import context_line
from index.generation_store import GenerationStore
from index.hits import DENSE, HYBRID, LEXICAL, Weights
from index.retrieval import Retriever
from tests.builds import ARTICLES, build, write_articles
from tests.fakes import HashingEmbedder

COPIED = (
    "The head of product leads every product team of a company.\n"
    "In a startup the post is often the first one in product.\n"
)
MANY = {
    **ARTICLES,
    "copy.md": f"# Copied\n\n{COPIED}",
    "again.md": f"# Copied again\n\n{COPIED}",
    **{
        f"topic-{name}.md": f"# On {name}\n\nA team that works on {name} plans {name} with care.\n"
        for name in ("pricing", "growth", "research", "support", "quality", "hiring", "budget")
    },
}


def embed_query(text):
    return HashingEmbedder().embed_queries([text])[0]


def retriever_of(folder, articles, **options):
    build(write_articles(folder / "knowledge", articles), folder / "index")
    return Retriever(GenerationStore(folder / "index").open(), embed_query, **options)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("retrieval")


@pytest.fixture(scope="module")
def retriever(folder):
    return retriever_of(folder, MANY)


@pytest.fixture
def weighted(retriever):
    return lambda weights: Retriever(retriever.generation, embed_query, weights=weights)


QUERIES = [
    "who leads every product team of a company",
    "what is a roadmap",
    "head of product",
    "zebra giraffe",
    "plans",
    "?",
    "the of a",
]


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("weights", [HYBRID, DENSE, LEXICAL], ids=["hybrid", "dense", "lexical"])
@pytest.mark.parametrize("k", [1, 3, 10])
def test_ranks_count_from_one_and_scores_never_increase(weighted, query, weights, k):
    hits = weighted(weights).search(query, k)
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    assert len(hits) <= k
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)


@given(query=st.text(max_size=60), k=st.integers(1, 30))
@settings(max_examples=60, deadline=None)
def test_any_query_finds_whole_passages_each_once(retriever, query, k):
    hits = retriever.search(query, k)
    assert len({hit.row for hit in hits}) == len(hits) <= k
    for hit in hits:
        text = retriever.generation.passages.text_of(hit.article)
        assert text[hit.span.start : hit.span.end] == hit.text


@pytest.mark.parametrize("query", QUERIES)
def test_a_hit_is_its_articles_text_at_its_span_and_so_are_its_sentences(retriever, query):
    for hit in retriever.search(query):
        text = retriever.generation.passages.text_of(hit.article)
        assert text[hit.span.start : hit.span.end] == hit.text
        assert hit.sentences
        for sentence in hit.sentences:
            assert text[sentence.span.start : sentence.span.end] == sentence.text
            assert hit.span.start <= sentence.span.start < sentence.span.end <= hit.span.end


def test_the_passage_that_says_it_comes_first(retriever):
    first = retriever.search("what does a roadmap tell a team")[0]
    assert (first.article, first.title) == ("roadmap.md", "Roadmap")
    first = retriever.search("who reports to the chief executive")[0]
    assert (first.article, first.heading) == ("ladder/head-of-product.md", ("Reporting",))


def test_a_hit_says_where_its_article_is_and_how_old(retriever):
    hit = next(
        hit for hit in retriever.search("VP of product") if hit.article == "ladder/vp-of-product.md"
    )
    assert hit.url == "https://example.org/vp"
    assert hit.updated is not None
    assert hit.updated.isoformat() == "2024-05-01"


def test_near_duplicates_take_one_place_together(retriever):
    query = "The head of product leads every product team of a company"
    copies = {"ladder/head-of-product.md", "copy.md", "again.md"}
    holding = [
        hit.article for hit in retriever.search(query, 20) if "a startup the post" in hit.text
    ]
    assert len(holding) == 1
    assert set(holding) <= copies


def test_the_best_of_the_near_duplicates_is_the_one_shown(retriever):
    assert retriever.search("copied again head of product leads")[0].article == "again.md"


@pytest.mark.parametrize("query", ["", " ", "\n\t"])
def test_an_empty_query_finds_nothing(retriever, query):
    assert retriever.search(query) == ()


def test_fewer_hits_come_back_than_wanted_from_a_smaller_index(tmp_path):
    retriever = retriever_of(tmp_path, ARTICLES)
    hits = retriever.search("product", 50)
    assert len(hits) == len(retriever.generation.passages)


def test_an_index_of_one_passage_is_searched(tmp_path):
    retriever = retriever_of(tmp_path, {"one.md": "# One\n\nOnly this is known.\n"})
    for query in ("only", "something else", "known?"):
        (hit,) = retriever.search(query)
        assert (hit.rank, hit.text) == (1, "Only this is known.")


def test_a_repeated_search_gives_the_same_hits(retriever):
    assert retriever.search("product team") == retriever.search("product team")


# --- Weights


def test_dense_scores_are_the_cosines_of_passages(weighted):
    for hit in weighted(DENSE).search("head of product"):
        assert hit.score == pytest.approx(hit.cosine, abs=1e-6)


def test_lexical_scores_are_shares_of_the_best(weighted):
    hits = weighted(LEXICAL).search("roadmap features with dates")
    assert (hits[0].article, hits[0].score) == ("roadmap.md", pytest.approx(1.0))
    for hit in hits:
        assert hit.score == pytest.approx(hit.lexical, abs=1e-6)
        assert 0.0 <= hit.lexical <= 1.0


def test_a_query_without_a_known_word_has_no_lexical_score(weighted):
    assert {hit.score for hit in weighted(LEXICAL).search("zebra giraffe")} <= {0.0}


def test_the_fused_score_is_the_weighted_sum_of_its_signals(weighted):
    query = "the head of product reports to whom"
    weights = Weights(passage=0.3, sentence=0.5, heading=0.1, lexical=0.2)
    for hit in weighted(weights).search(query):
        best = max(sentence.cosine for sentence in hit.sentences)
        heading = embed_query(context_line(hit.title, hit.heading)) @ embed_query(query)
        wanted = 0.3 * hit.cosine + 0.5 * best + 0.1 * heading + 0.2 * hit.lexical
        assert hit.score == pytest.approx(wanted, abs=1e-3)


def test_a_query_that_was_embedded_already_finds_the_same(retriever):
    query = "what is a roadmap"
    assert retriever.search_vector(query, embed_query(query), 10) == retriever.search(query, 10)


@pytest.mark.parametrize("query", QUERIES)
def test_each_sentence_has_its_own_cosine_with_the_query(retriever, query):
    vectors = retriever.generation.sentence_vectors
    for hit in retriever.search(query, 20):
        (passage,) = retriever.generation.passages.get([hit.row])
        first, vector = passage.first_sentence, embed_query(query)
        for row, sentence in enumerate(hit.sentences, first):
            (wanted,) = vectors.vectors(np.array([row])) @ vector
            assert sentence.cosine == pytest.approx(wanted, abs=1e-6)


def test_several_queries_are_embedded_one_by_one_or_together(retriever):
    wanted = HashingEmbedder().embed_queries(QUERIES)
    together = Retriever(
        retriever.generation, embed_query, embed_queries=HashingEmbedder().embed_queries
    )
    assert np.array_equal(retriever.embed_queries(QUERIES), wanted)
    assert np.array_equal(together.embed_queries(QUERIES), wanted)


def test_threads_share_a_retriever(retriever):
    wanted = {query: retriever.search(query) for query in QUERIES}
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(retriever.search, QUERIES * 20))
    assert found == [wanted[query] for query in QUERIES * 20]


def test_shared_words_count_for_more_in_a_long_query(retriever):
    short = "head of product"
    long = "who leads every product team of a company in a startup and plans pricing with care"

    def share_of_words(query):
        vector = embed_query(query)
        both = {hit.row: hit for hit in retriever.search_vector(query, vector, 30)}
        without = Retriever(retriever.generation, embed_query, weights=Weights(lexical=0.0))
        for hit in without.search_vector(query, vector, 30):
            if hit.row in both and both[hit.row].lexical > 0:
                return (both[hit.row].score - hit.score) / both[hit.row].lexical
        raise AssertionError(query)

    assert share_of_words(short) == pytest.approx(0.2, abs=1e-4)
    assert 0.2 < share_of_words(long) <= 0.4 + 1e-4
