"""A file is what its name says, and no more than a text, or it is refused."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.uploads.contents import check_content, check_size, is_sign_in
from bot.uploads.naming import checked_name
from bot.uploads.refusing import RefusedError
from tests.article_files import make_pdf, pdf_page
from tests.bot.uploads import hostile

TEXT = b"# Product guilds\n\nA product guild is a group of product managers.\n"
PDF = make_pdf(pdf_page(["A product guild is a group."]))


def check(name: str, content: bytes) -> None:
    check_content(checked_name(name), content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.md", TEXT),
        ("a.md", b"\xef\xbb\xbf" + TEXT),
        ("a.txt", "A guild – a “group”.".encode("cp1252")),
        ("a.txt", "A guild meets.".encode("utf-16")),
        ("a.html", b"<!DOCTYPE html><p>A guild meets.</p>"),
        ("a.html", b"<p onclick='x()'>A guild meets.<script>alert(1)</script>"),
        ("a.pdf", PDF),
        ("a.docx", hostile.word()),
        ("a.md", b"---\ntitle: [draft] {x}\naliases: ['*', 'a & b']\n---\n" + TEXT),
    ],
)
def test_what_a_file_says_it_is_is_let_through(name, content):
    check(name, content)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.md", b"", "is empty"),
        ("a.md", b"x" * (11 * hostile.MEGABYTE), r"has 11\.0 MB; at most 10 MB"),
        ("a.md", b"MZ\x90\0\x03", "is a Windows program inside"),
        ("a.pdf", b"\x7fELF\x02\x01", "is a program inside"),
        ("a.txt", b"#!/bin/sh\nrm -rf /\n", "is a script inside"),
        ("a.md", hostile.word(), "is a zip archive or office document inside, not .md"),
        ("a.txt", PDF, "is a PDF inside, not .txt"),
        ("a.pdf", TEXT, r"is no \.pdf file inside"),
        ("a.docx", PDF, r"is a PDF inside, not \.docx"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "encrypted or old Office"),
        ("a.html", b"\x89PNG\r\n\x1a\n" + bytes(60), "is a picture inside"),
        ("a.md", b"A guild\0meets.", "holds NUL bytes"),
        ("a.md", hostile.LOGIN, "is a page of HTML inside"),
        ("a.txt", b"\n <!-- saved --> <html lang=en><body>x", "is a page of HTML inside"),
        ("a.md", b"---\na: " + b"[" * 60_000 + b"\n---\nx", "nested more than 50 deep"),
        ("a.md", b"---\n" + b"- " * 30_000 + b"\n---\nx", "nested more than 50 deep"),
        ("a.md", b"---\n" + b"a: 1\n" * 20_000 + b"---\nx", "100,001 characters, more than 65,536"),
        (
            "a.md",
            b"---\na: &a [x, x]\nb: &b [" + b"*a, " * 9 + b"]\nupdated: [*b, *b, *b]\n---\nx",
            "12 aliases",
        ),
    ],
)
def test_what_is_something_else_is_refused_in_a_line(name, content, reason):
    with pytest.raises(RefusedError, match=reason) as refused:
        check(name, content)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("size", [0, -1, 10 * hostile.MEGABYTE + 1])
def test_a_size_that_makes_no_article_is_refused_before_anything_is_fetched(size):
    with pytest.raises(RefusedError):
        check_size(size)


def test_ten_megabytes_are_just_not_too_much():
    check_size(10 * hostile.MEGABYTE)


def test_a_field_for_a_password_beside_few_words_is_a_page_to_sign_in_on():
    assert is_sign_in(hostile.LOGIN, 11)
    assert not is_sign_in(hostile.LOGIN, 900)
    assert not is_sign_in(b"<p>Set a password, such as type=password.</p>", 8)


@given(
    st.sampled_from(["a.md", "a.txt", "a.html", "a.pdf", "a.docx"]),
    st.sampled_from([b"", b"PK\x03\x04", b"%PDF-1.7", b"---\n", b"<html>"]),
    st.binary(max_size=400),
)
def test_whatever_is_in_a_file_it_is_let_through_or_refused(name, head, rest):
    with suppress(RefusedError):
        check(name, head + rest)
