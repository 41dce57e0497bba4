"""`pmrole doctor`: check this installation and say what to do."""

import argparse
import os
import shutil
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

from bot.cli import FAILED, OK
from bot.cli.asking import open_answerer, reranker_of
from bot.cli.stored import file_of
from bot.index_store import index_store
from bot.operating.masking import Masking
from bot.settings import Settings
from bot.state.database import look_at_database
from index.articles import read_articles
from index.embedding import find_model
from index.export import probe_passages
from index.reranking import DEPTH

_WANTED_DISK_MB = 500
_TRIAL = "What does a product manager do?"
_ANSWERS_WITHIN_S = 3

# Gives what it found good; None if there is nothing to check.
Check = Callable[[], str | None]


def doctor(_options: argparse.Namespace, settings: Settings) -> int:
    """Run every check, print its outcome, and fail if one failed."""
    failed = False
    masking = Masking.of(settings)
    for name, check in _checks(settings):
        try:
            outcome = check()
            if outcome is None:
                continue
        except Exception as error:  # noqa: BLE001 - a check that breaks is a failed check
            failed = True
            print(masking(f"FAIL {name}: {str(error) or type(error).__name__}"))
        else:
            print(masking(f"ok   {name}: {outcome}"))
    return FAILED if failed else OK


def _checks(settings: Settings) -> Iterator[tuple[str, Check]]:
    yield "python", _python
    for name, check in {
        "disk": _disk,
        "articles": _articles,
        "uploads": _uploads,
        "model": _model,
        "reranker": _reranker,
        "index": _index,
        "answer": _answer,
        "database": _database,
        "port": _port,
    }.items():
        yield name, partial(check, settings)
    # Slack's libraries take a second to import.
    from bot.cli.doctor_slack import slack_checks

    yield from slack_checks(settings)


def _python() -> str:
    return f"{sys.version.split()[0]}, {os.cpu_count()} cores"


def _disk(settings: Settings) -> str:
    folder = _existing(settings.index_dir)
    free = shutil.disk_usage(folder).free // 1_000_000
    if free < _WANTED_DISK_MB:
        raise OSError(
            f"{free} MB free at {folder}, {_WANTED_DISK_MB} MB are wanted for a build: free some, "
            "or name another disk in INDEX_DIR"
        )
    if not os.access(folder, os.W_OK):
        raise OSError(f"{folder} cannot be written to: change INDEX_DIR or its permissions")
    return f"{free} MB free at {folder}"


def _articles(settings: Settings) -> str:
    library = read_articles(settings.knowledge_dir)
    refused = [one for one in library.problems if not one.indexed]
    if not library.documents:
        raise FileNotFoundError(
            f"no readable article in {settings.knowledge_dir}: put some there, or name the folder "
            "in KNOWLEDGE_DIR"
        )
    return f"{len(library.documents)} in {settings.knowledge_dir}, {len(refused)} refused"


def _uploads(settings: Settings) -> str | None:
    if not settings.knowledge_dir.is_dir():
        return None  # said already
    if not os.access(settings.knowledge_dir, os.W_OK):
        return f"{settings.knowledge_dir} is read only: admins cannot add articles from Slack"
    return f"admins can add articles to {settings.knowledge_dir} from Slack"


def _model(settings: Settings) -> str:
    source = find_model(settings.embedding_model)
    return f"{source.name}, fingerprint {source.fingerprint}"


def _reranker(settings: Settings) -> str | None:
    reranker = reranker_of(settings)
    if reranker is None:
        return None
    started = time.perf_counter()
    reranker.predict(_TRIAL, probe_passages()[:DEPTH])
    spent = time.perf_counter() - started
    return f"{reranker.card.model}, {DEPTH} passages took {1000 * spent:.0f} ms"


def _index(settings: Settings) -> str:
    with closing(index_store(settings)) as store:
        manifest = store.verify(store.current_name())
    return f"{manifest.name}, {manifest.articles} articles, {manifest.chunks} passages, all good"


def _answer(settings: Settings) -> str:
    answerer = open_answerer(settings)
    exchange = answerer.ask(_TRIAL)
    return f"{_TRIAL!r} took {exchange.milliseconds['total']:.0f} ms"


def _database(settings: Settings) -> str:
    found = look_at_database(settings.database_url)
    if found.is_present:
        return f"{found.name}, form {found.form}, can be written to"
    if found.form is not None:
        return f"{found.name}, form {found.form}: the next start brings it up to date"
    file = file_of(settings)
    if file is not None and not os.access(_existing(file.parent), os.W_OK):
        raise OSError(
            f"{_existing(file.parent)} cannot be written to: name a file in DATABASE_URL whose "
            "folder can be"
        )
    return f"{found.name} is new: the first start makes its tables"


def _port(settings: Settings) -> str | None:
    if not settings.port:
        return None
    from bot.slack.listening import ListeningError, listen

    try:
        listen(settings.http_host, settings.port).close()
    except ListeningError:
        if not _is_ours(settings.http_host, settings.port):
            raise
        return f"{settings.port} is in use by a bot that runs"
    return f"{settings.port} is free"


def _is_ours(host: str, port: int) -> bool:
    """Tell whether a bot that runs listens somewhere, by its health check."""
    here = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104 - not bound here
    try:
        address = f"http://{here}:{port}/"
        with urllib.request.urlopen(address, timeout=_ANSWERS_WITHIN_S) as page:
            return bool(page.read(200).startswith(b"PM Role "))
    except (OSError, ValueError):
        return False


def _existing(folder: Path) -> Path:
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder.resolve()
