"""Every kind of reply on a terminal, as plain text and as JSON."""

import json
from dataclasses import replace

import pytest

from bot.cli.terminal import render
from bot.domain import QuotedSentence
from bot.machine import as_json, plain_text, shown_sentences
from tests import replies

LONG = "word " * 60 + "end."


@pytest.fixture(autouse=True)
def wide(monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")


def test_an_answer_shows_its_sentences_and_where_they_stand():
    assert render(replies.answer()) == (
        "VP of product\n"
        "\n"
        "A VP of product answers for results. [1]\n"
        "Directors report to the VP. [2]\n"
        "\n"
        "[1] VP of product › Scope (https://example.org/vp, updated 2024-05-01)\n"
        "[2] VP of product › Scope (https://example.org/vp, updated 2024-05-01)"
    )


def test_an_answer_from_the_thread_says_what_it_was_understood_as():
    question = replace(replies.QUESTION, resolved="what does a VP of product do")
    lines = render(replies.answer(question=question)).splitlines()
    assert lines[:3] == ["VP of product", "", "Understood as: what does a VP of product do"]


def test_an_introduction_stands_before_its_sentence_and_a_source_nobody_quotes_is_not_listed():
    sentence = QuotedSentence(replies.CITATIONS[1].quote, 2, "One account:")
    assert render(replies.answer(sentences=(sentence,), suggestions=("And pay?",))) == (
        "VP of product\n"
        "\n"
        "One account: Directors report to the VP. [2]\n"
        "\n"
        "[2] VP of product › Scope (https://example.org/vp, updated 2024-05-01)\n"
        "\n"
        "Ask next:\n"
        "  And pay?"
    )


def test_a_comparison_shows_each_title_in_each_row_and_what_is_missing():
    assert render(replies.comparison()) == (
        "VP of product and head of product\n"
        "\n"
        "\n"
        "Scope\n"
        "  VP of product: A VP of product answers for results. [1]\n"
        "  Head of product: not in the articles\n"
        "\n"
        "Reporting\n"
        "  VP of product: Directors report to the VP. [2]\n"
        "  Head of product: One account: The head of product reports to the founder. [3]\n"
        "\n"
        "Sources disagree\n"
        "A VP of product answers for results. [1]\n"
        "No. [2]\n"
        "\n"
        "[1] VP of product › Scope (https://example.org/vp, updated 2024-05-01)\n"
        "[2] VP of product › Scope (https://example.org/vp, updated 2024-05-01)\n"
        "[3] Head of product (roles/head.md)\n"
        "\n"
        "Ask next:\n"
        "  What does a CPO do?"
    )


def test_a_clarification_lists_its_choices():
    assert render(replies.clarification()) == "TPM may mean:\n  - technical\n  - program"


def test_a_refusal_names_the_closest_articles():
    assert render(replies.no_answer()) == (
        "Not known.\n"
        "  - VP of product (https://example.org/vp)\n"
        "  - Head of product (roles/head.md)\n"
        "\n"
        "Ask next:\n"
        "  Why?"
    )


def test_long_lines_are_wrapped_to_the_terminal(monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    sentence = QuotedSentence(LONG, 1)
    lines = render(replies.answer(sentences=(sentence,))).splitlines()
    assert max(map(len, lines[:-2])) <= 40
    assert " ".join(" ".join(lines).split()).startswith(f"VP of product {LONG} [1]")


# --- The machine interface


def test_an_answer_as_json_has_every_field_of_the_interface():
    seen = as_json(replies.answer(suggestions=("And pay?",)), "q1")
    assert seen == {
        "id": "q1",
        "question": "vp?",
        "kind": "answer",
        "titles": ["VP of product"],
        "confidence": 0.8765,
        "text": "VP of product\nA VP of product answers for results. [1]\n"
        "Directors report to the VP. [2]",
        "sentences": [
            {"text": "A VP of product answers for results.", "citation": 1},
            {"text": "Directors report to the VP.", "citation": 2},
        ],
        "citations": [
            {
                "number": 1,
                "article": "roles/vp.md",
                "title": "VP of product",
                "heading": ["Scope"],
                "quote": "A VP of product answers for results.",
                "start": 10,
                "end": 46,
                "url": "https://example.org/vp",
                "updated": "2024-05-01",
            },
            {
                "number": 2,
                "article": "roles/vp.md",
                "title": "VP of product",
                "heading": ["Scope"],
                "quote": "Directors report to the VP.",
                "start": 47,
                "end": 74,
                "url": "https://example.org/vp",
                "updated": "2024-05-01",
            },
        ],
        "passages": [
            {
                "rank": 1,
                "score": 0.1235,
                "article": "roles/vp.md",
                "heading": ["Scope"],
                "text": replies.SCOPE,
            },
            {
                "rank": 2,
                "score": 0.1235,
                "article": "roles/head.md",
                "heading": [],
                "text": replies.REPORTING,
            },
        ],
        "suggestions": ["And pay?"],
        "milliseconds": {"total": 1.5},
    }
    assert json.loads(json.dumps(seen)) == seen


def test_a_comparison_as_json_lists_each_sentence_once_in_the_order_shown():
    seen = as_json(replies.comparison())
    assert (seen["id"], seen["kind"], seen["confidence"]) == (None, "comparison", 0.5)
    assert [one["citation"] for one in seen["sentences"]] == [1, 2, 3, 2]
    assert [one["number"] for one in seen["citations"]] == [1, 2, 3]
    assert seen["citations"][2]["url"] is None
    assert seen["citations"][2]["updated"] is None
    places = [seen["text"].find(one["text"]) for one in seen["sentences"]]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("exchange", "kind", "confidence", "passages"),
    [
        (replies.clarification(), "clarification", 0.0, 0),
        (replies.no_answer(), "no_answer", 0.25, 2),
    ],
    ids=["clarification", "no_answer"],
)
def test_a_reply_without_an_answer_has_no_sentences_but_its_passages(
    exchange, kind, confidence, passages
):
    seen = as_json(exchange)
    assert (seen["kind"], seen["confidence"]) == (kind, confidence)
    assert (seen["sentences"], seen["citations"], seen["titles"]) == ([], [], [])
    assert len(seen["passages"]) == passages
    assert set(seen) == set(as_json(replies.answer()))


def test_a_comparison_as_plain_text_names_what_is_missing():
    assert plain_text(replies.comparison()) == (
        "VP of product and head of product\n"
        "Scope\n"
        "- VP of product: A VP of product answers for results. [1]\n"
        "- Head of product: not in the articles\n"
        "Reporting\n"
        "- VP of product: Directors report to the VP. [2]\n"
        "- Head of product: One account: The head of product reports to the founder. [3]\n"
        "Sources disagree\n"
        "A VP of product answers for results. [1]\n"
        "No. [2]"
    )


def test_the_others_as_plain_text():
    assert plain_text(replies.clarification()) == "TPM may mean:\n- technical\n- program"
    assert plain_text(replies.no_answer()) == "Not known.\n- VP of product\n- Head of product"


def test_a_sentence_shown_twice_counts_once():
    sentence = QuotedSentence(replies.CITATIONS[0].quote, 1)
    exchange = replies.answer(sentences=(sentence,), disagreement=(sentence,))
    assert shown_sentences(exchange) == [sentence]
