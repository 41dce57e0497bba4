"""Each file format into plain parts."""

import contextlib
import io
import zipfile
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import ArticleError
from index.formats.decoding import decode
from index.formats.docx import parse_docx
from index.formats.html import parse_html
from index.formats.markdown import parse_markdown
from index.formats.parsed import Part
from index.formats.pdf import parse_pdf
from index.formats.text import parse_text
from tests.article_files import encrypted, make_docx, make_pdf, pdf_page

_LONG = "A long paragraph about the work of product leaders follows here, on several lines."

# Pieces that, put together, are the worst of each markup.
_MARKUP = st.lists(
    st.sampled_from(
        [
            *("<", ">", "<p>", "</p>", "<table>", "<tr>", "<td>", "<li>", "<ul>", "<h2>", "</h2>"),
            *("&#0;", "<script>", "<!--", "-->", "# ", "- ", "1. ", "> ", "|", "|-|\n", "```", "`"),
            *("*", "[", "](", ")", "---", "\n", "\n\n", "    ", "\t", "{{", "}}", "{%", "\u2022 "),
            *("a", "B.", "\u00e9", "e\u0301", "\x00"),
        ]
    )
).map("".join)
_ANY_TEXT = st.text(st.characters(codec="utf-8")) | _MARKUP


def test_markdown_becomes_plain_parts() -> None:
    parsed = parse_markdown(
        "# Title\n\nA [link](x), ![a picture](y) `code`,\n**bold** and ~~struck~~<br>next.\n\n"
        "- one\n- two\n\n  more of two\n\n> quoted\n\n```py\nx = {{ 1 }}\n```\n\n## Below\n"
    )
    assert parsed.title == "Title"
    assert parsed.parts == (
        Part("heading", "Title", 1),
        Part("paragraph", "A link, code, bold and struck next."),
        Part("item", "one"),
        Part("item", "two"),
        Part("item", "more of two"),
        Part("quote", "quoted"),
        Part("code", "x = {{ 1 }}"),
        Part("heading", "Below", 2),
    )


def test_markdown_tables_are_read_out_row_by_row() -> None:
    parsed = parse_markdown(
        "| | CPO | HoP |\n|-|-|-|\n| Seat | `Exec` | |\n| Reports to | CEO | CPO |"
    )
    assert [part.text for part in parsed.parts] == [
        "Seat; CPO: Exec",
        "Reports to; CPO: CEO; HoP: CPO",
    ]
    assert {part.kind for part in parsed.parts} == {"row"}


def test_markdown_keeps_the_text_of_html_and_drops_scripts_and_comments() -> None:
    parsed = parse_markdown(
        "<details><summary>More</summary>Hidden.<script>x</script></details>\n\n<!-- no -->"
    )
    assert [part.text for part in parsed.parts] == ["More", "Hidden."]


def test_deeply_nested_markdown_lists_lose_nothing() -> None:
    parsed = parse_markdown("".join(f"{'  ' * depth}- item {depth}\n" for depth in range(30)))
    assert [part.text for part in parsed.parts] == [f"item {depth}" for depth in range(30)]


def test_html_without_page_furniture_is_read_whole() -> None:
    parsed = parse_html(
        "<html><head><title>Not this</title></head><body><h1>Title</h1>Bare text<p>One <b>bold</b> "
        "<a href='x'>link</a>.<br>Next.</p><ul><li>a</li><li><p>b</p></li></ul>"
        "<blockquote>q</blockquote>"
        "<table><tr><th></th><th>CPO</th></tr><tr><td>Seat</td><td>Exec</td></tr></table>"
        "<pre>x\n y</pre><!-- gone --></body></html>"
    )
    assert parsed.title == "Title"
    assert parsed.parts == (
        Part("heading", "Title", 1),
        Part("paragraph", "Bare text"),
        Part("paragraph", "One bold link. Next."),
        Part("item", "a"),
        Part("item", "b"),
        Part("quote", "q"),
        Part("row", "Seat; CPO: Exec"),
        Part("code", "x\n y"),
    )


def test_html_pages_lose_navigation_scripts_and_footers() -> None:
    body = f"<p>{_LONG} {_LONG} {_LONG}</p>"
    parsed = parse_html(
        "<html><head><title>T | Site</title><meta name='author' content='Jane Roe'>"
        "<link rel='canonical' href='https://example.com/a'></head><body>"
        "<nav><a href='/'>Home</a></nav>"
        f"<article><h1>What a CPO does</h1>{body}<h2>Duties</h2>{body}</article>"
        "<script>track()</script><footer>Imprint</footer></body></html>"
    )
    text = " ".join(part.text for part in parsed.parts)
    assert parsed.title == "What a CPO does"
    assert (parsed.author, parsed.url) == ("Jane Roe", "https://example.com/a")
    assert text.count(_LONG) == 6
    assert Part("heading", "Duties", 2) in parsed.parts
    assert not any(word in text for word in ("Home", "Imprint", "track"))


