"""What breaks under the bot's real process: the disk, the index, the network. Nothing is lost."""

import shutil
import subprocess

import pytest

from index.generation_store import GenerationStore
from tests.commands import command_line, run
from tests.full_disks import small_disk, write_limit
from tests.library import ENCODERS, INDEX, KNOWLEDGE
from tests.scenarios.breaking import CPO, BotProcess, by_bot, rows_of
from tests.scenarios.conftest import PATIENCE_S, VP

pytestmark = pytest.mark.timeout(600)

ENV = {"KNOWLEDGE_DIR": str(KNOWLEDGE), "ENCODER_DIR": str(ENCODERS), "HF_HUB_OFFLINE": "1"}


@pytest.fixture(params=[small_disk, write_limit])
def disk(request, tmp_path):
    """A disk that a test fills."""
    with request.param(tmp_path / "disk") as made:
        yield made


@pytest.fixture
def started(slack, answerer):  # noqa: ARG001 - builds the index
    """Start bots; what is left of them at the end is killed."""
    bots = []

    def start(database, **settings):
        bots.append(BotProcess(slack, database, **settings))
        bots[-1].wait_until_it_answers()
        return bots[-1]

    yield start
    for one in bots:
        if not one.has_ended:
            one.kill()


def answers(slack, asked):
    return by_bot(slack, slack.person("ann").sees(asked.channel, asked))


def ask(slack, text=VP):
    return slack.person("ann").says("#careers", f"<@{slack.bot_user}> {text}")


def is_answered(slack, asked, patience_s=PATIENCE_S):
    slack.wait_for(lambda: answers(slack, asked), f"an answer to {asked.ts}", patience_s)


def test_what_comes_while_the_disk_is_full_is_answered_once_when_there_is_room(
    disk, slack, started
):
    """The state cannot grow, so nothing is acknowledged, and Slack delivers it again."""
    slack.ack_within_s, slack.redeliver_after = 2.0, (0.5,) * 60
    database = disk.folder / "state.db"
    bot = started(database)
    first = ask(slack)
    is_answered(slack, first)
    disk.fill(bot.pid)
    # So much that no page of the database that is free already holds it.
    second = ask(slack, f"{CPO}? {'please tell me, ' * 100}")
    (heard,) = [
        one
        for one in slack.deliveries
        if one.payload["event"].get("ts") == second.ts
        and one.payload["event"]["type"] == "app_mention"
    ]
    slack.wait_for(lambda: slack.delivery(heard.id).attempts >= 2, "a second try", PATIENCE_S)
    assert not slack.delivery(heard.id).is_over
    assert not answers(slack, second)
    disk.free(bot.pid)
    is_answered(slack, second)
    slack.wait_for(lambda: rows_of(database) == 0, "an empty inbox", PATIENCE_S)
    status, log = bot.stop()
    assert status == 0
    assert "Slack will deliver an event again" in log
    assert [len(answers(slack, one)) for one in (first, second)] == [1, 1]


@pytest.fixture(scope="module")
def two_generations(answerer, tmp_path_factory):  # noqa: ARG001 - builds the index
    """The shipped library's index, twice: a newer generation and the one before."""
    folder = tmp_path_factory.mktemp("two-generations")
    store = GenerationStore(folder / "index")
    source = GenerationStore(INDEX)
    shutil.copytree(INDEX / source.current_name(), store.folder / source.current_name())
    (store.folder / "CURRENT").write_text(source.current_name(), "utf-8")
    built = run(["index", "build"], {**ENV, "INDEX_DIR": str(store.folder)}, folder)
    assert built.returncode == 0, built.stderr
    assert len(store.names()) == 2
    return store.folder


@pytest.fixture
def installed(two_generations, tmp_path):
    """A copy of it that a test may spoil."""
    store = GenerationStore(tmp_path / "index")
    shutil.copytree(two_generations, store.folder)
    return store, {**ENV, "INDEX_DIR": str(store.folder)}


def damage(store, name):
    """Turn bytes over in a file of a generation, as a bad disk does."""
    file = store.folder / name / "passages.db"
    content = bytearray(file.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 64] = bytes(64)
    file.write_bytes(content)


def test_a_bot_over_a_damaged_index_answers_on_and_the_next_takes_the_one_before(
    installed, slack, started, tmp_path
):
    store, env = installed
    bot = started(tmp_path / "state.db", INDEX_DIR=env["INDEX_DIR"])
    damage(store, store.current_name())
    bot.kill()
    bot = started(tmp_path / "state.db", INDEX_DIR=env["INDEX_DIR"], LOG_FORMAT="text")
    asked = ask(slack)
    is_answered(slack, asked)
    status, _ = bot.stop()
    assert status == 0
    assert f"answering from the older one, {store.names()[0]}" in bot.said
    assert run(["index", "verify"], env, tmp_path).returncode == 1
    mended = run(["index", "build"], env, tmp_path)
    assert mended.returncode == 0, mended.stderr
    assert run(["index", "verify"], env, tmp_path).returncode == 0


# A process whose coverage is measured writes a file of its own at its end, and fails at it too.
COVERAGE = "COVERAGE_PROCESS_START COVERAGE_PROCESS_CONFIG"


@pytest.mark.parametrize("make", [small_disk, write_limit])
def test_a_build_on_a_full_disk_leaves_the_index_as_it_was(installed, tmp_path, make):
    store, env = installed
    before = store.current_name()
    article = tmp_path / "knowledge" / "new.md"
    shutil.copytree(KNOWLEDGE, article.parent)
    article.write_text("# Guilds\n\nA guild of product managers meets every week.\n", "utf-8")
    with make(tmp_path / "disk") as disk:
        full = disk.folder / "index"
        shutil.copytree(store.folder, full)
        env = {**env, "KNOWLEDGE_DIR": str(article.parent), "INDEX_DIR": str(full)}
        command = command_line(["index", "build"], env)
        process = subprocess.Popen(
            ["sh", "-c", f'read go; unset {COVERAGE}; exec "$@"', "sh", *command],
            cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True,
        )  # fmt: skip
        disk.fill(process.pid)
        _, errors = process.communicate("go\n", timeout=120)
        assert process.returncode == 1
        assert errors.splitlines()[-1].startswith("pmrole: ")
        assert "Traceback" not in errors
        if make is small_disk:
            disk.free(process.pid)
        there = GenerationStore(full)
        assert there.current_name() == before
        there.verify(before)
        assert run(["ask", VP], env, tmp_path).returncode == 0
        again = run(["index", "build"], env, tmp_path)
        assert again.returncode == 0, again.stderr
        assert there.current_name() > before


def test_five_minutes_without_a_network_lose_nothing(slack, started, tmp_path):
    """A thirtieth of it: Slack tries again at once, after two seconds, and after thirty more.

    The last of them comes late, so that a slow machine is connected again by then.
    """
    slack.ack_within_s, slack.redeliver_after = 1.0, (0.0, 2.0, 30.0)
    bot = started(tmp_path / "state.db")
    before = ask(slack)
    is_answered(slack, before)
    slack.refuse_sockets(10.0)
    slack.cut_sockets()
    slack.wait_for(lambda: slack.connections == 0, "the end of the connection", PATIENCE_S)
    meanwhile = ask(slack, CPO)
    is_answered(slack, meanwhile, 30 + PATIENCE_S)
    slack.wait_for(lambda: slack.connections == 1, "a connection", PATIENCE_S)
    after = ask(slack, "what does a head of product do")
    is_answered(slack, after)
    assert bot.stop()[0] == 0
    assert [len(answers(slack, one)) for one in (before, meanwhile, after)] == [1, 1, 1]
