"""`pmrole play`, as a process of its own."""

import re
import signal
import socket
import subprocess
from contextlib import contextmanager
from http.client import HTTPConnection

import pytest

from tests.commands import ROOT, command_line
from tests.library import ENCODERS, INDEX, KNOWLEDGE


@contextmanager
def playing(*arguments, **settings):
    """Run `pmrole` without tokens of Slack, unless some are given, until the test is done."""
    without = {"SLACK_BOT_TOKEN": "", "SLACK_APP_TOKEN": ""}
    folders = {"KNOWLEDGE_DIR": KNOWLEDGE, "INDEX_DIR": INDEX, "ENCODER_DIR": ENCODERS}
    environ = {name: str(value) for name, value in (without | folders | settings).items()}
    command = command_line(list(arguments), environ)
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def address_of(process):
    found = re.search(r"plays at http://(127\.0\.0\.1:\d+)", process.stderr.readline())
    assert found
    return found[1]


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("arguments", [["play"], ["serve", "--or-play"]])
def test_without_tokens_a_page_is_shown_until_sigterm(arguments):
    # A proxy that would swallow everything: what is for this machine must not go through it.
    with playing(*arguments, "--page-port", "0", HTTP_PROXY="http://127.0.0.1:9") as process:
        connection = HTTPConnection(address_of(process), timeout=60)
        connection.request("GET", "/")
        assert b"PM Role playground" in connection.getresponse().read()
        connection.close()
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


@pytest.mark.usefixtures("library")
def test_a_port_that_is_taken_is_told_with_the_way_out():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        with playing("play", "--page-port", port) as process:
            assert process.wait(60) == 1
            assert "choose another with `pmrole play --page-port N`" in process.stderr.read()


def test_with_a_token_serve_does_not_play():
    with playing("serve", "--or-play", SLACK_BOT_TOKEN="xoxb-1") as process:
        assert process.wait(60) == 1
        assert "SLACK_APP_TOKEN" in process.stderr.read()
