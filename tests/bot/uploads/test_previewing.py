"""A file is shown as the article it would be, with questions that it really answers."""

import shutil

import pytest

from bot.answering.answerer import Answerer
from bot.uploads.naming import checked_name
from bot.uploads.previewing import MAX_WORDS, Previewer
from bot.uploads.refusing import RefusedError
from tests.article_files import make_docx, make_pdf, pdf_page
from tests.bot.uploads import hostile
from tests.library import KNOWLEDGE

GUILDS = """---
title: Product guilds
questions:
  - How often does a product guild meet?
  - What does a chief product officer earn on the moon?
---
# Product guilds

A product guild is a group of product managers who share what they learned.

## How often does a product guild meet?

A product guild meets every second Thursday for ninety minutes, and its notes are open to all.

## Who leads a product guild?

A product guild is led by one product manager for half a year, and then by another.
"""
PAGE = b"""<html><head><title>x</title><script>alert('guild')</script></head><body>
<h1>Product guilds</h1><h2>How often does a product guild meet?</h2>
<p onclick='steal()'>A product guild meets every second Thursday for ninety minutes.</p>
</body></html>"""


@pytest.fixture(scope="session")
def previewer(answerer: Answerer) -> Previewer:
    return Previewer(answerer, KNOWLEDGE)


@pytest.fixture(scope="session")
def guilds(previewer):
    return previewer.preview(checked_name("Product guilds.md"), GUILDS.encode())


def test_a_preview_names_the_article_and_counts_its_passages(guilds):
    assert guilds.title == "Product guilds"
    assert guilds.passages == 3
    assert 50 < guilds.words < 70
    assert guilds.notes == ()
    assert guilds.twin is None


def test_its_questions_are_shown_with_the_very_sentence_that_answers(guilds):
    by_question = {one.question: one for one in guilds.samples}
    sample = by_question["How often does a product guild meet?"]
    assert sample.quote.startswith("A product guild meets every second Thursday")
    assert all(one.quote in GUILDS for one in guilds.samples)


def test_a_question_that_it_does_not_answer_is_not_shown(guilds):
    assert not any("moon" in one.question for one in guilds.samples)


def test_the_live_library_does_not_know_of_it(guilds, answerer):
    assert guilds.samples
    paths = {one.path for one in answerer.generation().passages.articles()}
    assert not any("guild" in path for path in paths)
    assert not (KNOWLEDGE / "product-guilds.md").exists()


def test_a_question_that_another_article_answers_already_says_so(previewer, answerer):
    text = (
        "# Who a head of product reports to\n\n## Who does a head of product report to?\n\n"
        "A head of product reports to the CEO at three of our four sites.\n"
    )
    preview = previewer.preview(checked_name("reporting.md"), text.encode())
    (sample,) = preview.samples[:1]
    assert sample.quote == "A head of product reports to the CEO at three of our four sites."
    first = answerer.ask(sample.question).reply.citations[0]
    assert sample.known == first.title
    assert first.article != "reporting.md"


def test_a_question_that_nothing_answers_so_far_says_no_other_article(previewer, answerer):
    text = "# Lunch of product guilds\n\nThe lunch of a product guild is soup with bread.\n"
    (sample,) = previewer.preview(checked_name("lunch.md"), text.encode()).samples
    assert not getattr(answerer.ask(sample.question).reply, "citations", ())
    assert sample.known == ""


def test_the_folder_of_the_nearest_articles_is_suggested(previewer):
    text = b"# Salaries of product managers\n\nA product manager's salary is paid monthly.\n"
    assert previewer.preview(checked_name("pay.md"), text).topic == "hiring"


def test_an_article_that_is_there_already_is_refused(previewer):
    content = (KNOWLEDGE / "roles/head-of-product.md").read_bytes()
    with pytest.raises(RefusedError, match=r"this very text already: roles/head-of-product\.md"):
        previewer.preview(checked_name("copy.md"), content)


def test_a_new_version_is_offered_as_a_replacement(previewer):
    content = (KNOWLEDGE / "roles/head-of-product.md").read_bytes()
    preview = previewer.preview(checked_name("new.md"), content + b"\nIt is led by one person.\n")
    assert preview.twin.path == "roles/head-of-product.md"
    assert preview.twin.why == "the same title"
    # Asked without the old version, the new one answers.
    assert preview.samples


def test_a_file_of_the_same_name_or_mostly_the_same_sentences_is_a_twin_too(previewer):
    named = previewer.preview(checked_name("Head of Product.txt"), b"Heads lead people.\n")
    assert (named.twin.path, named.twin.why) == ("roles/head-of-product.md", "the same file name")
    body = (KNOWLEDGE / "roles/head-of-product.md").read_text("utf-8").split("\n---\n", 1)[1]
    copied = body.replace("# Head of product", "# Leading", 1)
    other = previewer.preview(checked_name("leading.md"), copied.encode())
    assert other.twin.path == "roles/head-of-product.md"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (
            "guilds.docx",
            make_docx(
                ("Title", "Product guilds"),
                ("Heading 1", "How often does a product guild meet?"),
                ("Normal", "A product guild meets every second Thursday for ninety minutes."),
            ),
        ),
        (
            "guilds.html",
            PAGE,
        ),
        (
            "guilds.pdf",
            make_pdf(
                [
                    ("Product guilds", 20, 72, 740),
                    ("How often does a product guild meet?", 15, 72, 700),
                    *pdf_page(
                        ["A product guild meets every second Thursday for ninety minutes."], top=670
                    ),
                ]
            ),
        ),
    ],
)
def test_every_format_is_previewed(previewer, name, content):
    preview = previewer.preview(checked_name(name), content)
    assert preview.title == "Product guilds"
    (sample, *_) = preview.samples
    assert sample.quote == "A product guild meets every second Thursday for ninety minutes."


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("sign-in.html", hostile.LOGIN, r"page to sign in on: it has a field for a password and"),
        ("scan.pdf", make_pdf([]), "scanned PDF"),
        ("bomb.docx", hostile.word({"word/document.xml": b" " * 50_000_000}), "a zip bomb"),
        ("deep.md", b"---\na: " + b"[" * 60_000 + b"\n---\nx", "nested more than 50 deep"),
        ("book.txt", b"A guild meets here. " * (MAX_WORDS // 4 + 1), "60,004 words; at most"),
        (
            "advert.md",
            b"# Newsletter\n\nSubscribe to our newsletter and never miss a post!\n",
            "All of its text is adverts|holds? no sentence|cannot be indexed",
        ),
    ],
)
def test_what_can_be_no_article_is_refused(previewer, name, content, reason):
    with pytest.raises(RefusedError, match=reason):
        previewer.preview(checked_name(name), content)


def test_nothing_is_left_of_a_preview(previewer, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    previewer.preview(checked_name("Product guilds.md"), GUILDS.encode())
    with pytest.raises(RefusedError):
        previewer.preview(checked_name("a.pdf"), make_pdf([]))
    assert list(tmp_path.iterdir()) == []


def test_an_article_whose_file_is_gone_meanwhile_is_merely_not_beside_it(answerer, tmp_path):
    shutil.copytree(KNOWLEDGE / "roles", tmp_path / "roles")
    preview = Previewer(answerer, tmp_path).preview(
        checked_name("Product guilds.md"), GUILDS.encode()
    )
    assert preview.samples
