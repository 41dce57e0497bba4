"""Approved answers are found in other words, never for another question, until articles change."""

import json

import numpy as np
import pytest

from bot.insights.meanings import Meanings
from bot.insights.pinned import PinnedAnswers, packed, unpacked
from tests.bot.insights.conftest import CPO, PETS
from tests.library import ROOT

QUESTION = "What does a chief product officer do?"


@pytest.fixture
def pinned(folder, state):
    return PinnedAnswers(folder.answerer, state.pins, Meanings(folder.answerer))


def approve(pinned, question=QUESTION, answer="Ours also runs design.", team="T1"):
    return pinned.approve(
        team, question, answer, source_url="https://example.org", approved_by="U1"
    )


def find(pinned, folder, text, team="T1"):
    return pinned.find(team, folder.answerer.ask(text))


@pytest.mark.parametrize(
    "text",
    [QUESTION, "what do CPOs do?", "what is a chief product officer in charge of?"],
)
def test_it_is_found_in_other_words(pinned, folder, text):
    kept = approve(pinned)
    found = find(pinned, folder, text)
    assert found is not None
    assert (found.id, found.answer) == (kept.id, "Ours also runs design.")


@pytest.mark.parametrize(
    "text",
    [
        "What does a VP of product do?",
        "How much does a chief product officer earn?",
        "How do I become a chief product officer?",
        "Who does the CPO report to?",
        "thanks",
        "",
    ],
)
def test_it_is_not_shown_for_another_question(pinned, folder, text):
    approve(pinned)
    assert find(pinned, folder, text) is None


def test_no_question_of_the_measured_set_gets_the_pin_of_another(answerer, state):
    """The figure in bench/quality.md: none wrong, and a third found."""
    lines = (ROOT / "tests/data/paraphrases.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    first = {row["meaning"]: row["question"] for row in reversed(rows)}
    pinned = PinnedAnswers(answerer, state.pins, Meanings(answerer))
    meaning_of = {approve(pinned, question, "a").id: meaning for meaning, question in first.items()}
    found = {
        row["question"]: pin
        for row in rows
        if (pin := pinned.find("T1", answerer.ask(row["question"])))
    }
    wrong = [row for row in rows if row["question"] in found
             and meaning_of[found[row["question"]].id] != row["meaning"]]  # fmt: skip
    assert wrong == []
    assert len(found) >= 36 + 30


def test_other_workspaces_do_not_see_it(pinned, folder):
    approve(pinned)
    assert find(pinned, folder, QUESTION, team="T2") is None


def test_of_two_for_one_question_the_last_is_shown(pinned, folder):
    approve(pinned)
    last = approve(pinned, answer="Ours runs research too.")
    found = find(pinned, folder, QUESTION)
    assert found is not None
    assert found.id == last.id


def test_it_ends_when_an_article_cited_for_it_changes(pinned, folder, state):
    approve(pinned)
    folder.write(cpo=CPO.replace("whole product organisation", "product organisation"))
    assert find(pinned, folder, QUESTION) is None
    (ended,) = state.pins.listed("T1")
    assert ended.ended_why == "cpo.md changed"


def test_it_ends_when_that_article_is_removed(pinned, folder, state):
    folder.write(pets=PETS)
    approve(pinned)
    folder.remove("cpo")
    assert [one.why for one in pinned.end_changed()] == ["cpo.md was removed"]
    assert state.pins.shown("T1") == ()
    assert pinned.end_changed() == []


def test_it_stays_when_other_articles_change_or_the_cited_one_is_indexed_again(pinned, folder):
    approve(pinned)
    folder.write(pets=PETS)
    folder.write(pets=PETS + "\nCats stay at home.\n", cpo=CPO)
    assert pinned.end_changed() == []
    assert find(pinned, folder, QUESTION) is not None


def test_an_answer_to_what_the_articles_do_not_hold_stays_until_it_is_removed(
    pinned, folder, state
):
    kept = approve(pinned, "May product managers bring dogs to the office?", "Yes, on Fridays.")
    assert kept.articles == {}
    folder.write(cpo=CPO + "\nIt is a senior post.\n")
    assert find(pinned, folder, "can PMs bring their dogs to the office?") is not None
    state.pins.end("T1", kept.id, "removed by an admin")
    assert find(pinned, folder, "can PMs bring their dogs to the office?") is None


def test_a_vector_of_another_model_is_not_used():
    vector = np.arange(4, dtype=np.float32)
    kept = packed("abc", vector)
    found = unpacked(kept, "abc")
    assert found is not None
    assert found.tolist() == [0, 1, 2, 3]
    assert unpacked(kept, "abd") is None


def test_a_vector_may_hold_any_bytes():
    vector = np.zeros(384, dtype=np.float32)
    found = unpacked(packed("abc", vector), "abc")
    assert found is not None
    assert found.shape == (384,)
