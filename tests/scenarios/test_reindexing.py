"""Admins index the articles anew from inside Slack, on a folder and an index of the test's own."""

import shutil
import threading
import time
from dataclasses import replace

import pytest

from bot.answering.answerer import Answerer
from bot.slack.admins import ADMINS_ONLY, Admins
from bot.slack.clicks import Click
from bot.slack.gestures import Gestures
from bot.slack.listeners.reindexing import BEGUN, Listeners
from bot.slack.reindexing import INTERRUPTED, STALE
from index.build import READING
from index.embedding import DEFAULT_MODEL
from tests.bot.reindexing.folders import ARTICLES, DISCOVERY
from tests.builds import write_articles
from tests.library import ENCODERS, KNOWLEDGE, index_of
from tests.scenarios.conftest import buttons_of, office_in, text_of, value_of

ASKED = "What is discovery?"


class Library:
    """A workspace whose bot answers from articles that a test may change."""

    def __init__(self, slack, root):
        self.knowledge = write_articles(root / "knowledge", ARTICLES)
        shutil.copy(KNOWLEDGE / "titles.toml", self.knowledge)
        self.live = index_of(self.knowledge, root / "index")
        self.store = self.live.store
        self.settings = {
            "database_url": f"sqlite:///{root / 'state.db'}",
            "knowledge_dir": self.knowledge,
            "index_dir": root / "index",
            "encoder_dir": ENCODERS,
            "embedding_model": DEFAULT_MODEL,
            "reindex_max_lost": 0,
            "admin_channel": "C0GENERAL",
        }
        self.office = office_in(slack, Answerer.open(self.live), **self.settings)

    def close(self):
        self.office.stop()
        self.live.close()

    def add(self):
        write_articles(self.knowledge, {"discovery.md": DISCOVERY})

    def lose(self):
        (self.knowledge / "vp.md").unlink()

    def told(self, person, word):
        """Return the one message of the bot to somebody that says something, once it does."""

        def found():
            held = self.office.slack.messages(person.direct_channel)
            return [one for one in held if word in text_of(one)]

        self.office.wait(found, f"a direct message that says {word!r}")
        return found()[-1]

    def reindex(self, person):
        """Reindex as a person and wait for the end; return the message that tells of it."""
        person.commands("/pmrole", "reindex", "#general")
        return self.told(person, "New index")


@pytest.fixture
def library(slack, tmp_path):
    made = Library(slack, tmp_path)
    made.office.start()
    yield made
    made.close()


def test_an_admin_reindexes_and_the_bot_answers_from_the_new_articles(library):
    office, ada = library.office, library.office.ada
    library.add()
    told = library.reindex(ada)
    assert office.whispers(ada, "#general")[0].text == BEGUN
    text = text_of(told)
    assert "New index published: 4 articles." in text
    assert "1 added, 0 changed, 0 removed, 0 rejected" in text
    assert "discovery.md" in text
    assert "4 saved questions asked of both: 0 lost, 0 changed, 1 newly answered" in text
    ada.writes(ASKED)
    office.wait(
        lambda: "search for problems" in str(office.slack.messages(ada.direct_channel)),
        "the answer from the new article",
    )


def test_one_message_follows_the_reindex_and_is_the_only_one(library):
    ada = library.office.ada
    told = library.reindex(ada)
    assert library.office.slack.messages(ada.direct_channel) == [told]
    # The local Slack writes a call down once it has answered it, which is after people see it.
    library.office.wait(lambda: library.office.called("chat.update"), "the edit")


def test_what_admins_do_is_told_in_their_channel_and_written_down(library):
    library.add()
    library.reindex(library.office.ada)
    (post,) = library.office.posted("#general")
    assert "reindexed the articles" in text_of(post)
    (act,) = library.office.state.audit.recent()
    assert (act.user, act.act) == (library.office.ada.id, "reindexed the articles")
    assert act.detail["index"] == library.store.current_name()


