"""Chunks keep sentences whole, sections apart and spans exact."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from index.chunking import Chunk, chunk_document, context_line
from index.documents import Block, Document, LeftOut, Span


def words(texts):
    return [len(text.split()) for text in texts]


def document(*blocks, left_out=()):
    """Make a document of (kind, text, heading) blocks, parted by blank lines."""
    text, made = "", []
    for kind, body, heading in blocks:
        start = len(text)
        text += body
        made.append(Block(kind, Span(start, len(text)), heading))
        text += "\n\n"
    return Document("a.md", "Title", text, tuple(made), left_out=left_out)


def test_a_chunk_is_the_text_at_its_span():
    doc = document(("paragraph", "One two. Three four. Five six.", ("Part",)))
    for chunk in chunk_document(doc, words, max_tokens=4):
        assert doc.text[chunk.span.start : chunk.span.end] == chunk.text


def test_sentences_of_one_section_share_a_chunk_up_to_the_limit():
    doc = document(
        ("paragraph", "One two. Three four.", ("Part",)), ("paragraph", "Five six.", ("Part",))
    )
    assert [c.text for c in chunk_document(doc, words, max_tokens=6)] == [
        "One two. Three four.\n\nFive six."
    ]


def test_a_heading_ends_a_chunk_and_is_in_none():
    doc = document(
        ("paragraph", "One two.", ()),
        ("heading", "Part", ("Part",)),
        ("paragraph", "Three four.", ("Part",)),
    )
    chunks = chunk_document(doc, words)
    assert [(c.heading, c.text) for c in chunks] == [((), "One two."), (("Part",), "Three four.")]


def test_a_sentence_over_the_limit_is_a_chunk_of_its_own():
    long = "one two three four five six seven eight nine ten."
    doc = document(("paragraph", f"Short one. {long} Short two.", ()))
    assert long in [c.text for c in chunk_document(doc, words, max_tokens=4)]


def test_a_section_is_divided_evenly_rather_than_ending_in_a_scrap():
    doc = document(
        ("paragraph", "Tea is rather nice. Rain is rather wet. Snow is rather cold. Fog hides.", ())
    )
    assert [len(c.text.split()) for c in chunk_document(doc, words, max_tokens=12)] == [8, 6]


def test_what_is_left_out_is_in_no_chunk_and_parts_the_text_around_it():
    text = "Real one. Buy now! Real two."
    doc = document(
        ("paragraph", text, ()),
        left_out=(LeftOut(Span(text.index("Buy"), text.index("Buy") + 8), "advert"),),
    )
    assert [c.text for c in chunk_document(doc, words)] == ["Real one.", "Real two."]


def test_a_table_row_is_one_sentence():
    row = "Scope: one area. Or two; Reports to: VP"
    chunks = chunk_document(document(("row", row, ())), words)
    assert [c.sentence_texts() for c in chunks] == [(row,)]


def test_the_embedder_reads_title_and_headings_before_the_text():
    chunk = Chunk("a.md", "VP", ("Scope", "Size"), Span(0, 4), "Text", (Span(0, 4),))
    assert chunk.embedded_text == "VP > Scope > Size\nText"
    assert context_line("VP", ()) == "VP"


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["heading", "paragraph", "item", "row"]),
            st.text(min_size=1, max_size=120).filter(str.strip).map(str.strip),
            st.sampled_from([(), ("A",), ("A", "B")]),
        ),
        max_size=8,
    ),
    st.integers(1, 40),
)
def test_chunks_hold_every_word_once_in_order_and_only_whole_sentences(blocks, limit):
    doc = document(*blocks)
    chunks = chunk_document(doc, words, max_tokens=limit)
    wanted = "".join(doc.text[b.span.start : b.span.end] for b in doc.blocks if b.kind != "heading")
    sentences = [text for chunk in chunks for text in chunk.sentence_texts()]
    assert "".join("".join(sentences).split()) == "".join(wanted.split())
    spans = [span for chunk in chunks for span in chunk.sentences]
    assert all(a.end <= b.start for a, b in pairwise(spans))
    for chunk in chunks:
        assert doc.text[chunk.span.start : chunk.span.end] == chunk.text
        assert len(chunk.sentences) == 1 or sum(words(chunk.sentence_texts())) <= limit
