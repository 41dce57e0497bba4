"""Questions are edited and deleted; their answers follow."""

import pytest

from playground.local_slack import LocalSlack
from tests.scenarios.breaking import CPO, Clock, by_bot, held_answerer
from tests.scenarios.conftest import MANIFEST, VP, office_in, text_of, value_of

PM = "what does a product manager do"


@pytest.fixture(scope="module")
def clock():
    return Clock()


@pytest.fixture(scope="module")
def answerer(library):
    held = held_answerer(library)
    yield held
    held.gate.set()


@pytest.fixture(scope="module")
def running_office(clock, answerer, tmp_path_factory):
    state = tmp_path_factory.mktemp("state") / "state.db"
    with LocalSlack(manifest=MANIFEST, clock=clock) as slack:
        slack.ack_within_s = 15.0
        running = office_in(slack, answerer, database_url=f"sqlite:///{state}")
        running.start()
        yield running
        running.stop()


@pytest.fixture
def office(running_office, answerer):
    answerer.begin()
    running_office.begin()
    return running_office


def ask(office, question=VP, thread=None):
    """Ask in #careers and return the question once its answer is noted."""
    asked = office.ann.says("#careers", f"{office.mention} {question}", thread)
    office.replies(office.ann, thread or asked)
    office.settle()
    return asked


def edit(office, asked, text):
    office.ann.edits(asked, text)
    office.settle()


def test_an_edit_within_a_minute_changes_the_answer_in_place(office):
    asked = ask(office)
    (before,) = office.replies(office.ann, asked)
    edit(office, asked, f"{office.mention} {CPO}")
    (after,) = office.replies(office.ann, asked)
    assert after.ts == before.ts
    assert "chief product officer" in after.text.lower()
    assert "VP of product" in before.text


def test_the_buttons_of_a_changed_answer_are_about_the_new_question(office):
    asked = ask(office)
    edit(office, asked, f"{office.mention} {CPO}")
    (after,) = office.replies(office.ann, asked)
    office.ann.clicks(after, "passages", value_of(after, "passages"))
    assert "chief product officer" in text_of(office.view(office.ann)).lower()


def test_a_direct_message_may_be_edited_too(office):
    asked = office.gus.writes(VP)
    (before,) = office.direct_replies(office.gus)
    office.settle()
    office.gus.edits(asked, CPO)
    office.settle()
    (after,) = office.direct_replies(office.gus)
    assert (after.ts, after.text == before.text) == (before.ts, False)


def test_of_several_edits_the_last_one_counts(office, answerer):
    asked = ask(office)
    answerer.gate.clear()
    for text in (CPO, "what does a group product manager do", PM):
        office.ann.edits(asked, f"{office.mention} {text}")
    answerer.gate.set()
    office.settle()
    (after,) = office.replies(office.ann, asked)
    assert after.text == office.replies(office.ann, ask(office, PM))[0].text


def test_an_edit_after_a_minute_changes_nothing(office, clock):
    asked = ask(office)
    (before,) = office.replies(office.ann, asked)
    clock.ahead_s += 61.0
    edit(office, asked, f"{office.mention} {CPO}")
    assert office.replies(office.ann, asked) == [before]


def test_an_edit_while_the_answer_is_made_is_answered(office, answerer):
    answerer.gate.clear()
    asked = office.ann.says("#careers", f"{office.mention} {VP}")
    office.wait(lambda: answerer.asked, "the question")
    office.ann.edits(asked, f"{office.mention} {CPO}")
    office.wait(lambda: all(one.is_over for one in office.slack.deliveries), "acknowledgements")
    answerer.gate.set()
    office.settle()
    (answer,) = office.replies(office.ann, asked)
    assert "chief product officer" in answer.text.lower()


def test_waiting_edits_keep_no_button_from_opening_its_view(office, answerer):
    asked = ask(office)
    (answer,) = office.replies(office.ann, asked)
    answerer.gate.clear()
    for _ in range(6):
        later = office.ann.says("#careers", f"{office.mention} {VP}")
        office.ann.edits(later, f"{office.mention} {CPO}")
    office.ann.clicks(answer, "passages", value_of(answer, "passages"))
    assert office.view(office.ann)
    answerer.gate.set()


@pytest.mark.parametrize("minutes", [0, 5])
def test_a_mention_that_an_edit_adds_is_answered_once(office, clock, minutes):
    asked = office.ann.says("#careers", VP)
    office.settle()
    assert by_bot(office.slack, office.ann.sees("#careers", asked)) == []
    clock.ahead_s += 60.0 * minutes
    edit(office, asked, f"{office.mention} {VP}")
    edit(office, asked, f"{office.mention} {VP}!")
    assert len(office.replies(office.ann, asked)) == 1


