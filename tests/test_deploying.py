"""What ships the bot: files that parse, settings that there are, and a bot without PyTorch."""

import configparser
import json
import re
import shutil
import subprocess
import sys
from dataclasses import fields
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml

from bot.cli import _parser
from bot.settings import Settings
from playground.local_slack import LocalSlack
from tests.library import ENCODERS

ROOT = Path(__file__).parent.parent
SETTINGS = {one.name.upper() for one in fields(Settings)}
# Set for other programs: pip, Python, the model's libraries.
OTHERS = {"PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "HF_HUB_OFFLINE"}
OTHERS |= {"PIP_EXTRA_INDEX_URL"}


def text_of(name):
    return (ROOT / name).read_text("utf-8")


def slimmed():
    """Return the packages that deploy/slim.sh takes out."""
    command = text_of("deploy/slim.sh").replace("\\\n", " ").split("--yes", 1)[1]
    return command.split("\n", 1)[0].split()


def plain(package):
    return re.sub(r"[-_.]+", "-", package).lower()


def modules_of(packages):
    """Return the names by which those packages are imported."""
    names = {plain(one) for one in packages}
    shared = {"google": "google.protobuf"}  # a namespace that others use too
    return {
        shared.get(module, module)
        for module, owners in packages_distributions().items()
        if names & {plain(owner) for owner in owners}
    }


# --- The files


def test_app_json_names_settings_that_there_are_and_asks_for_the_token():
    app = json.loads(text_of("app.json"))
    assert set(app["env"]) <= SETTINGS | OTHERS
    assert app["env"]["SLACK_BOT_TOKEN"].get("required", True)
    processes = {line.split(":")[0] for line in text_of("Procfile").splitlines()}
    assert set(app["formation"]) <= processes


def test_no_secret_has_a_value_in_what_is_shipped():
    app = json.loads(text_of("app.json"))
    secret = {one.name.upper() for one in fields(Settings) if one.metadata.get("secret")}
    assert not [name for name in secret if app["env"].get(name, {}).get("value")]
    for name in ("Dockerfile", *COMPOSE, "app.json", "Procfile", ".env.example"):
        assert not re.search(r"xox[a-z]-\w|xapp-\w", text_of(name))


COMPOSE = ("docker-compose.yml", "docker-compose.single.yml")


@pytest.mark.parametrize("file", COMPOSE)
def test_compose_names_settings_volumes_and_services_that_there_are(file):
    compose = yaml.safe_load(text_of(file))
    bot = compose["services"]["bot"]
    assert set(bot.get("environment", {})) <= SETTINGS | OTHERS
    assert set(bot.get("depends_on", {})) <= set(compose["services"])
    named = [one for service in compose["services"].values() for one in service.get("volumes", [])]
    assert {one.split(":")[0] for one in named} == set(compose["volumes"])
    # It writes nowhere but into volumes and memory, and may do no more than any user.
    assert bot["read_only"]
    assert bot["cap_drop"] == ["ALL"]
    for service in compose["services"].values():
        assert "ports" not in service
        assert service["restart"] == "unless-stopped"


def test_compose_runs_replicas_with_nothing_on_their_disks_that_has_to_last():
    compose = yaml.safe_load(text_of("docker-compose.yml"))
    bot, database = compose["services"]["bot"], compose["services"]["db"]
    assert bot["deploy"]["replicas"] > 1
    assert "volumes" not in bot
    env = {key: re.sub(r"\$\{\w+:-(\w+)\}", r"\1", one) for key, one in bot["environment"].items()}
    settings = Settings.from_env(env)
    assert settings.database_url == env["DATABASE_URL"]
    assert settings.index_store == "postgres"
    for folder in (settings.knowledge_dir, settings.index_dir):
        assert any(folder.is_relative_to(one) for one in bot["tmpfs"])
    # A tag that says both versions: Postgres 18 keeps its data one folder higher than those before.
    assert re.fullmatch(r"pgvector/pgvector:\d+\.\d+\.\d+-pg18-\w+", database["image"])
    assert database["volumes"] == ["database:/var/lib/postgresql"]
    assert "healthcheck" in database
    assert bot["depends_on"]["db"]["condition"] == "service_healthy"


def test_the_single_bot_of_compose_needs_nothing_else():
    compose = yaml.safe_load(text_of("docker-compose.single.yml"))
    assert set(compose["services"]) == {"bot"}
    places = {one.split(":")[1] for one in compose["services"]["bot"]["volumes"]}
    defaults = Settings()
    inside = {Path("/app") / one for one in (defaults.knowledge_dir, "var")}
    assert {Path(one) for one in places} == inside
    assert defaults.index_dir.is_relative_to("var")
    assert defaults.database_url == "sqlite:///var/state.db"


def dockerfile():
    """Return its instructions, each a word and the rest."""
    whole = text_of("Dockerfile").replace("\\\n", " ")
    lines = [line for line in whole.splitlines() if line and not line.startswith("#")]
    return [tuple(line.split(" ", 1)) for line in lines]


def test_the_image_copies_what_there_is_and_runs_as_nobody_special():
    instructions = dockerfile()
    copied = [rest.split() for word, rest in instructions if word == "COPY"]
    sources = [one for words in copied if not words[0].startswith("--") for one in words[:-1]]
    assert [one for one in sources if not (ROOT / one).exists()] == []
    last_stage = [word for word, _ in instructions][::-1].index("FROM")
    users = [rest for word, rest in instructions[-last_stage:] if word == "USER"]
    assert users == ["pmrole"]
    set_there = re.findall(
        r"([A-Z_]+)=", " ".join(rest for word, rest in instructions if word == "ENV")
    )
    assert set(set_there) <= SETTINGS | OTHERS


def test_the_image_holds_no_secret_and_no_state_of_the_machine_it_is_made_on():
    ignored = text_of(".dockerignore").splitlines()
    assert {".env", "var", ".git", ".venv"} <= set(ignored)


def test_the_images_command_is_one_that_there_is():
    (start,) = re.findall(r"^exec (.+)$", text_of("deploy/start.sh"), re.MULTILINE)
    _parser().parse_args(start.replace('"$@"', "--http").split()[1:])
    (build,) = re.findall(r"^pmrole ([^|]+)", text_of("deploy/start.sh"), re.MULTILINE)
    _parser().parse_args(build.split())


@pytest.mark.parametrize(
    "script", ["deploy/slim.sh", "deploy/start.sh", "bin/pre_compile", "bin/post_compile"]
)
def test_scripts_are_shell_and_can_be_run(script):
    assert subprocess.run(["sh", "-n", ROOT / script], check=False).returncode == 0
    assert (ROOT / script).stat().st_mode & 0o111


def test_the_slug_gets_the_files_that_heroku_wants_and_keeps_those_there_are(tmp_path):
    shutil.copytree(ROOT / "bin", tmp_path / "bin")
    subprocess.run(["sh", "bin/pre_compile"], cwd=tmp_path, check=True)
    wanted = re.search(r'requires-python = ">=([\d.]+),<([\d.]+)"', text_of("pyproject.toml"))
    assert wanted
    version = (tmp_path / ".python-version").read_text().strip()
    low, high = (tuple(map(int, one.split("."))) for one in wanted.groups())
    assert low <= tuple(map(int, version.split("."))) < high
    assert (tmp_path / "requirements.txt").read_text() == "--constraint constraints.txt\n.\n"
    (tmp_path / "requirements.txt").write_text("mine")
    subprocess.run(["sh", "bin/pre_compile"], cwd=tmp_path, check=True)
    assert (tmp_path / "requirements.txt").read_text() == "mine"


def test_what_is_taken_out_is_installed_at_a_known_version():
    pinned = {plain(line.split("==")[0]) for line in text_of("constraints.txt").splitlines()}
    assert [one for one in slimmed() if plain(one) not in pinned] == []


def units():
    page = text_of("docs/deploying.md")
    return re.findall(r"```ini\n(.*?)```", page, re.DOTALL)


def test_the_systemd_unit_runs_a_command_that_there_is_with_settings_that_there_are():
    (unit,) = units()
    read = configparser.ConfigParser(strict=False, interpolation=None)
    read.optionxform = str  # type: ignore[assignment,method-assign] # as its documentation says
    read.read_string(unit)
    service = read["Service"]
    assert set(read.sections()) == {"Unit", "Service", "Install"}
    _parser().parse_args(service["ExecStart"].split()[1:])
    assert service["ExecStart"].split()[0].endswith("/.venv/bin/pmrole")
    named = re.findall(r"^Environment=([A-Z_]+)=", unit, re.MULTILINE)
    assert set(named) <= SETTINGS | OTHERS
    # Platforms and systemd alike give the bot ten seconds to end, and a little more.
    assert int(service["TimeoutStopSec"]) >= 10


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_finds_no_mistake_in_the_unit(tmp_path):
    (unit,) = units()
    there = re.sub(r"^ExecStart=\S+", f"ExecStart={shutil.which('true')}", unit, flags=re.MULTILINE)
    file = tmp_path / "pmrole.service"
    file.write_text(there)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    complaints = [line for line in done.stderr.splitlines() if "pmrole.service" in line]
    assert complaints == []


# --- Without PyTorch

HOOK = """
import sys

BLOCKED = {blocked!r}

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if any(name == one or name.startswith(one + ".") for one in BLOCKED):
            raise ModuleNotFoundError(f"No module named {{name!r}} (slim)", name=name)

sys.meta_path.insert(0, Blocked())
"""


class SlimBot:
    """`pmrole` in processes to which the packages of slim.sh are not there."""

    def __init__(self, folder):
        self.folder = folder
        (folder / "hook").mkdir()
        hook = HOOK.format(blocked=sorted(modules_of(slimmed())))
        (folder / "hook" / "sitecustomize.py").write_text(hook)
        self.env = {
            "PYTHONPATH": f"{folder / 'hook'}:{ROOT}",
            "OMP_NUM_THREADS": "1",
            "KNOWLEDGE_DIR": str(folder / "knowledge"),
            "INDEX_DIR": str(folder / "index"),
            "ENCODER_DIR": str(ENCODERS),
            "HF_HUB_OFFLINE": "1",
        }

    def run(self, *argv):
        return subprocess.run(
            self.command(*argv), env=self.env, cwd=self.folder, capture_output=True, text=True,
            check=False, timeout=120,
        )  # fmt: skip

    @staticmethod
    def command(*argv):
        return [sys.executable, "-m", "bot", *argv]


@pytest.fixture(scope="module")
def slim(answerer, tmp_path_factory):  # noqa: ARG001 - it compiles the model, as the build stage does
    made = SlimBot(tmp_path_factory.mktemp("slim"))
    (made.folder / "knowledge").mkdir()
    for name in ("vp-of-product.md", "chief-product-officer.md", "product-manager.md"):
        shutil.copy(ROOT / "knowledge" / "roles" / name, made.folder / "knowledge")
    built = made.run("index", "build")
    assert built.returncode == 0, built.stderr
    return made


def test_the_hook_blocks_what_slim_takes_out(slim):
    for module in ("torch", "transformers", "sentence_transformers", "onnx", "google.protobuf"):
        done = subprocess.run(
            [sys.executable, "-c", f"import {module}"],
            env=slim.env,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 1
        assert b"(slim)" in done.stderr


def test_it_answers_without_what_compiles_models(slim):
    done = slim.run("ask", "what does a VP of product do")
    assert done.returncode == 0, done.stderr
    assert "vp-of-product.md" in done.stdout


def test_it_indexes_a_new_article_without_what_compiles_models(slim):
    shutil.copy(ROOT / "knowledge" / "roles" / "head-of-product.md", slim.folder / "knowledge")
    done = slim.run("index", "build")
    assert done.returncode == 0, done.stderr
    assert "4 articles (1 added" in done.stdout
    assert slim.run("doctor").returncode == 0


def test_it_serves_without_what_compiles_models(slim):
    with LocalSlack() as slack:
        env = {
            **slim.env,
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_API_URL": slack.api_url,
        }
        process = subprocess.Popen(
            slim.command("serve"), env=env, cwd=slim.folder, stderr=subprocess.PIPE, text=True
        )
        try:
            assert process.stderr is not None
            line = process.stderr.readline()
            assert "answers as @pmrole" in line, line
            asked = slack.person("ann").says("#careers", f"<@{slack.bot_user}> what does a CPO do")

            def answers():
                held = slack.messages("#careers")
                return [one for one in held if one.thread_ts == asked.ts and one.bot_id]

            slack.wait_for(answers, "the answer", 120)
        finally:
            process.terminate()
            _, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
