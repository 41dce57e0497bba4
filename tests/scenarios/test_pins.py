"""An admin approves what a person answered; from then on it stands above what the articles say."""

import pytest

from bot.slack.admins import ADMINS_ONLY
from bot.slack.listeners.pins import APPROVED, ENDED_ALREADY, NO_ANSWER
from bot.slack.messages import HUMAN_REQUEST
from bot.slack.messages.pins import NO_PINS
from tests.scenarios.conftest import VP, Office, buttons_of, text_of, value_of

SHORTCUT = "use_this_answer"
SETTINGS = {"question_log": "full"}
# Nothing in it formats.
OURS_PLAIN = "Our VP also owns pricing & *packaging*."


@pytest.fixture(autouse=True)
def _no_pins(shared_office):
    """Let every test begin without approved answers."""
    yield
    shared_office.settle()
    for pin in shared_office.state.pins.shown(shared_office.slack.workspace().team):
        shared_office.state.pins.end(pin.team, pin.id, "the test is over")


def expert(office: Office, asked="What does a VP of Product do?", said=OURS_PLAIN):
    """Let gus answer ann in a thread; return his message."""
    question = office.ann.says("#careers", asked)
    return office.gus.says("#careers", said, question)


def approve(office: Office, message, **changed):
    office.ada.uses_shortcut(SHORTCUT, message)
    form = office.view(office.ada, "Use this answer")
    office.ada.submits(form, changed)
    office.wait(
        lambda: APPROVED in [one.text for one in office.direct_replies(office.ada, 0)], "approval"
    )
    office.settle()


def answer_to(office: Office, text=VP):
    asked = office.ann.says("#careers", f"{office.mention} {text}")
    (reply,) = office.replies(office.ann, asked)
    office.settle()
    return reply


def test_the_form_holds_the_question_of_the_thread_and_the_words_of_the_person(shared_office):
    shared_office.ada.uses_shortcut(SHORTCUT, expert(shared_office))
    shown = text_of(shared_office.view(shared_office.ada, "Use this answer"))
    assert "What does a VP of Product do?" in shown
    assert OURS_PLAIN in shown


def test_it_stands_above_the_quoted_sentences_with_who_approved_it_and_when(shared_office):
    message = expert(shared_office)
    approve(shared_office, message)
    reply = answer_to(shared_office)
    shown = text_of(reply)
    assert shown.index("Approved by ") < shown.index(OURS_PLAIN) < shown.index("[1]")
    assert "Approved by ada on " in shown
    assert "See where it was written" in shown
    assert "for “What does a VP of Product do?”" in shown
    assert reply.text.startswith("Approved answer: Our VP also owns pricing")
    assert "thumbs" in buttons_of(reply)


def test_it_answers_what_the_articles_do_not(shared_office):
    asked = "may PMs bring their dogs to the office?"
    refusal = answer_to(shared_office, asked)
    assert "Tell me when you know" in buttons_of(refusal)
    approve(shared_office, expert(shared_office, asked, "Yes, on Fridays."))
    shown = answer_to(shared_office, asked)
    assert "Yes, on Fridays." in text_of(shown)
    assert "does not hold" not in text_of(shown)
    assert "Tell me when you know" not in buttons_of(shown)
    assert shared_office.state.questions.recent(1)[0].outcome == "pinned"


def test_the_admin_may_write_both_anew(shared_office):
    words = {"pinned_question": "What does a CPO do?", "pinned_answer": "Ours runs design."}
    approve(shared_office, expert(shared_office), **words)
    assert "Ours runs design." in text_of(answer_to(shared_office, "what does a CPO do"))
    assert "Ours runs design." not in text_of(answer_to(shared_office))


def test_another_question_is_answered_without_it(shared_office):
    approve(shared_office, expert(shared_office))
    assert "Approved by" not in text_of(
        answer_to(shared_office, "who does a VP of Product report to?")
    )


