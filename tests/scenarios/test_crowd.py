"""Two hundred questions at once, from every side."""

import time
from functools import partial

import pytest

from tests.scenarios.breaking import together
from tests.scenarios.conftest import VP

EACH = 17
QUESTIONS = (
    VP,
    "CPO vs head of product",
    "what is a technical product manager",
    "how do I become a director of product",
    "what does a group product manager do",
)

pytestmark = pytest.mark.timeout(600)


def test_two_hundred_questions_at_once_are_each_answered_once(office, capsys):
    slack = office.slack
    people = [office.ann, office.gus, office.ada, office.ole]
    mentions, direct, commands = [], [], []
    started = time.time()

    def ask(person, number):
        question = QUESTIONS[number % len(QUESTIONS)]
        mentions.append((person, person.says("#careers", f"{office.mention} {question}")))
        direct.append((person, person.writes(question, person.writes("hm"))))
        commands.append((person, person.commands("/pmrole", question)))

    together([partial(ask, person, number) for person in people for number in range(EACH)])
    count = len(mentions) + len(direct) + len(commands)
    assert count == 3 * 4 * EACH >= 200
    office.wait(lambda: all(one.is_over for one in slack.deliveries), "acknowledgements")
    slack.wait_for(lambda: not office.bot.unfinished, "the answers", 300)
    assert {len(office.replies(person, asked)) for person, asked in mentions} == {1}
    whispered = [len(office.whispers(person, "#careers", EACH)) for person in people]
    assert whispered == [EACH] * 4
    for person, asked in direct:
        held = slack.messages(person.direct_channel)
        thread = [one for one in held if asked.ts in {one.ts, one.thread_ts}]
        assert thread
    answered = sum(len(office.direct_replies(person, EACH)) for person in people)
    assert answered == 2 * len(direct)  # "hm" has an answer too
    took = sorted(
        one.at - started
        for one in slack.calls
        if one.method in {"chat.postMessage", "response_url"} and not one.error
    )
    with capsys.disabled():
        print(  # noqa: T201 - reported, no bar
            f"\n  {count} questions at once: answered within "
            f"{took[int(0.95 * len(took))]:.1f} s (p95), {took[-1]:.1f} s (all)"
        )
