"""`pmrole ask`."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from bot.answering.answerer import Answerer
from bot.cli import FAILED, OK, USAGE
from bot.cli.terminal import render
from bot.domain import Message
from bot.index_store import live_index
from bot.machine import as_json
from bot.settings import Settings
from index.compiling_rerankers import open_reranker
from index.generation import Generations
from index.reranking import Reranker


def open_answerer(settings: Settings, *, store: Generations | None = None) -> Answerer:
    """Open the published index and what answers from it.

    Args:
        settings: Where it is.
        store: The generations of a process that answers for long: what is published later is
            heard of at once.

    Raises:
        IndexingError: if there is no index that can be opened, or no reranker where one is set.
    """
    live = live_index(settings, store=store)
    if store is not None:
        store.follow()
    return Answerer.open(live, reranker=reranker_of(settings))


def reranker_of(settings: Settings) -> Reranker | None:
    """Open the reranker that is set, compiling it where that was not done; None if none is set.

    Raises:
        ModelError: if it cannot be loaded, is no reranker, or cannot be compiled.
    """
    if settings.reranker_model is None:
        return None
    return open_reranker(settings.reranker_model, settings.encoder_dir)


def ask(options: argparse.Namespace, settings: Settings) -> int:
    """Answer the question of the command line, or a file of them."""
    if (options.question is None) == (options.batch is None):
        print('pmrole: ask "a question", or --batch FILE', file=sys.stderr)
        return USAGE
    if options.batch is not None:
        return _ask_batch(options.batch, settings)
    exchange = open_answerer(settings).ask(options.question)
    if options.json:
        print(json.dumps(as_json(exchange), ensure_ascii=False))
    else:
        print(render(exchange))
    return OK


def _ask_batch(file: str, settings: Settings) -> int:
    answerer = open_answerer(settings)
    status = OK
    with _opened(file) as lines:
        for number, item in _items(lines):
            if isinstance(item, str):
                print(f"pmrole: {file}, line {number}: {item}", file=sys.stderr)
                status = FAILED
                continue
            exchange = answerer.ask(item["question"], context_of(item))
            print(json.dumps(as_json(exchange, item.get("id")), ensure_ascii=False), flush=True)
    return status


def context_of(item: dict[str, Any]) -> tuple[Message, ...]:
    """Return the earlier messages that a line of a batch or of a question set names.

    They are objects with "from" and "text", or one string: "User: ... / Bot: ...".
    """
    context = item.get("context")
    if isinstance(context, str):
        return tuple(_spoken(part) for part in context.split(" / ") if part.strip())
    if not isinstance(context, list):
        return ()
    return tuple(
        Message("bot" if one.get("from") == "bot" else "user", str(one.get("text", "")))
        for one in context
        if isinstance(one, dict)
    )


def _spoken(text: str) -> Message:
    speaker, _, said = text.partition(":")
    if speaker.strip().lower() == "bot":
        return Message("bot", said.strip())
    return Message("user", said.strip() if speaker.strip().lower() == "user" else text.strip())


def _opened(file: str) -> TextIO:
    if file == "-":
        return sys.stdin
    # Bytes that are no UTF-8 spoil their own line, not the file.
    return Path(file).open(encoding="utf-8", errors="replace")


def _items(lines: TextIO) -> Iterator[tuple[int, dict[str, Any] | str]]:
    """Give each line's object, or what is wrong with it, by line number."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
        except ValueError as error:
            yield number, f"not JSON: {error}"
            continue
        if not isinstance(item, dict) or not isinstance(item.get("question"), str):
            yield number, 'an object with a "question" is wanted'
            continue
        yield number, item
