"""What the scale bench measured, as Markdown."""

from collections.abc import Mapping
from typing import Any

from bench.printing import NOISE, Figure, Part, at_least, at_most, figures_table, table
from bench.scale_articles import PASSAGES_PER_ARTICLE
from bench.scale_postgres import SAID as POSTGRES
from bench.scale_vectors import SAID as VECTORS

_MILLION = "1000000"
_P95_MS, _RESIDENT_MB, _LOAD_S, _RECALL, _AGAIN = 15.0, 1000.0, 2.0, 0.97, 0.05
_EMBEDDING = "embedding"

Values = Mapping[str, Any]


def part(seen: Values) -> Part:
    """Return the tables, and the figures that bars are set for."""
    figures = (*_folder_figures(seen["folder"]), *_again(seen["builds"]))
    sections = [
        _said(seen),
        "![Growth with the number of passages](scale.png)",
        "## Asking",
        _asking(seen),
        "## Building",
        _steps(seen),
        _builds(seen["builds"]),
        "## Bars, of the folder store",
        figures_table(figures),
    ]
    return Part("Scale", "\n\n".join(sections), figures)


def _said(seen: Values) -> str:
    real = seen["builds"]["real"]
    return (
        f"Made articles, {PASSAGES_PER_ARTICLE} passages each: sections of the shipped articles, "
        "with numbers and a fifth of the long words altered. "
        f"{real['chunks']:,} passages of them were really built, every text embedded by the "
        "compiled encoder. The generations asked here are made from that one, through the writers "
        f"of a build: texts altered once more; vectors {VECTORS}. So the words of a million "
        "passages are those of a small library: each stands in many more passages than it would "
        "in a library that size, which makes BM25 slower than on real articles.\n\n"
        f"Postgres is {POSTGRES}. {NOISE} Beside the percentiles of all rounds stand those of the "
        "least time of each question over three rounds, which is nearer to a machine of one's own."
    )


def _asking(seen: Values) -> str:
    rows: list[tuple[str, ...]] = [
        (
            store,
            f"{int(size):,}",
            _times(one["retrieval"]),
            _least(one["retrieval"]),
            _times(one["cpu"]) if "cpu" in one else "",
            _times(one["whole"]),
            _least(one["whole"]),
            " / ".join(f"{one['recall'][kind]:.3f}" for kind in ("passages", "sentences", "fused")),
            f"{one['load']:.2f} / {one['ready']:.2f}",
            _resident(one["memory"]),
            f"{one['disk']:,.0f}",
        )
        for store in ("folder", "postgres")
        for size, one in sorted(seen[store].items(), key=lambda pair: int(pair[0]))
    ]
    rows += [
        ("postgres", f"{int(size):,}", *["not run"] * 9)
        for size in seen["folder"]
        if size not in seen["postgres"]
    ]
    header = (
        "store",
        "passages",
        "retrieval p50 / p95 ms",
        "least of three",
        "CPU ms",
        "whole question p50 / p95 ms",
        "least of three",
        "recall@10: passages / sentences / fused",
        "opened / ready s",
        "MB resident",
        "MB on disk",
    )
    said = (
        "Retrieval is dense and lexical search with fusion, ten hits; the whole question adds "
        "understanding, embedding, the choice of sentences and suggestions. CPU is what a "
        "retrieval takes of all cores of the process together, p50 / p95. Resident is the whole "
        "process after all questions, encoder included. Recall of passages and sentences is that "
        "of the vectors; fused is the share of the ten hits that exact search of both would give."
    )
    return f"{said}\n\n{table(header, rows)}"


def _resident(one: Values) -> str:
    return f"{one['rss']:.0f}, {one.get('RssFile', 0):.0f} of it mapped files"


def _cpu(one: Values) -> str:
    return f", {one['cpu']['p95']:.1f} ms of CPU" if "cpu" in one else ""


def _times(one: Values) -> str:
    return f"{one['p50']:.1f} / {one['p95']:.1f}"


def _least(one: Values) -> str:
    return f"{one['least p50']:.1f} / {one['least p95']:.1f}"


