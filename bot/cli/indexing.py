"""`pmrole index ...`: build the index and look after it."""

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import asdict

from bot.answering.answerer import Answerer
from bot.cli import DOUBTFUL, OK
from bot.cli.asking import folders_of
from bot.settings import Settings
from index.build import BuildOptions, BuildReport, build_index, knowledge_stamp
from index.embedding import Embedder, find_model
from index.errors import DamagedIndexError, IndexingError, IndexMismatchError
from index.export import compiled_fingerprint, open_embedder
from index.generation import GenerationStore
from index.manifest import Manifest
from index.opening import LiveIndex
from index.retrieval import HYBRID


def build(options: argparse.Namespace, settings: Settings) -> int:
    """Build a generation and publish it; say what changed and what was refused."""
    chosen = BuildOptions(
        chunk_tokens=options.chunk_tokens or settings.chunk_tokens,
        keep_boilerplate=settings.keep_boilerplate,
        wait_s=options.wait,
        reuse=not options.full,
    )
    store = GenerationStore(settings.index_dir)
    if options.if_changed and _is_up_to_date(store, settings, chosen):
        return OK

    def open_model() -> tuple[str, Embedder]:
        source = find_model(settings.embedding_model)
        # Two batches side by side use a small machine's two cores; more gain little memory-bound.
        return source.name, open_embedder(source, settings.encoder_dir, threads=2)

    with _Progress() as progress:
        report = build_index(
            settings.knowledge_dir, store, open_model, options=chosen, progress=progress.tell
        )
    _print_report(report, explain=options.explain)
    return DOUBTFUL if report.problems else OK


def status(_options: argparse.Namespace, settings: Settings) -> int:
    """Say what is published, and whether the articles changed since."""
    store = GenerationStore(settings.index_dir)
    manifest = Manifest.read(store.folder / store.current_name())
    for name in ("name", "built", "model", "encoder", "dimension", "chunk_tokens", "knowledge"):
        print(f"{name.replace('_', ' '):>13}: {getattr(manifest, name)}")
    print(f"{'articles':>13}: {manifest.articles} ({len(manifest.problems)} with problems)")
    print(f"{'passages':>13}: {manifest.chunks}, {manifest.sentences} sentences")
    chosen = BuildOptions(settings.chunk_tokens, settings.keep_boilerplate)
    fresh = _is_up_to_date(store, settings, chosen)
    print(f"{'up to date':>13}: {'yes' if fresh else 'no: run `pmrole index build`'}")
    return OK


def list_all(_options: argparse.Namespace, settings: Settings) -> int:
    """List the generations that are kept, newest first."""
    store = GenerationStore(settings.index_dir)
    current = store.current_name()
    for name in reversed(store.names()):
        mark = "*" if name == current else " "
        try:
            manifest = Manifest.read(store.folder / name)
        except (DamagedIndexError, IndexMismatchError) as error:
            print(f"{mark} {name}  {error}")
        else:
            print(f"{mark} {name}  {manifest.articles} articles, {manifest.chunks} passages")
    return OK


def verify(_options: argparse.Namespace, settings: Settings) -> int:
    """Compare every file of the published generation with its checksum."""
    store = GenerationStore(settings.index_dir)
    name = store.current_name()
    manifest = store.verify(name)
    store.open_named(name)
    print(f"{name} is good: {len(manifest.files)} files, {manifest.chunks} passages")
    return OK


def rollback(options: argparse.Namespace, settings: Settings) -> int:
    """Publish an older generation."""
    store = GenerationStore(settings.index_dir)
    name = options.generation or store.previous_name()
    store.open_named(name)
    store.point_at(name)
    print(f"{name} is published")
    return OK


def explain(options: argparse.Namespace, settings: Settings) -> int:
    """Say why a question finds what it finds; without one, what was left out of the index."""
    live = LiveIndex(folders_of(settings))
    retriever = live.retriever()
    generation = retriever.generation
    if options.question is None:
        for path, reason, indexed in generation.manifest.problems:
            print(f"{'doubtful' if indexed else 'refused '} {path}: {reason}")
        for path, stretches in generation.passages.left_out().items():
            text = generation.passages.text_of(path)
            for one in stretches:
                print(f"left out {path} ({one.reason}): {text[one.span.start : one.span.end]!r}")
        return OK
    answerer = Answerer.open(live)
    hits = answerer.search(options.question)
    print(f"weights {asdict(HYBRID)}; {answerer.evidence(options.question).signals}")
    for hit in hits:
        best = max(hit.sentences, key=lambda one: one.cosine)
        print(
            f"{hit.rank:2} {hit.score:.3f} = passage {hit.cosine:.3f}, best sentence "
            f"{best.cosine:.3f}, BM25 {hit.lexical:.3f}  {hit.article} › {' › '.join(hit.heading)}"
        )
        print(f"     {best.text}")
    return OK


def _is_up_to_date(store: GenerationStore, settings: Settings, options: BuildOptions) -> bool:
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


def _print_report(report: BuildReport, *, explain: bool) -> None:
    changes = (
        f"{len(report.added)} added, {len(report.changed)} changed, {len(report.removed)} removed"
    )
    print(
        f"Indexed {report.articles} articles ({changes}): {report.chunks} passages, "
        f"{report.sentences} sentences; {report.embedded} texts embedded "
        f"in {sum(report.seconds.values()):.1f} s. Published {report.generation}."
    )
    for problem in report.problems:
        print(
            f"{'Doubtful' if problem.indexed else 'Refused'}: {problem.path}: {problem.reason}",
            file=sys.stderr,
        )
    count = sum(len(stretches) for stretches in report.left_out.values())
    if count and not explain:
        print(f"Left out {count} stretches; `pmrole index explain` lists them.")
    for path, stretches in report.left_out.items() if explain else ():
        for text, out in stretches:
            print(f"Left out of {path} ({out.reason}): {text!r}")


class _Progress:
    """A progress bar on a terminal; elsewhere a plain line when a step begins and ends."""

    def __init__(self) -> None:
        self._step = ""
        self._started = 0.0
        self._bar: Callable[[str, int, int], None] | None = None

    def __enter__(self) -> "_Progress":
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import Progress

            self._display = Progress(console=Console(stderr=True), transient=True)
            self._display.start()
            self._task = self._display.add_task("")
            self._bar = self._move_bar
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._display.stop()

    def tell(self, step: str, done: int, total: int) -> None:
        """Show how far a step has come."""
        if self._bar is not None:
            self._bar(step, done, total)
            return
        if step != self._step:
            self._step, self._started = step, time.monotonic()
            print(f"{step}: {total}", file=sys.stderr)
        if done == total:
            print(f"{step}: done in {time.monotonic() - self._started:.1f} s", file=sys.stderr)

    def _move_bar(self, step: str, done: int, total: int) -> None:
        self._display.update(self._task, description=step, completed=done, total=total)
