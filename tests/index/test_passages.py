"""Passages come back as they were written, read from the file once while they are in use."""

import pytest

from index import passages as module
from index.generation_store import GenerationStore
from tests.builds import ARTICLES, build, write_articles


@pytest.fixture
def passages(tmp_path):
    build(write_articles(tmp_path / "knowledge", ARTICLES), tmp_path / "index")
    opened = GenerationStore(tmp_path / "index").open().passages
    yield opened
    opened.close()


def test_passages_come_in_the_order_asked_read_before_or_not(passages):
    every = list(passages.all())
    assert passages.get([2]) == [every[2]]
    assert passages.get([3, 2, 0]) == [every[3], every[2], every[0]]
    assert passages.get([]) == []


def test_a_passage_is_read_once(passages):
    (first,) = passages.get([1])
    assert passages.get([0, 1])[1] is first


def test_no_more_passages_are_kept_than_the_limit(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_REMEMBERED", 2)
    build(write_articles(tmp_path / "knowledge", ARTICLES), tmp_path / "index")
    passages = GenerationStore(tmp_path / "index").open().passages
    rows = list(range(len(passages)))
    first, *_ = passages.get(rows)
    assert passages.get([0])[0] is not first
    assert passages.get(rows) == list(passages.all())
    passages.close()


@pytest.mark.parametrize("row", [-1, 10_000])
def test_a_row_that_is_not_there_is_refused(passages, row):
    with pytest.raises(KeyError):
        passages.get([0, row])


@pytest.mark.parametrize("article", [*ARTICLES, "absent.md"])
def test_headings_of_an_article_are_those_of_its_passages(passages, article):
    assert passages.headings_of(article) == [
        (one.row, one.chunk.heading) for one in passages.of_article(article)
    ]
