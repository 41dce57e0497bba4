"""A build indexes what the articles hold, and embeds again only what changed."""

import os

import numpy as np
import pytest

from index.build import BuildOptions, build_index, knowledge_stamp
from index.errors import ArticleError, DamagedIndexError, NoIndexError
from index.generation_store import GenerationStore
from index.vectors import text_keys
from tests.builds import ARTICLES, build, write_articles
from tests.fakes import HashingEmbedder

LONG = "\n\n".join(
    f"Paragraph {number} says that a product team of size {number} needs a plan of its own kind. "
    f"It also says that plan {number} must be read by everybody in the team before it starts."
    for number in range(30)
)


@pytest.fixture
def knowledge(tmp_path):
    return write_articles(tmp_path / "knowledge", ARTICLES)


@pytest.fixture
def index(tmp_path):
    return tmp_path / "index"


@pytest.fixture
def opened(index):
    """Open what is published."""
    return lambda: GenerationStore(index).open()


def texts_of(generation):
    """Return what is embedded of a generation: passages, sentences and headings, in row order."""
    chunks = [one.chunk for one in generation.passages.all()]
    return {
        "chunks": [chunk.embedded_text for chunk in chunks],
        "sentences": [text for chunk in chunks for text in chunk.embedded_sentences()],
        "headings": sorted({chunk.context for chunk in chunks}),
    }


def distinct(generation):
    return sum(len(set(texts)) for texts in texts_of(generation).values())


# --- What it indexes


def test_a_first_build_adds_and_embeds_everything(knowledge, index, opened):
    embedder = HashingEmbedder()
    report = build(knowledge, index, embedder)
    assert report.added == tuple(sorted(ARTICLES))
    assert (report.changed, report.removed, report.problems) == ((), (), ())
    assert report.articles == 3
    assert report.embedded == len(embedder.embedded) == distinct(opened())
    manifest = opened().manifest
    assert (manifest.name, manifest.chunks, manifest.sentences, manifest.articles) == (
        report.generation,
        report.chunks,
        report.sentences,
        3,
    )


def test_every_passage_is_its_articles_text_at_its_span(knowledge, index, opened):
    write_articles(knowledge, {"long.md": f"# Long\n\n{LONG}", "wörter.txt": "Ein Café — “naïve”."})
    build(knowledge, index)
    passages = opened().passages
    seen = list(passages.all())
    assert {one.chunk.path for one in seen} == {*ARTICLES, "long.md", "wörter.txt"}
    for one in seen:
        chunk, text = one.chunk, passages.text_of(one.chunk.path)
        assert text[chunk.span.start : chunk.span.end] == chunk.text
        for span, sentence in zip(chunk.sentences, chunk.sentence_texts(), strict=True):
            assert text[span.start : span.end] == sentence


def test_rows_number_passages_and_sentences_in_one_order(knowledge, index, opened):
    build(knowledge, index)
    generation = opened()
    seen = list(generation.passages.all())
    assert [one.row for one in seen] == list(range(len(seen)))
    counts = [len(one.chunk.sentences) for one in seen]
    assert [one.first_sentence for one in seen] == [sum(counts[:row]) for row in range(len(seen))]
    assert generation.sentence_starts.tolist() == [
        *(one.first_sentence for one in seen),
        sum(counts),
    ]


def test_vectors_are_those_of_the_passages_sentences_and_headings(knowledge, index, opened):
    build(knowledge, index)
    generation, plain = opened(), HashingEmbedder()
    sets = {
        "chunks": generation.chunk_vectors,
        "sentences": generation.sentence_vectors,
        "headings": generation.heading_vectors,
    }
    texts = texts_of(generation)
    for name, vectors in sets.items():
        wanted = plain.embed_documents(texts[name])
        assert vectors.vectors(np.arange(len(vectors))) == pytest.approx(wanted, abs=1e-3)
    for one in generation.passages.all():
        assert texts["headings"][generation.heading_rows[one.row]] == one.chunk.context


