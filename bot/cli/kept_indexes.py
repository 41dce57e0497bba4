"""`pmrole index ...`: what is published and kept, and the way back."""

import argparse
from contextlib import closing
from datetime import UTC, datetime

from bot.cli import OK
from bot.index_store import index_store
from bot.reindexing.history import roll_back
from bot.reindexing.taking_turns import turns_of
from bot.settings import Settings
from index.build import BuildOptions, knowledge_stamp
from index.compiling_rerankers import is_compiled
from index.embedding import find_model
from index.errors import DamagedIndexError, IndexingError, IndexMismatchError
from index.export import compiled_fingerprint
from index.generation import Generations


def status(_options: argparse.Namespace, settings: Settings) -> int:
    """Say what is published, and whether the articles changed since."""
    with closing(index_store(settings)) as store:
        _print_running(settings)
        return _status(store, settings)


def _status(store: Generations, settings: Settings) -> int:
    manifest = store.manifest_of(store.current_name())
    print(f"{'kept in':>13}: {store.place}")
    for name in ("name", "built", "model", "encoder", "dimension", "chunk_tokens", "knowledge"):
        print(f"{name.replace('_', ' '):>13}: {getattr(manifest, name)}")
    print(f"{'articles':>13}: {manifest.articles} ({len(manifest.problems)} with problems)")
    print(f"{'passages':>13}: {manifest.chunks}, {manifest.sentences} sentences")
    if settings.reranker_model is not None:
        there = is_compiled(settings.reranker_model, settings.encoder_dir)
        missing = "" if there else ", not compiled yet: run `pmrole index build`"
        print(f"{'reranker':>13}: {settings.reranker_model}{missing}")
    chosen = BuildOptions(settings.chunk_tokens, settings.keep_boilerplate)
    fresh = is_up_to_date(store, settings, chosen)
    print(f"{'up to date':>13}: {'yes' if fresh else 'no: run `pmrole index build`'}")
    return OK


def _print_running(settings: Settings) -> None:
    """Say who reindexes now, if anybody does."""
    with closing(turns_of(settings)) as turns:
        holder = turns.holder()
    if holder is not None:
        since = datetime.fromtimestamp(holder.since, UTC).isoformat(" ", "seconds")
        where = f" on {holder.host}" if holder.host else ""
        far = f": {holder.step}, {holder.percent} %" if holder.step else ""
        print(f"{'reindexing':>13}: begun by {holder.by}{where} at {since}{far}")


def list_all(_options: argparse.Namespace, settings: Settings) -> int:
    """List the generations that are kept, newest first."""
    with closing(index_store(settings)) as store:
        return _list(store)


def _list(store: Generations) -> int:
    current = store.current_name()
    for name in reversed(store.names()):
        mark = "*" if name == current else " "
        try:
            manifest = store.manifest_of(name)
        except (DamagedIndexError, IndexMismatchError) as error:
            print(f"{mark} {name}  {error}")
        else:
            print(f"{mark} {name}  {manifest.articles} articles, {manifest.chunks} passages")
    return OK


def verify(_options: argparse.Namespace, settings: Settings) -> int:
    """Compare every file of the published generation with its checksum."""
    with closing(index_store(settings)) as store:
        name = store.current_name()
        manifest = store.verify(name)
        store.open_named(name).passages.close()
    print(f"{name} is good: {len(manifest.files)} files, {manifest.chunks} passages")
    return OK


def rollback(options: argparse.Namespace, settings: Settings) -> int:
    """Publish an older generation."""
    with closing(index_store(settings)) as store:
        print(f"{roll_back(store, options.generation or '')} is published")
    return OK


def is_up_to_date(store: Generations, settings: Settings, options: BuildOptions) -> bool:
    """Tell whether a build would give what is published already."""
    try:
        generation = store.open_named(store.current_name())
        generation.passages.close()
        source = find_model(settings.embedding_model)
    except IndexingError:
        return False
    manifest = generation.manifest
    # A model that could not be compiled is served as it is, and has no compiled files.
    as_it_is = f"st-{source.fingerprint}"
    compiled = (settings.encoder_dir / manifest.encoder / "encoder.json").is_file()
    return (
        manifest.model == settings.embedding_model
        and manifest.stamp == knowledge_stamp(settings.knowledge_dir, options)
        and manifest.encoder in {as_it_is, compiled_fingerprint(source)}
        and (compiled or manifest.encoder == as_it_is)
    )
