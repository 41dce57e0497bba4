"""No output of any kind holds a token: a bot with recognisable secrets works, fails and crashes."""

import json
import re
import signal
import sqlite3
import subprocess
import zipfile
from contextlib import closing
from dataclasses import replace

import pytest

from bot.settings import Settings
from bot.state.store import State
from playground.local_slack import LocalSlack
from tests.commands import ROOT, command_line, run
from tests.library import ENCODERS, INDEX, KNOWLEDGE
from tests.scenarios.breaking import by_bot
from tests.scenarios.conftest import MANIFEST, PATIENCE_S, VP

PASSWORD, METRICS, OTHERS = (
    "Geheimwort-77",
    "metrics-secret-4711",
    "fedcba98765432100123456789abcdef",
)

pytestmark = pytest.mark.timeout(600)

# A question that nobody else asks, to be looked for in the log.
QUESTION = "what does a vicepresidential zebra of product do"


class Run:
    """What a bot wrote anywhere while it was used and mistreated."""

    def __init__(self, slack, folder, level, how):
        self.slack, self.folder, self.level, self.how = slack, folder, level, how
        self.outputs = {}
        self.env = {
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_SIGNING_SECRET": slack.signing_secret,
            "SLACK_API_URL": slack.api_url,
            "METRICS_TOKEN": METRICS,
            "DATABASE_URL": f"sqlite:///{folder}/state.db",
            "KNOWLEDGE_DIR": str(KNOWLEDGE),
            "INDEX_DIR": str(INDEX),
            "ENCODER_DIR": str(ENCODERS),
            "HF_HUB_OFFLINE": "1",
            "LOG_LEVEL": level,
            "LOG_FORMAT": how,
        }
        self.secrets = {
            "bot token": slack.bot_token,
            "app token": slack.app_token,
            "signing secret": slack.signing_secret,
            "metrics token": METRICS,
        }

    def hold(self):
        """Use the bot, let Slack refuse it, cut it off, and stop it; then run the commands."""
        self.serve()
        self.command("doctor")
        self.command("export", "state.zip")
        self.command("stats")
        self.command("serve", SLACK_BOT_TOKEN="xapp-mixed-up-000111222")
        self.command("serve", SLACK_APP_TOKEN="xapp-1-nobody-gave-this-out")
        self.command("doctor", DATABASE_URL=f"postgresql://pm:{PASSWORD}@127.0.0.1:9/db")
        self.command("serve", DATABASE_URL=f"postgresql://pm:{PASSWORD}@127.0.0.1:9/db")
        self.command("serve", "--http", SLACK_CLIENT_SECRET=OTHERS, PORT="0")
        self.secrets |= {
            "mixed up": "mixed-up-000111222",
            "unknown": "nobody-gave-this-out",
            "password": PASSWORD,
            "client secret": OTHERS,
        }
        for file in self.folder.rglob("*"):
            if file.is_file():
                self.outputs[f"file {file.name}"] = file.read_bytes()
        with zipfile.ZipFile(self.folder / "state.zip") as archive:
            for name in archive.namelist():
                self.outputs[f"exported {name}"] = archive.read(name)
        return self

    def serve(self):
        slack, ann = self.slack, self.slack.person("ann")
        process = subprocess.Popen(
            command_line(["serve"], self.env), cwd=self.folder, stderr=subprocess.PIPE
        )
        try:
            assert process.stderr is not None
            self.outputs["serve"] = b""
            for line in process.stderr:
                self.outputs["serve"] += line
                if b"answers as" in line:
                    break
            bot = slack.bot_user
            asked = ann.says("#careers", f"<@{bot}> {VP}")
            slack.wait_for(lambda: by_bot(slack, ann.sees("#careers", asked)), "one", PATIENCE_S)
            ann.commands("/pmrole", QUESTION)
            slack.wait_for(lambda: slack.called("response_url"), "the command", PATIENCE_S)
            slack.refuse("chat.postMessage", "invalid_auth")
            slack.refuse("response_url", 500)
            ann.says("#general", f"<@{bot}> {QUESTION}")
            ann.commands("/pmrole", VP)
            slack.cut_sockets()
            slack.sends({"type": "block_actions", "actions": 7, "token": "x"}, "interactive")
            slack.wait_for(lambda: len(slack.called("response_url")) > 1, "again", PATIENCE_S)
            slack.wait_for(lambda: slack.connections, "a connection", PATIENCE_S)
        finally:
            process.send_signal(signal.SIGTERM)
            self.outputs["serve"] += process.communicate()[1]
        assert process.returncode == 0

    def command(self, *argv, **changed):
        done = run([*argv], {**self.env, **changed}, self.folder)
        name = " ".join([*argv, *changed])
        self.outputs[f"{name} (stdout)"] = done.stdout.encode()
        self.outputs[f"{name} (stderr)"] = done.stderr.encode()


