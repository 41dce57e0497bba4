"""The comparison as Markdown: ratios first, bars, the figures themselves, and how they came."""

from collections.abc import Mapping, Sequence
from typing import Any

from bench.measuring import median
from bench.peers.pipelines import OURS, WHOLE, Way
from bench.peers.summing import Summary, loads, recall, summarise
from bench.peers.texts import Asked
from bench.printing import Figure, at_most, figures_table, table

# The bars of the design, against the best peer.
_COLD, _RETRIEVAL, _WHOLE = 1 / 8, 1 / 3, 2 / 3
_RSS_MB, _RSS = 256.0, 1 / 2
_AMONG = 5
_HOW = """\
## How it was measured

Every pipeline has a virtual environment of its own with pinned versions
([requirements](peers/requirements)), the same model folder (all-MiniLM-L6-v2, as it comes with
PM Role) and the same texts; its script in [peers](peers) is what its own getting-started pages
show. What is compared ran by turns, and medians are shown. Turns of each: cold {cold}, build
{build}, warm {warm}. Other programs ran too: the load of the machine, one minute's average at the
end of each turn, was {low:.1f} to {high:.1f}, median {middle:.1f}.

- **Cold**: from the start of a process to what it prints: import, open the saved index, answer one
  question. PM Role's is `pmrole ask`, which composes an answer; the others print their hits.
- **Build**: a process that reads, splits, embeds and saves {passages:,} passages. {real} of them
  are the shipped articles'; the others are made of their sentences, with numbers and a fifth of
  the long words altered (`bench/corpora.py`). PM Role reads articles, and embeds every sentence and
  heading besides; the others read a file a passage, just as PM Role embeds it, title and headings
  in front. Its encoder was compiled before, as on any build but the first.
- **Warm**: processes side by side answer {questions} questions, each once, a few at a time by
  turns. The peers run twice among them: with `OMP_NUM_THREADS=1`, and with the threads that
  PyTorch takes (at least a third of the questions); ratios and bars use whichever is quicker for
  each.
- **CPU**: the time of all cores that went into it. Other programs add less to it than to the time
  on the clock.
- **Memory**: of those processes, once all is answered and at their peak; and the peak of a build.
- **Installed**: all files of the environment but the embedding model.
- **Recall**: {articles} shipped articles without their front matter, each pipeline with its
  default splitter. A hit: the right article is among the articles of the first five passages, or
  of the first. It is the one that declares the question in its front matter ({declared}
  questions), or that one of tests/data/open_questions.jsonl names ({opened}; those that follow up
  on a conversation are left out). For the whole question a hit is an answer that quotes the right
  article; to abstain, or to ask back, is a miss. PM Role was made with these articles and
  questions at hand; nothing of the others was fitted to them."""


def show(
    ways: Sequence[Way], kept: Mapping[str, Mapping[str, Any]], asked: Sequence[Asked]
) -> tuple[str, tuple[Figure, ...]]:
    """Return the page's body, and the figures that bars are set for.

    Args:
        ways: The ways of asking, ours first.
        kept: The figures of each pipeline by its key; every measure has a turn at least.
        asked: The questions.
    """
    found = [summarise(way.title, way.key, kept[way.pipeline.key]) for way in ways]
    ours = [one for way, one in zip(ways, found, strict=True) if way.pipeline == OURS]
    peers = [one for way, one in zip(ways, found, strict=True) if way.pipeline != OURS]
    whole, retrieval = (next(one for one in ours if one.whole is it) for it in (True, False))
    figures = _figures(whole, retrieval, peers)
    parts = (
        _ratios(whole, retrieval, peers),
        figures_table(figures),
        "## Figures",
        _absolutes(found),
        "## Recall on the articles",
        _recalls(ways, found, kept, asked),
        _how(kept, asked),
    )
    return "\n\n".join(parts), figures


def _ratios(whole: Summary, retrieval: Summary, peers: Sequence[Summary]) -> str:
    """Return what each peer needs where PM Role needs one."""
    header = (
        "times what PM Role needs",
        "cold (CPU)",
        "warm p50 / p95 (CPU), against retrieval",
        "against the whole question",
        "resident",
        "build (CPU)",
        "build's peak memory",
        "installed",
    )
    rows = [
        (
            one.title,
            _ratio((one.cold_s, whole.cold_s), (one.cold_cpu_s, whole.cold_cpu_s)),
            _warm_ratio(one, retrieval),
            _warm_ratio(one, whole),
            f"{one.rss_mb / whole.rss_mb:.2f}",
            _ratio((one.build_s, whole.build_s), (one.build_cpu_s, whole.build_cpu_s)),
            f"{one.build_peak_mb / whole.build_peak_mb:.2f}",
            f"{one.size_mb / whole.size_mb:.2f}",
        )
        for one in peers
    ]
    return table(header, rows)


def _ratio(wall: tuple[float, float], cpu: tuple[float, float]) -> str:
    return f"{wall[0] / wall[1]:.2f} ({cpu[0] / cpu[1]:.2f})"


