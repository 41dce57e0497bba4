"""Installing in another workspace, with Bolt's own OAuth flow."""

import urllib.parse

import pytest
from slack_bolt import BoltRequest
from slack_bolt.oauth import OAuthFlow
from slack_bolt.oauth.oauth_settings import OAuthSettings
from slack_sdk import WebClient
from slack_sdk.oauth.installation_store import FileInstallationStore
from slack_sdk.oauth.state_store import FileOAuthStateStore

from tests.playground.browsing import fetch

REDIRECT = "https://bot.example/slack/oauth_redirect"


@pytest.fixture
def flow(slack, tmp_path):
    settings = OAuthSettings(
        client_id=slack.client_id,
        client_secret=slack.client_secret,
        scopes=["chat:write", "commands"],
        redirect_uri=REDIRECT,
        authorization_url=slack.authorize_url,
        installation_store=FileInstallationStore(base_dir=str(tmp_path / "installed")),
        state_store=FileOAuthStateStore(expiration_seconds=60, base_dir=str(tmp_path / "states")),
        install_page_rendering_enabled=False,
    )
    return OAuthFlow(client=WebClient(base_url=slack.api_url), settings=settings)


def redirected(flow, installing, address):
    cookies = [one.split(";")[0] for one in installing.headers.get("set-cookie", [])]
    query = urllib.parse.urlsplit(address).query
    request = BoltRequest(body="", query=query, headers={"cookie": cookies})
    return flow.handle_callback(request)


def test_the_whole_way_from_install_to_a_token_that_works(slack, flow):
    slack.add_workspace("T0ACME", "Acme")
    installing = flow.handle_installation(BoltRequest(body=""))
    address = slack.allows(installing.headers["location"][0], team="T0ACME", person="ada")
    assert redirected(flow, installing, address).status == 200
    store = flow.settings.installation_store
    bot = store.find_bot(enterprise_id=None, team_id="T0ACME")
    web = WebClient(bot.bot_token, base_url=slack.api_url)
    assert web.auth_test()["team_id"] == "T0ACME"
    assert (bot.bot_user_id, bot.bot_scopes) == ("U0BOT2", ["chat:write", "commands"])
    assert store.find_installation(enterprise_id=None, team_id="T0ACME").user_id == "U0ADA2"


def test_each_workspace_has_its_own_people_channels_and_events(slack, flow, error_of):
    slack.add_workspace("T0ACME", "Acme")
    ann = slack.person("ann", team="T0ACME")
    ann.writes("too early")
    assert slack.deliveries == []
    installing = flow.handle_installation(BoltRequest(body=""))
    redirected(flow, installing, slack.allows(installing.headers["location"][0], team="T0ACME"))
    ann.writes("hello")
    (delivery,) = slack.deliveries
    assert delivery.payload["team_id"] == "T0ACME"
    assert delivery.payload["event"]["user"] == "U0ANN2"
    web = WebClient(slack.bot_token, base_url=slack.api_url)
    assert error_of(web.conversations_info, channel="C0CAREERS2") == "channel_not_found"


def test_a_denial_leads_back_without_a_token(slack, flow):
    installing = flow.handle_installation(BoltRequest(body=""))
    address = slack.denies(installing.headers["location"][0])
    assert "access_denied" in redirected(flow, installing, address).body
    assert flow.settings.installation_store.find_bot(enterprise_id=None, team_id=slack.team) is None
    assert "error=access_denied" in address


def test_a_code_is_good_once_for_ten_minutes_and_for_one_address(slack, clock, error_of):
    wish = urllib.parse.urlencode(
        {"client_id": slack.client_id, "scope": "chat:write", "redirect_uri": REDIRECT}
    )
    web = WebClient(base_url=slack.api_url)

    def exchange(code, **changed):
        fields = {"client_id": slack.client_id, "client_secret": slack.client_secret, "code": code}
        return {**fields, "redirect_uri": REDIRECT, **changed}

    def code():
        address = slack.allows(f"{slack.authorize_url}?{wish}")
        return urllib.parse.parse_qs(urllib.parse.urlsplit(address).query)["code"][0]

    once = code()
    web.oauth_v2_access(**exchange(once))
    assert error_of(web.oauth_v2_access, **exchange(once)) == "invalid_code"
    wrong = {"redirect_uri": "https://evil.example/"}
    assert error_of(web.oauth_v2_access, **exchange(code(), **wrong)) == "bad_redirect_uri"
    wrong = {"client_secret": "guess"}
    assert error_of(web.oauth_v2_access, **exchange(code(), **wrong)) == "bad_client_secret"
    assert error_of(web.oauth_v2_access, **exchange(code(), client_id="1")) == "invalid_client_id"
    late = code()
    clock.now += 601
    assert error_of(web.oauth_v2_access, **exchange(late)) == "invalid_code"


def test_installed_again_the_token_stays_and_other_scopes_bring_another(slack, error_of):
    web = WebClient(base_url=slack.api_url)
    tokens = []
    for scope in ("chat:write", "chat:write", "chat:write,commands"):
        wish = urllib.parse.urlencode(
            {"client_id": slack.client_id, "scope": scope, "redirect_uri": REDIRECT}
        )
        address = slack.allows(f"{slack.authorize_url}?{wish}")
        code = urllib.parse.parse_qs(urllib.parse.urlsplit(address).query)["code"][0]
        fields = {"client_id": slack.client_id, "client_secret": slack.client_secret}
        tokens.append(web.oauth_v2_access(**fields, code=code)["access_token"])
    assert tokens[0] == tokens[1] != tokens[2]
    assert error_of(WebClient(tokens[0], base_url=slack.api_url).auth_test) == "token_revoked"


def test_a_browser_is_asked_and_sent_back(slack):
    fields = {
        "client_id": slack.client_id,
        "scope": "chat:write",
        "redirect_uri": REDIRECT,
        "state": "a<b",
    }
    asked = fetch(f"{slack.authorize_url}?{urllib.parse.urlencode(fields)}").text
    assert "<li>chat:write</li>" in asked
    assert 'value="a&lt;b"' in asked
    for verdict, wanted in (("allow", "code="), ("deny", "error=access_denied")):
        sent = fetch(slack.authorize_url, {**fields, "team": slack.team, "verdict": verdict})
        assert sent.status == 302
        assert sent.location.startswith(f"{REDIRECT}?{wanted}")


@pytest.mark.parametrize(
    ("field", "refusal"),
    [("client_id", "invalid_client_id"), ("scope", "no_scopes"), ("redirect_uri", "bad_redirect")],
)
def test_an_incomplete_wish_is_refused(slack, field, refusal):
    fields = {"client_id": slack.client_id, "scope": "chat:write", "redirect_uri": REDIRECT}
    address = f"{slack.authorize_url}?{urllib.parse.urlencode({**fields, field: ''})}"
    with pytest.raises(ValueError, match=refusal):
        slack.allows(address)
    assert fetch(address).status == 400
    assert fetch(slack.authorize_url, {**fields, field: ""}).status == 400
