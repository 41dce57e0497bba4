"""What one asks in private is answered in private, and people's words are not kept."""

import time
from pathlib import Path

import pytest

from bot.state.retention import DAY_S, sweep
from bot.state.store import State
from tests.scenarios.conftest import Office, buttons_of, office_in, text_of

SENSITIVE = [
    "how is the pay of a product manager decided?",
    "I was passed over for promotion to senior PM, what now?",
    "should I quit my job as a PM?",
    "my manager blocks my promotion to group product manager, what can I do?",
    "how do I get promoted to senior PM while I am burnt out?",
]


@pytest.mark.parametrize("question", SENSITIVE)
def test_asked_in_public_only_the_asker_sees_the_reply(shared_office, question):
    shared_office.ann.says("#careers", f"{shared_office.mention} {question}")
    (reply,) = shared_office.whispers(shared_office.ann, "#careers")
    assert reply in shared_office.ann.sees("#careers")
    assert shared_office.posted("#careers", 0) == []


def test_an_answer_can_be_shared_by_who_asked(shared_office):
    shared_office.ann.says("#careers", f"{shared_office.mention} {SENSITIVE[0]}")
    (reply,) = shared_office.whispers(shared_office.ann, "#careers")
    assert "Share to channel" in buttons_of(reply)


def test_in_a_thread_it_is_shown_in_the_thread(shared_office):
    root = shared_office.gus.says("#careers", "Let us speak about pay.")
    shared_office.gus.says("#careers", "Who begins?", thread=root)
    shared_office.ann.says("#careers", f"{shared_office.mention} {SENSITIVE[0]}", thread=root)
    (reply,) = shared_office.whispers(shared_office.ann, "#careers")
    assert reply in shared_office.ann.sees("#careers", root)
    assert shared_office.posted("#careers", 0) == []


def test_what_follows_from_it_is_private_too(shared_office):
    asked = shared_office.ann.says("#careers", f"{shared_office.mention} {SENSITIVE[0]}")
    shared_office.whispers(shared_office.ann, "#careers")
    shared_office.settle()
    shared_office.ann.says("#careers", f"{shared_office.mention} and of a director?", thread=asked)
    _, second = shared_office.whispers(shared_office.ann, "#careers", 2)
    assert "Understood as: " in text_of(second)
    assert shared_office.posted("#careers", 0) == []


def test_a_suggestion_about_pay_is_answered_to_who_pressed_it(shared_office):
    asked = shared_office.ann.says(
        "#careers", f"{shared_office.mention} what does a VP of product do"
    )
    (reply,) = shared_office.replies(shared_office.ann, asked)
    shared_office.settle()
    shared_office.ann.says(
        "#careers", f"{shared_office.mention} how much do they earn?", thread=asked
    )
    (private,) = shared_office.whispers(shared_office.ann, "#careers")
    assert private in shared_office.ann.sees("#careers", reply.thread_ts)


def test_somebody_who_left_the_channel_meanwhile_gets_a_direct_message(shared_office):
    shared_office.slack.refuse("chat.postEphemeral", "user_not_in_channel")
    shared_office.ann.says("#careers", f"{shared_office.mention} {SENSITIVE[0]}")
    assert shared_office.direct_replies(shared_office.ann)
    assert shared_office.posted("#careers", 0) == []


NAME, PERSON = "Zimmerfrau", "U0ANN"
ASKED = f"what does a head of product do, as {NAME} <@U0GUS> asked at wz@example.com"


# An 8 days' old answer's question, as each setting leaves it.
LEFT = {
    "full": [b"asked at", b"Zimmerfrau", b"wz@example.com", b"U0ANN"],
    "redacted": [b"asked at"],
    "off": [],
}


def stored(office: Office) -> bytes:
    """Return all bytes of the database's files, log and all."""
    file = Path(office.settings.database_url.removeprefix("sqlite:///"))
    return b"".join(one.read_bytes() for one in file.parent.glob(f"{file.name}*"))


def rows_of_questions(office: Office) -> str:
    """Return what is stored of questions for statistics."""
    return repr(office.state.questions.recent())


@pytest.fixture(params=["full", "redacted", "off"])
def asked(request, slack, answerer, tmp_path):
    """Give a bot that was asked on every surface, and voted on, under a setting."""
    office = office_in(
        slack,
        answerer,
        database_url=f"sqlite:///{tmp_path / 'state.db'}",
        question_log=request.param,
    )
    office.start()
    thread = office.ann.says("#careers", f"{office.mention} {ASKED}")
    (reply,) = office.replies(office.ann, thread)
    office.ann.writes(ASKED)
    office.direct_replies(office.ann)
    office.ann.commands("/pmrole", ASKED)
    office.whispers(office.ann, "#careers")
    office.settle()
    office.ann.clicks(reply, "feedback", "negative")
    form = office.view(office.ann, "Not helpful")
    office.ann.submits(form, {"reason": "wrong", "comment": f"Ask {NAME}."})
    office.settle()
    yield request.param, office
    office.stop()


def test_questions_are_noted_as_the_setting_says(asked):
    policy, office = asked
    noted = rows_of_questions(office)
    assert noted.count("'head of product'") == 3
    assert (NAME in noted) is (policy == "full")
    assert ("head of product do" in noted) is (policy != "off")
    assert "wz@example.com" not in noted or policy == "full"
    assert not [one for one in (PERSON, "U0GUS", "C0CAREERS") if one in noted]


def test_once_nobody_can_go_on_from_them_no_name_and_no_id_is_left_in_the_file(asked):
    policy, office = asked
    office.stop()
    state = State.open(
        office.settings.database_url, policy=policy, known=lambda word: word != NAME.lower()
    )
    sweep(state, time.time() + 8 * DAY_S)
    state.close()
    left = stored(office)
    assert b"head of product" in left  # the answers' titles
    words = (b"asked at", NAME.encode(), b"wz@example.com", PERSON.encode(), b"U0GUS")
    assert [one for one in words if one in left] == LEFT[policy]
    office.start()


def test_after_the_days_of_retention_nothing_is_left(asked):
    policy, office = asked
    office.stop()
    state = State.open(office.settings.database_url, policy=policy)
    sweep(state, time.time() + 91 * DAY_S)
    state.close()
    left = stored(office)
    assert not [one for one in (b"head of product", NAME.encode(), PERSON.encode()) if one in left]
    office.start()