@pytest.fixture(scope="module", params=[("INFO", "json"), ("DEBUG", "text")], ids="-".join)
def held(request, answerer, tmp_path_factory):  # noqa: ARG001 - builds the index
    with LocalSlack(manifest=MANIFEST) as slack:
        slack.ack_within_s = 15.0
        yield Run(slack, tmp_path_factory.mktemp("secrets"), *request.param).hold()


def test_no_output_holds_a_secret(held):
    found = [
        (where, name)
        for where, content in held.outputs.items()
        for name, secret in held.secrets.items()
        if secret.encode() in content
    ]
    assert found == []


def test_no_output_holds_an_address_to_write_in_the_bots_name(held):
    """Except where they are needed: with a question that waits, in the state."""
    state = ("file state.db", "exported inbox.jsonl")
    logged = {name: text for name, text in held.outputs.items() if not name.startswith(state)}
    hooks = re.compile(rb"/(?:commands|actions|app)/T0LOCAL/(?!\*\*\*)[\w-]+")
    assert [name for name, text in logged.items() if hooks.search(text)] == []
    tickets = re.compile(rb"ticket=(?!\*\*\*)\w")
    assert [name for name, text in logged.items() if tickets.search(text)] == []


def test_there_was_something_to_find(held):
    """The log of a run, and files, are looked through, not nothing."""
    assert len(held.outputs["serve"].splitlines()) > 3
    assert b"***" in held.outputs["serve SLACK_BOT_TOKEN (stderr)"]
    assert any(name.startswith("file state.db") for name in held.outputs)
    assert "exported manifest.json" in held.outputs


def test_at_info_no_line_holds_a_question(held):
    if held.level != "INFO":
        pytest.skip("DEBUG shows what people ask, and the documentation says so")
    log = held.outputs["serve"]
    assert b"zebra" not in log
    assert VP.encode() not in log
    lines = [json.loads(line) for line in log.splitlines()]
    answered = [one for one in lines if "passages in" in one["message"]]
    assert answered
    assert all(one["reference"] in one["message"] for one in answered)


def test_the_database_has_no_token_of_a_single_workspace(held):
    """Tokens of installations alone are kept, where a workspace installed the bot by itself."""
    with closing(sqlite3.connect(held.folder / "state.db")) as connection:
        (count,) = connection.execute("SELECT count(*) FROM slack_bots").fetchone()
    assert count == 0


def test_no_representation_of_a_part_holds_a_secret(slack, tmp_path):
    settings = Settings(
        slack_bot_token=slack.bot_token,
        slack_app_token=slack.app_token,
        slack_signing_secret=slack.signing_secret,
        slack_client_secret=OTHERS,
        metrics_token=METRICS,
        database_url=f"sqlite:///{tmp_path}/{PASSWORD}.db",
    )
    state = State.open(settings.database_url)
    shown = f"{settings!r} {replace(settings, port=1)} {state!r}"
    state.close()
    for secret in (slack.bot_token, slack.app_token, slack.signing_secret, OTHERS, METRICS):
        assert secret not in shown


def test_a_crash_shows_no_secret(slack, tmp_path):
    """A program error with a token in its message, as Python would print it."""
    env = {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_APP_TOKEN": slack.app_token}
    code = (
        "import sys, bot.cli.serving as s\n"
        "def broken(settings):\n"
        "    raise RuntimeError('got ' + settings.slack_bot_token + settings.slack_app_token)\n"
        "s.checked_for_socket = broken\n"
        "sys.argv = ['pmrole', 'serve']\n"
        "from bot.__main__ import run; run()\n"
    )
    command = command_line([], env)
    done = subprocess.run(
        [*command[: command.index("-m")], "-c", code],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1
    assert b"RuntimeError: got xoxb-***" in done.stderr
    assert slack.bot_token.encode() not in done.stderr
    assert slack.app_token.encode() not in done.stderr
    assert ROOT.name.encode() in done.stderr  # the traceback is there
