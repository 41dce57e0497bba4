"""Three processes on one Postgres are one bot, even when one of them dies over questions."""

import os
import signal
from functools import partial

import pytest
from sqlalchemy import select, update

from bot.state.schema import inbox
from bot.state.store import State
from tests.scenarios.breaking import CPO, BotProcess, by_bot, together
from tests.scenarios.conftest import VP, running_slack

pytestmark = pytest.mark.timeout(600)

PATIENCE_S = 240.0
QUESTIONS = 22


class Replicas:
    """Questions of which one replica died, and what became of them."""

    def __init__(self, slack, url):
        self.slack, self.url = slack, url
        self.state = State.open(url)
        self.ann, self.gus = slack.person("ann"), slack.person("gus")
        self.asked = []
        self.processes = [BotProcess(slack, url)]
        self.processes[0].wait_until_it_answers()
        # Alone yet, it has a question at hand: Slack keeps silent about the answer.
        slack.refuse("chat.postMessage", "timeout")
        self._ask(self.ann, VP)
        self._wait(lambda: slack.called("chat.postMessage"), "the first answer")
        (self.dying,) = self._owners()
        self.processes += [BotProcess(slack, url) for _ in range(2)]
        for one in self.processes[1:]:
            one.wait_until_it_answers()
        self.connections = slack.connections
        people = [self.ann, self.gus]
        together([partial(self._ask, people[number % 2], CPO) for number in range(QUESTIONS - 1)])
        self._stop_over_questions()
        self.processes[0].kill()
        self._let_the_leases_of_the_dead_end()
        self._wait(lambda: all(one.is_over for one in slack.deliveries), "acknowledgements")
        self._wait(lambda: self._owners() == set(), "an empty inbox")
        self._wait(lambda: min(self.answers()) >= 1, "the answers")
        self.heard_by = {one.tries[-1].via for one in slack.deliveries if one.tries}

    def _ask(self, person, question):
        asked = person.says("#careers", f"<@{self.slack.bot_user}> {question}")
        self.asked.append((person, asked))
        payloads = [one.payload for one in self.slack.deliveries if one.kind == "events_api"]
        for payload in payloads:
            if payload["event"].get("ts") == asked.ts:
                self.slack.sends(payload)  # once more, to whichever replica

    def _wait(self, condition, what):
        self.slack.wait_for(condition, what, PATIENCE_S)

    def _owners(self):
        with self.state.transactions.reading() as connection:
            return set(connection.scalars(select(inbox.c.owner)))

    def _stop_over_questions(self):
        """Stop the first replica in a moment in which it has questions at hand."""
        process = self.processes[0].pid
        while True:
            self._wait(lambda: self.dying in self._owners(), "questions at hand")
            os.kill(process, signal.SIGSTOP)
            if self.dying in self._owners():
                return
            os.kill(process, signal.SIGCONT)

    def _let_the_leases_of_the_dead_end(self):
        theirs = inbox.c.owner == self.dying
        with self.state.transactions.writing() as connection:
            connection.execute(update(inbox).where(theirs).values(due_at=0.0))

    def answers(self):
        """Return how many answers stand below each question."""
        return [len(by_bot(self.slack, person.sees("#careers", one))) for person, one in self.asked]

    def close(self):
        ended = [one.stop() for one in self.processes if not one.has_ended]
        self.state.close()
        return ended


@pytest.fixture(scope="module")
def replicas(library, postgres):  # noqa: ARG001 - built before the processes open it
    with running_slack() as slack, postgres.database(tables=False) as url:
        found = Replicas(slack, url)
        yield found
        found.close()


def test_every_question_is_answered_once_though_a_replica_is_killed(replicas):
    assert replicas.connections == 3
    assert len(replicas.heard_by) == 3
    assert replicas.answers() == [1] * QUESTIONS


def test_every_question_and_answer_is_noted_once(replicas):
    references = [one.reference for one in replicas.state.questions.recent()]
    assert len(references) == len(set(references)) == QUESTIONS
    for person, asked in replicas.asked:
        (answer,) = by_bot(replicas.slack, person.sees("#careers", asked))
        team = replicas.slack.workspace().team
        kept = replicas.state.answers.of_question(team, asked.channel, asked.ts)
        assert kept is not None
        assert kept.message_ts == answer.ts


def test_what_is_left_ends_well_and_without_a_trace(replicas):
    ended = replicas.close()
    assert [status for status, _ in ended] == [0, 0]
    assert "Traceback" not in "".join(written for _, written in ended)