def test_articles_keep_their_title_address_and_day(knowledge, index, opened):
    build(knowledge, index)
    articles = {one.path: one for one in opened().passages.articles()}
    vp = articles["ladder/vp-of-product.md"]
    assert (vp.title, vp.url) == ("VP of product", "https://example.org/vp")
    assert vp.updated is not None
    assert vp.updated.isoformat() == "2024-05-01"
    assert articles["roadmap.md"].url is None
    passage = opened().passages.of_article("ladder/vp-of-product.md")[0]
    assert (passage.url, passage.updated) == (vp.url, vp.updated)
    with pytest.raises(KeyError, match="no-such"):
        opened().passages.text_of("no-such.md")


def test_shorter_passages_are_made_when_asked_for(knowledge, index, opened):
    write_articles(knowledge, {"long.md": f"# Long\n\n{LONG}"})
    many = build(knowledge, index, options=BuildOptions(chunk_tokens=40)).chunks
    few = build(knowledge, index, options=BuildOptions(chunk_tokens=200)).chunks
    assert many > 2 * few
    assert opened().manifest.chunk_tokens == 200


def test_near_duplicates_are_marked_with_the_first(knowledge, index, opened):
    copied = "A roadmap tells which problems a team will work on, and in what order."
    write_articles(knowledge, {"zebra.md": f"# Zebra\n\n{copied} Indeed.\n"})
    build(knowledge, index)
    passages = opened().passages
    (first,) = passages.of_article("roadmap.md")
    (copy,) = passages.of_article("zebra.md")
    assert copy.same_as == first.row
    others = [one for one in passages.all() if one.row != copy.row]
    assert all(one.same_as == one.row for one in others)


def test_what_is_left_out_is_stored_and_in_no_passage(knowledge, index, opened):
    advert = "Sign up for our free course today and land your dream job in tech!"
    write_articles(knowledge, {"sold.md": f"# Sold\n\nA plan says what to do next.\n\n{advert}\n"})
    report = build(knowledge, index)
    passages = opened().passages
    ((path, stretches),) = passages.left_out().items()
    text = passages.text_of("sold.md")
    assert path == "sold.md"
    assert [text[one.span.start : one.span.end] for one in stretches] == [advert]
    assert [one.reason for one in stretches] == ["advert"]
    assert [(text, out) for text, out in report.left_out["sold.md"]] == [(advert, stretches[0])]
    assert all(advert not in one.chunk.text for one in passages.all())
    build(knowledge, index, options=BuildOptions(keep_boilerplate=True))
    assert opened().passages.left_out() == {}
    assert any(advert in one.chunk.text for one in opened().passages.all())


# --- What it refuses


@pytest.mark.parametrize("make", [False, True], ids=["missing", "empty"])
def test_a_folder_without_articles_publishes_nothing_and_keeps_the_old(
    knowledge, index, opened, tmp_path, make
):
    before = build(knowledge, index).generation
    other = tmp_path / "other"
    if make:
        other.mkdir()
    with pytest.raises(ArticleError, match=f"{other}"):
        build(other, index)
    assert opened().manifest.name == before
    assert GenerationStore(index).names() == [before]
    assert not list(index.glob("build-*/"))


def test_a_first_build_without_articles_leaves_no_index(tmp_path, index):
    (tmp_path / "empty").mkdir()
    with pytest.raises(ArticleError, match="no readable article in"):
        build(tmp_path / "empty", index)
    with pytest.raises(NoIndexError, match="no index in"):
        GenerationStore(index).open()


def test_the_model_is_not_opened_where_there_is_nothing_to_embed(tmp_path, index):
    write_articles(tmp_path / "k", {"broken.pdf": "no PDF", "empty.md": ""})
    embedder = HashingEmbedder()
    with pytest.raises(
        ArticleError, match=r"no readable article.*\n  broken\.pdf: .*\n  empty\.md: "
    ):
        build(tmp_path / "k", index, embedder)
    assert embedder.embedded == []


def test_articles_of_headings_alone_hold_nothing_to_index(tmp_path, index):
    write_articles(tmp_path / "k", {"bare.md": "# Only a heading\n"})
    with pytest.raises(ArticleError, match="hold no sentence to index"):
        build(tmp_path / "k", index)


