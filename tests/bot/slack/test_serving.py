"""`pmrole serve`, in real processes: Socket Mode and HTTP mode, from the start to SIGTERM."""

import contextlib
import html
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from bot.cli import main
from bot.settings import Settings, SettingsError
from index.build import build_index
from index.generation_store import GenerationStore
from playground.local_slack import LocalSlack
from tests.fakes import HashingEmbedder

ROOT = Path(__file__).parents[3]
QUESTION = "what does a VP of product do"
SENTENCE = "A VP of product leads the product managers and owns the budget."
ARTICLE = f"# VP of product\n\n## What a VP of product does\n\n{SENTENCE}\n"
TOKENS = {"SLACK_BOT_TOKEN": "xoxb-for-tests", "SLACK_APP_TOKEN": "xapp-for-tests"}
on_linux = pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="reads /proc")
SECRETS = {"SLACK_CLIENT_ID": "12.34", "SLACK_CLIENT_SECRET": "shh", "SLACK_SIGNING_SECRET": "s"}


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    folder = tmp_path_factory.mktemp("serving")
    (folder / "knowledge").mkdir()
    (folder / "knowledge" / "vp.md").write_text(ARTICLE, "utf-8")
    store = GenerationStore(folder / "index")
    build_index(folder / "knowledge", store, lambda: ("hashing", HashingEmbedder()))
    return store.folder


@pytest.fixture
def slack():
    with LocalSlack() as slack:
        slack.redeliver_after = (0.5,) * 60
        yield slack


