"""`pmrole doctor` on installations that are well and on others, with a local Slack."""

import json
import socket
import sqlite3
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bot.cli import FAILED, OK, main
from bot.cli.doctor_slack import slack_checks
from bot.operating.metrics import Metrics
from bot.settings import Settings
from bot.slack.web import ProbeServer, Readiness, create_web
from bot.state.database import open_database
from playground.local_slack import LocalSlack

MANIFEST = json.loads(Path("slack-manifest.json").read_text("utf-8"))


def outcomes(settings, **options):
    """Run the checks of Slack; return what each found, or the words of its failure."""
    found = {}
    for name, check in slack_checks(settings, **options):
        try:
            found[name] = check()
        except Exception as error:  # noqa: BLE001 - as doctor does
            found[name] = f"FAIL {error}"
    return found


@pytest.fixture
def slack():
    with LocalSlack(manifest=MANIFEST) as running:
        yield running


def settings_of(slack, **changes):
    wanted = Settings(
        slack_bot_token=slack.bot_token,
        slack_app_token=slack.app_token,
        slack_api_url=slack.api_url,
    )
    return replace(wanted, **changes)


def test_good_tokens_scopes_clock_and_channels_are_found_good(slack):
    careers = slack.channels["#careers"].id
    assert outcomes(settings_of(slack, ask_channel=careers)) == {
        "slack": "answers as @pmrole in Local",
        "scopes": "all that the manifest asks for",
        "clock": "right to the minute",
        "ASK_CHANNEL": f"the bot is in {careers}",
        "ADMIN_CHANNEL": None,
        "app token": "may open sockets",
    }
    assert slack.connections == 0
    assert not slack.messages("#careers")


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        ("invalid_auth", "copy it again from the app's page"),
        ("token_revoked", "install the app again"),
        ("account_inactive", "install it again"),
        ("fatal_error", "try again later"),
    ],
)
def test_a_refused_bot_token_says_what_to_do_and_the_app_token_is_tried_all_the_same(
    slack, error, remedy
):
    slack.refuse("auth.test", error, 5)
    found = outcomes(settings_of(slack))
    assert set(found) == {"slack", "app token"}
    assert found["slack"].startswith(f"FAIL Slack refused SLACK_BOT_TOKEN: {error}; ")
    assert remedy in found["slack"]
    assert found["app token"] == "may open sockets"


def test_a_slack_in_trouble_is_told(slack):
    slack.refuse("auth.test", 500)
    told = "FAIL Slack answered 500 to SLACK_BOT_TOKEN: it is busy; try again later"
    assert outcomes(settings_of(slack))["slack"] == told


def test_a_page_of_somebody_else_is_told(slack):
    """A proxy answers whatever it is asked with its login."""
    elsewhere = slack.api_url.replace("/api/", "/files-pri/T0-F0/x/")
    found = outcomes(settings_of(slack, slack_api_url=elsewhere))["slack"]
    assert found.startswith("FAIL something else than Slack answers SLACK_BOT_TOKEN")


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        ("not_allowed_token_type", "SLACK_APP_TOKEN with xapp-"),
        ("missing_scope", "with connections:write"),
    ],
)
def test_a_refused_app_token_says_what_to_do(slack, error, remedy):
    slack.refuse("apps.connections.open", error)
    found = outcomes(settings_of(slack))["app token"]
    assert found.startswith(f"FAIL Slack refused SLACK_APP_TOKEN: {error}; ")
    assert remedy in found


def test_a_slack_that_cannot_be_reached_is_told_with_where_to_look():
    settings = Settings(slack_bot_token="xoxb-1", slack_api_url="http://127.0.0.1:9/api/")
    found = outcomes(settings)
    assert found["slack"].startswith("FAIL Slack cannot be reached at http://127.0.0.1:9/api/ (")
    assert "firewall" in found["slack"]
    assert set(found) == {"slack"}


def test_scopes_that_the_app_lacks_are_named():
    fewer = json.loads(json.dumps(MANIFEST))
    fewer["oauth_config"]["scopes"]["bot"].remove("files:read")
    fewer["oauth_config"]["scopes"]["bot"].remove("users:read")
    with LocalSlack(manifest=fewer) as slack:
        found = outcomes(settings_of(slack))["scopes"]
    assert found.startswith("FAIL the app lacks files:read, users:read: paste slack-manifest.json")


def test_a_slack_that_does_not_say_the_scopes_is_no_failure():
    with LocalSlack() as slack:
        assert outcomes(settings_of(slack))["scopes"] == "Slack does not say which"


@pytest.mark.parametrize(("ahead_s", "said"), [(400, "ahead of"), (-400, "behind")])
def test_a_clock_that_is_wrong_is_told(slack, ahead_s, said):
    found = outcomes(settings_of(slack), clock=lambda: time.time() + ahead_s)["clock"]
    assert found.startswith("FAIL ")
    assert f" s {said} Slack's" in found
    assert "timedatectl set-ntp true" in found


@pytest.mark.parametrize(
    ("channel", "said"),
    [
        ("C0NOWHERE", "channel_not_found; name a channel of this workspace"),
        (None, "not_in_channel"),
    ],
)
def test_a_channel_without_the_bot_is_told(slack, channel, said):
    if channel is None:
        channel = slack.channels["#careers"].id
        slack.person("ole").removes_bot("#careers")
    found = outcomes(settings_of(slack, admin_channel=channel))["ADMIN_CHANNEL"]
    assert found.startswith(f"FAIL Slack refused ADMIN_CHANNEL={channel}: {said}")