def test_html_title_falls_back_to_the_title_element_then_any_heading() -> None:
    assert parse_html("<title>Named</title><h2>Heading</h2><p>x").title == "Named"
    assert parse_html("<h2>Heading</h2><p>x").title == "Heading"
    assert parse_html("<p>x").title is None


def test_html_nested_beyond_reason_is_read_without_a_crash() -> None:
    for tag in ("div", "b", "table><tr><td", "ul><li"):
        parse_html(f"<script></script><p>Text.</p>{f'<{tag}>' * 5000}x")


def test_text_is_divided_by_blank_lines_bullets_and_lone_short_lines() -> None:
    parsed = parse_text(
        "What a CPO does 2023\n\nA first line that was wrapped by hand and\ngoes on here.\n\n"
        "Duties\n\n"
        "These are:\n  \u2022 Strategy, which is\n    long.\n  \u2022 Hiring\n\n"
        "1. First\n2. Second\n\n* * *\n\nIs it hard?\n\nYes."
    )
    assert parsed.title == "What a CPO does 2023"
    assert parsed.parts == (
        Part("heading", "What a CPO does 2023", 1),
        Part("paragraph", "A first line that was wrapped by hand and goes on here."),
        Part("heading", "Duties", 2),
        Part("paragraph", "These are:"),
        Part("item", "Strategy, which is long."),
        Part("item", "Hiring"),
        Part("item", "First"),
        Part("item", "Second"),
        Part("heading", "Is it hard?", 2),
        Part("paragraph", "Yes."),
    )


def test_a_wrapped_first_paragraph_is_no_title() -> None:
    parsed = parse_text("A product manager is someone who\ncoordinates the work of many.")
    assert parsed.title is None
    assert parsed.parts == (
        Part("paragraph", "A product manager is someone who coordinates the work of many."),
    )


def test_a_repeated_heading_with_nothing_below_it_is_dropped() -> None:
    parsed = parse_text(
        "Title\n\nhead of product\n\nText follows.\n\nhead of product\n\nNext\n\nMore text."
    )
    assert [part.text for part in parsed.parts] == [
        "Title",
        "head of product",
        "Text follows.",
        "Next",
        "More text.",
    ]


def test_pdf_lines_are_joined_and_page_furniture_is_dropped() -> None:
    first = [("Product Weekly 2023", 9, 72, 770), ("What a CPO does", 18, 72, 740)]
    first += pdf_page(
        [
            "The chief product officer is responsible for prod-",
            "uct strategy and for a long-",
            "term view of it.",
        ],
        [
            "A second paragraph begins here and is con-",
            "tinued on the next page of the document, where it",
        ],
    )
    second = [("Product Weekly 2024", 9, 72, 770), *pdf_page(["ends at last."], ["\xb7 An item"])]
    pdf = make_pdf(
        [*first, ("1", 9, 300, 30)], [*second, ("Page 2 of 2", 9, 300, 30)], title="Other"
    )
    parsed = parse_pdf(pdf)
    assert parsed.title == "What a CPO does"
    assert parsed.parts == (
        Part("heading", "What a CPO does", 1),
        Part(
            "paragraph",
            "The chief product officer is responsible for product strategy and for a long-term "
            "view of it.",
        ),
        Part(
            "paragraph",
            "A second paragraph begins here and is continued on the next page of the document, "
            "where it ends at last.",
        ),
        Part("item", "An item"),
    )


def test_pdf_title_falls_back_to_the_documents_property() -> None:
    assert parse_pdf(make_pdf(pdf_page([_LONG, "And more."]), title="Named")).title == "Named"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"%PDF-1.4 nonsense", "broken PDF", id="broken"),
        pytest.param(
            make_pdf(pdf_page([_LONG]))[:300], "broken PDF|no page holds text", id="cut off"
        ),
        pytest.param(make_pdf([]), "scanned PDF: no page holds text", id="scanned"),
        pytest.param(
            encrypted(make_pdf(pdf_page([_LONG])), "secret"), "encrypted PDF", id="encrypted"
        ),
    ],
)
def test_a_pdf_that_cannot_be_read_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(ArticleError, match=reason):
        parse_pdf(data)


def test_a_pdf_that_only_restricts_printing_is_read() -> None:
    assert parse_pdf(encrypted(make_pdf(pdf_page([_LONG])), "")).parts == (
        Part("paragraph", _LONG),
    )


def test_word_documents_become_parts_by_their_styles() -> None:
    parsed = parse_docx(
        make_docx(
            ("Title", "What a CPO does"),
            ("Heading 2", "Duties"),
            ("Normal", "A CPO leads."),
            ("List Bullet", "Strategy"),
            ("Quote", "Quoted"),
            title="Not this",
            rows=[["", "CPO"], ["Seat", "Exec"], ["", ""]],
        )
    )
    assert parsed.title == "What a CPO does"
    assert parsed.parts == (
        Part("heading", "What a CPO does", 1),
        Part("heading", "Duties", 2),
        Part("paragraph", "A CPO leads."),
        Part("item", "Strategy"),
        Part("quote", "Quoted"),
        Part("row", "Seat; CPO: Exec"),
    )


