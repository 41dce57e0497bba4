"""HTTP mode: signed requests to a real web server, retried by status, time and absence."""

import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest
from slack_sdk.signature import Clock, SignatureVerifier


class Server(ThreadingHTTPServer):
    """Keeps what came; `answers` gives status, headers, body, and seconds to wait before."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Receiver)
        self.came: list[tuple[dict[str, str], bytes]] = []
        self.answers: Callable[[bytes], tuple[int, dict[str, str], bytes, float]] = echo
        self.url = f"http://127.0.0.1:{self.server_port}/slack/events"


class Receiver(BaseHTTPRequestHandler):
    """Notes what comes and answers as it is told."""

    server: Server

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.came.append((dict(self.headers), body))
        status, headers, answer, pause = self.server.answers(body)
        time.sleep(pause)
        try:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)
        except ConnectionError:
            """Slack waits no longer."""

    def log_message(self, *_):
        """Say nothing."""


def echo(body):
    """Answer the challenge, and everything else with nothing."""
    try:
        challenge = json.loads(body).get("challenge", "")
    except ValueError:
        challenge = ""
    return 200, {"Content-Type": "text/plain"}, challenge.encode(), 0


@pytest.fixture
def receiver():
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def verified(slack, clock, headers, body):
    class Now(Clock):
        def now(self):
            return clock.now

    lower = {name.lower(): value for name, value in headers.items()}
    return SignatureVerifier(slack.signing_secret, Now()).is_valid_request(body, lower)


def test_every_request_is_signed_and_of_its_kind(slack, ann, clock, receiver):
    slack.delivers_to(receiver.url)
    ann.writes("hello & <goodbye>")
    ann.commands("/pmrole", "a=b&c")
    ann.uses_shortcut("compare")
    slack.wait_for(lambda: all(one.is_over for one in slack.deliveries), "all of them")
    assert all(verified(slack, clock, *one) for one in receiver.came)
    bodies = {headers["Content-Type"]: body for headers, body in receiver.came[1:]}
    assert json.loads(bodies["application/json"])["event"]["text"] == "hello &amp; &lt;goodbye&gt;"
    forms = [
        parse_qs(body.decode())
        for headers, body in receiver.came
        if headers["Content-Type"] == "application/x-www-form-urlencoded"
    ]
    texts = [one["text"] for one in forms if "text" in one]
    payloads = [json.loads(one["payload"][0]) for one in forms if "payload" in one]
    assert texts == [["a=b&c"]]
    assert [one["callback_id"] for one in payloads] == ["compare"]


def test_a_changed_body_or_an_old_time_is_no_valid_signature(slack, ann, clock, receiver):
    slack.delivers_to(receiver.url, verify=False)
    ann.writes("hello")
    slack.wait_for(lambda: receiver.came, "the request")
    headers, body = receiver.came[0]
    assert verified(slack, clock, headers, body)
    assert not verified(slack, clock, headers, body + b" ")
    clock.now += 301
    assert not verified(slack, clock, headers, body)


def test_the_address_is_verified_with_a_challenge_first(slack, receiver):
    slack.delivers_to(receiver.url)
    assert json.loads(receiver.came[0][1])["type"] == "url_verification"
    receiver.answers = lambda _: (200, {}, b"something else", 0)
    with pytest.raises(ValueError, match="did not answer url_verification"):
        slack.delivers_to(receiver.url)


def retries(receiver):
    return [
        (one.get("X-Slack-Retry-Num"), one.get("X-Slack-Retry-Reason")) for one, _ in receiver.came
    ]


def test_an_event_answered_with_an_error_comes_again_and_says_why(slack, ann, receiver):
    slack.redeliver_after = (0.0, 0.05, 0.05)
    slack.delivers_to(receiver.url, verify=False)
    receiver.answers = lambda _: (500 if len(receiver.came) < 3 else 200, {}, b"", 0)
    ann.writes("hello")
    slack.wait_for(lambda: slack.deliveries[0].is_over, "the acknowledgement")
    assert retries(receiver) == [(None, None), ("1", "http_error"), ("2", "http_error")]
    assert (slack.deliveries[0].attempts, slack.deliveries[0].error) == (3, "")


def test_an_event_answered_too_late_comes_again(slack, ann, receiver):
    slack.ack_within_s, slack.redeliver_after = 0.1, (0.0,)
    slack.delivers_to(receiver.url, verify=False)
    receiver.answers = lambda _: (200, {}, b"", 0.3 if len(receiver.came) < 2 else 0)
    ann.writes("hello")
    slack.wait_for(lambda: slack.deliveries[0].is_over, "the acknowledgement")
    assert retries(receiver) == [(None, None), ("1", "http_timeout")]


def test_an_app_that_wants_no_retries_gets_none(slack, ann, receiver):
    slack.redeliver_after = (0.0, 0.0, 0.0)
    slack.delivers_to(receiver.url, verify=False)
    receiver.answers = lambda _: (500, {"X-Slack-No-Retry": "1"}, b"", 0)
    ann.writes("hello")
    slack.wait_for(lambda: slack.deliveries[0].is_over, "the end of it")
    assert (slack.deliveries[0].attempts, slack.deliveries[0].error) == (1, "http_error")


def test_nobody_there_is_a_failed_connection(slack, ann):
    slack.redeliver_after = (0.0,)
    slack.delivers_to("http://127.0.0.1:9/slack/events", verify=False)
    ann.writes("hello")
    slack.wait_for(lambda: slack.deliveries[0].is_over, "the end of it")
    assert [one.error for one in slack.deliveries[0].tries] == ["connection_failed"] * 2


def test_the_body_of_an_answer_to_a_command_is_shown(slack, ann, receiver):
    slack.delivers_to(receiver.url, verify=False)
    receiver.answers = lambda _: (200, {"Content-Type": "text/plain"}, b"plain", 0)
    ann.commands("/pmrole", "one")
    slack.wait_for(lambda: ann.sees("#careers"), "the answer")
    body = b'{"text": "as json", "response_type": "in_channel"}'
    receiver.answers = lambda _: (200, {"Content-Type": "application/json"}, body, 0)
    ann.commands("/pmrole", "two")
    slack.wait_for(lambda: len(ann.sees("#careers")) == 2, "the answer")
    assert [one.text for one in ann.sees("#careers")] == ["plain", "as json"]
