"""`pmrole doctor`: check this installation and say what to do."""

import argparse
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from bot.cli import FAILED, OK
from bot.cli.asking import open_answerer
from bot.settings import Settings
from index.articles import read_articles
from index.embedding import find_model
from index.generation import GenerationStore

_WANTED_DISK_MB = 500
_TRIAL = "What does a product manager do?"

Check = Callable[[Settings], str]


def doctor(_options: argparse.Namespace, settings: Settings) -> int:
    """Run every check, print its outcome, and fail if one failed."""
    failed = False
    for name, check in _checks():
        try:
            outcome = check(settings)
        except Exception as error:  # noqa: BLE001 - a check that breaks is a failed check
            failed = True
            print(f"FAIL {name}: {error}")
        else:
            print(f"ok   {name}: {outcome}")
    return FAILED if failed else OK


def _checks() -> Iterator[tuple[str, Check]]:
    yield "python", _python
    yield "disk", _disk
    yield "articles", _articles
    yield "model", _model
    yield "index", _index
    yield "answer", _answer


def _python(_settings: Settings) -> str:
    return f"{sys.version.split()[0]}, {os.cpu_count()} cores"


def _disk(settings: Settings) -> str:
    folder = _existing(settings.index_dir)
    free = shutil.disk_usage(folder).free // 1_000_000
    if free < _WANTED_DISK_MB:
        raise OSError(f"{free} MB free at {folder}, {_WANTED_DISK_MB} MB are wanted for a build")
    if not os.access(folder, os.W_OK):
        raise OSError(f"{folder} cannot be written to: change INDEX_DIR or its permissions")
    return f"{free} MB free at {folder}"


def _articles(settings: Settings) -> str:
    library = read_articles(settings.knowledge_dir)
    refused = [one for one in library.problems if not one.indexed]
    if not library.documents:
        raise FileNotFoundError(f"no readable article in {settings.knowledge_dir}")
    return f"{len(library.documents)} in {settings.knowledge_dir}, {len(refused)} refused"


def _model(settings: Settings) -> str:
    source = find_model(settings.embedding_model)
    return f"{source.name}, fingerprint {source.fingerprint}"


def _index(settings: Settings) -> str:
    store = GenerationStore(settings.index_dir)
    manifest = store.verify(store.current_name())
    return f"{manifest.name}, {manifest.articles} articles, {manifest.chunks} passages, all good"


def _answer(settings: Settings) -> str:
    answerer = open_answerer(settings)
    exchange = answerer.ask(_TRIAL)
    return f"{_TRIAL!r} took {exchange.milliseconds['total']:.0f} ms"


def _existing(folder: Path) -> Path:
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder.resolve()
