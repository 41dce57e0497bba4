"""Thumbs under an answer."""

import sqlite3
from contextlib import closing

import pytest

from bot.slack.listeners.feedback import THANKS
from bot.slack.messages import REASONS
from tests.scenarios.conftest import VP, Office, value_of


def answered(office: Office):
    """Return an answer in #careers, and what its buttons call it."""
    asked = office.ann.says("#careers", f"{office.mention} {VP}")
    (reply,) = office.replies(office.ann, asked)
    office.settle()
    return reply, value_of(reply, "feedback").partition(":")[2]


def votes(office: Office) -> str:
    """Return everything that is stored of votes."""
    file = office.settings.database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(file)) as database:
        return repr(database.execute("select * from votes").fetchall())


def test_a_thumb_up_is_counted_and_thanked_for(shared_office):
    reply, answer = answered(shared_office)
    shared_office.gus.clicks(reply, "feedback", "positive")
    (thanks,) = shared_office.whispers(shared_office.gus, "#careers")
    assert thanks.text == THANKS
    assert thanks in shared_office.gus.sees("#careers", reply.thread_ts)
    assert shared_office.state.feedback.tally(answer).up == 1


def test_clicked_twice_it_counts_once_and_the_last_verdict_counts(shared_office):
    reply, answer = answered(shared_office)
    for verdict in ("positive", "positive", "negative", "positive"):
        shared_office.gus.clicks(reply, "feedback", verdict)
        shared_office.settle()
    tally = shared_office.state.feedback.tally(answer)
    assert (tally.up, tally.down) == (1, 0)


def test_everybody_has_a_vote(shared_office):
    reply, answer = answered(shared_office)
    for person in (shared_office.ann, shared_office.gus, shared_office.ada):
        person.clicks(reply, "feedback", "positive")
    shared_office.whispers(shared_office.ada, "#careers")
    shared_office.settle()
    assert shared_office.state.feedback.tally(answer).up == 3


def test_a_thumb_down_counts_and_asks_why(shared_office):
    reply, answer = answered(shared_office)
    shared_office.ann.clicks(reply, "feedback", "negative")
    form = shared_office.view(shared_office.ann, "Not helpful")
    shared_office.settle()
    assert shared_office.state.feedback.tally(answer).down == 1
    shared_office.ann.closes(form)
    shared_office.settle()
    assert shared_office.state.feedback.tally(answer).down == 1


@pytest.mark.parametrize("reason", REASONS)
def test_the_reason_is_kept(shared_office, reason):
    reply, answer = answered(shared_office)
    shared_office.ann.clicks(reply, "feedback", "negative")
    form = shared_office.view(shared_office.ann, "Not helpful")
    shared_office.ann.submits(form, {"reason": reason})
    tally = shared_office.state.feedback.tally(answer)
    assert (tally.down, tally.reasons) == (1, {reason: 1})
    assert shared_office.ann.views() == []


def test_the_comment_is_kept_without_names_and_nobody_is_named_as_its_writer(shared_office):
    reply, answer = answered(shared_office)
    shared_office.ann.clicks(reply, "feedback", "negative")
    form = shared_office.view(shared_office.ann, "Not helpful")
    comment = "Ask Wolfgang Zimmerfrau about salaries, wz@example.com"
    shared_office.ann.submits(form, {"reason": "wrong", "comment": comment})
    (kept,) = [one for one in shared_office.state.feedback.recent() if one.answer == answer]
    assert kept.comment == "Ask [name] about salaries, [email]"
    stored = votes(shared_office)
    assert answer in stored
    assert not [one for one in ("Zimmerfrau", "U0ANN", "ann", "wz@") if one in stored]


def test_a_thumb_down_on_a_private_answer_works_the_same(shared_office):
    shared_office.ann.commands("/pmrole", VP, "#elsewhere")
    (answer,) = shared_office.whispers(shared_office.ann, "#elsewhere")
    shared_office.ann.clicks(answer, "feedback", "negative")
    form = shared_office.view(shared_office.ann, "Not helpful")
    shared_office.ann.submits(form, {"reason": "off_topic"})
    named = value_of(answer, "feedback").partition(":")[2]
    assert shared_office.state.feedback.tally(named).reasons == {"off_topic": 1}


def test_a_refusal_can_be_voted_on_too(shared_office):
    asked = shared_office.ann.says("#careers", f"{shared_office.mention} when do zebras migrate?")
    (reply,) = shared_office.replies(shared_office.ann, asked)
    shared_office.ann.clicks(reply, "feedback", "positive")
    assert shared_office.whispers(shared_office.ann, "#careers")