def _warm_ratio(one: Summary, ours: Summary) -> str:
    p50, p95 = (theirs / our for theirs, our in zip(one.best_ms, ours.best_ms, strict=True))
    return f"{p50:.2f} / {p95:.2f} ({one.cpu_ms / ours.cpu_ms:.2f})"


def _figures(whole: Summary, retrieval: Summary, peers: Sequence[Summary]) -> tuple[Figure, ...]:
    if not peers:
        return ()
    cold = min(peers, key=lambda one: one.cold_s)
    warm = min(peers, key=lambda one: one.best_ms)
    lean = min(peers, key=lambda one: one.rss_mb)
    ours_cold, their_cold = whole.cold_s, cold.cold_s
    (ours_ms, _), (whole_ms, _), (their_ms, _) = retrieval.best_ms, whole.best_ms, warm.best_ms
    return (
        at_most(
            f"cold `pmrole ask` against the fastest peer, {cold.title}",
            ours_cold / their_cold,
            _COLD,
            f"{ours_cold:.2f} s / {their_cold:.2f} s = 1/{their_cold / ours_cold:.1f}",
            "at most 1/8",
        ),
        at_most(
            f"warm p50, retrieval alone, against the fastest peer, {warm.title}",
            ours_ms / their_ms,
            _RETRIEVAL,
            f"{ours_ms:.2f} ms / {their_ms:.2f} ms = {ours_ms / their_ms:.2f}",
            "at most 1/3",
        ),
        at_most(
            f"warm p50, whole question, against the retrieval of {warm.title}",
            whole_ms / their_ms,
            _WHOLE,
            f"{whole_ms:.2f} ms / {their_ms:.2f} ms = {whole_ms / their_ms:.2f}",
            "at most 2/3",
        ),
        at_most(
            "resident while answering",
            whole.rss_mb,
            _RSS_MB,
            f"{whole.rss_mb:.0f} MB",
            "at most 256 MB",
        ),
        at_most(
            f"the same against the leanest peer, {lean.title}",
            whole.rss_mb / lean.rss_mb,
            _RSS,
            f"{whole.rss_mb:.0f} MB / {lean.rss_mb:.0f} MB = {whole.rss_mb / lean.rss_mb:.2f}",
            "at most 1/2",
        ),
    )


def _absolutes(found: Sequence[Summary]) -> str:
    header = (
        "pipeline",
        "cold s (CPU s)",
        "warm p50 / p95 ms",
        "with one thread",
        "CPU ms a question",
        "resident / peak MB",
        "build s (CPU s)",
        "build's peak MB",
        "installed MB",
    )
    rows = [
        (
            one.title,
            f"{one.cold_s:.2f} ({one.cold_cpu_s:.2f})" if one.has_cold else "",
            *(_percentiles(one, threads) for threads in ("default", "one")),
            f"{one.cpu_ms:.1f}",
            f"{one.rss_mb:.0f} / {one.peak_mb:.0f}",
            f"{one.build_s:.0f} ({one.build_cpu_s:.0f})",
            f"{one.build_peak_mb:.0f}",
            f"{one.size_mb:.0f}",
        )
        for one in found
    ]
    return table(header, rows)


def _percentiles(one: Summary, threads: str) -> str:
    if threads not in one.warm_ms:
        return ""
    p50, p95 = one.warm_ms[threads]
    return f"{p50:.2f} / {p95:.2f}"


def _recalls(
    ways: Sequence[Way],
    found: Sequence[Summary],
    kept: Mapping[str, Mapping[str, Any]],
    asked: Sequence[Asked],
) -> str:
    kinds = (True, False)
    rows = []
    for way, summary in zip(ways, found, strict=True):
        hits = kept[way.pipeline.key]["recall"]["0"][way.key]
        cells = []
        for declared in kinds:
            chosen = [
                (one, question)
                for one, question in zip(hits, asked, strict=True)
                if question.declared is declared
            ]
            lists, wanted = [one for one, _ in chosen], [question for _, question in chosen]
            if way.key == WHOLE:
                cells += [f"{recall(lists, wanted, None):.3f} quoted", ""]
            else:
                cells += [f"{recall(lists, wanted, among):.3f}" for among in (_AMONG, 1)]
        rows.append((summary.title, way.pipeline.splitter, summary.pieces, *cells))
    header = (
        "pipeline",
        "splitter",
        "pieces",
        "declared questions, first five",
        "first",
        "open questions, first five",
        "first",
    )
    return table(header, rows)


def _how(kept: Mapping[str, Mapping[str, Any]], asked: Sequence[Asked]) -> str:
    ours = kept[OURS.key]
    load = loads(list(kept.values()))
    declared = sum(one.declared for one in asked)
    return _HOW.format(
        **{measure: len(ours[measure]) for measure in ("cold", "build", "warm")},
        low=load[0],
        middle=median(load),
        high=load[-1],
        passages=ours["build"]["0"]["pieces"],
        real=ours["recall"]["0"]["pieces"],
        questions=len(asked),
        articles=ours["articles"],
        declared=declared,
        opened=len(asked) - declared,
    )
