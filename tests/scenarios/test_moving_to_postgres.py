"""A bot that was used for a while is moved to Postgres, and people notice nothing."""

import time

import psycopg
import pytest
from sqlalchemy import create_engine

from bot.slack.listeners.pins import APPROVED
from bot.state.database import open_database
from tests.bot.operating.states import contents
from tests.commands import run
from tests.library import ENCODERS
from tests.scenarios.breaking import by_bot
from tests.scenarios.conftest import VP, buttons_of, running_slack, text_of, value_of
from tests.scenarios.machines import PATIENCE_S, Machine, Workspace
from tests.scenarios.test_uploads import FILE, QUESTION, THURSDAY, small_library

__all__ = ["small_library"]  # a fixture of this module too

UNKNOWN = "may PMs bring their dogs to the office?"
HEAD = "what does a head of product do"
OURS = "Our VP also owns pricing."


class Used(Workspace):
    """A bot on SQLite with a past, of which it dies over a question."""

    def __init__(self, slack, machine, file):
        super().__init__(slack, machine)
        self.machine, self.file = machine, file
        self.on_postgres: dict[str, list[tuple[object, ...]]] = {}
        machine.start(ASK_CHANNEL="C0GENERAL")
        self.thread = self.asks(VP)
        (self.answer,) = self.answers(self.thread)
        refusal = self.answers(self.asks(UNKNOWN))[0]
        self._wait_for_rows("threads", "questions", answers=2)  # what buttons stand for
        self.gus.clicks(self.answer, "feedback", "positive")
        self.gus.clicks(refusal, "tell_me")  # they wait from now on
        self._approve()
        self.add(FILE)
        self._wait_for_rows("votes", "waiting", "pins", "uploads", "reindexes", "audit")
        self._die_over_a_question()

    def _approve(self):
        question = self.gus.says("#careers", "What does a VP of Product own?")
        said = self.ada.says("#careers", OURS, question)
        self.ada.uses_shortcut("use_this_answer", said)
        self.slack.wait_for(self.ada.views, "the form", PATIENCE_S)
        self.ada.submits(self.ada.views()[-1], {})
        self.told(lambda one: APPROVED in one.text, "the approval")

    def _wait_for_rows(self, *tables, **counts):
        """Wait until something is noted, of which Slack sees nothing: a row, or so many."""
        engine = create_engine(f"sqlite:///{self.file}")
        wanted = dict.fromkeys(tables, 1) | counts
        end = time.monotonic() + PATIENCE_S
        while True:
            held = contents(engine)
            lacking = [name for name, count in wanted.items() if len(held[name]) < count]
            if not lacking:
                break
            assert time.monotonic() < end, lacking
            time.sleep(0.1)
        engine.dispose()

    def _die_over_a_question(self):
        self.slack.refuse("chat.postMessage", "timeout")
        before = len(self.slack.called("chat.postMessage"))
        self.waiting = self.asks(HEAD)
        self.wait(lambda: len(self.slack.called("chat.postMessage")) > before, "the answer")
        self.wait(lambda: all(one.is_over for one in self.slack.deliveries), "acknowledgements")
        self.machine.kill()


@pytest.fixture(scope="module")
def used(small_library, tmp_path_factory, postgres):
    folder = tmp_path_factory.mktemp("moved")
    file = folder / "state.db"
    with running_slack() as slack, postgres.database(tables=False) as url:
        machine = Machine(slack, folder / "machine", small_library, f"sqlite:///{file}")
        found = Used(slack, machine, file)
        env = {"DATABASE_URL": f"sqlite:///{file}", "ENCODER_DIR": str(ENCODERS), **machine.env}
        done = run(["migrate-to-postgres", url], env, folder)
        assert done.returncode == 0, done.stderr
        found.on_postgres = _held(url)
        machine.url = url
        machine.start(ASK_CHANNEL="C0GENERAL")
        yield found
        assert "Traceback" not in machine.stop()


def _held(url):
    engine = open_database(url)
    try:
        return contents(engine, installations=True)
    finally:
        engine.dispose()


def test_every_table_is_the_same(used):
    engine = create_engine(f"sqlite:///{used.file}")
    before = contents(engine, installations=True)
    engine.dispose()
    assert used.on_postgres == before
    filled = {name for name, rows in before.items() if rows}
    assert filled >= {
        "answers", "audit", "inbox", "inbox_keys", "pins", "questions", "reindexes", "salts",
        "thread_messages", "threads", "uploads", "votes", "waiting",
    }  # fmt: skip


def test_the_question_over_which_it_died_is_answered_once(used):
    (answer,) = used.answers(used.waiting)
    assert "head of product" in answer.text.lower()


def test_an_old_thread_goes_on_without_a_mention(used):
    used.gus.says("#careers", "and a head of product?", used.thread)
    _, second = used.answers(used.thread, 2)
    assert "head of product" in second.text.lower()


def test_the_buttons_of_an_old_answer_work(used):
    used.gus.clicks(used.answer, "passages", value_of(used.answer, "passages"))
    used.slack.wait_for(used.gus.views, "the passages", PATIENCE_S)
    used.gus.clicks(used.answer, "feedback", "positive")
    used.settle()
    with psycopg.connect(used.machine.url) as connection:
        votes = connection.execute("SELECT count(*) FROM votes").fetchone()
    assert votes == (1,)  # who voted before is known by the salt that came along


def test_what_admins_approved_and_brought_is_answered(used):
    answer = used.answers(used.asks("What does a VP of Product own?"))[0]
    assert OURS in text_of(answer)
    assert THURSDAY in used.answers(used.asks(QUESTION))[0].text


def test_who_waits_is_told_once_the_articles_answer(used):
    said = "PMs may bring their dogs to the office on Fridays."
    used.add(("Dogs.md", f"# Dogs\n\n## {UNKNOWN.capitalize()}\n\n{said}\n".encode()))

    def told():
        held = by_bot(used.slack, used.slack.messages(used.gus.direct_channel))
        return [one for one in held if "on Fridays" in one.text]

    used.wait(told, "the news")
    assert len(told()) == 1
    assert "Tell me when you know" not in buttons_of(told()[0])
