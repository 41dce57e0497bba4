"""What is served over HTTP: only what Slack signed is heard, and platforms learn how the bot is."""

import http.client
import json
import socket
import time
from collections.abc import Sequence
from urllib.parse import urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_bolt import App, BoltRequest
from slack_sdk.signature import SignatureVerifier

from bot.settings import Settings
from bot.slack.installing import bolt_app
from bot.slack.listening import ListeningError, address_of, listen
from bot.slack.web import (
    EVENTS_PATH,
    MOST_BYTES,
    ProbeServer,
    Readiness,
    add_slack,
    create_web,
    database_answers,
    is_signed,
)
from bot.state.store import State
from playground.local_slack import LocalSlack

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
MENTION = {"type": "app_mention", "user": "U1", "text": "hi", "channel": "C1", "ts": "1.1"}
EVENT = {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": MENTION}
COMMAND = {"command": "/pmrole", "text": "what is a CPO", "team_id": "T1", "user_id": "U1"}


@pytest.fixture
def slack():
    with LocalSlack() as slack:
        yield slack


@pytest.fixture
def heard():
    """What the listeners of the app under test heard."""
    return []


@pytest.fixture
def app(slack, engine, heard):
    settings = Settings(
        slack_bot_token=slack.bot_token, slack_signing_secret=SECRET, slack_api_url=slack.api_url
    )
    app = bolt_app(settings, engine)

    @app.command("/pmrole")
    def command(ack, command):
        heard.append(command["text"])
        ack()

    @app.event("app_mention")
    def mention(event, context):
        heard.append((event["text"], context.bot_user_id, context.bot_token))
        if event["text"] == "fail":
            raise ValueError("the inbox is full")

    return app


@pytest.fixture
def web(app):
    web = create_web(Readiness())
    add_slack(web, app, SECRET)
    return web.test_client()


def signed(body, *, at=0.0, secret=SECRET):
    timestamp = str(int(time.time() + at))
    signature = SignatureVerifier(secret).generate_signature(timestamp=timestamp, body=body)
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": signature}


def post(web, body, content_type=JSON, headers=None):
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    headers = signed(text) if headers is None else headers
    return web.post(EVENTS_PATH, data=text, content_type=content_type, headers=headers)


def test_what_slack_signed_is_heard_and_acknowledged(web, slack, heard):
    answer = post(web, EVENT)
    assert (answer.status_code, answer.data) == (200, b"")
    assert heard == [("hi", slack.bot_user, slack.bot_token)]


def test_the_proof_that_the_address_is_ours_is_given_back(web):
    answer = post(web, {"type": "url_verification", "challenge": "3eZbrw1a", "token": "x"})
    assert (answer.status_code, json.loads(answer.data)) == (200, {"challenge": "3eZbrw1a"})


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Slack-Signature": "v0=1"},
        {"X-Slack-Request-Timestamp": "now", "X-Slack-Signature": "v0=1"},
        signed(json.dumps(EVENT), secret="another"),
        signed(json.dumps(EVENT) + " "),
        signed(json.dumps(EVENT), at=-301),
        signed(json.dumps(EVENT), at=100_000),
    ],
    ids=["nothing", "no time", "no number", "wrong secret", "other body", "old", "future"],
)
def test_what_slack_did_not_sign_just_now_is_refused(web, heard, headers):
    assert post(web, EVENT, headers=headers).status_code == 401
    assert heard == []


def test_bolt_refuses_it_too_where_it_is_asked_directly(app, heard):
    def ask(headers):
        body = json.dumps(EVENT)
        given: dict[str, str | Sequence[str]] = {**headers, "content-type": JSON}
        return app.dispatch(BoltRequest(body=body, headers=given))

    assert ask(signed(json.dumps(EVENT), at=-301)).status == 401
    assert heard == []
    assert ask(signed(json.dumps(EVENT))).status == 200


def test_a_refusal_puts_no_question_into_the_log(web, caplog):
    caplog.set_level("INFO")
    post(web, {"text": "how do I leave my manager"}, headers=signed("x"))
    assert "manager" not in caplog.text


