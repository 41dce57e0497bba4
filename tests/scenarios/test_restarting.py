"""The bot's process ends in the middle of questions; the next one takes them up."""

import pytest

from bot.slack.desk import RETRIES_S
from tests.scenarios.breaking import CPO, BotProcess, by_bot, held_answerer, let_leases_end, rows_of
from tests.scenarios.conftest import PATIENCE_S, VP, running_slack, value_of

QUIT = "how much does a product manager earn"


@pytest.fixture
def answerer(library):
    held = held_answerer(library)
    yield held
    held.gate.set()


class Aftermath:
    """Four questions of which a process died, and what became of them after the next began."""

    def __init__(self, slack, database):
        self.slack = slack
        self.ann, self.gus, self.ada = (slack.person(name) for name in ("ann", "gus", "ada"))
        first = BotProcess(slack, database)
        first.wait_until_it_answers()
        # Slack keeps silent about the one before it does it, and about the other when it has.
        slack.refuse("chat.postMessage", "timeout")
        self.unposted = self.ann.says("#careers", f"<@{slack.bot_user}> {VP}")
        self._wait(lambda: slack.called("chat.postMessage"), "the first answer")
        slack.refuse("chat.postMessage", "timeout", after=True)
        self.unnoted = self.gus.says("#general", f"<@{slack.bot_user}> {CPO}")
        self._wait(lambda: self.answers(self.gus, self.unnoted), "the second answer")
        slack.refuse("response_url", "timeout")
        self.command = self.ada.commands("/pmrole", VP)
        self._wait(lambda: slack.called("response_url"), "the third answer")
        self._wait(lambda: all(one.is_over for one in slack.deliveries), "acknowledgements")
        self.kept = rows_of(database)
        first.kill()
        let_leases_end(database)
        second = BotProcess(slack, database)
        second.wait_until_it_answers()
        self._wait(lambda: rows_of(database) == 0, "an empty inbox")
        self._wait(lambda: self.answers(self.ann, self.unposted), "the answer")
        self.second = second

    def _wait(self, condition, what):
        self.slack.wait_for(condition, what, PATIENCE_S)

    def answers(self, person, asked):
        return by_bot(self.slack, person.sees(asked.channel, asked))


@pytest.fixture(scope="module")
def aftermath(tmp_path_factory):
    with running_slack() as slack:
        found = Aftermath(slack, tmp_path_factory.mktemp("state") / "state.db")
        yield found
        found.second.stop()


def test_what_was_acknowledged_is_kept_when_the_process_is_killed(aftermath):
    assert aftermath.kept == 3


def test_a_question_whose_answer_was_not_posted_is_answered_by_the_next_process(aftermath):
    (answer,) = aftermath.answers(aftermath.ann, aftermath.unposted)
    assert "VP of product" in answer.text


def test_an_answer_that_was_posted_and_not_noted_is_not_posted_again(aftermath):
    (answer,) = aftermath.answers(aftermath.gus, aftermath.unnoted)
    assert "chief product officer" in answer.text.lower()


def test_the_buttons_of_an_answer_that_was_not_noted_work(aftermath):
    slack, gus = aftermath.slack, aftermath.gus
    (answer,) = aftermath.answers(gus, aftermath.unnoted)
    gus.clicks(answer, "passages", value_of(answer, "passages"))
    slack.wait_for(gus.views, "the passages", PATIENCE_S)


def test_a_command_is_answered_over_its_own_address_by_the_next_process(aftermath):
    held = aftermath.slack.messages("#careers")
    (answer,) = [one for one in held if one.visible_to == aftermath.ada.id]
    assert "VP of product" in answer.text


def test_sigterm_ends_it_within_ten_seconds_and_hands_back_what_is_in_flight(slack, tmp_path):
    database = tmp_path / "state.db"
    ann = slack.person("ann")
    first = BotProcess(slack, database)
    first.wait_until_it_answers()
    slack.refuse("chat.postMessage", "timeout")
    asked = ann.says("#careers", f"<@{slack.bot_user}> {VP}")
    slack.wait_for(lambda: slack.called("chat.postMessage"), "the answer", PATIENCE_S)
    second = BotProcess(slack, database)
    second.wait_until_it_answers()
    status, written = first.stop()  # within twenty seconds, or it raises
    assert status == 0
    assert "Traceback" not in written
    # Handed back: no lease has to run out first.
    slack.wait_for(
        lambda: len(by_bot(slack, ann.sees("#careers", asked))) == 1, "the answer", PATIENCE_S
    )
    assert second.stop()[0] == 0
    assert rows_of(database) == 0


def test_questions_in_flight_are_finished_before_the_end(office, answerer):
    answerer.gate.clear()
    asked = [office.ann.says("#careers", f"{office.mention} {VP}") for _ in range(12)]
    office.wait(lambda: all(one.is_over for one in office.slack.deliveries), "acknowledgements")
    answerer.gate.set()
    office.stop()
    assert [len(office.replies(office.ann, one)) for one in asked] == [1] * 12


def test_what_waits_behind_a_question_that_does_not_end_is_handed_back(office, answerer):
    answerer.gate.clear()
    asked = [office.ann.says("#careers", f"{office.mention} {VP}") for _ in range(12)]
    office.wait(lambda: all(one.is_over for one in office.slack.deliveries), "acknowledgements")
    office.connection.close(4.0)
    office.bot.close(0.1)
    handed_over = len(answerer.asked)
    assert handed_over < 12
    office.connection = office.bot = None
    office.start()  # on another state object, as another process would
    # What hung goes on, too late: it finds no inbox that it may answer for.
    office.wait(lambda: len(answerer.asked) >= 12, "the questions to be taken up")
    answerer.gate.set()
    office.settle()
    assert all(office.replies(office.ann, one) for one in asked)


def test_a_question_that_ends_every_process_is_given_up(office, answerer, tmp_path):
    answerer.gate.clear()
    asked = office.ann.says("#careers", f"{office.mention} {VP}")
    office.wait(lambda: answerer.asked, "the question")
    office.wait(lambda: all(one.is_over for one in office.slack.deliveries), "acknowledgements")
    with office.state.transactions.writing() as connection:
        connection.exec_driver_sql(
            "UPDATE inbox SET attempts = ?, owner = 'dead', due_at = 0", (len(RETRIES_S),)
        )
    (told,) = office.replies(office.ann, asked)
    assert "Something went wrong" in told.text
    office.wait(lambda: rows_of(tmp_path / "state.db") == 0, "an empty inbox")
    answerer.gate.set()
