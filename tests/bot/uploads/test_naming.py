"""A file's name says what it is, or it is refused."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.uploads.naming import checked_name, slug_of
from bot.uploads.refusing import RefusedError


@pytest.mark.parametrize(
    ("name", "slug", "suffix"),
    [
        ("Product Guilds.md", "product-guilds", ".md"),
        ("VP of Product (2026).PDF", "vp-of-product-2026", ".pdf"),
        ("v1.2 ladder.docx", "v1-2-ladder", ".docx"),
        ("notes.markdown", "notes", ".md"),
        ("page.htm", "page", ".html"),
        ("snippet.md.txt", "snippet", ".md"),
        ("Rôle du chef.txt", "role-du-chef", ".txt"),
        ("产品经理.md", "article", ".md"),
        (f"{'long ' * 60}.md", "-".join(["long"] * 16), ".md"),
    ],
)
def test_a_plain_name_becomes_an_articles_name(name, slug, suffix):
    found = checked_name(name)
    assert (found.slug, found.suffix) == (slug, suffix)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "has no name"),
        ("notes.md.exe", r"ends in \.exe, a program; wanted \.md, \.txt"),
        ("invoice.pdf.js", r"ends in \.js, a program"),
        ("run.sh", r"ends in \.sh, a program"),
        ("x.svg", r"ends in \.svg"),
        ("macros.docm", r"ends in \.docm, macros"),
        ("setup.exe.md", r"two endings, \.exe and \.md"),
        ("invoice.pdf.docx", r"two endings, \.pdf and \.docx"),
        ("setup.exe .md", r"two endings, \.exe and \.md"),
        ("../x.md", r"leads out of its folder by “\.\.”"),
        ("a/../../x.md", r"leads out of its folder"),
        ("..\\x.md", r"leads out of its folder"),
        ("/etc/passwd.txt", "is a path"),
        ("roles/x.md", "is a path"),
        ("C:x.md", "names a drive"),
        ("x.md\n", r"cannot be seen \(U\+000A\)"),
        ("x\0.md", r"cannot be seen \(U\+0000\)"),
        ("x\u202edm.exe.md", r"cannot be seen \(U\+202E\)"),
        (".htaccess.md", "is hidden"),
        ("notes", "has no ending"),
        ("notes.", "has no ending"),
        ("slides.pptx", r"ends in \.pptx; wanted \.md"),
        ("old.doc", r"ends in \.doc; wanted"),
        ("titles.toml", r"ends in \.toml"),
    ],
)
def test_a_name_that_is_none_is_refused_with_what_was_seen_and_wanted(name, reason):
    with pytest.raises(RefusedError, match=reason) as refused:
        checked_name(name)
    assert "\n" not in str(refused.value)


def test_a_refusal_shows_a_long_name_cut_and_nothing_unseen_of_it():
    with pytest.raises(RefusedError) as refused:
        checked_name("a" * 300 + "\u202e.exe")
    assert len(str(refused.value)) < 250
    assert "\u202e" not in str(refused.value)


@given(st.text(max_size=300))
def test_whatever_the_name_its_article_stays_in_its_folder(name):
    try:
        found = checked_name(name)
    except RefusedError:
        return
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", found.slug)
    assert len(found.slug) <= 80
    assert found.suffix in {".md", ".txt", ".html", ".pdf", ".docx"}


@given(st.text(max_size=200))
def test_a_slug_of_a_slug_is_itself(text):
    assert slug_of(slug_of(text)) == slug_of(text)
