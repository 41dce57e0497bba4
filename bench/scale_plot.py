"""The growth with the number of passages, as a picture."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure as Picture

_PANELS: tuple[tuple[str, Callable[[Any], float], float | None], ...] = (
    ("retrieval, p95 ms", lambda one: one["retrieval"]["p95"], 15.0),
    ("whole question, p95 ms", lambda one: one["whole"]["p95"], None),
    ("resident MB", lambda one: one["memory"]["rss"], 1000.0),
    ("load s", lambda one: one["load"], 2.0),
    ("disk MB", lambda one: one["disk"], None),
    ("recall@10 of the whole search", lambda one: one["recall"]["fused"], 0.97),
)
_COLOURS = {"folder": "#1264a3", "postgres": "#b8860b"}


def draw(stores: Mapping[str, Mapping[str, Any]], file: Path) -> None:
    """Draw what was measured of each store, by number of passages, with the bars of one million."""
    picture = Picture(figsize=(11, 6), layout="constrained")
    for place, (title, value, bar) in enumerate(_PANELS, 1):
        panel = picture.add_subplot(2, 3, place)
        for store, sizes in stores.items():
            counts = sorted(sizes, key=int)
            panel.plot(
                [int(one) for one in counts],
                [value(sizes[one]) for one in counts],
                marker="o",
                label=store,
                color=_COLOURS[store],
            )
        if bar is not None:
            panel.axhline(bar, linestyle=":", color="grey")
        panel.set(title=title, xscale="log", xlabel="passages")
        panel.set_ylim(bottom=0)
        panel.grid(alpha=0.3)
    picture.axes[0].legend()
    file.parent.mkdir(parents=True, exist_ok=True)
    picture.savefig(file, dpi=110)