def test_problems_are_carried_into_the_manifest(knowledge, index, opened):
    write_articles(
        knowledge,
        {
            "broken.pdf": "not a PDF at all",
            "empty.md": "",
            "twin.md": "# Roadmap\n\nAnother text under the same title.\n",
        },
    )
    report = build(knowledge, index)
    assert {one.path: one.indexed for one in report.problems} == {
        "broken.pdf": False,
        "empty.md": False,
        "twin.md": True,
    }
    assert opened().manifest.problems == tuple(
        (one.path, one.reason, one.indexed) for one in report.problems
    )
    assert "twin.md" in {one.path for one in opened().passages.articles()}


def test_an_encoder_that_fails_publishes_nothing(knowledge, index, opened):
    class Broken(HashingEmbedder):
        def embed_documents(self, texts, *, progress=None):
            super().embed_documents(texts, progress=progress)
            raise MemoryError("no memory left")

    before = build(knowledge, index).generation
    write_articles(knowledge, {"new.md": "# New\n\nSomething not embedded yet.\n"})
    with pytest.raises(MemoryError, match="no memory left"):
        build(knowledge, index, Broken())
    assert opened().manifest.name == before
    assert not list(index.glob("build-*/"))


# --- What it embeds again


@pytest.fixture
def built(knowledge, index):
    """A generation of the articles, and a fresh embedder to build the next with."""
    build(knowledge, index)
    return HashingEmbedder()


def test_nothing_is_embedded_when_nothing_changed(built, knowledge, index):
    report = build(knowledge, index, built)
    assert (report.added, report.changed, report.removed) == ((), (), ())
    assert built.embedded == []
    assert report.embedded == 0


def test_only_the_changed_sentence_and_its_passage_are_embedded_again(
    built, knowledge, index, opened
):
    path = knowledge / "ladder/head-of-product.md"
    path.write_text(path.read_text().replace("the chief executive", "the founder"))
    report = build(knowledge, index, built)
    assert report.changed == ("ladder/head-of-product.md",)
    sentence = "The head of product reports to the founder."
    assert built.embedded == [
        f"Head of product > Reporting\n{sentence}",
        f"Head of product: {sentence}",
    ]
    same = GenerationStore(index.with_name("afresh"))
    build(knowledge, same.folder)
    for mine, wanted in [
        (opened().chunk_vectors, same.open().chunk_vectors),
        (opened().sentence_vectors, same.open().sentence_vectors),
    ]:
        rows = np.arange(len(wanted))
        assert np.array_equal(mine.vectors(rows), wanted.vectors(rows))


def test_a_changed_title_embeds_all_of_its_article_and_nothing_else(built, knowledge, index):
    path = knowledge / "roadmap.md"
    path.write_text(path.read_text().replace("# Roadmap", "# The roadmap"))
    report = build(knowledge, index, built)
    assert report.changed == ("roadmap.md",)
    assert len(built.embedded) == 4  # the passage, its two sentences and the heading
    assert all(text.startswith("The roadmap") for text in built.embedded)


def test_a_new_article_is_added_and_only_it_is_embedded(built, knowledge, index):
    write_articles(knowledge, {"new.md": "# New\n\nA sentence nobody wrote before.\n"})
    report = build(knowledge, index, built)
    assert (report.added, report.changed, report.removed) == (("new.md",), (), ())
    assert built.embedded == [
        "New\nA sentence nobody wrote before.",
        "New: A sentence nobody wrote before.",
        "New",
    ]


def test_a_removed_article_is_gone_and_nothing_is_embedded(built, knowledge, index, opened):
    (knowledge / "roadmap.md").unlink()
    report = build(knowledge, index, built)
    assert report.removed == ("roadmap.md",)
    assert built.embedded == []
    assert opened().passages.of_article("roadmap.md") == []


def test_a_renamed_article_is_not_embedded_again(built, knowledge, index):
    (knowledge / "roadmap.md").rename(knowledge / "plan.md")
    report = build(knowledge, index, built)
    assert (report.added, report.removed) == (("plan.md",), ("roadmap.md",))
    assert built.embedded == []


