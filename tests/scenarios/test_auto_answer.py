"""A channel in which plain questions are answered without a mention."""

import pytest

from bot.state.channels import ChannelSettings
from tests.scenarios.conftest import VP, Office, buttons_of


@pytest.fixture
def shared_office(shared_office):
    """Switch it on in #careers."""
    switch(shared_office, "on")
    shared_office.begin()
    return shared_office


def switch(office: Office, to: str, channel: str = "#careers") -> None:
    """Let an admin switch it on or off."""
    before = len(office.whispers(office.ada, channel, 0))
    office.ada.commands("/pmrole", f"auto {to}", channel)
    office.whispers(office.ada, channel, before + 1)
    office.settle()


def test_a_plain_question_is_answered_in_its_thread(shared_office):
    asked = shared_office.ann.says("#careers", "Does anybody know what a VP of Product does?")
    (reply,) = shared_office.replies(shared_office.ann, asked)
    assert reply.text.startswith("A VP of product")
    assert "thumbs" in buttons_of(reply)


def test_its_thread_goes_on_as_any_other(shared_office):
    asked = shared_office.ann.says("#careers", f"{VP}?")
    shared_office.replies(shared_office.ann, asked)
    shared_office.settle()
    shared_office.ann.says("#careers", "and a CPO?", thread=asked)
    shared_office.replies(shared_office.ann, asked, 2)


@pytest.mark.parametrize(
    "text",
    [
        "Good morning, everybody.",
        "hello",
        "thanks!",
        "help",
        "",
        "A VP of Product leads the product managers.",
        "When do zebras migrate?",
        "Where is the coffee machine?",
        "Who is our VP of product?",
        "What does a VP of Product do, <@U0GUS>?",
        "What does a TPM do?",
        "What does a PL do?",
        "How much does a product manager earn?",
        "Do you know what a VP of Product does, <!here>?",
    ],
)
def test_to_anything_else_it_is_silent(shared_office, text):
    files = () if text else [("a.png", b"...")]
    text = text.replace("U0GUS", shared_office.gus.id)
    shared_office.ann.says("#careers", text, files=files)
    shared_office.settle()
    assert shared_office.posted("#careers", 0) == []
    assert shared_office.whispers(shared_office.ann, "#careers", 0) == []


def test_two_people_who_talk_in_a_thread_are_left_alone(shared_office):
    root = shared_office.gus.says("#careers", "I read a book about VPs.")
    shared_office.ann.says("#careers", f"{VP}?", thread=root)
    shared_office.settle()
    assert shared_office.posted("#careers", 0) == []


def test_a_question_that_mentions_the_bot_is_answered_once(shared_office):
    asked = shared_office.ann.says("#careers", f"{shared_office.mention} {VP}?")
    shared_office.replies(shared_office.ann, asked)
    shared_office.settle()
    assert len(shared_office.replies(shared_office.ann, asked)) == 1


def test_other_channels_are_left_alone(shared_office):
    shared_office.ann.says("#general", f"{VP}?")
    shared_office.settle()
    assert shared_office.posted("#general", 0) == []


def test_where_it_fails_it_is_silent(shared_office):
    shared_office.slack.refuse("chat.postMessage", "msg_too_long")
    shared_office.ann.says("#careers", f"{VP}?")
    shared_office.wait(lambda: shared_office.called("chat.postMessage"), "a try")
    shared_office.settle()
    assert shared_office.posted("#careers", 0) == []


def test_switched_off_it_is_silent_again(shared_office):
    switch(shared_office, "off")
    shared_office.ann.says("#careers", f"{VP}?")
    shared_office.settle()
    assert shared_office.posted("#careers", 0) == []


def test_an_admin_can_ask_for_more_certainty(shared_office):
    settings = ChannelSettings(auto_answer=True, confidence=1.0)
    shared_office.state.channels.put("T0LOCAL", "C0CAREERS", settings)
    shared_office.ann.says("#careers", f"{VP}?")
    shared_office.settle()
    assert shared_office.posted("#careers", 0) == []
    shared_office.state.channels.put("T0LOCAL", "C0CAREERS", ChannelSettings())


def test_or_for_answers_that_only_the_asker_sees(shared_office):
    settings = ChannelSettings(auto_answer=True, reply="ephemeral")
    shared_office.state.channels.put("T0LOCAL", "C0CAREERS", settings)
    shared_office.ann.says("#careers", f"{VP}?")
    (answer,) = shared_office.whispers(shared_office.ann, "#careers")
    assert "Share to channel" in buttons_of(answer)
    assert shared_office.posted("#careers", 0) == []
    shared_office.state.channels.put("T0LOCAL", "C0CAREERS", ChannelSettings())


def test_what_was_switched_on_stays_on_over_a_restart(office):
    switch(office, "on")
    office.restart()
    asked = office.ann.says("#careers", f"{VP}?")
    assert office.replies(office.ann, asked)
