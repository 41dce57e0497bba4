"""How much memory `pmrole serve` holds after a thousand answers, and at most while it reindexes.

The bot is the real process under the limit of a small dyno, where a cgroup can be made; the local
Slack runs in the process of the bench.
"""

import argparse
import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # without stubs

from bench.corpora import questions
from bench.measuring import peak_mb
from bench.printing import Figure, Part, at_most, table
from bench.results import record
from bot.settings import Settings
from index.generation_store import GenerationStore
from playground.local_slack import LocalSlack

WORK = Path("var/bench/memory")
_ANSWERS = 1000
_AT_ONCE = 20
_LIMIT_MB = 512
_RESIDENT_MB, _PEAK_MB = 256.0, 400.0
_PATIENCE_S, _REINDEX_S, _END_S = 120.0, 900.0, 15.0
_MB = 1024 * 1024
_CGROUPS = (
    (Path("/sys/fs/cgroup/memory"), "memory.limit_in_bytes"),
    (Path("/sys/fs/cgroup"), "memory.max"),
)


def measure() -> Part:
    """Let people ask, then let an admin reindex articles of which every sentence is new."""
    _prepare()
    with _cgroup() as (group, limited), LocalSlack() as slack:
        slack.ack_within_s = _PATIENCE_S
        with _bot(slack, group) as bot:
            ready = _rss(bot)
            _ask(slack)
            answered, answering_peak = _rss(bot), peak_mb(bot)
            _forget_peak(bot)
            seconds = _reindex(slack)
            peak, after = peak_mb(bot), _rss(bot)
    rows = [
        ("ready", f"{ready:.0f}", ""),
        (f"after {_ANSWERS} answers", f"{answered:.0f}", f"{answering_peak:.0f}"),
        (f"a reindex of everything, {seconds:.0f} s", f"{after:.0f}", f"{peak:.0f}"),
    ]
    limit = f"under a cgroup of {_LIMIT_MB} MB" if limited else "without a limit: no cgroup here"
    said = f"`pmrole serve` over Socket Mode, {limit}; nothing of it was killed."
    figures: tuple[Figure, ...] = (
        at_most(
            f"`pmrole serve`, resident after {_ANSWERS} answers in Slack",
            answered,
            _RESIDENT_MB,
            f"{answered:.0f} MB, {limit}",
            "at most 256 MB",
        ),
        at_most(
            "the same, at most while it indexes every article anew",
            peak,
            _PEAK_MB,
            f"{peak:.0f} MB, {limit}",
            "at most 400 MB",
        ),
    )
    header = ("when", "MB resident", "MB at the peak")
    return Part("Memory", f"{said}\n\n{table(header, rows)}", figures)


def _prepare() -> None:
    """Copy the index and the articles; another title makes every text of an article a new one."""
    settings = Settings()
    shutil.rmtree(WORK, ignore_errors=True)
    shutil.copytree(settings.knowledge_dir, WORK / "knowledge")
    store = GenerationStore(settings.index_dir)
    current = store.current_name()
    shutil.copytree(store.folder / current, WORK / "index" / current)
    (WORK / "index" / "CURRENT").write_text(current, encoding="utf-8")
    for article in (WORK / "knowledge").rglob("*.md"):
        text = article.read_text("utf-8")
        changed = re.sub(r'^(title: ".+|# .+?)("?)$', r"\1 anew\2", text, flags=re.MULTILINE)
        article.write_text(changed, encoding="utf-8")


@contextlib.contextmanager
def _cgroup() -> Iterator[tuple[str, bool]]:
    """Make a group of processes with a limit; give the file that takes members in."""
    for root, limit in _CGROUPS:
        group = root / f"pmrole-bench-{os.getpid()}"
        try:
            group.mkdir()
        except OSError:
            continue
        try:
            (group / limit).write_text(str(_LIMIT_MB * _MB), encoding="ascii")
        except OSError:
            group.rmdir()
            continue
        try:
            yield str(group / "cgroup.procs"), True
        finally:
            with contextlib.suppress(OSError):
                group.rmdir()
        return
    yield os.devnull, False


@contextlib.contextmanager
def _bot(slack: LocalSlack, group: str) -> Iterator[int]:
    """Run the bot in a group; give its process id."""
    settings = {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.api_url,
        "KNOWLEDGE_DIR": str(WORK / "knowledge"),
        "INDEX_DIR": str(WORK / "index"),
        "DATABASE_URL": f"sqlite:///{WORK}/state.db",
        "REINDEX_MAX_LOST": "1000000",
        "HF_HUB_OFFLINE": "1",
    }
    values = [f"{name}={value}" for name, value in settings.items()]
    join = 'echo $$ > "$0"; exec "$@"'  # the shell joins the group, and becomes the bot
    serve = [sys.executable, "-m", "bot", "serve"]
    process = subprocess.Popen(
        ["sh", "-c", join, group, "env", *values, *serve], stderr=subprocess.PIPE, text=True
    )
    try:
        line = process.stderr.readline() if process.stderr is not None else ""
        if "answers as" not in line:
            raise RuntimeError(f"`pmrole serve` did not start: {line}")
        yield process.pid
        if process.poll() is not None:
            raise RuntimeError(f"`pmrole serve` ended with {process.returncode}")
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=_END_S)


def _ask(slack: LocalSlack) -> None:
    """Ask in direct messages, some at a time, and wait for every answer."""
    asked, ann = questions(), slack.person("ann")
    for begun in range(0, _ANSWERS, _AT_ONCE):
        for number in range(begun, begun + _AT_ONCE):
            ann.writes(asked[number % len(asked)])
        wanted = begun + _AT_ONCE
        slack.wait_for(lambda: _answers(slack) >= wanted, "answers", _PATIENCE_S)  # noqa: B023 - called within this turn


def _answers(slack: LocalSlack) -> int:
    return len(slack.called("chat.postMessage"))


def _reindex(slack: LocalSlack) -> float:
    """Let an admin reindex; return how many seconds it took until it was published."""
    store = GenerationStore(WORK / "index")
    before, started = store.current_name(), time.monotonic()
    slack.person("ada").commands("/pmrole", "reindex")
    while store.current_name() == before:
        if time.monotonic() - started > _REINDEX_S:
            raise RuntimeError("the reindex was not published")
        time.sleep(0.2)
    seconds = time.monotonic() - started
    slack.person("ann").writes("what does a VP of product do")
    wanted = _answers(slack) + 1
    slack.wait_for(lambda: _answers(slack) >= wanted, "an answer", _PATIENCE_S)
    return seconds


def _rss(pid: int) -> float:
    return float(psutil.Process(pid).memory_info().rss) / _MB


def _forget_peak(pid: int) -> None:
    with contextlib.suppress(OSError):
        Path(f"/proc/{pid}/clear_refs").write_text("5", encoding="ascii")


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print."""
    argparse.ArgumentParser(prog="bench memory", description=__doc__).parse_args(argv)
    return record(measure())


if __name__ == "__main__":
    raise SystemExit(main())
