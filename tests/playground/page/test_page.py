"""The server of the page: who may ask it, what it tells, and what it refuses."""

import json

import pytest
from slack_sdk import WebClient

from playground.page.composing import command_in, with_mentions
from playground.page.serving import PageServer
from tests.playground.visiting import CAREERS, MANIFEST


def port_of(visitor):
    return visitor.parts.port


def test_it_listens_on_this_machine_only(visitor):
    assert visitor.parts.hostname == "127.0.0.1"


@pytest.mark.parametrize("path", ["/", "/page/updates?as=ann", "/assets/page.js"])
@pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "127.0.0.1:1", "[::1"])
def test_a_foreign_host_is_refused(visitor, path, host):
    status, _ = visitor.ask("GET", path, Host=host.format(port=port_of(visitor)))
    assert status in {400, 403}


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1:{port}"])
@pytest.mark.parametrize(("method", "path"), [("POST", "/page/do"), ("GET", "/page/updates")])
def test_a_foreign_origin_is_refused(visitor, slack, method, path, origin):
    said = {"as": "ann", "do": "say", "channel": CAREERS, "text": "Hello"}
    status, _ = visitor.ask(method, path, said, Origin=origin.format(port=port_of(visitor)))
    assert status == 403
    assert slack.messages("#careers") == []


def test_a_change_without_an_origin_is_refused(visitor):
    assert visitor.ask("POST", "/page/reset")[0] == 403


def test_the_page_is_served_under_both_names_of_this_machine(visitor):
    for name in ("127.0.0.1", "localhost"):
        status, held = visitor.ask("GET", "/", Host=f"{name}:{port_of(visitor)}")
        assert status == 200
        assert b"/assets/page.js" in held


def test_a_page_gets_a_snapshot_and_then_what_changes(visitor, slack):
    updates = visitor.updates()
    first = next(updates)["snapshot"]
    assert first["me"] == "U0ANN"
    assert "D0ANN" in [one["id"] for one in first["channels"]]
    assert first["commands"][0]["command"] == "/pmrole"
    slack.person("gus").says("#careers", "Hello")
    (message,) = next(updates)["update"]["messages"]
    assert (message["user"], message["text"]) == ("U0GUS", "Hello")
    updates.close()


def test_a_page_gets_nothing_that_is_not_for_its_person(visitor, slack):
    client = WebClient(slack.bot_token, base_url=slack.api_url)
    updates = visitor.updates("gus")
    next(updates)
    slack.person("ann").says("#private", "A secret")
    client.chat_postEphemeral(channel=CAREERS, user="U0ANN", text="For Ann alone")
    slack.person("ann").says("#careers", "For everybody")
    texts = []
    while "For everybody" not in texts:
        texts += [one["text"] for one in next(updates)["update"]["messages"]]
    assert texts == ["For everybody"]
    updates.close()
    assert "secret" not in json.dumps(next(visitor.updates("gus")))


def test_a_stranger_has_no_page(visitor):
    status, held = visitor.ask("GET", "/page/updates?as=eve")
    assert status == 409
    assert b"no person" in held


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"do": "dance"}, "nothing to do by that name"),
        ({"do": "say", "text": "Hello"}, "'channel' is missing"),
        ({"do": "say", "channel": "C0OLD", "text": "Hello"}, "archived"),
        ({"do": "say", "channel": CAREERS, "text": "/dance"}, "not a valid command"),
        ({"do": "say", "channel": CAREERS, "thread": "1.2", "text": "/pmrole x"}, "in threads"),
        ({"do": "click", "channel": CAREERS, "ts": "1.2", "action": "a"}, "sees no such message"),
        ({"do": "submit", "view": "V1"}, "no longer open"),
        ({"do": "delete", "channel": CAREERS, "ts": "1.2"}, "sees no such message"),
        ({"do": "shortcut", "callback": "dance"}, "no shortcut"),
        ({"as": "eve", "do": "home"}, "no person"),
    ],
)
def test_what_slack_would_not_let_somebody_do_is_refused_with_the_reason(visitor, asked, reason):
    status, held = visitor.do(**asked)
    assert status == 409
    assert reason in held["reason"]


@pytest.mark.parametrize("body", ["", "nothing", "[]"])
@pytest.mark.parametrize("path", ["/page/do", "/page/check"])
def test_what_is_no_json_object_is_refused(visitor, path, body):
    assert visitor.ask("POST", path, body, Origin=visitor.address)[0] == 409


def test_mentions_reach_the_app_as_slack_writes_them(visitor, slack):
    visitor.do(do="say", channel=CAREERS, text="@PM Role see #careers & <b>")
    (message,) = slack.messages("#careers")
    assert message.text == f"<@U0BOT> see <#{CAREERS}> &amp; &lt;b&gt;"


def test_calls_and_deliveries_can_be_looked_up(visitor, slack):
    WebClient(slack.bot_token, base_url=slack.api_url).auth_test()
    visitor.do(do="say", channel=CAREERS, text="Hello")
    status, held = visitor.ask("GET", "/page/call/0")
    assert (status, json.loads(held)["answered"]["user_id"]) == (200, "U0BOT")
    number = slack.deliveries[0].id
    status, held = visitor.ask("GET", f"/page/delivery/{number}")
    assert json.loads(held)["sent"]["event"]["text"] == "Hello"
    assert visitor.ask("GET", "/page/call/99")[0] == 404
    assert visitor.ask("GET", "/page/delivery/99")[0] == 404


def test_blocks_are_checked_as_slack_checks_them(visitor):
    asked = {"blocks": [{"type": "divider"}, {"type": "nothing"}]}
    status, held = visitor.ask("POST", "/page/check", asked, Origin=visitor.address)
    (problem,) = json.loads(held)["problems"]
    assert status == 200
    assert "unsupported type: nothing" in problem


def test_a_port_that_is_taken_is_told(visitor, slack):
    with pytest.raises(OSError, match="in use"):
        PageServer(slack, MANIFEST, lambda: slack, port_of(visitor))


def test_a_reset_ends_every_open_page_so_that_it_begins_anew(visitor):
    updates = visitor.updates()
    next(updates)
    assert visitor.ask("POST", "/page/reset", Origin=visitor.address)[0] == 200
    assert list(updates) == []


def test_names_within_words_are_no_mentions(slack):
    people, channels = slack.workspace().people.values(), slack.workspace().channels.values()
    for text in ("me@annabel.example", "the@ann", "#careersx", "<@U0ANN>"):
        assert with_mentions(text, people, channels) == text
    assert with_mentions("@pmrole, @Ann Member", people, channels) == "<@U0BOT>, <@U0ANN>"


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("/pmrole cpo vs\nhop", ("/pmrole", "cpo vs\nhop")),
        ("/pmrole", ("/pmrole", "")),
        ("see /pmrole", None),
        ("/", None),
    ],
)
def test_a_command_stands_at_the_beginning(text, command):
    assert command_in(text) == command
