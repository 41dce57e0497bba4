"""Two workspaces share a bot: its articles and its index belong to neither of their admins."""

import html
import re
import shutil
from urllib.parse import urlencode, urlsplit

import pytest

from bot.answering.answerer import Answerer
from bot.settings import Settings
from bot.slack.admins import NAMED_ONLY
from bot.slack.installing import INSTALL_PATH, REDIRECT_PATH
from bot.slack.listeners.files import NOT_YOURS
from bot.slack.listeners.reindexing import BEGUN
from bot.slack.running import RunningBot
from bot.slack.web import EVENTS_PATH, ProbeServer, Readiness, add_slack, create_web
from index.embedding import DEFAULT_MODEL
from tests.bot.reindexing.folders import ARTICLES
from tests.builds import write_articles
from tests.library import ENCODERS, KNOWLEDGE, index_of
from tests.scenarios.conftest import PATIENCE_S, buttons_of, text_of

OTHER = "T0OTHER"


class Shared:
    """A bot over HTTP, installed by two workspaces; of all people only Ole is named."""

    def __init__(self, slack, root):
        slack.add_workspace(OTHER)
        self.slack = slack
        self.ole, self.ada = slack.person("ole"), slack.person("ada", OTHER)
        knowledge = write_articles(root / "knowledge", ARTICLES)
        shutil.copy(KNOWLEDGE / "titles.toml", knowledge)
        self.live = index_of(knowledge, root / "index")
        settings = Settings(
            slack_api_url=slack.api_url,
            slack_signing_secret=slack.signing_secret,
            slack_client_id=slack.client_id,
            slack_client_secret=slack.client_secret,
            admin_users=(self.ole.id,),
            database_url=f"sqlite:///{root / 'state.db'}",
            knowledge_dir=knowledge,
            index_dir=root / "index",
            encoder_dir=ENCODERS,
            embedding_model=DEFAULT_MODEL,
        )
        self.bot = RunningBot(Answerer.open(self.live), settings)
        web = create_web(Readiness())
        add_slack(web, self.bot.app.bolt, slack.signing_secret)
        self.server = ProbeServer(web, "127.0.0.1", 0)
        slack.delivers_to(self.server.address + EVENTS_PATH)
        self.bot.start()
        for team in (slack.team, OTHER):
            self._install(web.test_client(), team)

    def close(self):
        self.server.close()
        self.bot.close(4.0)
        self.live.close()

    def _install(self, browser, team):
        (link,) = re.findall(r'href="(http[^"]*)"', browser.get(INSTALL_PATH).text)
        redirect = urlencode({"redirect_uri": f"https://pmrole.example{REDIRECT_PATH}"})
        back = urlsplit(self.slack.allows(f"{html.unescape(link)}&{redirect}", team=team))
        assert browser.get(f"{back.path}?{back.query}").status_code == 200

    def wait(self, condition, what):
        self.slack.wait_for(condition, what, PATIENCE_S)

    def told(self, person, team, words):
        """Return what only one person sees in #careers after a command, once it is there."""

        def whispers():
            held = self.slack.messages("#careers", team)
            return [one for one in held if one.visible_to == person.id]

        before = len(whispers())
        person.commands("/pmrole", words)
        self.wait(lambda: len(whispers()) > before, f"an answer to {words}")
        return whispers()[-1]


@pytest.fixture
def shared(slack, tmp_path):
    made = Shared(slack, tmp_path)
    yield made
    made.close()


def test_an_admin_of_one_workspace_may_not_change_or_see_what_all_share(shared):
    ada, before = shared.ada, shared.live.store.current_name()
    for words in ("reindex", "history", "rollback", "gaps", "stats", "forget vp"):
        assert shared.told(ada, OTHER, words).text == NAMED_ONLY
    ada.writes("", files=[("guilds.md", b"# Guilds\n\nA guild meets once a week.\n")])
    said = NOT_YOURS.format(refusal=NAMED_ONLY)
    shared.wait(lambda: any(one.text == said for one in ada.direct_messages()), "the refusal")
    ada.opens_home()
    shared.wait(ada.home, "the Home tab")
    assert "For admins" not in text_of(ada.home())
    assert shared.live.store.names() == [before]
    assert shared.bot.state.audit.recent() == ()


def test_an_admin_of_one_workspace_sets_its_channels(shared):
    assert shared.told(shared.ada, OTHER, "auto on").text.startswith("From now on")
    assert shared.bot.state.channels.get(OTHER, _careers(shared)).auto_answer
    listed = shared.told(shared.ada, OTHER, "admin").text
    assert "/pmrole settings" in listed
    assert "/pmrole reindex" not in listed


def test_who_is_named_changes_what_all_share(shared):
    before = shared.live.store.current_name()
    assert shared.told(shared.ole, shared.slack.team, "reindex").text == BEGUN
    shared.wait(lambda: shared.live.store.current_name() != before, "the new index")
    shared.ole.opens_home()
    shared.wait(shared.ole.home, "the Home tab")
    assert "Reindex the articles" in buttons_of(shared.ole.home())
    assert "/pmrole reindex" in shared.told(shared.ole, shared.slack.team, "admin").text


def _careers(shared):
    rooms = shared.slack.workspace(OTHER).channels.values()
    return next(one.id for one in rooms if one.name == "careers")
