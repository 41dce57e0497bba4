"""The Messages tab of an agent: prompts, the line that says it works, thumbs."""

import threading
import time
from collections.abc import Collection, Sequence

import pytest

from bot.answering.answerer import Answerer
from bot.domain import Exchange, Message
from index.opening import LiveIndex
from tests.scenarios.conftest import MANIFEST, VP, Office, buttons_of, office_in

PROMPTS = [one["message"] for one in MANIFEST["features"]["agent_view"]["suggested_prompts"]]


class SlowAnswerer(Answerer):
    """The real one, which begins only when it is let."""

    def __init__(self, library: LiveIndex, like: Answerer) -> None:
        super().__init__(library, vocabulary=like.vocabulary)
        self.let = threading.Event()

    def ask(
        self, text: str, thread: Sequence[Message] = (), *, topics: Collection[str] = ()
    ) -> Exchange:
        assert self.let.wait(20)
        return super().ask(text, thread, topics=topics)


@pytest.fixture
def slow_office(slack, library, answerer, tmp_path):
    slow = SlowAnswerer(library, answerer)
    office = office_in(slack, slow, database_url=f"sqlite:///{tmp_path / 'state.db'}")
    office.start()
    yield office
    slow.let.set()
    office.stop()


def statuses(office: Office) -> list[str]:
    return [one.fields["status"] for one in office.slack.called("assistant.threads.setStatus")]


def test_whoever_opens_the_messages_tab_is_offered_four_questions(shared_office):
    shared_office.ann.opens_home("messages")
    shared_office.wait(shared_office.ann.prompts, "prompts")
    assert [one.message for one in shared_office.ann.prompts()] == PROMPTS


def test_prompts_are_set_without_a_thread_which_slack_would_not_show(shared_office):
    shared_office.ann.opens_home("messages")
    shared_office.wait(lambda: shared_office.called("assistant.threads.setSuggestedPrompts"), "it")
    (call,) = shared_office.called("assistant.threads.setSuggestedPrompts")
    assert not call.fields.get("thread_ts")
    assert call.fields["channel_id"] == shared_office.ann.direct_channel


@pytest.mark.parametrize("prompt", PROMPTS)
def test_every_prompt_is_answered(shared_office, prompt):
    shared_office.ann.writes(prompt)
    (reply,) = shared_office.direct_replies(shared_office.ann)
    assert "[1]" in reply.text
    assert "thumbs" in buttons_of(reply)


def test_prompts_that_slack_refuses_are_told_to_nobody(shared_office):
    shared_office.slack.refuse("assistant.threads.setSuggestedPrompts", "not_agent_app")
    shared_office.ann.opens_home("messages")
    shared_office.wait(lambda: shared_office.called("assistant.threads.setSuggestedPrompts"), "it")
    shared_office.settle()
    assert shared_office.direct_replies(shared_office.ann, 0) == []


def test_an_answer_that_takes_long_is_announced_and_the_line_goes_with_the_answer(slow_office):
    asked = slow_office.ann.writes(VP)
    slow_office.wait(lambda: slow_office.ann.status(asked), "a status")
    assert "articles" in slow_office.ann.status(asked).text
    slow_office.answerer.let.set()
    slow_office.direct_replies(slow_office.ann)
    slow_office.settle()
    assert slow_office.ann.status(asked) is None
    assert statuses(slow_office)[-1] == ""


def test_in_a_channel_too(slow_office):
    asked = slow_office.ann.says("#careers", f"{slow_office.mention} {VP}")
    slow_office.wait(lambda: slow_office.ann.status(asked), "a status")
    slow_office.answerer.let.set()
    slow_office.replies(slow_office.ann, asked)
    slow_office.settle()
    assert slow_office.ann.status(asked) is None


def test_where_nobody_called_the_bot_it_does_not_say_that_it_works(slow_office):
    slow_office.ada.commands("/pmrole", "auto on", "#careers")
    slow_office.whispers(slow_office.ada, "#careers")
    slow_office.ann.says("#careers", "When do zebras migrate?")
    slow_office.wait(lambda: slow_office.bot.unfinished, "the question")
    began = time.monotonic()
    slow_office.wait(lambda: time.monotonic() > began + 1.0, "the patience to be over")
    assert statuses(slow_office) == []


def test_a_line_that_slack_refuses_takes_nothing_from_the_answer(slow_office):
    slow_office.slack.refuse("assistant.threads.setStatus", "internal_error", times=2)
    slow_office.ann.writes(VP)
    slow_office.wait(lambda: statuses(slow_office), "a try")
    slow_office.answerer.let.set()
    assert slow_office.direct_replies(slow_office.ann)


def test_a_quick_answer_shows_no_line(shared_office):
    asked = shared_office.ann.writes(VP)
    shared_office.direct_replies(shared_office.ann)
    shared_office.settle()
    assert shared_office.ann.status(asked) is None
