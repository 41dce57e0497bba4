"""Which untagged messages are meant for the bot."""

import pytest

from bot.slack.addressing import is_follow_up, is_plain_question, leans_back
from bot.state.threads import ThreadState

ANN, BOB = "U0ANN", "U0BOB"
WITH_ANN = ThreadState(asker=ANN, others=False)


@pytest.mark.parametrize(
    "text",
    [
        "and a CPO?",
        "what about startups",
        "why?",
        "How do I become one",
        "ok, and how many PMs does she manage?",
        "compare them with a director",
        "can you explain that?",
        "how do we hire one?",
        "what's next",
    ],
)
def test_the_asker_goes_on_asking(text):
    assert is_follow_up(text, ANN, WITH_ANN)


@pytest.mark.parametrize(
    "text",
    [
        "thanks!",
        "makes sense, I will tell the team",
        "<@U0BOB> what do you think?",
        "shall we have lunch at one?",
        "can you send me the deck?",
        "who is our designer?",
        "<!here> is that so?",
        "<!subteam^S123|@product> do we have one?",
        "",
        "is " + "very " * 80 + "long?",
    ],
)
def test_what_is_said_to_somebody_or_asks_nothing_is_left_alone(text):
    assert not is_follow_up(text, ANN, WITH_ANN)


def test_somebody_elses_question_is_not_the_bots():
    assert not is_follow_up("and a CPO?", BOB, WITH_ANN)


def test_two_people_talking_are_left_alone():
    assert not is_follow_up("and a CPO?", ANN, ThreadState(asker=ANN, others=True))


def test_a_thread_the_bot_never_answered_in_is_not_its_own():
    assert not is_follow_up("and a CPO?", ANN, None)


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("what does a VP of Product do", True),
        ("Anyone know what a GPM is?", True),
        ("Our VP of Product starts on Monday", False),
        ("<@U0BOB> what does a VP of Product do?", False),
    ],
)
def test_plain_questions_are_told_from_talk(text, asks):
    assert is_plain_question(text) is asks


@pytest.mark.parametrize("text", ["whom do they report to?", "and a CPO?", "Why?", "how come?"])
def test_what_stands_for_something_said_before_leans_back_on_it(text):
    assert leans_back(text)


@pytest.mark.parametrize("text", ["where is the coffee machine?", "what skills?", "when is lunch?"])
def test_what_says_all_itself_does_not(text):
    assert not leans_back(text)
