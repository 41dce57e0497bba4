"""docs/conversation.md is what people see."""

from tests.scenarios import transcript


def test_the_page_is_what_people_see(conversation):
    committed = transcript.PAGE.read_text("utf-8")
    assert conversation.page == committed, "run: python -m tests.scenarios.transcript"


def test_nobody_was_pinged_and_nothing_was_refused(conversation):
    assert conversation.pings == ()
    refused = [one for one in conversation.calls if one.error]
    # The one share where the bot is no member, which then goes another way.
    assert [(one.method, one.error) for one in refused] == [("chat.postMessage", "not_in_channel")]


def test_everything_was_acknowledged_once(conversation):
    assert {one.attempts for one in conversation.deliveries} == {1}
    assert {one.error for one in conversation.deliveries} == {""}
