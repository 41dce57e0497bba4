"""`pmrole serve`: its settings, and a process that answers over Socket Mode until SIGTERM."""

import json
import signal
import subprocess
import sys
import time

import pytest

from bot.cli import main
from bot.settings import Settings, SettingsError
from tests.bot.slack.conftest import VP_QUESTION, VP_SENTENCE
from tests.slack_server import APP_TOKEN, BOT_TOKEN, BOT_USER

TOKENS = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN}
# The index of the tests was made by a fake embedder, which `pmrole serve` could not open.
PROCESS = """
import json, sys
from pathlib import Path
from bot.answering.answerer import Answerer
from bot.cli.serving import serve_with
from bot.settings import Settings
from index.generation import GenerationStore
from tests.bot.slack.conftest import TinyIndex
from tests.fakes import HashingEmbedder
answerer = Answerer(TinyIndex(GenerationStore(Path(sys.argv[1])), HashingEmbedder()))
sys.exit(serve_with(answerer, Settings.from_env(json.loads(sys.argv[2]))))
"""


@pytest.fixture
def serve(slack, store):
    """Start the process with settings; it is killed at the end."""
    started = []

    def start(**env):
        settings = {**TOKENS, "SLACK_API_URL": slack.api_url, **env}
        process = subprocess.Popen(
            [sys.executable, "-c", PROCESS, str(store.folder), json.dumps(settings)],
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_it_answers_over_the_socket_until_it_is_told_to_stop(serve, slack, end):
    process = serve()
    assert process.stderr.readline() == (
        "PM Role answers as @pmrole in Test team. Ctrl-C stops it.\n"
    )
    event = {
        "type": "app_mention",
        "user": "U1",
        "text": f"<@{BOT_USER}> {VP_QUESTION}",
        "channel": "C1",
        "ts": "1700000000.1",
    }
    slack.send("E1", "events_api", {"type": "event_callback", "event_id": "Ev1", "event": event})
    command = {"command": "/pmrole", "text": VP_QUESTION, "response_url": slack.response_url}
    slack.send("E2", "slash_commands", command)
    slack.wait_until(lambda: len(slack.acks) == 2, "two acknowledgements")
    assert {one["envelope_id"] for one in slack.acks} == {"E1", "E2"}
    assert VP_SENTENCE in slack.wait_for("chat.postMessage")[0].fields["text"]
    assert VP_SENTENCE in slack.wait_for("response_url")[0].fields["text"]
    started = time.monotonic()
    process.send_signal(end)
    _, errors = process.communicate(timeout=10)
    assert time.monotonic() - started < 10
    assert (process.returncode, errors) == (0, "pmrole: stopping\n")


@pytest.mark.parametrize(
    ("method", "setting"),
    [("auth.test", "SLACK_BOT_TOKEN"), ("apps.connections.open", "SLACK_APP_TOKEN")],
)
def test_a_refused_token_is_named(serve, slack, method, setting):
    slack.refuse(method, "invalid_auth")
    process = serve()
    _, errors = process.communicate(timeout=10)
    assert process.returncode == 1
    assert f"pmrole: Slack refused {setting}: invalid_auth." in errors
    assert "Traceback" not in errors
    assert BOT_TOKEN not in errors


def test_an_unreachable_slack_is_named(serve):
    process = serve(SLACK_API_URL="http://127.0.0.1:9/api")
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 1
    assert "pmrole: cannot reach Slack at http://127.0.0.1:9/api/: " in errors
    assert "Traceback" not in errors


def test_a_socket_that_does_not_open_is_named(serve, slack):
    slack.socket_refused = True
    _, errors = serve().communicate(timeout=20)
    assert "pmrole: cannot open a socket to Slack" in errors
    assert "Traceback" not in errors


def test_without_an_index_it_says_what_to_run(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "bot", "serve", "--index", str(tmp_path)],
        env={**TOKENS, "PYTHONPATH": "."},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "pmrole index build" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("missing", sorted(TOKENS))
def test_without_a_token_it_says_what_to_set(capsys, missing):
    env = {name: value for name, value in TOKENS.items() if name != missing}
    assert main(["serve"], env) == 1
    error = capsys.readouterr().err
    assert f"pmrole: to answer in Slack, set {missing}=x" in error
    assert "in .env" in error
    assert "`make chat`" in error
    assert error.count("\n") == 1


def test_tokens_are_read_and_never_shown():
    settings = Settings.from_env(TOKENS)
    assert settings.slack_bot_token == BOT_TOKEN
    assert settings.slack_app_token == APP_TOKEN
    assert settings.slack_api_url == "https://slack.com/api/"
    assert "for-tests" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("SLACK_BOT_TOKEN", "xapp-secret", r"SLACK_BOT_TOKEN='xapp-\*\*\*': .* begins with xoxb-"),
        ("SLACK_APP_TOKEN", "secret", r"SLACK_APP_TOKEN='\*\*\*': .* begins with xapp-"),
        ("SLACK_BOT_TOKEN", "xoxb-two words secret", r"SLACK_BOT_TOKEN='xoxb-\*\*\*'"),
        ("SLACK_API_URL", "slack.com", "SLACK_API_URL='slack.com': .* https://"),
    ],
)
def test_a_wrong_setting_is_named_without_its_secret(name, value, problem):
    with pytest.raises(SettingsError, match=problem) as raised:
        Settings.from_env({name: value})
    assert "secret" not in str(raised.value)


def test_the_address_of_slack_ends_in_a_slash():
    settings = Settings.from_env({"SLACK_API_URL": "http://127.0.0.1:1/api"})
    assert settings.slack_api_url == "http://127.0.0.1:1/api/"
