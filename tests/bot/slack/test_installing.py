"""Workspaces install the bot by OAuth; each is answered with its own token, until it leaves."""

import html
import json
import re
import time
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from slack_bolt import BoltRequest
from slack_sdk.oauth.installation_store import Bot
from slack_sdk.signature import SignatureVerifier

from bot.settings import Settings
from bot.slack.clients import Clients, NotInstalledError, SlackError, installation_store, web_client
from bot.slack.installing import INSTALL_PATH, REDIRECT_PATH, SCOPES, bolt_app
from bot.slack.web import EVENTS_PATH, ProbeServer, Readiness, add_slack, create_web
from playground.local_slack import LocalSlack

OTHER = "T0OTHER"


@pytest.fixture
def slack():
    with LocalSlack() as slack:
        slack.redeliver_after = ()
        slack.add_workspace(OTHER)
        yield slack


@pytest.fixture
def settings(slack):
    return Settings(
        slack_api_url=slack.api_url,
        slack_signing_secret=slack.signing_secret,
        slack_client_id=slack.client_id,
        slack_client_secret=slack.client_secret,
    )


@pytest.fixture
def heard():
    """What was heard: text, bot user and token."""
    return []


@pytest.fixture
def served(settings, engine, heard):
    """The web application of a bot that many workspaces can install."""
    app = bolt_app(settings, engine)

    @app.event("app_mention")
    def mention(event, context, client):
        heard.append((event["text"], context.bot_user_id, client.token))

    web = create_web(Readiness())
    add_slack(web, app, settings.slack_signing_secret)
    return web


@pytest.fixture
def browser(served):
    """An admin's browser, which keeps cookies."""
    return served.test_client()


@pytest.fixture
def address(served, slack):
    """Where Slack delivers events to."""
    server = ProbeServer(served, "127.0.0.1", 0)
    slack.delivers_to(server.address + EVENTS_PATH)
    yield server.address
    server.close()


def ask_to_install(browser):
    """Open the page, and return where its button leads, as Slack understands it."""
    page = browser.get(INSTALL_PATH)
    assert page.status_code == 200
    (link,) = re.findall(r'href="(http[^"]*)"', page.text)
    # Slack fills in the address from the app's settings, where the app names none.
    redirect = urlencode({"redirect_uri": f"https://pmrole.example{REDIRECT_PATH}"})
    return f"{html.unescape(link)}&{redirect}"


def come_back(browser, url):
    parts = urlsplit(url)
    return browser.get(f"{parts.path}?{parts.query}")


def install(browser, slack, team):
    back = slack.allows(ask_to_install(browser), team=team)
    assert come_back(browser, back).status_code == 200


def test_each_workspace_that_installs_it_has_a_client_of_its_own(browser, slack, settings, engine):
    clients = Clients(settings, engine)
    for team in (slack.team, OTHER):
        with pytest.raises(NotInstalledError, match=f"{team}: open /slack/install"):
            clients.for_team(team)
        install(browser, slack, team)
        client = clients.for_team(team)
        assert client.auth_test()["team_id"] == team
        assert (client.base_url, client.timeout) == (slack.api_url, 10)
    assert clients.for_team(slack.team).token != clients.for_team(OTHER).token


@pytest.mark.usefixtures("address")
def test_events_are_heard_with_the_token_of_their_workspace(
    browser, slack, settings, engine, heard
):
    for team in (slack.team, OTHER):
        install(browser, slack, team)
    for team in (OTHER, slack.team):
        bot = slack.workspace(team).bot_user
        slack.person("ann", team).says("#careers", f"<@{bot}> what does a CPO do")
        slack.wait_for(lambda: heard, "the mention")
        _, bot_user, token = heard.pop()
        assert (bot_user, token) == (bot, Clients(settings, engine).for_team(team).token)
    # An installation says who the bot is: Slack is not asked before an event is acknowledged.
    assert len(slack.called("auth.test")) == 2


def test_the_page_asks_for_the_scopes_of_the_manifest(browser, slack):
    manifest = json.loads(Path("slack-manifest.json").read_text("utf-8"))
    wanted = manifest["oauth_config"]["scopes"]
    assert sorted(wanted) == ["bot"]
    assert list(SCOPES) == sorted(wanted["bot"])
    link = ask_to_install(browser)
    assert parse_qs(urlsplit(link).query)["scope"] == [",".join(SCOPES)]
    assert link.startswith(slack.authorize_url)


def test_an_address_of_slack_itself_leads_to_slack(engine):
    settings = Settings(slack_client_id="1.2", slack_client_secret="s", slack_signing_secret="s")
    flow = bolt_app(settings, engine).oauth_flow
    assert flow is not None
    assert flow.settings.authorization_url == "https://slack.com/oauth/v2/authorize"


def test_a_link_can_be_used_once_and_only_by_the_browser_that_asked(
    browser, served, slack, settings, engine
):
    link = ask_to_install(browser)
    back = slack.allows(link)
    assert come_back(served.test_client(), back).status_code == 400
    assert come_back(browser, back).status_code == 200
    assert come_back(browser, slack.allows(link)).status_code in {400, 401}
    assert _is_installed(settings, engine, slack.team)