@pytest.fixture
def serve(slack, index, tmp_path, monkeypatch):
    """Start the process with settings; it and what it started is killed at the end."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    started = []

    def start(*arguments, opening_s=0.0, delay_s=0.0, **changed):
        settings = {
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_API_URL": slack.api_url,
            "SLACK_SIGNING_SECRET": slack.signing_secret,
            "HTTP_HOST": "127.0.0.1",
            "LOG_FORMAT": "text",
            **changed,
        }
        lines = [f"{name}={value}\n" for name, value in settings.items()]
        (tmp_path / ".env").write_text("".join(lines), "utf-8")
        module = [sys.executable, "-m", "tests.bot.slack.serving_process"]
        process = subprocess.Popen(
            [*module, str(index), str(opening_s), str(delay_s), "serve", *arguments],
            cwd=tmp_path,  # where .env is, and the state is kept
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def greeting(process):
    assert process.stderr.readline() == "opening\n"
    return process.stderr.readline()


def serve_http(serve, slack, **options):
    """Start HTTP mode, and let Slack deliver there; return the process and its address."""
    process = serve("--http", PORT="0", **options)
    line = greeting(process)
    found = re.fullmatch(r"PM Role answers .+, at (.+)/slack/events\. Ctrl-C stops it\.\n", line)
    assert found, line + process.stderr.readline()
    slack.delivers_to(f"{found[1]}/slack/events")
    return process, found[1]


def serve_either(mode, serve, slack, **options):
    if mode == "http":
        return serve_http(serve, slack, **options)[0]
    process = serve(**options)
    line = greeting(process)
    expected = "PM Role answers as @pmrole in Local. Ctrl-C stops it.\n"
    assert line == expected, line + process.communicate(timeout=120)[1]
    return process


def stop(process, how=signal.SIGTERM):
    started = time.monotonic()
    process.send_signal(how)
    _, errors = process.communicate(timeout=120)
    assert time.monotonic() - started < 10
    assert process.returncode == 0
    return errors


def get(address, path, method="GET", body=None):
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    try:
        connection.request(method, path, body)
        answer = connection.getresponse()
        return answer.status, answer.read().decode(), answer.headers
    finally:
        connection.close()


def ask(slack, text=QUESTION, team=None):
    team = team or slack.team
    bot = slack.workspace(team).bot_user
    return slack.person("ann", team).says("#careers", f"<@{bot}> {text}")


def answers_to(slack, posted, team=None):
    messages = slack.messages("#careers", team or slack.team)
    return [one.text for one in messages if one.bot_id and one.thread_ts == posted.ts]


@pytest.mark.parametrize("mode", ["socket", "http"])
@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_it_answers_until_it_is_told_to_stop(serve, slack, mode, end):
    process = serve_either(mode, serve, slack)
    posted = ask(slack)
    slack.person("ann").commands("/pmrole", QUESTION, channel="#general")
    slack.wait_for(lambda: answers_to(slack, posted), "the answer")
    slack.wait_for(lambda: slack.called("response_url"), "the answer to the command")
    assert SENTENCE in answers_to(slack, posted)[0]
    assert SENTENCE in slack.called("response_url")[0].fields["text"]
    slack.wait_for(lambda: all(one.acked_at for one in slack.deliveries), "acknowledgements")
    errors = stop(process, end)
    assert errors.startswith("pmrole: stopping\n")
    assert "Traceback" not in errors
    assert len(answers_to(slack, posted)) == 1


@pytest.mark.parametrize("mode", ["socket", "http"])
def test_what_it_does_not_finish_in_time_the_next_start_answers_once(serve, slack, mode):
    process = serve_either(mode, serve, slack, delay_s=1.5)
    posted = [ask(slack, f"what is slow about a VP of product, part {n}") for n in range(40)]
    slack.wait_for(lambda: all(one.acked_at for one in slack.deliveries), "acknowledgements")
    slack.wait_for(lambda: answers_to(slack, posted[0]), "the first answer", timeout_s=10)
    errors = stop(process)
    assert re.search(r"stopped before \d+ questions were answered", errors)
    assert not all(answers_to(slack, one) for one in posted)
    process = serve_either(mode, serve, slack)
    slack.wait_for(lambda: all(answers_to(slack, one) for one in posted), "the rest", 30)
    stop(process)
    assert [len(answers_to(slack, one)) for one in posted] == [1] * len(posted)


@pytest.mark.parametrize("mode", [(), ("--http",)], ids=["socket", "http"])
def test_a_signal_during_the_start_ends_it_at_once(serve, mode):
    process = serve(*mode, opening_s=30, PORT="0")
    assert process.stderr.readline() == "opening\n"
    started = time.monotonic()
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=120)
    assert time.monotonic() - started < 5
    assert process.returncode in {0, 130}


@pytest.mark.parametrize("mode", [(), ("--http",)], ids=["socket", "http"])
def test_a_refused_bot_token_is_named(serve, slack, mode):
    slack.refuse("auth.test", "invalid_auth", 9)
    process = serve(*mode, PORT="0")
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "pmrole: Slack refused SLACK_BOT_TOKEN: invalid_auth." in errors
    assert "Traceback" not in errors
    assert slack.bot_token not in errors


def test_a_refused_app_token_is_named(serve):
    process = serve(SLACK_APP_TOKEN="xapp-1-wrong")
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "pmrole: Slack refused SLACK_APP_TOKEN: invalid_auth." in errors
    assert "xapp-1-wrong" not in errors


def test_an_unreachable_slack_is_named(serve):
    process = serve(SLACK_API_URL="http://127.0.0.1:9/api")
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "pmrole: cannot reach Slack at http://127.0.0.1:9/api/: " in errors
    assert "Traceback" not in errors


def test_a_socket_that_does_not_open_is_named(serve, slack):
    slack.refuse_sockets(60)
    _, errors = serve().communicate(timeout=120)
    assert "pmrole: cannot open a socket to Slack" in errors
    assert "Traceback" not in errors


def test_in_socket_mode_a_client_id_turns_nothing_on(serve, slack, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    for name, value in {**SECRETS, "SLACK_BOT_TOKEN": slack.bot_token}.items():
        monkeypatch.setenv(name, value)  # where Bolt looks by itself
    process = serve(LOG_LEVEL="INFO")
    posted = ask(slack)
    slack.wait_for(lambda: answers_to(slack, posted), "the answer", timeout_s=20)
    process.send_signal(signal.SIGTERM)
    errors = process.communicate(timeout=120)[1]
    assert "OAuth" not in errors
    assert "token" not in errors
    assert not (tmp_path / ".bolt-app-installation").exists()


def test_in_socket_mode_health_is_told_from_the_first_moment(serve, slack):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    process = serve(PORT=str(port), opening_s=2)
    assert process.stderr.readline() == "opening\n"
    assert get(address, "/healthz")[:2] == (200, "ok\n")
    assert get(address, "/readyz")[:2] == (503, "index\n")
    line = process.stderr.readline()
    assert (
        line == f"PM Role answers as @pmrole in Local, and is well at {address}. Ctrl-C stops it.\n"
    )
    assert get(address, "/readyz")[:2] == (200, "ok\n")
    assert get(address, "/slack/events", "POST", "{}")[0] == 404
    slack.refuse_sockets(60)
    slack.cut_sockets(clean=True)
    slack.wait_for(lambda: get(address, "/readyz")[:2] == (503, "socket\n"), "the word", 20)
    stop(process)


def test_in_http_mode_only_what_slack_signed_is_heard(serve, slack):
    process, address = serve_http(serve, slack)
    assert get(address, "/healthz")[:2] == (200, "ok\n")
    assert get(address, "/readyz")[:2] == (200, "ok\n")
    assert get(address, "/slack/events", "POST", "{}")[0] == 401
    assert get(address, "/slack/events", "POST", "x" * 1_000_001)[0] == 413
    assert get(address, "/slack/install")[0] == 404
    stop(process)


@on_linux
def test_in_http_mode_a_worker_that_dies_is_replaced_and_nothing_is_lost(serve, slack):
    process, address = serve_http(serve, slack, delay_s=30)
    posted = ask(slack, "what is slow about a VP of product")
    slack.wait_for(lambda: all(one.acked_at for one in slack.deliveries), "acknowledgements")
    os.kill(worker_of(process), signal.SIGKILL)
    slack.wait_for(lambda: _is_ready(address), "a new worker", 20)
    later = ask(slack)
    slack.wait_for(lambda: answers_to(slack, later), "the later answer", 20)
    assert not answers_to(slack, posted)  # it takes 30 seconds, and another 20 to be taken up
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=120)


@on_linux
def test_in_http_mode_the_master_process_holds_nothing_that_answers(serve, slack):
    process, _ = serve_http(serve, slack)
    assert "faiss" in Path(f"/proc/{worker_of(process)}/maps").read_text("utf-8")
    assert "faiss" not in Path(f"/proc/{process.pid}/maps").read_text("utf-8")
    stop(process)


def worker_of(process):
    (worker,) = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text("utf-8").split()
    return int(worker)


def _is_ready(address):
    try:
        return get(address, "/readyz")[0] == 200
    except OSError:
        return False


def test_a_client_that_sends_half_a_request_does_not_delay_the_end(serve, slack):
    process, address = serve_http(serve, slack)
    with socket.create_connection(urlsplit(address).netloc.split(":")) as half:
        half.sendall(b"POST /slack/events HTTP/1.1\r\nContent-Length: 100\r\n\r\n{")
        assert get(address, "/healthz")[0] == 200
        stop(process)


def test_several_workspaces_install_it_and_are_answered_each_by_its_own_bot(serve, slack):
    slack.add_workspace("T0OTHER")
    process, address = serve_http(
        serve,
        slack,
        SLACK_BOT_TOKEN="",
        SLACK_CLIENT_ID=slack.client_id,
        SLACK_CLIENT_SECRET=slack.client_secret,
    )
    for team in (slack.team, "T0OTHER"):
        _install(slack, address, team)
        posted = ask(slack, team=team)
        slack.wait_for(lambda: answers_to(slack, posted, team), "the answer")  # noqa: B023
        assert SENTENCE in answers_to(slack, posted, team)[0]
    stop(process)


def _install(slack, address, team):
    status, page, headers = get(address, "/slack/install")
    assert status == 200
    (link,) = re.findall(r'href="(http[^"]*)"', page)
    # Slack fills in the address from the app's settings, where the app names none.
    redirect = urlencode({"redirect_uri": f"{address}/slack/oauth_redirect"})
    back = urlsplit(slack.allows(f"{html.unescape(link)}&{redirect}", team=team))
    cookie = headers["Set-Cookie"].partition(";")[0]
    connection = http.client.HTTPConnection(back.netloc, timeout=60)
    connection.request("GET", f"{back.path}?{back.query}", headers={"Cookie": cookie})
    assert connection.getresponse().status == 200
    connection.close()


@pytest.mark.parametrize("mode", [(), ("--http",)], ids=["socket", "http"])
def test_a_taken_port_is_named(serve, mode):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        process = serve(*mode, PORT=port)
        _, errors = process.communicate(timeout=120)
    assert process.returncode == 1
    assert f"pmrole: cannot listen at HTTP_HOST=127.0.0.1 and PORT={port}" in errors
    assert "Traceback" not in errors


@pytest.mark.parametrize("mode", [(), ("--http",)], ids=["socket", "http"])
def test_without_an_index_it_says_what_to_run(tmp_path, mode):
    done = subprocess.run(
        [sys.executable, "-m", "bot", "serve", *mode, "--index", str(tmp_path)],
        env={**TOKENS, "SLACK_SIGNING_SECRET": "s", "PORT": "0", "PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
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


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ({}, "set SLACK_SIGNING_SECRET"),
        ({"SLACK_SIGNING_SECRET": "s"}, "set SLACK_BOT_TOKEN for one workspace, or SLACK_CLIENT"),
        ({**SECRETS, "SLACK_CLIENT_ID": ""}, "set both SLACK_CLIENT_ID and SLACK_CLIENT_SECRET"),
        ({**SECRETS, "SLACK_CLIENT_SECRET": ""}, "set both SLACK_CLIENT_ID and SLACK_CLIENT_SECR"),
    ],
    ids=["no secret", "no token", "no client id", "no client secret"],
)
def test_in_http_mode_it_says_what_to_set(capsys, env, said):
    assert main(["serve", "--http"], env) == 1
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


def test_tokens_and_secrets_are_read_and_never_shown():
    env = {**TOKENS, **SECRETS, "SLACK_SIGNING_SECRET": "hush", "SLACK_CLIENT_SECRET": "hushhush"}
    settings = Settings.from_env(env)
    assert settings.slack_bot_token == "xoxb-for-tests"
    assert settings.slack_app_token == "xapp-for-tests"
    assert (settings.slack_signing_secret, settings.slack_client_secret) == ("hush", "hushhush")
    assert settings.slack_client_id == "12.34"
    assert settings.slack_api_url == "https://slack.com/api/"
    assert "for-tests" not in repr(settings)
    assert "hush" not in repr(settings)


def test_people_channels_and_addresses_are_read():
    settings = Settings.from_env(
        {
            "ADMIN_USERS": "U1, W22 U333,",
            "ASK_CHANNEL": "C0ASK",
            "PORT": "8080",
            "HTTP_HOST": "::1",
            "SOCKET_CONNECTIONS": "10",
        }
    )
    assert settings.admin_users == ("U1", "W22", "U333")
    assert settings.ask_channel == "C0ASK"
    assert (settings.port, settings.http_host) == (8080, "::1")
    assert settings.socket_connections == 10


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("SLACK_BOT_TOKEN", "xapp-secret", r"SLACK_BOT_TOKEN='xapp-\*\*\*': .* begins with xoxb-"),
        ("SLACK_APP_TOKEN", "secret", r"SLACK_APP_TOKEN='\*\*\*': .* begins with xapp-"),
        ("SLACK_BOT_TOKEN", "xoxb-two words secret", r"SLACK_BOT_TOKEN='xoxb-\*\*\*'"),
        ("SLACK_API_URL", "slack.com", "SLACK_API_URL='slack.com': .* https://"),
        ("SLACK_SIGNING_SECRET", "xoxb-secret", r"SLACK_SIGNING_SECRET='xoxb-\*\*\*': .* no token"),
        ("SLACK_CLIENT_SECRET", "a secret", r"SLACK_CLIENT_SECRET='\*\*\*'"),
        ("SLACK_CLIENT_ID", "1 2", "SLACK_CLIENT_ID='1 2'"),
        ("ADMIN_USERS", "@ann", "ADMIN_USERS='@ann': ids of people"),
        ("ADMIN_USERS", ",", "ADMIN_USERS=','"),
        ("ASK_CHANNEL", "#careers", "ASK_CHANNEL='#careers': a channel's id"),
        ("PORT", "65536", "PORT='65536': a whole number from 0 to 65535"),
        ("PORT", "-1", "PORT='-1'"),
        ("HTTP_HOST", "http://x", "HTTP_HOST='http://x': an address of this machine"),
        ("SOCKET_CONNECTIONS", "0", "SOCKET_CONNECTIONS='0': a whole number from 1 to 10"),
        ("SOCKET_CONNECTIONS", "11", "SOCKET_CONNECTIONS='11'"),
    ],
)
def test_a_wrong_setting_is_named_without_its_secret(name, value, problem):
    with pytest.raises(SettingsError, match=problem) as raised:
        Settings.from_env({name: value})
    assert "secret" not in str(raised.value).removeprefix(f"  {name}").replace(
        "the secret from", ""
    )


def test_the_address_of_slack_ends_in_a_slash():
    settings = Settings.from_env({"SLACK_API_URL": "http://127.0.0.1:1/api"})
    assert settings.slack_api_url == "http://127.0.0.1:1/api/"
