"""What only the asker saw is shown to the channel."""

import pytest

from bot.slack.listeners.answers import TOO_OLD
from tests.scenarios.conftest import VP, Office, buttons_of, text_of, value_of

PAY = "how is the pay of a product manager decided?"


@pytest.fixture
def shared_office(shared_office):
    """Let the one who shares be named in the message."""
    shared_office.slack.pingable.add(shared_office.ann.id)
    return shared_office


def command(office: Office, channel: str = "#careers"):
    office.ann.commands("/pmrole", VP, channel)
    (answer,) = office.whispers(office.ann, channel)
    office.settle()
    return answer


def test_an_answer_to_a_command_goes_to_the_channel_with_its_question_and_who_shared_it(
    shared_office,
):
    answer = command(shared_office)
    shared_office.ann.clicks(answer, "share")
    (shared,) = shared_office.posted("#careers")
    assert shared.thread_ts == ""
    assert shared.text == answer.text
    assert VP in text_of(shared)
    assert f"Shared by <@{shared_office.ann.id}>" in text_of(shared)
    assert shared_office.pings == []


def test_its_buttons_are_for_everybody_but_it_is_shared_once(shared_office):
    shared_office.ann.clicks(command(shared_office), "share")
    (shared,) = shared_office.posted("#careers")
    assert "Share to channel" not in buttons_of(shared)
    assert {"Show passages", "Compare with…", "thumbs"} <= set(buttons_of(shared))
    shared_office.settle()
    shared_office.gus.clicks(shared, "passages")
    assert shared_office.view(shared_office.gus, "Passages")


def test_the_private_copy_goes(shared_office):
    answer = command(shared_office)
    shared_office.ann.clicks(answer, "share")
    shared_office.wait(lambda: not shared_office.whispers(shared_office.ann, "#careers", 0), "it")


def test_twice_clicked_it_is_shared_once(shared_office):
    answer = command(shared_office)
    shared_office.ann.clicks(answer, "share")
    shared_office.ann.clicks(answer, "share")
    shared_office.posted("#careers")
    shared_office.settle()
    assert len(shared_office.posted("#careers")) == 1


def test_where_the_bot_is_no_member_it_is_shared_too(shared_office):
    answer = command(shared_office, "#elsewhere")
    shared_office.ann.clicks(answer, "share")
    (shared,) = shared_office.posted("#elsewhere")
    assert VP in text_of(shared)
    shared_office.settle()
    assert shared_office.whispers(shared_office.ann, "#elsewhere", 0) == []


def test_a_private_answer_to_a_public_question_is_shared_in_its_thread(shared_office):
    asked = shared_office.ann.says("#careers", f"{shared_office.mention} {PAY}")
    (answer,) = shared_office.whispers(shared_office.ann, "#careers")
    shared_office.settle()
    shared_office.ann.clicks(answer, "share")
    (shared,) = shared_office.posted("#careers")
    assert shared.thread_ts == asked.ts


def test_what_slack_refused_can_be_shared_again(shared_office):
    answer = command(shared_office)
    shared_office.slack.refuse("chat.postMessage", "internal_error")
    shared_office.ann.clicks(answer, "share")
    _, told = shared_office.whispers(shared_office.ann, "#careers", 2)
    assert told.text.startswith("Something went wrong")
    shared_office.ann.clicks(answer, "share")
    shared_office.posted("#careers")


def test_what_is_no_longer_kept_is_said_so(shared_office):
    answer = command(shared_office)
    shared_office.state.answers.forget(value_of(answer, "share"))
    shared_office.ann.clicks(answer, "share")
    _, told = shared_office.whispers(shared_office.ann, "#careers", 2)
    assert told.text == TOO_OLD
