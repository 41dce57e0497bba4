"""A knowledge folder read into documents and problems."""

import os
import re
import subprocess
import sys
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.article_files import MAX_BYTES
from index.articles import Library, Problem, read_articles
from index.documents import Block, Document, Span
from index.errors import ArticleError
from tests.article_files import make_docx, make_pdf, pdf_page

_ADVERT = "Sign up for our product course today and get your money back if it fails."


def _folder(root: Path, **files: str | bytes) -> Path:
    for name, content in files.items():
        path = root / name.replace("__", "/").replace("_DOT_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return root


def _only(library: Library) -> Document:
    (document,) = library.documents
    return document


def _texts(document: Document) -> list[str]:
    return [document.text[block.span.start : block.span.end] for block in document.blocks]


def test_an_article_becomes_one_text_with_blocks_under_their_headings(tmp_path: Path) -> None:
    article = (
        "---\ntitle: CPO\nurl: https://example.com/cpo\nupdated: 2026-11-23\nauthor: Jane Roe\n"
        "aliases: [chief product officer]\nsources:\n  - A book\n"
        "  - {title: A page, address: https://example.com, date: 2024-05-06}\n---\n\n"
        "# CPO\n\nLeads.\n\n## Duties\n\n- one\n- two\n\n### Deep\n\nText.\n\n## Pay\n\nMuch.\n"
    )
    library = read_articles(_folder(tmp_path, roles__cpo_DOT_md=article))
    assert library.problems == ()
    document = _only(library)
    assert document == Document(
        path="roles/cpo.md",
        title="CPO",
        text="CPO\n\nLeads.\n\nDuties\n\none\ntwo\n\nDeep\n\nText.\n\nPay\n\nMuch.",
        blocks=(
            Block("heading", Span(0, 3), ("CPO",)),
            Block("paragraph", Span(5, 11), ()),
            Block("heading", Span(13, 19), ("Duties",)),
            Block("item", Span(21, 24), ("Duties",)),
            Block("item", Span(25, 28), ("Duties",)),
            Block("heading", Span(30, 34), ("Duties", "Deep")),
            Block("paragraph", Span(36, 41), ("Duties", "Deep")),
            Block("heading", Span(43, 46), ("Pay",)),
            Block("paragraph", Span(48, 53), ("Pay",)),
        ),
        url="https://example.com/cpo",
        updated=date(2026, 11, 23),
        author="Jane Roe",
        aliases=("chief product officer",),
        sources=("A book", "A page, https://example.com (2024-05-06)"),
    )
    assert document.topic == "roles"


def test_every_format_is_read_and_sorted_by_path(tmp_path: Path) -> None:
    folder = _folder(
        tmp_path,
        b__one_DOT_MD="# One\n\nText one.",
        a__two_DOT_markdown="# Two\n\nText two.",
        three_DOT_md_DOT_txt="# Three\n\nText three.",
        four_DOT_txt="Four\n\nText four.",
        five_DOT_html="<h1>Five</h1><p>Text five.",
        six_DOT_htm="---\ntitle: Six\n---\n<p>Text six.",
        seven_DOT_pdf=make_pdf(
            pdf_page(["Text seven is long enough for one line."]), title="Seven"
        ),
        eight_DOT_docx=make_docx(("Title", "Eight"), ("Normal", "Text eight.")),
        ignored_DOT_csv="a,b",
        titles_DOT_toml="",
        _DOT_hidden__x_DOT_md="# Hidden",
    )
    seen: list[tuple[int, int]] = []
    library = read_articles(folder, progress=lambda done, total: seen.append((done, total)))
    assert library.problems == ()
    assert [(document.path, document.title) for document in library.documents] == [
        ("a/two.markdown", "Two"),
        ("b/one.MD", "One"),
        ("eight.docx", "Eight"),
        ("five.html", "Five"),
        ("four.txt", "Four"),
        ("seven.pdf", "Seven"),
        ("six.htm", "Six"),
        ("three.md.txt", "Three"),
    ]
    assert seen == [(done, 8) for done in range(1, 9)]
    assert read_articles(folder) == library


def test_an_article_without_any_title_is_named_after_its_file(tmp_path: Path) -> None:
    library = read_articles(_folder(tmp_path, **{"first-90_days.md": "Text without a heading."}))
    assert _only(library).title == "First 90 days"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.md", b"", "empty file"),
        ("a.md", b" \n\n", "no text in it"),
        ("a.md", b"---\ntitle: T\n---\n", "no text in it"),
        ("a.md", b"x" * (MAX_BYTES + 1), "10,485,761 bytes, more than 10 MB; divide it"),
        ("a.md", b"a\x00b", "binary content, not text: it holds NUL bytes"),
        (
            "a.txt",
            b"\x89PNG\r\n",
            "binary content, not text: it is a picture under a text file's name",
        ),
        ("a.html", b"<html><script>x</script></html>", "no text in it"),
        ("a.pdf", b"%PDF-1.4", "broken PDF: .+"),
        ("a.pdf", make_pdf([]), "scanned PDF: no page holds text; .+"),
        ("a.docx", b"PK\x03\x04", "not a Word document: it is no zip archive"),
    ],
)
def test_an_article_that_cannot_be_read_is_a_problem(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    (tmp_path / name).write_bytes(content)
    (tmp_path / "z.md").write_text("# Good\n\nText.")
    library = read_articles(tmp_path)
    assert [document.path for document in library.documents] == ["z.md"]
    (problem,) = library.problems
    assert (problem.path, problem.indexed) == (name, False)
    assert re.fullmatch(reason, problem.reason)


def test_an_older_encoding_is_read_with_a_note(tmp_path: Path) -> None:
    library = read_articles(
        _folder(tmp_path, a_DOT_md="# T\n\nIt\u2019s \u00a35.".encode("cp1252"))
    )
    assert _only(library).text == "T\n\nIt\u2019s \u00a35."
    assert library.problems == (Problem("a.md", "read as cp1252; save it as UTF-8", indexed=True),)


@pytest.mark.parametrize(
    ("front_matter", "reason"),
    [
        (
            "title: A: b",
            r"its front matter is not readable: mapping values are not allowed .+ \(line 2\)",
        ),
        ("title: 'x", "its front matter is not readable: .+"),
        ("updated: 2024-13-40", "its front matter is not readable: month must be in 1..12"),
        ("updated: May 2024", 'its front matter\'s date "May 2024" is not like 2026-11-23'),
        ("a: *b", "its front matter is not readable: found undefined alias .+"),
    ],
)
def test_malformed_front_matter_is_a_problem_and_the_body_is_read(
    tmp_path: Path, front_matter: str, reason: str
) -> None:
    library = read_articles(_folder(tmp_path, a_DOT_md=f"---\n{front_matter}\n---\n# T\n\nText."))
    assert _only(library).text == "T\n\nText."
    (problem,) = library.problems
    assert problem.indexed
    assert re.fullmatch(reason, problem.reason)


def test_front_matter_that_is_never_closed_is_a_problem(tmp_path: Path) -> None:
    library = read_articles(_folder(tmp_path, a_DOT_md="---\ntitle: X\n\n# T\n\nText."))
    assert _only(library).text == "T\n\nText."
    assert library.problems[0].reason == "its front matter is not closed by a line of ---"


def test_a_rule_at_the_head_of_an_article_is_no_front_matter(tmp_path: Path) -> None:
    library = read_articles(_folder(tmp_path, a_DOT_md="---\n\nFirst.\n\n---\n\nSecond.\n"))
    assert library.problems == ()
    assert _only(library).text == "First.\n\nSecond."


def test_the_same_text_twice_is_read_once(tmp_path: Path) -> None:
    library = read_articles(
        _folder(tmp_path, a_DOT_md="# T\n\nText.", b__c_DOT_md="# T\n\nText.\n")
    )
    assert [document.path for document in library.documents] == ["a.md"]
    assert library.problems == (Problem("b/c.md", "same text as a.md", indexed=False),)


def test_one_title_twice_is_told_apart_by_the_folder(tmp_path: Path) -> None:
    library = read_articles(
        _folder(
            tmp_path,
            a_DOT_md="# Overview\n\nOne.",
            pricing__b_DOT_md="# overview\n\nTwo.",
            pricing__c_DOT_md="# Overview\n\nThree.",
            z_DOT_md="# Overview\n\nFour.",
        )
    )
    assert [document.title for document in library.documents] == [
        "Overview",
        "overview (pricing)",
        "Overview (c)",
        "Overview (z)",
    ]
    assert [(problem.path, problem.indexed) for problem in library.problems] == [
        ("pricing/b.md", True),
        ("pricing/c.md", True),
        ("z.md", True),
    ]
    assert library.problems[0].reason == "same title as a.md; both are indexed"


def test_symbolic_links_never_lead_out_of_the_folder(tmp_path: Path) -> None:
    outside = tmp_path / "secret.md"
    outside.write_text("# Secret\n\nText.")
    folder = _folder(
        tmp_path / "knowledge", real__a_DOT_md="# T\n\nText.", _DOT_data__x_DOT_md="# X\n\nIn."
    )
    (folder / "gone.md").symlink_to(folder / "nothing.md")
    (folder / "inside.md").symlink_to(folder / ".data" / "x.md")
    (folder / "loop").symlink_to(folder)
    (folder / "out.md").symlink_to(outside)
    (folder / "real" / "self.md").symlink_to(folder / "real" / "self.md")
    (folder / "same").symlink_to(folder / "real")
    (folder / "up").symlink_to(tmp_path)
    library = read_articles(folder)
    assert [document.path for document in library.documents] == ["inside.md", "real/a.md"]
    assert [(problem.path, problem.reason) for problem in library.problems] == [
        ("gone.md", "a symbolic link to nothing"),
        ("loop", "a symbolic link in a loop: it leads to a folder that holds it"),
        (
            "out.md",
            f"a symbolic link that leads out of the knowledge folder, to {outside.resolve()}",
        ),
        ("real/self.md", "a symbolic link in a loop"),
        ("same", "a symbolic link to the folder real, which is read there"),
        ("up", f"a symbolic link that leads out of the knowledge folder, to {tmp_path.resolve()}"),
    ]


def test_a_pipe_is_not_waited_on(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.md")
    assert read_articles(tmp_path).problems == (
        Problem("a.md", "not a regular file", indexed=False),
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_a_problem(tmp_path: Path) -> None:
    _folder(tmp_path, a_DOT_md="# T\n\nText.", closed__b_DOT_md="# U\n\nText.")
    (tmp_path / "a.md").chmod(0)
    (tmp_path / "closed").chmod(0)
    try:
        problems = read_articles(tmp_path).problems
    finally:
        (tmp_path / "closed").chmod(0o700)
    assert problems == (
        Problem("a.md", "cannot be read: Permission denied", indexed=False),
        Problem("closed", "the folder cannot be read: Permission denied", indexed=False),
    )


def test_a_file_name_that_is_no_text_is_shown_readably(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.md")).write_text("Text.")
    assert _only(read_articles(tmp_path)).path == "caf\ufffd.md"


@pytest.mark.parametrize("keep", ["true", "all"])
def test_adverts_are_left_out_unless_the_author_keeps_them(tmp_path: Path, keep: str) -> None:
    body = f"# T\n\nA CPO leads. {_ADVERT}\n"
    folder = _folder(tmp_path, a_DOT_md=body, b_DOT_md=f"---\nkeep: {keep}\n---\n{body}\nMore.")
    left, kept = read_articles(folder).documents
    assert [left.text[one.span.start : one.span.end] for one in left.left_out] == [_ADVERT]
    assert kept.left_out == ()
    assert all(
        not document.left_out for document in read_articles(folder, keep_boilerplate=True).documents
    )


def test_an_article_of_nothing_but_adverts_is_reported(tmp_path: Path) -> None:
    library = read_articles(_folder(tmp_path, a_DOT_md=f"# T\n\n{_ADVERT}"))
    assert library.problems == (
        Problem(
            "a.md",
            "all of it is left out (advert); `keep: true` in its front matter keeps it",
            indexed=True,
        ),
    )


def test_template_tags_are_removed_but_not_from_listings(tmp_path: Path) -> None:
    article = (
        "# T {#top}\n\n{% include x.html %}\n\nSee {{ site.name }} now.\n\n```\n{{ kept }}\n```\n"
    )
    assert _texts(_only(read_articles(_folder(tmp_path, a_DOT_md=article)))) == [
        "T",
        "See now.",
        "{{ kept }}",
    ]


def test_a_heading_that_is_an_advert_heads_nothing(tmp_path: Path) -> None:
    article = "# T\n\n## Ready? Take the PM quiz\n\nA CPO leads.\n"
    document = _only(read_articles(_folder(tmp_path, a_DOT_md=article)))
    assert [one.reason for one in document.left_out] == ["advert"]
    assert document.blocks[-1].heading == ()


def test_a_missing_folder_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(
        ArticleError, match=r"knowledge folder .*/nowhere does not exist; wanted a folder"
    ):
        read_articles(tmp_path / "nowhere")
    (tmp_path / "file").write_text("x")
    with pytest.raises(ArticleError, match="is not a folder"):
        read_articles(tmp_path / "file")


def test_importing_the_module_loads_no_format_library() -> None:
    heavy = "{'trafilatura', 'pypdf', 'docx', 'lxml', 'markdown_it', 'charset_normalizer'}"
    script = f"import sys, index.articles; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


_NAMES = st.sampled_from(["a.md", "b.txt", "c.html", "d.md.txt", "sub/e.md", "f.pdf", "g.docx"])
_CONTENTS = st.one_of(
    st.binary(),
    st.text(st.characters(codec="utf-8")).map(str.encode),
    st.lists(
        st.sampled_from(
            [
                *("---\n", "title: T\n", "# A\n", "## A\n\n", "Text one. ", "- x\n", "\n\n"),
                *("|a|b|\n|-|-|\n|c|d|\n", "<p>", "<table><tr><td>x", "\u00ad", "e\u0301"),
                *("{{ x }}", _ADVERT, "## Sources\n"),
            ]
        )
    ).map(lambda pieces: "".join(pieces).encode()),
)


@settings(deadline=None, max_examples=60)
@given(st.dictionaries(_NAMES, _CONTENTS))
def test_any_files_give_sound_documents_or_problems(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes]
) -> None:
    folder = tmp_path_factory.mktemp("knowledge")
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
    library = read_articles(folder)
    refused = {problem.path for problem in library.problems if not problem.indexed}
    assert {document.path for document in library.documents} | refused == set(files)
    assert len(library.documents) + len(refused) == len(files)
    for document in library.documents:
        _check(document)


def _check(document: Document) -> None:
    assert document.title.strip()
    assert unicodedata.is_normalized("NFC", document.text)
    end = 0
    for block in document.blocks:
        assert end <= block.span.start < block.span.end <= len(document.text)
        assert document.text[end : block.span.start].strip("\n") == ""
        assert block.span.start - end in (0, 1, 2)
        end = block.span.end
    assert end == len(document.text)
    left_end = 0
    for stretch in document.left_out:
        assert left_end <= stretch.span.start < stretch.span.end <= len(document.text)
        left_end = stretch.span.end