@pytest.mark.parametrize("words", ["reindex", "history", "rollback", "admin"])
def test_others_are_refused_politely(library, words):
    before = library.store.current_name()
    library.office.ann.commands("/pmrole", words, "#careers")
    (told,) = library.office.whispers(library.office.ann, "#careers")
    assert told.text == ADMINS_ONLY
    assert library.store.current_name() == before
    assert library.office.state.audit.recent() == ()


def test_a_question_that_begins_with_a_verb_is_a_question(library):
    library.office.ann.commands("/pmrole", "history of the VP of product role?", "#careers")
    (told,) = library.office.whispers(library.office.ann, "#careers")
    assert told.text != ADMINS_ONLY


def test_a_second_admin_is_told_who_reindexes_and_questions_are_answered_meanwhile(library):
    office = library.office
    reindexer = office.bot.app.reindexing.reindexer
    there, go_on = threading.Event(), threading.Event()
    real = reindexer.run

    def held(by, tell, **options):
        def wait(now):
            tell(now)
            if now.step == READING:
                there.set()
                assert go_on.wait(20)

        return real(by, wait, **options)

    reindexer.run = held
    office.ada.commands("/pmrole", "reindex", "#general")
    assert there.wait(20)
    library.told(office.ada, "indexes the articles anew")
    office.ole.commands("/pmrole", "reindex", "#careers")
    told = office.whispers(office.ole, "#careers", 2)[-1]
    assert f"<@{office.ada.id}> began to index the articles" in text_of(told)
    assert "and is at reading articles, " in text_of(told)
    office.ann.commands("/pmrole", "What is a roadmap?", "#careers")
    (answer,) = office.whispers(office.ann, "#careers")
    assert "which problems" in text_of(answer)
    library.told(office.ada, "reading articles: ")  # a progress, edited into the message
    go_on.set()
    library.told(office.ada, "New index published")


def test_an_index_that_loses_an_answer_waits_and_is_published_after_a_restart(library):
    office, ada = library.office, library.office.ada
    before = library.store.current_name()
    library.lose()
    told = library.reindex(ada)
    assert "New index not published: 1 saved question would lose their answer." in text_of(told)
    assert "What does a VP of product do?" in text_of(told)
    assert buttons_of(told) == ["Publish anyway", "Keep the old one"]
    assert library.store.current_name() == before
    office.restart()
    ada.clicks(told, "publish_anyway")
    decided = library.told(ada, "New index published all the same")
    assert buttons_of(decided) == []
    assert library.store.current_name() > before
    assert [one.act for one in office.state.audit.recent()] == [
        "published an index that loses answers",
        "built an index that waits",
    ]


def test_keep_the_old_one_keeps_it_and_a_second_click_is_told_so(library):
    office, ada = library.office, library.office.ada
    before = library.store.current_name()
    library.lose()
    told = library.reindex(ada)
    ada.clicks(told, "keep_old")
    library.told(ada, "The old index is kept")
    assert library.store.current_name() == before
    assert library.store.candidate() is None
    reindexing = office.bot.app.reindexing
    client = reindexing._clients.for_team("T0LOCAL")
    row = office.state.reindexes.recent()[0].id
    again = reindexing.decide(client, "T0LOCAL", ada.id, row, publish=True)
    assert again.text == STALE.replace("`", "")
    assert library.store.current_name() == before


def test_somebody_who_is_no_admin_decides_nothing(library):
    office, ada = library.office, library.office.ada
    library.lose()
    library.reindex(ada)
    waiting = library.store.candidate()
    row = str(office.state.reindexes.recent()[0].id)
    told = library.told(ada, "New index not published")
    # As if Slack had let somebody else see the message.
    click = replace(Click.of({}), team="T0LOCAL", user=office.ann.id)
    listeners = Listeners(
        office.bot.app.reindexing,
        office.state.reindexes,
        Admins(),
        office.bot.app.auditor,
        Gestures(office.bot.app.clients, office.bot._gestures),
    )
    listeners._decide(click, row, publish=True)
    assert ADMINS_ONLY in office.direct_replies(office.ann)[0].text
    assert library.store.candidate() == waiting
    assert buttons_of(told) == ["Publish anyway", "Keep the old one"]