def test_who_denies_it_is_told_and_nothing_is_kept(browser, slack, settings, engine):
    answer = come_back(browser, slack.denies(ask_to_install(browser)))
    assert answer.status_code == 200
    assert "access_denied" in answer.text
    with pytest.raises(NotInstalledError):
        Clients(settings, engine).for_team(slack.team)


@pytest.mark.parametrize(("fault", "status"), [("invalid_code", 401), (500, 401), ("cut", 502)])
def test_when_slack_gives_no_token_it_can_be_tried_again(browser, slack, fault, status):
    slack.refuse("oauth.v2.access", fault)
    answer = come_back(browser, slack.allows(ask_to_install(browser)))
    assert answer.status_code == status
    assert "Traceback" not in answer.text
    install(browser, slack, slack.team)


@pytest.mark.usefixtures("address")
def test_a_workspace_that_uninstalls_it_is_forgotten(browser, slack, settings, engine):
    install(browser, slack, slack.team)
    install(browser, slack, OTHER)
    slack.uninstall()
    slack.wait_for(lambda: _teams(engine, "slack_installations") == {OTHER}, "the end")
    assert _teams(engine, "slack_bots") == {OTHER}
    assert _is_installed(settings, engine, OTHER)


@pytest.mark.usefixtures("address")
def test_a_revoked_token_is_used_no_more_and_a_new_installation_replaces_it(
    browser, slack, settings, engine
):
    install(browser, slack, slack.team)
    old = Clients(settings, engine).for_team(slack.team).token
    slack.revoke_token()
    slack.wait_for(lambda: not _is_installed(settings, engine, slack.team), "the end")
    install(browser, slack, slack.team)
    assert Clients(settings, engine).for_team(slack.team).token != old


def test_a_workspace_of_an_enterprise_is_found_by_its_own_id(settings, engine):
    installation_store(settings, engine).save_bot(
        Bot(
            app_id="A1",
            enterprise_id="E1",
            team_id="T1",
            bot_token="xoxb-of-an-enterprise",
            bot_id="B1",
            bot_user_id="U1",
            installed_at=time.time(),
        )
    )
    assert Clients(settings, engine).for_team("T1").token == "xoxb-of-an-enterprise"


@pytest.mark.usefixtures("address")
def test_what_comes_from_a_workspace_that_never_installed_it_is_dropped(slack, heard, caplog):
    slack.person("ann").says("#careers", f"<@{slack.bot_user}> hello")
    slack.wait_for(lambda: slack.deliveries[-1].acked_at, "the acknowledgement")
    assert heard == []
    assert f"workspace {slack.team} sent something, but is not installed" in caplog.text


def test_while_the_database_is_gone_nothing_is_acknowledged(browser, slack, engine, heard):
    install(browser, slack, slack.team)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE slack_bots")
    event = {"type": "app_mention", "user": "U1", "text": "hi", "channel": "C1", "ts": "1.1"}
    body = json.dumps({"type": "event_callback", "team_id": slack.team, "event": event})
    timestamp = str(int(time.time()))
    signature = SignatureVerifier(slack.signing_secret).generate_signature(
        timestamp=timestamp, body=body
    )
    answer = browser.post(
        EVENTS_PATH,
        data=body,
        content_type="application/json",
        headers={"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": signature},
    )
    assert answer.status_code == 500
    assert heard == []


def _teams(engine, table):
    with engine.connect() as connection:
        return set(connection.exec_driver_sql(f"SELECT team_id FROM {table}").scalars())  # noqa: S608


def _is_installed(settings, engine, team):
    try:
        Clients(settings, engine).for_team(team)
    except NotInstalledError:
        return False
    return True


def test_with_a_bot_token_there_is_one_workspace_whatever_else_is_set(slack, settings, engine):
    one = replace(settings, slack_bot_token=slack.bot_token)
    app = bolt_app(one, engine)
    assert app.oauth_flow is None
    assert Clients(one, engine).for_team("T-any").token == slack.bot_token


def test_without_a_client_id_there_are_no_installations(engine):
    with pytest.raises(SlackError, match="SLACK_CLIENT_ID is not set"):
        installation_store(Settings(), engine)


@pytest.mark.parametrize("end", ["app_uninstalled", "tokens_revoked"])
def test_the_end_of_the_only_workspace_is_acknowledged_and_logged(slack, engine, end, caplog):
    settings = Settings(slack_bot_token=slack.bot_token, slack_api_url=slack.api_url)
    event = {"type": end, "tokens": {"bot": ["U0BOT"]}}
    body = {"type": "event_callback", "team_id": slack.team, "event": event}
    answer = bolt_app(settings, engine).dispatch(BoltRequest(body=body, mode="socket_mode"))
    assert answer.status == 200
    assert f"Slack says {end}: install the app again" in caplog.text


def test_a_message_whose_answer_was_lost_is_not_sent_again(slack, settings):
    client = web_client(settings, slack.bot_token)
    slack.refuse("chat.postMessage", "cut", after=True)
    with pytest.raises(ConnectionError):
        client.chat_postMessage(channel="#careers", text="once")
    assert len(slack.called("chat.postMessage")) == 1


def test_a_call_waits_as_long_as_slack_says(slack, settings):
    client = web_client(settings, slack.bot_token)
    slack.refuse("chat.postMessage", 429, 2, retry_after=0)
    assert client.chat_postMessage(channel="#careers", text="in the end")["ok"]
    assert len(slack.called("chat.postMessage")) == 3
