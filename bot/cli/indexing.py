"""`pmrole index build` and `pmrole index explain`."""

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict
from typing import TYPE_CHECKING

from bot.answering.answerer import Answerer
from bot.cli import BLOCKED, DOUBTFUL, OK
from bot.cli.asking import reranker_of
from bot.cli.kept_indexes import is_up_to_date
from bot.cli.stored import bring_articles, opened_state
from bot.index_store import index_store, live_index
from bot.reindexing.comparing import AnswerDiff
from bot.reindexing.models import FreshModels
from bot.reindexing.outcome import Outcome
from bot.reindexing.reindexer import Reindexer
from bot.reindexing.turns import ReindexRunningError
from bot.settings import Settings
from index.build import BuildOptions
from index.compiling_rerankers import open_reranker
from index.generation import Generations
from index.hits import HYBRID
from index.reranking import DEPTH

if TYPE_CHECKING:  # SQLAlchemy takes half a second, and most installations begin without a state
    from bot.state.store import State

# How often it is looked whether another replica has ended its build, in seconds.
_LOOK_EVERY_S = 1.0
# Who reindexes, as admins in Slack read it.
BY = "the command line"


def build(options: argparse.Namespace, settings: Settings) -> int:
    """Build a generation; publish it unless too many saved questions lose their answer."""
    chosen = BuildOptions(
        chunk_tokens=options.chunk_tokens or settings.chunk_tokens,
        keep_boilerplate=settings.keep_boilerplate,
        wait_s=options.wait,
        reuse=not options.full,
    )
    if settings.reranker_model is not None:
        open_reranker(settings.reranker_model, settings.encoder_dir, ahead=True)
    with closing(index_store(settings)) as store, opened_state(settings) as state:
        bring_articles(settings, state)
        if options.if_changed and is_up_to_date(store, settings, chosen):
            return OK
        reindexer = Reindexer(
            settings,
            FreshModels(settings, store),
            store=store,
            rows=state.reindexes if state else None,
            most_asked=state.questions.most_asked if state else tuple,
            options=chosen,
        )
        with closing(reindexer):
            return _build_in_turn(
                options,
                lambda: is_up_to_date(store, settings, chosen),
                lambda wait_s: _build(reindexer, settings, state, options, wait_s),
            )


def _build_in_turn(
    options: argparse.Namespace, is_done: Callable[[], bool], build: Callable[[float], int]
) -> int:
    """Build; where only a change is to be built, not what another replica builds meanwhile."""
    if not options.if_changed:
        return build(options.wait)
    end = time.monotonic() + options.wait
    while True:
        try:
            return build(0.0)
        except ReindexRunningError:
            if time.monotonic() >= end:
                raise
        time.sleep(_LOOK_EVERY_S)
        if is_done():
            return OK


def _build(
    reindexer: Reindexer,
    settings: Settings,
    state: "State | None",
    options: argparse.Namespace,
    wait_s: float,
) -> int:
    waited = reindexer.publish_waiting(BY) if options.publish_anyway else None
    if waited is not None:
        print(f"Published {waited}, which was built before.")
        return OK
    with _Progress() as progress:
        outcome = reindexer.run(
            BY,
            lambda now: progress.tell(now.step, now.done, now.total),
            began=lambda _row: bring_articles(settings, state),
            publish_anyway=options.publish_anyway,
            wait_s=wait_s,
        )
    _print_outcome(outcome, settings)
    _print_left_out(reindexer.store, outcome, explain=options.explain)
    if not outcome.published:
        return BLOCKED
    return DOUBTFUL if outcome.rejected or outcome.doubtful else OK


def explain(options: argparse.Namespace, settings: Settings) -> int:
    """Say why a question finds what it finds; without one, what was left out of the index."""
    live = live_index(settings)
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
    reranker = reranker_of(settings)
    answerer = Answerer.open(live, reranker=reranker)
    hits = answerer.search(options.question)
    print(f"weights {asdict(HYBRID)}; {answerer.evidence(options.question).signals}")
    if reranker is not None:
        print(f"the best {DEPTH} were read by {reranker.card.model}, which moved their scores")
    for hit in hits:
        best = max(hit.sentences, key=lambda one: one.cosine)
        print(
            f"{hit.rank:2} {hit.score:.3f} = passage {hit.cosine:.3f}, best sentence "
            f"{best.cosine:.3f}, BM25 {hit.lexical:.3f}  {hit.article} › {' › '.join(hit.heading)}"
        )
        print(f"     {best.text}")
    return OK


def _print_outcome(outcome: Outcome, settings: Settings) -> None:
    changes = (
        f"{len(outcome.added)} added, {len(outcome.changed)} changed, "
        f"{len(outcome.removed)} removed"
    )
    lost = outcome.diff.lost if outcome.diff else ()
    for line in _differences(outcome.diff) if outcome.diff else ():
        print(line)
    end = f"Published {outcome.generation}." if outcome.published else "Not published."
    print(
        f"Indexed {outcome.articles} articles ({changes}): {outcome.passages} passages, "
        f"{outcome.sentences} sentences; {outcome.embedded} texts embedded "
        f"in {outcome.seconds:.1f} s. {end}"
    )
    for what, problems in (("Refused", outcome.rejected), ("Doubtful", outcome.doubtful)):
        for path, reason in problems:
            print(f"{what}: {path}: {reason}", file=sys.stderr)
    if not outcome.published:
        print(
            f"pmrole: {len(lost)} saved questions lose their answer, more than "
            f"REINDEX_MAX_LOST={settings.reindex_max_lost}; the old index answers on. Mend the "
            "articles and build again, or run `pmrole index build --publish-anyway`",
            file=sys.stderr,
        )


def _differences(diff: AnswerDiff) -> Iterator[str]:
    """Say what becomes of answers; nothing where all stay the same."""
    if not (diff.lost or diff.changed or diff.gained):
        return
    yield (
        f"Of {diff.asked} saved questions {len(diff.lost)} lose their answer, "
        f"{len(diff.changed)} get another one, {len(diff.gained)} are answered now."
    )
    for what, changes in (("Lost", diff.lost), ("Changed", diff.changed), ("New", diff.gained)):
        for one in changes:
            yield (
                f"{what}: {one.question!r}: {', '.join(one.before) or 'no answer'} -> "
                f"{', '.join(one.after) or 'no answer'}"
            )


def _print_left_out(store: Generations, outcome: Outcome, *, explain: bool) -> None:
    name = outcome.generation
    generation = store.open_named(name) if outcome.published else store.open_candidate(name)
    left_out = generation.passages.left_out()
    count = sum(len(stretches) for stretches in left_out.values())
    if count and not explain:
        print(f"Left out {count} stretches; `pmrole index explain` lists them.")
    for path, stretches in left_out.items() if explain else ():
        text = generation.passages.text_of(path)
        for out in stretches:
            shown = text[out.span.start : out.span.end]
            print(f"Left out of {path} ({out.reason}): {shown!r}")
    generation.passages.close()


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