def test_word_title_falls_back_to_the_property_but_not_to_a_templates() -> None:
    assert parse_docx(make_docx(("Normal", "x"), title="Named")).title == "Named"
    assert parse_docx(make_docx(("Normal", "x"))).title is None


def _zip(size: int, level: int = 9) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        archive.writestr("word/document.xml", b"0" * size)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"plain text", "no zip archive", id="no zip"),
        pytest.param(_zip(101 * 1024 * 1024), "bytes, more than 100 MB", id="bomb by size"),
        pytest.param(_zip(5 * 1024 * 1024), "times its size, more than 200", id="bomb by ratio"),
        pytest.param(_zip(100), "broken Word document", id="another zip"),
        pytest.param(
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "encrypted or old", id="old"
        ),
        pytest.param(make_docx(("Normal", "x"))[:-400], "no zip archive", id="cut off"),
    ],
)
def test_a_word_document_that_cannot_be_read_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(ArticleError, match=reason):
        parse_docx(data)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_files_are_decoded_without_a_note(encoding: str) -> None:
    decoded = decode("It\u2019s a CPO \u2013 na\u00efve.".encode(encoding))
    assert (decoded.text, decoded.note) == ("It\u2019s a CPO \u2013 na\u00efve.", None)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("It\u2019s plain text. Nothing else.", "cp1252"),
        ("A caf\u00e9 owner hires a product manager for \u00a35 a day, and that is all.", "cp1252"),
        (
            "\u88fd\u54c1\u306e\u8cac\u4efb\u8005\u306f\u4f55\u3092\u3057\u307e\u3059\u304b\u3002"
            * 3,
            "cp932",
        ),
    ],
)
def test_older_encodings_are_recognised_with_a_note(text: str, encoding: str) -> None:
    decoded = decode(text.encode(encoding))
    assert decoded.text == text
    assert decoded.note == f"read as {encoding}; save it as UTF-8"


def test_a_broken_character_does_not_turn_utf8_into_gibberish() -> None:
    data = (
        "It\u2019s a na\u00efve caf\u00e9 in M\u00e4lmo. \u2013 Long enough to count.".encode() * 3
        + b"\xe2\x80"
    )
    decoded = decode(data)
    assert decoded.text.startswith("It\u2019s a na\u00efve caf\u00e9")
    assert decoded.note is not None
    assert "1 broken character" in decoded.note


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"text\x00text", "NUL bytes"),
        (b"%PDF-1.7\n...", "it is a PDF"),
        (b"PK\x03\x04....", "zip archive"),
        (b"\x01\x02\x03\x04text", "control characters"),
        (b"\xff\xfe\x00\xd8", "marked as utf-16"),
        (bytes(range(128, 256)) * 4, "encoding cannot be recognised"),
    ],
)
def test_binary_content_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(ArticleError, match=reason):
        decode(data)


@given(st.binary())
def test_decoding_returns_text_or_a_reason(data: bytes) -> None:
    with contextlib.suppress(ArticleError):
        decode(data).text.encode(errors="surrogatepass")


@settings(deadline=None)
@given(_ANY_TEXT)
def test_text_parsers_take_any_text_and_return_parts_that_hold_text(text: str) -> None:
    for parse in (parse_markdown, parse_text, parse_html):
        for part in parse(text).parts:
            assert part.text.strip()
            assert part.kind == "code" or "\n" not in part.text
            assert (part.level > 0) == (part.kind == "heading")


@settings(deadline=None)
@given(st.binary() | st.binary().map(lambda data: b"%PDF-1.4\n" + data))
def test_a_pdf_of_any_bytes_is_parts_or_a_reason(data: bytes) -> None:
    with pytest.raises(ArticleError, match=r"PDF"):
        parse_pdf(data)


_SOUND_PDF = make_pdf(pdf_page([_LONG], ["Another."]))
_SOUND_DOCX = make_docx(("Heading 1", "T"), ("Normal", _LONG))


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_a_damaged_pdf_or_word_document_is_parts_or_a_reason(data: st.DataObject) -> None:
    for whole, parse in ((_SOUND_PDF, parse_pdf), (_SOUND_DOCX, parse_docx)):
        at = data.draw(st.integers(0, len(whole) - 1))
        damage = data.draw(st.binary(min_size=1, max_size=20))
        with contextlib.suppress(ArticleError):
            parse(whole[:at] + damage + whole[at + len(damage) :])


def test_dates_of_word_documents_are_taken_where_a_person_signed() -> None:
    unsigned = parse_docx(make_docx(("Normal", "x")))
    assert unsigned.author is None
    assert unsigned.updated is None
    assert parse_html(
        "<meta property='article:modified_time' content='2024-05-06'><p>x"
    ).updated in (
        date(2024, 5, 6),
        None,
    )