def test_an_old_question_is_not_answered_again_for_a_spelling_mistake(office, clock):
    asked = ask(office)
    clock.ahead_s += 7200.0
    with office.state.transactions.writing() as connection:
        connection.exec_driver_sql("DELETE FROM inbox_keys")  # kept for an hour
    edit(office, asked, f"{office.mention} {VP}?")
    assert len(office.replies(office.ann, asked)) == 1


def test_a_preview_that_unfolds_is_no_edit(office, answerer):
    asked = ask(office)
    (message,) = [one for one in office.ann.sees("#careers") if one.ts == asked.ts]
    shape = {"type": "message", "user": message.user, "text": message.text, "ts": message.ts}
    unfolded = {
        "type": "message",
        "subtype": "message_changed",
        "channel": asked.channel,
        "channel_type": "channel",
        "message": {**shape, "attachments": [{"title": "A page"}]},
        "previous_message": shape,
        "ts": message.ts,
    }
    office.slack.sends(
        {
            "type": "event_callback",
            "team_id": office.slack.team,
            "event_id": "E1",
            "event": unfolded,
        }
    )
    office.settle()
    assert answerer.asked == [VP]


def test_an_edited_question_in_a_thread_is_understood_from_what_was_said_before_it(office):
    thread = ask(office, CPO)
    asked = office.ann.says("#careers", f"{office.mention} {VP}", thread)
    office.replies(office.ann, thread, 2)
    office.settle()
    edit(office, asked, f"{office.mention} whom do they report to?")
    _, answer = office.replies(office.ann, thread, 2)
    assert "chief product officer" in text_of(answer).lower()
    # And once more: the first edit is no part of what was said before either.
    edit(office, asked, f"{office.mention} what skills do they need?")
    _, answer = office.replies(office.ann, thread, 2)
    assert "chief product officer" in text_of(answer).lower()


def test_a_follow_up_after_an_edit_is_about_the_edited_question(office):
    asked = ask(office, VP)
    edit(office, asked, f"{office.mention} {CPO}")
    office.ann.says("#careers", "whom do they report to?", asked)
    _, answer = office.replies(office.ann, asked, 2)
    assert "chief product officer" in text_of(answer).lower()


def test_an_edit_that_makes_a_question_private_takes_its_answer_out_of_the_channel(office):
    asked = ask(office)
    edit(office, asked, f"{office.mention} how do I tell my manager that I want to quit")
    assert by_bot(office.slack, office.gus.sees("#careers", asked)) == []
    assert len(office.whispers(office.ann, "#careers")) == 1


def test_an_edit_that_slack_refuses_leaves_the_answer_as_it_was(office, caplog):
    asked = ask(office)
    (before,) = office.replies(office.ann, asked)
    office.slack.refuse("chat.update", 500)
    edit(office, asked, f"{office.mention} {CPO}")
    assert office.replies(office.ann, asked) == [before]
    assert "the edit was not answered" in caplog.text


def test_other_peoples_edits_are_left_alone(office, answerer):
    ask(office)
    said = office.gus.says("#careers", "good morning")
    office.gus.edits(said, "what does a CPO do?")
    office.settle()
    assert answerer.asked == [VP]


def test_the_answer_to_a_deleted_question_is_deleted(office):
    asked = ask(office)
    (answer,) = office.replies(office.ann, asked)
    office.ann.deletes(asked)
    office.settle()
    assert answer.ts not in {one.ts for one in office.slack.messages("#careers")}


def test_the_answer_to_a_deleted_direct_message_is_deleted(office):
    asked = office.gus.writes(VP)
    office.direct_replies(office.gus)
    office.settle()
    office.gus.deletes(asked)
    office.settle()
    assert office.direct_replies(office.gus, 0) == []


@pytest.mark.parametrize("replier", ["gus", "ann"])
def test_an_answer_that_somebody_replied_to_stays(office, replier):
    asked = ask(office)
    office.slack.person(replier).says("#careers", "thanks, that helps", asked)
    office.settle()
    office.ann.deletes(asked)
    office.settle()
    assert len(office.replies(office.ann, asked)) == 1


def test_a_question_deleted_while_it_is_answered_leaves_no_answer(office, answerer):
    answerer.gate.clear()
    asked = office.ann.says("#careers", f"{office.mention} {VP}")
    office.wait(lambda: answerer.asked, "the question")
    office.ann.deletes(asked)
    office.wait(lambda: all(one.is_over for one in office.slack.deliveries), "acknowledgements")
    answerer.gate.set()
    office.settle()
    assert office.posted("#careers", 0) == []
    assert office.direct_replies(office.ann, 0) == []


def test_messages_of_others_may_be_deleted(office, answerer):
    asked = ask(office)
    said = office.gus.says("#careers", "good morning")
    office.gus.deletes(said)
    office.settle()
    assert len(office.replies(office.ann, asked)) == 1
    assert answerer.asked == [VP]
