"""Questions that were not answered well, put together by what they mean."""

import json
from dataclasses import replace

import numpy as np
import pytest

from bot.domain import Intent
from bot.insights.gaps import Gaps, Missed, find_gaps, groups_of, missed_among
from bot.insights.meanings import Meaning, Meanings, Subject
from bot.state.answers import KeptAnswer
from bot.state.questions import QuestionRecord
from tests.bot.insights.conftest import PETS
from tests.library import ROOT

VISA = [
    "Which countries give visas to product managers?",
    "is visa sponsorship common for product managers?",
]
WEEK = ["Do product managers get a four-day week?", "PM roles with a 4 day week"]


def missed(texts, why="no_answer", at=0.0):
    return [Missed(text, at + place, why) for place, text in enumerate(texts)]


def record(text, outcome, reference="r", confidence=0.0, at=0.0):
    return QuestionRecord(reference, at, "mention", outcome, text, confidence=confidence)


def test_questions_in_other_words_are_one_gap_with_its_count_and_first_time(meanings):
    gaps = find_gaps([*missed(WEEK, at=50.0), *missed(VISA, at=7.0)], meanings.of)
    assert [(one.count, one.since) for one in gaps] == [(2, 7.0), (2, 50.0)]
    assert gaps[0].example in VISA
    assert gaps[1].example in WEEK


def test_the_example_is_the_question_most_asked(meanings):
    (gap,) = find_gaps([*missed(WEEK), *missed(WEEK[1:], at=9.0)], meanings.of)
    assert gap.example == WEEK[1]
    assert gap.count == 3


def test_the_same_form_about_another_title_is_another_gap(meanings):
    gaps = find_gaps(
        missed(["May a CPO bring a dog?", "May a VP of product bring a dog?"]), meanings.of
    )
    assert len(gaps) == 2


def test_the_order_of_the_questions_does_not_matter(meanings):
    lines = (ROOT / "tests/data/paraphrases.jsonl").read_text("utf-8").splitlines()
    asked = missed([json.loads(line)["question"] for line in lines])
    wanted = find_gaps(asked, meanings.of)
    for other in (asked[::-1], asked[50:] + asked[:50], asked[::2] + asked[1::2]):
        assert find_gaps(other, meanings.of) == wanted


def test_few_paraphrases_of_the_measured_set_stand_in_a_wrong_gap(meanings):
    """bench/quality.md has the figures: 3 of 144, in 81 gaps."""
    lines = (ROOT / "tests/data/paraphrases.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    found = meanings.of([row["question"] for row in rows])
    groups = [[rows[place]["meaning"] for place in group] for group in groups_of(found)]
    wrong = sum(len(group) - max(map(group.count, group)) for group in groups)
    assert wrong <= 5
    assert len(groups) <= 90


def test_thousands_of_questions_are_grouped_as_the_few_that_they_repeat():
    random_numbers = np.random.default_rng(5)
    centres = random_numbers.normal(size=(40, 384)).astype(np.float32)
    vectors = np.repeat(centres, 100, axis=0)
    vectors += 0.2 * random_numbers.normal(size=vectors.shape).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    subject = Subject(frozenset(), Intent.DEFINITION)
    groups = list(groups_of([Meaning(subject, vector) for vector in vectors]))
    assert sorted(len(group) for group in groups) == [100] * 40
    assert all(len({place // 100 for place in group}) == 1 for group in groups)


def test_of_too_many_texts_the_newest_are_looked_at(meanings):
    (gap,) = find_gaps([*missed(VISA, at=1.0), *missed(WEEK, at=9.0)], meanings.of, most=2)
    assert gap.example in WEEK


def test_nothing_missed_is_no_gap(meanings):
    assert find_gaps([], meanings.of) == []


@pytest.mark.parametrize(
    ("outcome", "confidence", "why"),
    [
        ("no_answer", 0.01, "no_answer"),
        ("closest", 0.1, "closest"),
        ("answer", 0.3, "unsure"),
        ("comparison", 0.49, "unsure"),
        ("answer", 0.5, None),
        ("clarification", 0.0, None),
        ("pinned", 0.0, None),
        ("small_talk", 0.0, None),
    ],
)
def test_what_counts_as_missed(outcome, confidence, why):
    found = missed_among([record("q", outcome, confidence=confidence)], frozenset())
    assert [one.why for one in found] == ([why] if why else [])


def test_an_answer_found_bad_is_missed_however_sure_it_was():
    found = missed_among([record("q", "answer", "r7", 0.99)], frozenset({"r7"}))
    assert [one.why for one in found] == ["disliked"]


def test_small_talk_is_no_gap_even_with_a_thumb_down():
    assert missed_among([record("thanks", "small_talk", "r7")], frozenset({"r7"})) == []


def ask(state, answerer, text, reference):
    exchange = answerer.ask(text)
    outcome = "answer" if getattr(exchange.reply, "citations", ()) else "no_answer"
    confidence = exchange.reply.confidence
    at = state.clock()
    state.questions.record(record(text, outcome, reference, confidence, at))


def test_a_gap_is_reported_with_the_nearest_articles_until_the_articles_fill_it(folder, state):
    gaps = Gaps(folder.answerer, state, Meanings(folder.answerer))
    ask(state, folder.answerer, "May product managers bring dogs to the office?", "r1")
    ask(state, folder.answerer, "What does a chief product officer do?", "r2")
    (gap,) = gaps.report(0.0, 10).gaps
    assert gap.example == "May product managers bring dogs to the office?"
    assert [one.article for one in gap.nearest] == ["cpo.md"]
    folder.write(pets=PETS)
    assert gaps.report(0.0, 10).gaps == ()


def test_a_thumb_down_makes_a_good_answer_a_gap_that_stays(folder, state):
    question = "What does a chief product officer do?"
    ask(state, folder.answerer, question, "r2")
    kept = KeptAnswer("a1", "T1", "C1", "1", "2", "1", "U1", "mention", "r2", question, {})
    state.answers.keep(kept)
    state.answers.keep(replace(kept, id="a2", reference="r3"))
    gaps = Gaps(folder.answerer, state, Meanings(folder.answerer))
    assert gaps.report(0.0, 10).gaps == ()
    state.feedback.vote("a1", "U1", "down")
    state.feedback.vote("a2", "U1", "up")
    (gap,) = gaps.report(0.0, 10).gaps
    assert gap.whys == {"disliked": 1}


def test_only_questions_since_a_time_are_looked_at(folder, state, clock):
    gaps = Gaps(folder.answerer, state, Meanings(folder.answerer))
    ask(state, folder.answerer, "May product managers bring dogs to the office?", "r1")
    assert gaps.report(clock.now, 10).missed == 1
    assert gaps.report(clock.now + 1, 10).missed == 0


def test_without_texts_it_is_said_how_many_are_not_kept(folder, open_state):
    state = open_state(policy="off")
    gaps = Gaps(folder.answerer, state, Meanings(folder.answerer))
    ask(state, folder.answerer, "May product managers bring dogs to the office?", "r1")
    report = gaps.report(0.0, 10)
    assert (report.gaps, report.missed, report.textless) == ((), 0, 1)
