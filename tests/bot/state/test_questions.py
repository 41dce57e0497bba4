"""Questions are counted, and their text is kept as the setting allows."""

from dataclasses import replace

import pytest

from bot.state.questions import Outcome, QuestionRecord
from bot.state.schema import questions
from tests.bot.state.conftest import NOON, on_sqlite

RECORD = QuestionRecord(
    reference="Ev1",
    asked_at=NOON,
    surface="mention",
    outcome="answer",
    text="may Sarah see what <@U024BE7LH> earns?",
    titles=("VP of Product", "CPO"),
    intent="pay",
    confidence=0.93,
    milliseconds=41.5,
    generation="20261123-120000",
    articles=("pay/levels.md",),
    sensitive=True,
)
REDACTED = "may [name] see what [someone] earns?"


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({}, REDACTED),
        ({"policy": "redacted"}, REDACTED),
        ({"policy": "full"}, RECORD.text),
        ({"policy": "off"}, ""),
        ({"known": lambda word: word == "sarah"}, "may Sarah see what [someone] earns?"),
    ],
)
def test_a_question_is_kept_as_the_setting_says(open_state, options, text):
    open_state(**options).questions.record(RECORD)
    assert open_state().questions.recent() == (replace(RECORD, text=text),)


@pytest.mark.parametrize("policy", ["redacted", "off"])
@on_sqlite
def test_no_file_holds_the_name_or_the_user(open_state, tmp_path, policy):
    state = open_state(policy=policy)
    state.questions.record(RECORD)
    state.close()
    for file in tmp_path.iterdir():
        content = file.read_bytes()
        assert b"Sarah" not in content
        assert b"U024BE7LH" not in content


def test_no_column_is_for_a_person():
    assert not {"user", "asker", "team", "channel"} & set(questions.c.keys())


def test_the_newest_come_first(state):
    for number in range(5):
        state.questions.record(replace(RECORD, reference=f"Ev{number}"))
    assert [one.reference for one in state.questions.recent(limit=2)] == ["Ev4", "Ev3"]


def test_outcomes_are_counted_since_a_time(state):
    outcomes: tuple[Outcome, ...] = ("answer", "no_answer", "no_answer", "closest")
    for at, outcome in enumerate(outcomes, start=1):
        state.questions.record(replace(RECORD, outcome=outcome, asked_at=NOON + at))
    counts = state.questions.counts(since=NOON + 2)
    assert {name: number for name, number in counts.items() if number} == {
        "no_answer": 2,
        "closest": 1,
    }
    assert sum(state.questions.counts().values()) == 4