def test_rollback_returns_to_the_index_before_and_history_has_a_button_for_each(library):
    office, ada = library.office, library.office.ada
    first = library.store.current_name()
    library.add()
    library.reindex(ada)
    second = library.store.current_name()
    assert second != first
    ada.commands("/pmrole", "rollback", "#elsewhere")
    office.wait(lambda: library.store.current_name() == first, "the older index")
    (told,) = office.whispers(ada, "#elsewhere")
    assert first in told.text
    ada.commands("/pmrole", "history", "#elsewhere")
    shown = office.whispers(ada, "#elsewhere", 2)[-1]
    assert ada.id in text_of(shown)
    assert value_of(shown, "roll_back") == second
    ada.clicks(shown, "roll_back")
    office.wait(lambda: library.store.current_name() == second, "the newer index")
    ada.commands("/pmrole", "rollback 20200101T000000.000Z", "#elsewhere")
    refused = office.whispers(ada, "#elsewhere", 4)[-1]
    assert "no generation" in refused.text
    assert library.store.current_name() == second


def test_the_home_tab_has_the_buttons_for_admins_alone(library):
    office, ada = library.office, library.office.ada
    for person in (ada, office.ann):
        person.opens_home()
    office.wait(lambda: ada.home() and office.ann.home(), "both Home tabs")
    assert "Reindex the articles" in buttons_of(ada.home())
    assert "Reindex the articles" not in buttons_of(office.ann.home())
    ada.clicks(ada.home(), "reindex")
    library.told(ada, "New index published")


def test_a_reindex_that_cannot_be_done_says_why_and_the_old_index_answers(library):
    ada = library.office.ada
    for path in library.knowledge.rglob("*.md"):
        path.unlink()
    ada.commands("/pmrole", "reindex", "#general")
    told = library.told(ada, "could not be indexed")
    assert "no readable article" in text_of(told)
    assert library.store.names() == [library.store.current_name()]


def test_a_bot_that_stops_gives_the_reindex_up_and_says_so(library):
    office, ada = library.office, library.office.ada
    reindexer = office.bot.app.reindexing.reindexer
    there, real = threading.Event(), reindexer.run

    def slowly(by, tell, **options):
        def wait(now):
            tell(now)
            there.set()
            time.sleep(0.2)

        return real(by, wait, **options)

    reindexer.run = slowly
    before = library.store.current_name()
    ada.commands("/pmrole", "reindex", "#general")
    assert there.wait(20)
    office.stop()
    library.told(ada, INTERRUPTED.split(",")[0])
    assert library.store.current_name() == before
    office.start()
    assert office.state.reindexes.recent()[0].status == "interrupted"


def test_a_reindex_that_a_dead_process_left_is_told_of_at_the_next_start(library):
    office, ada = library.office, library.office.ada
    told = library.reindex(ada)
    rows = office.state.reindexes
    row = rows.begin(ada.id, "T0LOCAL")
    rows.tell_at(row, told.channel, told.ts)
    office.restart()
    library.told(ada, INTERRUPTED.split(",")[0])
    assert office.state.reindexes.recent()[0].status == "interrupted"


def test_the_watch_indexes_by_itself_and_tells_the_admin_channel(library):
    office = library.office
    office.stop()
    office.settings = replace(office.settings, knowledge_watch=True)
    office.start()
    before = library.store.current_name()
    library.add()
    office.wait(lambda: library.store.current_name() != before, "the new index")
    office.wait(
        lambda: "New index published" in text_of(office.posted("#general")[-1]), "the outcome"
    )
    assert "the watch on the articles" in text_of(office.posted("#general")[-1])