@pytest.mark.parametrize("way", ["command", "home"])
def test_it_is_shown_to_one_person_as_well(shared_office, way):
    approve(shared_office, expert(shared_office))
    if way == "command":
        shared_office.ann.commands("/pmrole", VP)
        shown = shared_office.whispers(shared_office.ann, "#careers")[-1]
    else:
        shared_office.ann.opens_home()
        shared_office.wait(shared_office.ann.home, "the Home tab")
        shared_office.ann.clicks(shared_office.ann.home(), "ask:0")
        shared_office.wait(
            lambda: "[1]" in text_of(shared_office.view(shared_office.ann)), "an answer"
        )
        shown = shared_office.view(shared_office.ann)
    assert OURS_PLAIN in text_of(shown)


def test_from_a_question_passed_on_to_people_the_question_is_taken(shared_office):
    passed_on = shared_office.ann.says("#careers", f"{HUMAN_REQUEST}what is tea?")
    reply = shared_office.gus.says("#careers", "A drink.", passed_on)
    shared_office.ada.uses_shortcut(SHORTCUT, reply)
    shown = text_of(shared_office.view(shared_office.ada, "Use this answer"))
    assert '"initial_value": "what is tea?"' in shown


def test_others_may_not_approve(shared_office):
    shared_office.gus.uses_shortcut(SHORTCUT, expert(shared_office))
    assert shared_office.whispers(shared_office.gus, "#careers")[-1].text == ADMINS_ONLY
    assert shared_office.gus.views() == []


def test_the_bots_own_answers_are_none_of_a_person(shared_office):
    shared_office.ada.uses_shortcut(SHORTCUT, answer_to(shared_office))
    assert shared_office.whispers(shared_office.ada, "#careers")[-1].text == NO_ANSWER
    assert shared_office.ada.views() == []


def test_white_space_is_no_answer(shared_office):
    shared_office.ada.uses_shortcut(SHORTCUT, expert(shared_office))
    form = shared_office.view(shared_office.ada, "Use this answer")
    said = shared_office.ada.submits(form, {"pinned_answer": "  "})
    assert said is not None
    assert list(said["errors"]) == ["pinned_answer"]
    assert shared_office.state.pins.shown(shared_office.slack.workspace().team) == ()


def test_pins_are_listed_and_removed_and_both_are_in_the_audit(shared_office):
    approve(shared_office, expert(shared_office))
    shared_office.ada.commands("/pmrole", "pins")
    listed = shared_office.whispers(shared_office.ada, "#careers")[-1]
    assert "1 approved answers" in text_of(listed)
    assert OURS_PLAIN in text_of(listed)
    shared_office.ada.clicks(listed, "remove_pin", value_of(listed, "remove_pin"))
    shared_office.wait(
        lambda: (
            "removed by an admin"
            in text_of(shared_office.whispers(shared_office.ada, "#careers")[-1])
        ),
        "the list to change",
    )
    shared_office.settle()
    acts = [one.act for one in shared_office.state.audit.recent(2)]
    assert acts == ["removed an approved answer", "approved an answer"]
    assert "Approved by" not in text_of(answer_to(shared_office))


def test_removed_twice_it_is_said_that_it_is_gone(shared_office):
    approve(shared_office, expert(shared_office))
    shared_office.ada.commands("/pmrole", "pins")
    listed = shared_office.whispers(shared_office.ada, "#careers")[-1]
    (pin,) = shared_office.state.pins.shown(shared_office.slack.workspace().team)
    shared_office.state.pins.end(pin.team, pin.id, "removed by an admin")
    shared_office.ada.clicks(listed, "remove_pin")
    shared_office.wait(
        lambda: (
            ENDED_ALREADY
            in [one.text for one in shared_office.whispers(shared_office.ada, "#careers")]
        ),
        "word of it",
    )


def test_without_pins_the_list_says_how_to_begin(office):
    office.ole.commands("/pmrole", "pins")
    assert office.whispers(office.ole, "#careers")[-1].text == NO_PINS


def test_the_answer_is_kept_with_it_for_sharing(shared_office):
    approve(shared_office, expert(shared_office))
    shared_office.ann.commands("/pmrole", VP)
    shown = shared_office.whispers(shared_office.ann, "#careers")[-1]
    shared_office.settle()
    shared_office.ann.clicks(shown, "share")
    (shared,) = shared_office.posted("#careers")[-1:]
    assert OURS_PLAIN in text_of(shared)