@pytest.mark.usefixtures("built")
def test_another_encoder_embeds_everything_again(knowledge, index, opened):
    other = HashingEmbedder(dimension=32, fingerprint="other")
    assert build(knowledge, index, other).embedded == distinct(opened())
    assert opened().manifest.encoder == "other"
    assert opened().chunk_vectors.dimension == 32


def test_a_full_build_embeds_everything_again(built, knowledge, index, opened):
    report = build(knowledge, index, built, options=BuildOptions(reuse=False))
    assert report.embedded == len(built.embedded) == distinct(opened())


def test_a_damaged_generation_gives_no_vectors_to_the_next(built, knowledge, index, opened):
    store = GenerationStore(index)
    (store.folder / store.current_name() / "passages.db").unlink()
    with pytest.raises(DamagedIndexError, match=r"passages\.db is missing"):
        store.open()
    report = build(knowledge, index, built)
    assert report.embedded == distinct(opened())
    assert report.added == tuple(sorted(ARTICLES))


def test_equal_sentences_are_embedded_once(tmp_path, index, opened):
    same = "Every product team has a plan of its own."
    parts = "".join(f"\n## Part {number}\n\n{same}\n" for number in range(6))
    embedder = HashingEmbedder()
    report = build(write_articles(tmp_path / "k", {"a.md": f"# Plan\n{parts}"}), index, embedder)
    assert report.sentences == 6
    assert embedder.embedded.count(f"Plan: {same}") == 1
    wanted = np.repeat(embedder.embed_documents([f"Plan: {same}"]), 6, axis=0)
    vectors = opened().sentence_vectors.vectors(np.arange(6))
    assert vectors == pytest.approx(wanted, abs=1e-3)


def test_equal_texts_have_equal_keys_and_others_do_not():
    keys = text_keys(["a", "b", "a", ""])
    assert keys[0] == keys[2]
    assert len(set(keys.tolist())) == 3
    assert keys.dtype == np.uint64


def test_progress_is_told_step_by_step_to_its_end(knowledge, index):
    told = []
    build_index(
        knowledge,
        GenerationStore(index),
        lambda: ("hashing", HashingEmbedder()),
        progress=lambda *at: told.append(at),
    )
    steps = list(dict.fromkeys(step for step, _, _ in told))
    assert steps == ["reading articles", "cutting into passages", "embedding"]
    for step in steps:
        *_, (_, done, total) = [one for one in told if one[0] == step]
        assert done == total


# --- The stamp


def test_an_unchanged_folder_has_an_unchanged_stamp(knowledge, index, opened):
    build(knowledge, index)
    assert opened().manifest.stamp == knowledge_stamp(knowledge, BuildOptions())


def edit(knowledge):
    path = knowledge / "roadmap.md"
    path.write_text(path.read_text() + "More.\n")


def touch(knowledge):
    os.utime(knowledge / "roadmap.md", (1, 1))


def add(knowledge):
    (knowledge / "new.md").write_text("# New\n")


def remove(knowledge):
    (knowledge / "roadmap.md").unlink()


def rename(knowledge):
    (knowledge / "roadmap.md").rename(knowledge / "plan.md")


@pytest.mark.parametrize("change", [edit, touch, add, remove, rename])
def test_a_change_of_the_folder_changes_the_stamp(knowledge, change):
    before = knowledge_stamp(knowledge, BuildOptions())
    change(knowledge)
    assert knowledge_stamp(knowledge, BuildOptions()) != before


@pytest.mark.parametrize(
    ("options", "differs"),
    [
        (BuildOptions(chunk_tokens=64), True),
        (BuildOptions(keep_boilerplate=True), True),
        (BuildOptions(wait_s=5, reuse=False), False),
    ],
    ids=["chunk_tokens", "keep_boilerplate", "how to build"],
)
def test_options_that_shape_the_index_change_the_stamp(knowledge, options, differs):
    before = knowledge_stamp(knowledge, BuildOptions())
    assert (knowledge_stamp(knowledge, options) != before) is differs


def test_a_broken_link_does_not_stop_the_stamp(knowledge):
    (knowledge / "link.md").symlink_to(knowledge / "nowhere.md")
    assert knowledge_stamp(knowledge, BuildOptions())
