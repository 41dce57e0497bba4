"""Figures by week, and a table without anybody in it."""

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.insights.usage import Usage, Week, as_csv, by_week, monday_of, start_of, usage_of
from bot.state.feedback import Vote
from bot.state.questions import QuestionRecord

MONDAY = date(2026, 11, 23)


def at(day, hour=12):
    return datetime(2026, 11, day, hour, tzinfo=UTC).timestamp()


def asked(day=23, outcome="answer", **changes):
    record = QuestionRecord("r", at(day), "mention", outcome, "a question", milliseconds=10.0)
    return replace(record, **changes)


@given(st.floats(0, 4e9))
def test_a_week_begins_on_monday_and_holds_its_moments(moment):
    monday = monday_of(moment)
    assert monday.weekday() == 0
    assert start_of(monday) <= moment < start_of(monday) + 7 * 86_400


def test_sunday_night_belongs_to_the_week_before():
    weeks = by_week([asked(22, asked_at=at(22, 23)), asked(23, asked_at=at(23, 0))], [])
    assert {monday: week.questions for monday, week in weeks.items()} == {
        date(2026, 11, 16): 1,
        MONDAY: 1,
    }


def test_answers_and_refusals_make_the_share_and_clarifications_neither():
    outcomes = ["answer", "comparison", "pinned", "closest", "no_answer", "clarification"]
    week = by_week([asked(outcome=one) for one in outcomes], [])[MONDAY]
    assert (week.questions, week.answered, week.refused) == (6, 3, 2)
    assert week.answered_share == 0.6


def test_small_talk_is_no_question():
    assert by_week([asked(outcome="small_talk")], []) == {}


def test_satisfaction_is_of_those_who_voted():
    votes = [Vote("up", at(24)), Vote("up", at(25)), Vote("down", at(29)), Vote("up", at(30))]
    week = by_week([], votes)[MONDAY]
    assert (week.helpful, week.unhelpful) == (2, 1)
    assert week.satisfaction == 2 / 3


def test_without_votes_or_answers_there_is_no_share():
    week = Week(MONDAY)
    assert week.satisfaction is None
    assert week.answered_share is None


def test_times_are_percentiles():
    week = by_week([asked(milliseconds=float(one)) for one in range(1, 102)], [])[MONDAY]
    assert (week.p50_ms, week.p95_ms) == (51.0, 96.0)


def test_the_titles_most_asked_come_first_and_equals_by_name():
    records = [asked(titles=("vp", "cpo")), asked(titles=("pm",)), asked(titles=("pm",))]
    assert by_week(records, [])[MONDAY].titles == (("pm", 2), ("cpo", 1), ("vp", 1))


def test_weeks_without_questions_are_there_and_older_ones_are_not(folder, state, clock):
    clock.now = at(25)
    state.questions.record(asked(24, articles=()))
    state.questions.record(asked(2))
    usage = usage_of(state, folder.answerer.generation(), weeks=3)
    assert [one.monday.day for one in usage.weeks] == [23, 16, 9]
    assert [one.questions for one in usage.weeks] == [1, 0, 0]


def test_articles_that_were_quoted_to_nobody_are_named(folder, state, clock):
    clock.now = at(25)
    folder.write(pets="# Pets\n\nDogs come to the office on every working day of the week.\n")
    state.questions.record(asked(24, articles=("cpo.md",)))
    usage = usage_of(state, folder.answerer.generation())
    assert [one.article for one in usage.unused] == ["pets.md"]
    assert usage.articles == 2


def table(usage):
    return list(csv.DictReader(io.StringIO(as_csv(usage))))


def test_the_table_has_a_line_a_week_the_oldest_first():
    newer = Week(MONDAY, 5, 3, 1, 2, 1, 12.34, 99.9, (("pm", 2), ("cpo", 1)))
    rows = table(Usage((newer, Week(date(2026, 11, 16))), (), 0))
    assert [one["week"] for one in rows] == ["2026-11-16", "2026-11-23"]
    assert rows[1] == {
        "week": "2026-11-23",
        "questions": "5",
        "answered": "3",
        "refused": "1",
        "answered_share": "0.750",
        "helpful": "2",
        "unhelpful": "1",
        "satisfaction": "0.667",
        "p50_ms": "12.3",
        "p95_ms": "99.9",
        "top_titles": "pm 2; cpo 1",
    }
    assert rows[0]["satisfaction"] == ""


def test_nothing_that_people_wrote_is_in_the_table(folder, state, clock):
    clock.now = at(25)
    state.questions.record(asked(24, text="does Zimmerfrau earn more than U024BE7LH?"))
    written = as_csv(usage_of(state, folder.answerer.generation()))
    assert "Zimmerfrau" not in written
    assert "U024BE7LH" not in written


@given(st.text(min_size=1, max_size=20))
def test_no_title_is_a_formula_to_a_spreadsheet(title):
    week = Week(MONDAY, titles=((title, 1),))
    (row,) = table(Usage((week,), (), 0))
    assert not row["top_titles"].startswith(("=", "+", "-", "@"))
