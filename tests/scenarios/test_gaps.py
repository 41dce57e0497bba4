"""What people could not find: told to admins, and to those who wait for an answer."""

import shutil
from collections.abc import Callable, Iterator

import pytest

from bot.answering.answerer import Answerer
from bot.slack.admins import ADMINS_ONLY
from bot.slack.listeners.insights import NOT_KEPT, WILL_TELL
from index.build import BuildOptions, build_index
from index.embedding import DEFAULT_MODEL
from index.generation_store import GenerationStore
from index.opening import IndexFolders, LiveIndex
from tests.builds import write_articles
from tests.library import ENCODERS, KNOWLEDGE, open_default_model
from tests.scenarios.conftest import Office, buttons_of, office_in, text_of, value_of

CPO = """# Chief product officer

A chief product officer leads the whole product organisation of a company.
The chief product officer decides on the product strategy and answers for its results.
"""
PETS = """# Pets at the office

## Do product managers bring dogs to the office?

Product managers may bring their dogs to the office on every working day.
"""
DOGS = "do product managers bring dogs to the office?"


class Shelf:
    """Articles that a test adds to while the bot runs, as `pmrole index build` does."""

    def __init__(self, folder):
        self.folder = folder
        self._knowledge = write_articles(folder / "knowledge", {"cpo.md": CPO})
        shutil.copy(KNOWLEDGE / "titles.toml", self._knowledge)
        self.publish()

    def publish(self, **articles):
        write_articles(self._knowledge, {f"{name}.md": text for name, text in articles.items()})
        store = GenerationStore(self.folder / "index")
        build_index(self._knowledge, store, open_default_model, options=BuildOptions(wait_s=300))

    def open(self):
        index = self.folder / "index"
        return LiveIndex(IndexFolders(self._knowledge, index, ENCODERS, DEFAULT_MODEL))


@pytest.fixture(autouse=True)
def _in_haste(monkeypatch):
    monkeypatch.setattr("bot.slack.telling.EVERY_S", 0.2)


@pytest.fixture
def shelf(tmp_path):
    return Shelf(tmp_path)


@pytest.fixture
def open_office(slack, shelf, settings) -> Iterator[Callable[[], Office]]:
    """Start bots on one Slack, one state and one index."""
    running: list[tuple[Office, LiveIndex]] = []

    def start() -> Office:
        live = shelf.open()
        office = office_in(slack, Answerer.open(live), **settings)
        running.append((office, live))
        office.start()
        return office

    yield start
    for office, live in running:
        office.stop()
        live.close()


def refused(office, person, text=DOGS):
    """Return the refusal that somebody gets in a direct message."""
    before = len(office.direct_replies(person, 0))
    person.writes(text)
    return office.direct_replies(person, before + 1)[-1]


def wait_for_answer(office, person, text=DOGS):
    reply = refused(office, person, text)
    office.settle()
    person.clicks(reply, "tell_me")
    assert office.direct_replies(person, 2)[-1].text == WILL_TELL
    office.settle()


def test_a_refusal_offers_to_tell_and_an_answer_does_not(open_office):
    office = open_office()
    assert "Tell me when you know" in buttons_of(refused(office, office.ann))
    assert "Tell me when you know" not in buttons_of(
        refused(office, office.gus, "what does a CPO do?")
    )


def test_the_person_must_agree_before_anything_is_kept(open_office):
    office = open_office()
    reply = refused(office, office.ann)
    button = next(
        one
        for block in reply.blocks
        for one in block.get("elements", [])
        if one.get("action_id") == "tell_me"
    )
    assert "kept with your name" in button["confirm"]["text"]["text"]
    assert office.state.waiting.untold() == ()


def test_once_a_later_index_answers_the_asker_is_told_with_the_answer(open_office, shelf):
    office = open_office()
    wait_for_answer(office, office.ann)
    shelf.publish(pets=PETS)
    told = office.direct_replies(office.ann, 3)[-1]
    assert DOGS in text_of(told)
    assert "bring their dogs" in text_of(told)
    office.settle()
    assert office.state.waiting.untold() == ()


def test_the_answer_that_is_told_has_buttons_that_work(open_office, shelf):
    office = open_office()
    wait_for_answer(office, office.ann)
    shelf.publish(pets=PETS)
    told = office.direct_replies(office.ann, 3)[-1]
    named = value_of(told, "feedback").partition(":")[2]
    office.wait(lambda: office.state.answers.find(named), "the answer to be kept")
    office.ann.clicks(told, "passages")
    assert "Pets at the office" in text_of(office.view(office.ann, "Passages"))


