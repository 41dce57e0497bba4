"""The whole state as one value, and other programs' tables beside it."""

from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import SQLAlchemyOAuthStateStore

from bot.state import State


def test_it_opens_with_the_defaults_of_the_settings(url):
    state = State.open(url)
    assert (state.policy, state.retention_days) == ("redacted", 90)
    state.check()
    state.close()


def test_slack_sdk_keeps_installations_in_it(state, open_state):
    store = SQLAlchemyInstallationStore(client_id="1.2", engine=state.engine)
    store.save(
        Installation(
            app_id="A1",
            team_id="T1",
            user_id="U1",
            bot_token="xoxb-1",
            bot_id="B1",
            bot_user_id="U0",
        )
    )
    again = SQLAlchemyInstallationStore(client_id="1.2", engine=open_state().engine)
    bot = again.find_bot(enterprise_id=None, team_id="T1")
    assert bot is not None
    assert bot.bot_token == "xoxb-1"


def test_slack_sdk_keeps_what_it_asked_a_browser_to_bring_back(state, open_state):
    stores = [
        SQLAlchemyOAuthStateStore(expiration_seconds=600, engine=one.engine)
        for one in (state, open_state())
    ]
    issued = stores[0].issue()
    assert stores[1].consume(issued)
    assert not stores[0].consume(issued)
