"""What tells of a reindex is inside Slack's limits, pings nobody but its people, and asks once."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bot.reindexing.comparing import AnswerDiff, ChangedAnswer
from bot.reindexing.history import Kept
from bot.reindexing.outcome import Outcome
from bot.reindexing.progress import ASKING, Progress
from bot.slack.messages import (
    admin_act,
    decided_message,
    history_message,
    outcome_message,
    progress_message,
)
from index.build import EMBEDDING, READING
from tests.bot.slack.nasty import NASTY
from tests.bot.slack.payloads import faults_of_message

texts = st.builds(
    lambda part, times: part * times, st.sampled_from(NASTY), st.sampled_from([1, 60])
)
paths = st.lists(texts, max_size=3).map(tuple)
pairs = st.lists(st.tuples(texts, texts), max_size=3).map(tuple)
changed = st.lists(st.builds(ChangedAnswer, texts, paths, paths), max_size=3).map(tuple)
diffs = st.none() | st.builds(
    AnswerDiff, st.integers(0, 300), st.integers(0, 300), changed, changed, changed
)
outcomes = st.builds(
    Outcome,
    generation=texts,
    before=texts,
    published=st.booleans(),
    articles=st.integers(0, 10**6),
    passages=st.integers(0, 10**7),
    sentences=st.integers(0, 10**7),
    embedded=st.integers(0, 10**7),
    seconds=st.floats(0, 10**5),
    added=paths,
    changed=paths,
    removed=paths,
    rejected=pairs,
    doubtful=pairs,
    diff=diffs,
)
OUTCOME = Outcome(
    generation="20260102T030405.678Z",
    before="20260101T030405.678Z",
    published=False,
    articles=3,
    passages=40,
    sentences=90,
    embedded=7,
    seconds=75.2,
    added=("new.md",),
    removed=tuple(f"{number}.md" for number in range(30)),
    rejected=(("scan.pdf", "a scanned PDF"),),
    diff=AnswerDiff(9, 9, (ChangedAnswer("What is a VP?", ("vp.md",)),), (), ()),
)


def message(shown):
    return {"text": shown.text, "blocks": [block.to_dict() for block in shown.blocks]}


def written(shown):
    return json.dumps(message(shown)["blocks"], ensure_ascii=False)


@settings(deadline=None, max_examples=25, phases=[Phase.explicit, Phase.generate])
@given(outcome=outcomes)
def test_every_outcome_is_inside_slacks_limits_and_pings_nobody(outcome):
    by = "the watch"
    for shown in (outcome_message(7, by, outcome), decided_message(by, outcome, by)):
        assert faults_of_message(message(shown)) == []


@settings(deadline=None, max_examples=25, phases=[Phase.explicit, Phase.generate])
@given(user=texts, act=texts, detail=st.dictionaries(st.text(max_size=10), texts, max_size=8))
def test_every_act_is_inside_slacks_limits(user, act, detail):
    mentioned = [user] if re.fullmatch("[UW][A-Z0-9]{1,30}", user) else []
    assert faults_of_message(message(admin_act(user, act, detail)), allowed=mentioned) == []


def test_an_outcome_says_what_was_added_removed_rejected_and_lost():
    text = written(outcome_message(7, "U1", OUTCOME))
    for said in (
        "New index not published: 1 saved question would lose their answer.",
        "3 articles, 40 passages, 7 texts embedded, 75 s",
        "1 added, 0 changed, 30 removed, 1 rejected",
        "scan.pdf: a scanned PDF",
        "and 22 more",
        "What is a VP? (vp.md → no answer)",
    ):
        assert said in text
    assert '"user_id": "U1"' in text


def test_only_what_waits_has_the_two_buttons_with_its_number():
    waits = message(outcome_message(7, "U1", OUTCOME))["blocks"][-1]
    assert [(one["action_id"], one["value"]) for one in waits["elements"]] == [
        ("publish_anyway", "7"),
        ("keep_old", "7"),
    ]
    for shown in (
        outcome_message(7, "U1", replace(OUTCOME, published=True)),
        decided_message("U1", OUTCOME, "U2"),
    ):
        assert "publish_anyway" not in written(shown)


def test_progress_tells_the_step_what_is_read_and_embedded_and_the_time_left():
    assert "beginning" in written(progress_message("U1", None))
    text = written(progress_message("U1", Progress(READING, 3, 40, 3, 0, None)))
    assert "reading articles: 3 of 40" in text
    assert " left" not in text
    text = written(progress_message("U1", Progress(EMBEDDING, 1200, 4300, 40, 1200, 61.0)))
    assert "embedding: 1,200 of 4,300" in text
    assert "40 articles read" in text
    assert "about 61 s left" in text
    text = written(progress_message("the watch", Progress(ASKING, 1, 9, 40, 4300, 600.0)))
    assert "4,300 texts embedded" in text
    assert "about 10 min left" in text
    assert "the watch" in text


def test_history_offers_a_way_back_to_each_that_can_be_opened_and_does_not_answer():
    built = datetime(2026, 2, 3, 4, 5, tzinfo=UTC)
    kept = [
        Kept("e", built, 3, 40, waiting=True),
        Kept("d", built, 3, 40, current=True),
        Kept("c", built, 2, 30),
        Kept("b", None, problem="the manifest cannot be read"),
    ]
    shown = history_message(kept, {"c": "U1"}, waiting=5)
    assert faults_of_message(message(shown), allowed=["U1"]) == []
    buttons = [
        (one["action_id"], one["value"])
        for block in message(shown)["blocks"]
        for one in block.get("elements", [])
        if one["type"] == "button"
    ]
    assert buttons == [("publish_anyway", "5"), ("keep_old", "5"), ("roll_back", "c")]
    text = written(shown)
    assert "built 3 February 2026 at 04:05 UTC, answers now" in text
    assert "waits for a decision" in text
    assert "the manifest cannot be read" in text