def test_two_bots_and_restarts_tell_nobody_twice(open_office, shelf):
    first = open_office()
    wait_for_answer(first, first.ann)
    second = open_office()
    shelf.publish(pets=PETS)
    first.direct_replies(first.ann, 3)
    for office in (first, second):
        office.restart()
    shelf.publish(cats="# Cats\n\nCats of product managers sleep all day in the office.\n")
    for office in (first, second):
        assert office.bot is not None
        office.bot.app.teller.look()
    assert len(first.direct_replies(first.ann, 3)) == 3


def test_who_waited_while_no_bot_ran_is_told_by_the_next(open_office, shelf):
    office = open_office()
    wait_for_answer(office, office.ann)
    office.stop()
    shelf.publish(pets=PETS)
    office.start()
    assert "bring their dogs" in text_of(office.direct_replies(office.ann, 3)[-1])


@pytest.mark.parametrize("lost", ["cut", "internal_error"])
def test_a_message_that_slack_may_have_taken_is_not_sent_again(open_office, shelf, lost):
    office = open_office()
    wait_for_answer(office, office.ann)
    office.slack.refuse("chat.postMessage", lost, after=True)
    shelf.publish(pets=PETS)
    office.wait(lambda: office.state.waiting.untold() == (), "somebody to be told")
    assert office.bot is not None
    office.bot.app.teller.look()
    assert len(office.direct_replies(office.ann, 3)) == 3


def test_a_message_that_slack_surely_did_not_take_is_sent_later(open_office, shelf):
    office = open_office()
    wait_for_answer(office, office.ann)
    office.slack.refuse("chat.postMessage", "ratelimited")
    shelf.publish(pets=PETS)
    assert "bring their dogs" in text_of(office.direct_replies(office.ann, 3)[-1])


def test_a_follow_up_is_kept_as_it_was_understood(open_office):
    office = open_office()
    asked = office.ann.writes("what does a CPO do?")
    office.replies(office.ann, asked, 0)
    office.direct_replies(office.ann, 1)
    office.settle()
    wait_for = refused(office, office.ann, "and may they bring dogs to the office?")
    office.settle()
    office.ann.clicks(wait_for, "tell_me")
    office.direct_replies(office.ann, 3)
    (waiter,) = office.state.waiting.untold()
    assert "chief product officer" in waiter.text.lower() or "CPO" in waiter.text


def test_a_question_that_is_no_longer_kept_cannot_be_waited_for(open_office):
    office = open_office()
    reply = refused(office, office.ann)
    office.settle()
    office.state.answers.forget(value_of(reply, "tell_me"))
    office.ann.clicks(reply, "tell_me")
    assert office.direct_replies(office.ann, 2)[-1].text == NOT_KEPT


def test_admins_see_what_was_not_found_with_the_nearest_articles(open_office):
    office = open_office()
    for person in (office.ann, office.gus):
        refused(office, person)
    office.settle()
    office.ada.commands("/pmrole", "gaps")
    shown = text_of(office.whispers(office.ada, "#careers")[-1])
    assert "2 times: " in shown
    assert DOGS in shown
    assert "Chief product officer" in shown


def test_others_may_not_see_gaps_and_figures(open_office):
    office = open_office()
    for verb in ("gaps", "stats"):
        office.gus.commands("/pmrole", verb)
    whispers = office.whispers(office.gus, "#careers", 2)
    assert {one.text for one in whispers} == {ADMINS_ONLY}


def test_admins_see_figures_by_week_and_what_nobody_needed(open_office, shelf):
    shelf.publish(pets=PETS)
    office = open_office()
    refused(office, office.ann, "what does a CPO do?")
    refused(office, office.ann, "thanks")
    office.settle()
    office.ada.commands("/pmrole", "stats")
    shown = text_of(office.whispers(office.ada, "#careers")[-1])
    assert "1 questions, 100% answered" in shown
    assert "1 of 2 articles were quoted to nobody" in shown
    assert "Pets at the office" in shown
    assert "chief product officer (1)" in shown


def test_the_home_tab_shows_gaps_and_the_week_to_admins_alone(open_office):
    office = open_office()
    refused(office, office.ann)
    office.settle()
    for person in (office.ada, office.gus):
        person.opens_home()
        office.wait(person.home, "the Home tab")
    assert DOGS in text_of(office.ada.home())
    assert "Week of" in text_of(office.ada.home())
    assert DOGS not in text_of(office.gus.home())


@pytest.fixture
def silent(settings):
    settings["question_log"] = "off"


@pytest.mark.usefixtures("silent")
def test_without_texts_of_questions_there_are_no_gaps_and_that_is_said(open_office):
    office = open_office()
    refused(office, office.ann)
    office.settle()
    office.ada.commands("/pmrole", "gaps")
    assert "QUESTION_LOG=off" in office.whispers(office.ada, "#careers")[-1].text