def _steps(seen: Values) -> str:
    folder = dict(sorted(seen["folder"].items(), key=lambda pair: int(pair[0])))
    names = dict.fromkeys(name for one in folder.values() for name in one["steps"])
    rows = [
        (name, *(f"{one['steps'].get(name, 0):.1f}" for one in folder.values())) for name in names
    ]
    rows.append(("into Postgres", *(_loaded(seen["postgres"].get(size)) for size in folder)))
    rate = _rate(seen["builds"])
    texts = [int(size) + one["sentences"] for size, one in folder.items()]
    rows.append(
        (
            f"embedding, reckoned at {rate:.0f} texts a second",
            *(f"{count / rate:,.0f}" for count in texts),
        )
    )
    header = ("seconds", *(f"{int(size):,} passages" for size in folder))
    return f"What is written, by step:\n\n{table(header, rows)}"


def _loaded(one: Values | None) -> str:
    return f"{one['seconds']:.1f}" if one else "not run"


def _rate(builds: Values) -> float:
    """Return texts embedded a second in the real build."""
    real = builds["real"]
    return float(real["embedded"] / real["steps"][_EMBEDDING])


def _full(builds: Values) -> float:
    """Return what the large build would take if its texts were embedded by the encoder."""
    mixed = builds["mixed"]
    return float(mixed["seconds"] + mixed["embedded"] / _rate(builds))


def _builds(builds: Values) -> str:
    names = {
        "real": "real",
        "mixed": "vectors by mixing",
        "again": "real, 1 % of the articles changed",
    }
    rows = [
        (
            said,
            f"{one['articles']:,} / {one['chunks']:,} / {one['sentences']:,}",
            f"{one['embedded']:,}",
            *(f"{seconds:.1f}" for seconds in one["steps"].values()),
            f"{one['seconds']:.0f}",
            f"{one['peak']:.0f}",
        )
        for name, said in names.items()
        if (one := builds.get(name))
    ]
    steps = builds["real"]["steps"]
    header = (
        "build of articles",
        "articles / passages / sentences",
        "embedded",
        *(f"{name} s" for name in steps),
        "s",
        "peak MB",
    )
    said = "Whole builds from Markdown; `lexical` holds near-duplicates and passages too."
    if "mixed" in builds:
        said += (
            f" A full build of {builds['mixed']['chunks']:,} passages is reckoned as the one with "
            f"mixed vectors plus {builds['mixed']['embedded']:,} texts at {_rate(builds):.0f} a "
            f"second: {_full(builds):,.0f} s."
        )
    return f"{said}\n\n{table(header, rows)}"


def _again(builds: Values) -> tuple[Figure, ...]:
    if "again" not in builds:
        return ()
    again, full = builds["again"]["seconds"], _full(builds)
    return (
        at_most(
            "index again after 1 % changed, 100,000 passages",
            again / full,
            _AGAIN,
            f"{again:.0f} s / {full:,.0f} s = {again / full:.1%}",
            "at most 5 % of a full build",
        ),
    )


def _folder_figures(folder: Values) -> tuple[Figure, ...]:
    one = folder.get(_MILLION)
    if one is None:
        return ()
    retrieval, recall = one["retrieval"], min(one["recall"].values())
    return (
        at_most(
            "retrieval at 1,000,000 passages, p95",
            retrieval["p95"],
            _P95_MS,
            f"{retrieval['p95']:.1f} ms, least of three {retrieval['least p95']:.1f} ms{_cpu(one)}",
            "at most 15 ms",
        ),
        at_most(
            "resident at 1,000,000 passages",
            one["memory"]["rss"],
            _RESIDENT_MB,
            f"{one['memory']['rss']:.0f} MB",
            "at most 1.0 GB",
        ),
        at_least(
            "recall@10 at 1,000,000 passages, least of the three",
            recall,
            _RECALL,
            f"{recall:.3f}",
            "at least 0.97",
        ),
        at_most(
            "opening 1,000,000 passages",
            one["load"],
            _LOAD_S,
            f"{one['load']:.2f} s",
            "at most 2 s",
        ),
    )
