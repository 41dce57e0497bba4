"""A few words name an article, or those that may be meant."""

import pytest

from bot.uploads.naming_articles import articles_meant

ARTICLES = {
    "roles/head-of-product.md": "Head of product (HoP)",
    "roles/vp-of-product.md": "VP of product",
    "ladder/product-career-ladder.md": "The product career ladder",
    "glossary.md": "Glossary",
}


@pytest.mark.parametrize(
    ("words", "path"),
    [
        ("roles/vp-of-product.md", "roles/vp-of-product.md"),
        ("`roles/vp-of-product.md`", "roles/vp-of-product.md"),
        ("vp-of-product.md", "roles/vp-of-product.md"),
        ("vp-of-product", "roles/vp-of-product.md"),
        ("VP of product", "roles/vp-of-product.md"),
        ("“the product career ladder”", "ladder/product-career-ladder.md"),
        ("Product Career Ladder", "ladder/product-career-ladder.md"),
        ("glosary", "glossary.md"),
        ("hed of product", "roles/head-of-product.md"),
    ],
)
def test_a_path_a_name_or_a_title_means_its_article(words, path):
    assert articles_meant(words, ARTICLES)[0] == path


def test_words_that_fit_several_articles_mean_each_of_them():
    assert {"roles/head-of-product.md", "roles/vp-of-product.md"} <= set(
        articles_meant("product", ARTICLES)
    )


@pytest.mark.parametrize("words", ["", "  ", "kubernetes", "../../etc/passwd", "?"])
def test_words_that_fit_none_mean_none(words):
    assert articles_meant(words, ARTICLES) == ()
