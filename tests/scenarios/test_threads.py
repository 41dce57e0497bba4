"""What follows an answer in its thread."""

import pytest

from tests.scenarios.conftest import VP, Office, buttons_of, text_of


def begin(office: Office, question: str = VP, person=None):
    """Ask in #careers; return the thread once it is answered and noted."""
    asked = (person or office.ann).says("#careers", f"{office.mention} {question}")
    office.replies(office.ann, asked)
    office.settle()
    return asked


def test_a_follow_up_that_mentions_the_bot_is_understood_from_the_thread(shared_office):
    thread = begin(shared_office)
    shared_office.ann.says("#careers", f"{shared_office.mention} whom do they report to?", thread)
    _, second = shared_office.replies(shared_office.ann, thread, 2)
    assert "Understood as: " in text_of(second)
    assert "VP of product" in second.text


def test_the_asker_goes_on_without_a_mention(shared_office):
    thread = begin(shared_office, "what does a director of product do")
    shared_office.ann.says("#careers", "and a head of product?", thread)
    _, second = shared_office.replies(shared_office.ann, thread, 2)
    assert "head of product" in second.text.lower()


@pytest.mark.parametrize(
    "text",
    [
        "why?",
        "what skills?",
        "in a startup?",
        "what about directors?",
        "how long does it take?",
        "can you compare that with a CPO?",
    ],
)
def test_what_the_asker_goes_on_to_ask_is_answered(shared_office, text):
    thread = begin(shared_office)
    shared_office.ann.says("#careers", text, thread)
    assert len(shared_office.replies(shared_office.ann, thread, 2)) == 2


@pytest.mark.parametrize(
    "text",
    [
        "thanks",
        "I will tell the team.",
        "shall we have lunch at one?",
        "where shall we meet?",
        "did the build pass?",
        "where is the coffee machine?",
        "can you send me the deck?",
        "what do you think, <@U0GUS>?",
        "<!here> what do you think of this?",
    ],
)
def test_what_the_asker_says_to_people_is_left_alone(shared_office, text):
    thread = begin(shared_office)
    shared_office.ann.says("#careers", text.replace("U0GUS", shared_office.gus.id), thread)
    shared_office.settle()
    assert len(shared_office.replies(shared_office.ann, thread)) == 1


def test_two_people_who_talk_in_the_thread_are_left_alone(shared_office):
    thread = begin(shared_office)
    for person, text in (
        (shared_office.gus, "what does that mean for us?"),
        (shared_office.ann, "what does a VP of product do in a startup?"),
        (shared_office.gus, "and how do I become one?"),
    ):
        person.says("#careers", text, thread)
        shared_office.settle()
    assert len(shared_office.replies(shared_office.ann, thread)) == 1


def test_a_mention_brings_the_bot_back_into_their_talk(shared_office):
    thread = begin(shared_office)
    shared_office.gus.says("#careers", "I wonder.", thread)
    shared_office.settle()
    shared_office.gus.says("#careers", f"{shared_office.mention} what does a CPO do?", thread)
    shared_office.replies(shared_office.ann, thread, 2)
    shared_office.settle()
    shared_office.gus.says("#careers", "and what does a head of product do?", thread)
    shared_office.replies(shared_office.ann, thread, 3)


def test_a_question_in_a_thread_the_bot_never_answered_in_is_left_alone(shared_office):
    root = shared_office.gus.says("#careers", "Our VP leaves.")
    shared_office.ann.says("#careers", f"{VP}?", root)
    shared_office.settle()
    assert shared_office.called("chat.postMessage") == []


def test_threads_beside_each_other_do_not_mix(shared_office):
    one, other = begin(shared_office), begin(shared_office, "what does a CPO do?")
    shared_office.ann.says("#careers", "whom do they report to?", one)
    shared_office.ann.says("#careers", "whom do they report to?", other)
    assert "VP of product" in shared_office.replies(shared_office.ann, one, 2)[1].text
    assert "chief product officer" in shared_office.replies(shared_office.ann, other, 2)[1].text


def test_letters_with_two_meanings_are_asked_back_and_the_choice_is_answered(shared_office):
    asked = shared_office.ann.says("#careers", f"{shared_office.mention} {AMBIGUOUS}")
    (back,) = shared_office.replies(shared_office.ann, asked)
    assert "more than one thing" in back.text
    first, *_others = buttons_of(back)
    shared_office.ann.clicks(back, "choose:0")
    _, answer = shared_office.replies(shared_office.ann, asked, 2)
    assert first in text_of(answer)
    assert "[1]" in answer.text


def test_the_choice_is_gone_on_from(shared_office):
    asked = shared_office.ann.says("#careers", f"{shared_office.mention} {AMBIGUOUS}")
    (back,) = shared_office.replies(shared_office.ann, asked)
    shared_office.ann.clicks(back, "choose:0")
    shared_office.replies(shared_office.ann, asked, 2)
    shared_office.settle()
    shared_office.ann.says("#careers", "and how do I become one?", asked)
    shared_office.replies(shared_office.ann, asked, 3)


def test_a_thread_keeps_its_context_over_a_restart(office):
    thread = begin(office)
    office.restart()
    office.ann.says("#careers", "whom do they report to?", thread)
    _, second = office.replies(office.ann, thread, 2)
    assert "Understood as: " in text_of(second)
    assert "VP of product" in second.text


AMBIGUOUS = "what does a TPM do"