def test_without_any_token_it_says_so_and_does_not_fail():
    found = outcomes(Settings())
    assert found == {
        "slack": "not set up; SLACK_BOT_TOKEN is what `pmrole serve` needs, see README.md"
    }


def test_where_workspaces_install_it_there_is_no_token_to_try():
    settings = Settings(slack_client_id="1.2", slack_client_secret="s")
    assert "in the state database" in outcomes(settings)["slack"]


# --- The whole command; what it says of articles, model and index is in test_cli.py


@pytest.fixture
def installation(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "knowledge").mkdir()

    def lines(capsys, **env):
        status = main(["doctor"], env)
        seen = capsys.readouterr()
        assert seen.err == ""
        return status, dict(line[5:].split(": ", 1) for line in seen.out.splitlines()), seen.out

    return lines


def test_no_token_is_printed_whatever_fails(installation, capsys, slack):
    slack.refuse("auth.test", "invalid_auth")
    env = {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": "xapp-1-A0-wrong-one",
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_API_URL": slack.api_url,
        "DATABASE_URL": "postgresql://pm:hushhush@127.0.0.1:9/pmrole",
    }
    status, found, out = installation(capsys, **env)
    assert status == FAILED
    assert "SLACK_APP_TOKEN: invalid_auth" in found["app token"]
    assert "127.0.0.1:9/pmrole failed" in found["database"]
    for secret in (slack.bot_token, "wrong-one", slack.signing_secret, "hushhush"):
        assert secret not in out


def test_a_new_database_is_not_made(installation, capsys, tmp_path):
    _, found, _ = installation(capsys)
    assert found["database"] == "var/state.db is new: the first start makes its tables"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["knowledge"]


def test_a_present_database_is_tried(installation, capsys, tmp_path):
    open_database(f"sqlite:///{tmp_path}/s.db").dispose()
    _, found, _ = installation(capsys, DATABASE_URL=f"sqlite:///{tmp_path}/s.db")
    assert found["database"].endswith("can be written to")
    with closing(sqlite3.connect(tmp_path / "s.db")) as connection:
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    assert "pmrole_doctor" not in tables


def test_a_database_of_an_older_form_is_left_so(installation, capsys, tmp_path):
    open_database(f"sqlite:///{tmp_path}/s.db").dispose()
    with closing(sqlite3.connect(tmp_path / "s.db")) as connection, connection:
        connection.execute("UPDATE pmrole_revision SET version_num = '0001'")
    _, found, _ = installation(capsys, DATABASE_URL=f"sqlite:///{tmp_path}/s.db")
    assert found["database"].endswith("form 0001: the next start brings it up to date")
    with closing(sqlite3.connect(tmp_path / "s.db")) as connection:
        assert connection.execute("SELECT version_num FROM pmrole_revision").fetchone() == ("0001",)


def test_a_locked_and_a_damaged_database_are_told(installation, capsys, tmp_path, monkeypatch):
    monkeypatch.setattr("bot.state.database.BUSY_TIMEOUT_S", 0.2)
    file = tmp_path / "s.db"
    open_database(f"sqlite:///{file}").dispose()
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        _, found, _ = installation(capsys, DATABASE_URL=f"sqlite:///{file}")
        assert "is locked by another program" in found["database"]
        connection.execute("ROLLBACK")
    file.write_bytes(b"no database at all" * 500)
    status, found, _ = installation(capsys, DATABASE_URL=f"sqlite:///{file}")
    assert status == FAILED
    assert "is damaged or not a database" in found["database"]


def test_a_postgres_is_tried(installation, capsys, empty_postgres):
    _, found, _ = installation(capsys, DATABASE_URL=empty_postgres)
    assert found["database"].endswith("is new: the first start makes its tables")
    open_database(empty_postgres).dispose()
    _, found, _ = installation(capsys, DATABASE_URL=empty_postgres)
    assert found["database"].endswith("can be written to")


def test_a_taken_port_is_told_and_a_free_one_and_our_own_are_not(installation, capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        settings = {"HTTP_HOST": "127.0.0.1", "PORT": port}
        _, found, out = installation(capsys, **settings)
        assert f"FAIL port: cannot listen at HTTP_HOST=127.0.0.1 and PORT={port}" in out
    _, found, _ = installation(capsys, **settings)
    assert found["port"] == f"{port} is free"
    ours = ProbeServer(create_web(Readiness(), Metrics()), "127.0.0.1", int(port))
    _, found, _ = installation(capsys, **settings)
    assert found["port"] == f"{port} is in use by a bot that runs"
    ours.close()


def test_it_is_well_where_all_is_well(installation, answerer, capsys, slack, tmp_path):  # noqa: ARG001 - builds the index
    from tests.library import ENCODERS, INDEX, KNOWLEDGE  # noqa: PLC0415 - built by the fixture

    status, _, out = installation(
        capsys,
        SLACK_BOT_TOKEN=slack.bot_token,
        SLACK_APP_TOKEN=slack.app_token,
        SLACK_API_URL=slack.api_url,
        KNOWLEDGE_DIR=str(KNOWLEDGE.absolute()),
        INDEX_DIR=str(INDEX.absolute()),
        ENCODER_DIR=str(ENCODERS.absolute()),
        DATABASE_URL=f"sqlite:///{tmp_path}/state.db",
    )
    assert status == OK, out