@given(
    body=st.binary(max_size=50),
    timestamp=st.text(max_size=12) | st.integers().map(str),
    signature=st.text(max_size=20),
)
def test_no_headers_and_no_body_break_the_check(body, timestamp, signature):
    headers = {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": signature}
    assert not is_signed(SignatureVerifier(SECRET), body, headers)


@pytest.mark.parametrize("body", ["{", "[1]", "[" * 100_000, '"text"', '{"authorizations": 5}'])
def test_what_cannot_be_read_is_acknowledged_once_and_noted(web, caplog, body):
    assert post(web, body).status_code == 200
    assert "Slack sent what cannot be read" in caplog.text


@pytest.mark.parametrize(
    "question", ["what is a CPO", "what is a payload", "payload=1&x", "a+b %26 ü"]
)
def test_a_command_is_heard_whatever_words_it_holds(web, heard, question):
    assert post(web, urlencode({**COMMAND, "text": question}), FORM).status_code == 200
    assert heard == [question]


def test_what_fails_is_not_acknowledged_so_that_slack_delivers_it_again(web, caplog):
    assert post(web, {**EVENT, "event": {**MENTION, "text": "fail"}}).status_code == 500
    assert "the inbox is full" in caplog.text


def test_an_event_is_not_acknowledged_while_slack_does_not_say_who_the_bot_is(web, slack, heard):
    slack.refuse("auth.test", "internal_error")
    assert post(web, EVENT).status_code == 500
    assert post(web, EVENT).status_code == 200
    assert len(heard) == 1
    assert len(slack.called("auth.test")) == 2


def test_a_body_larger_than_slack_sends_is_refused_unread(web, heard):
    assert post(web, "x" * (MOST_BYTES + 1)).status_code == 413
    assert heard == []


def test_the_front_page_is_one_plain_line(web):
    answer = web.get("/")
    assert answer.status_code == 200
    assert answer.content_type == "text/plain; charset=utf-8"
    assert answer.text.count("\n") == 1


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", EVENTS_PATH, 405),
        ("POST", "/healthz", 405),
        ("GET", "/slack/install", 404),
        ("GET", "/slack/oauth_redirect", 404),
        ("GET", "/static/x", 404),
    ],
)
def test_nothing_else_is_served(web, method, path, status):
    answer = web.open(path, method=method)
    assert answer.status_code == status
    assert answer.content_type == "text/plain; charset=utf-8"


def test_readiness_says_in_one_word_what_is_missing_first():
    readiness = Readiness.waiting_for("index", "database", "socket")
    web = create_web(readiness).test_client()
    seen = []
    for name in ("index", "database", "socket"):
        seen.append((web.get("/readyz").status_code, web.get("/readyz").text))
        readiness.checks[name] = lambda: True
    assert seen == [(503, "index\n"), (503, "database\n"), (503, "socket\n")]
    assert (web.get("/readyz").status_code, web.get("/readyz").text) == (200, "ok\n")
    assert web.get("/healthz").status_code == 200


def test_a_database_that_is_gone_does_not_answer(tmp_path):
    state = State.open(f"sqlite:///{tmp_path / 'state.db'}")
    assert database_answers(state)
    state.close()
    for file in tmp_path.glob("state.db*"):
        file.unlink()
    assert not database_answers(state)
    state.close()


def get(address, path):
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=60)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer.status, body


def test_health_checks_are_answered_beside_somebody_who_sends_nothing():
    server = ProbeServer(create_web(Readiness.waiting_for("socket")), "127.0.0.1", 0)
    with socket.create_connection(("127.0.0.1", urlsplit(server.address).port)):
        assert get(server.address, "/healthz") == (200, "ok\n")
        assert get(server.address, "/readyz") == (503, "socket\n")
    server.close()
    with pytest.raises(ConnectionError):
        get(server.address, "/healthz")


def test_a_taken_port_is_named():
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ListeningError, match=f"HTTP_HOST=127.0.0.1 and PORT={port}: .* in use"):
            listen("127.0.0.1", port)


def test_an_address_of_version_6_can_be_listened_at():
    try:
        with listen("::1", 0) as listening:
            assert listening.family == socket.AF_INET6
            assert address_of(listening).startswith("http://[::1]:")
    except ListeningError:
        pytest.skip("this machine has no IPv6")


def test_the_app_is_bolts_own(app):
    assert isinstance(app, App)
    assert app.oauth_flow is None
