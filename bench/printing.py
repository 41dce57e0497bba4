"""Tables and sections of Markdown, as the benches print and keep them."""

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent
NOISE = (
    "The machine is shared: other programs ran at the same time. What is compared ran by turns "
    "(A B A B), and medians are shown: read ratios, not absolutes."
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number beside the bar it should hold.

    Attributes:
        held: Whether it holds; None where no bar was set.
    """

    what: str
    value: str
    bar: str = ""
    held: bool | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What one bench found: its tables in Markdown, and the figures that bars are set for."""

    title: str
    text: str
    figures: tuple[Figure, ...] = ()


def table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def figures_table(figures: Sequence[Figure]) -> str:
    """Return figures, their bars, and whether they hold."""
    held = {None: "", True: "held", False: "**not held**"}
    return table(
        ("figure", "measured", "bar", ""),
        [(one.what, one.value, one.bar, held[one.held]) for one in figures],
    )


def at_most(what: str, value: float, limit: float, shown: str, bar: str) -> Figure:
    """Return a figure that holds if the value is no greater than the limit."""
    return Figure(what, shown, bar, value <= limit)


def at_least(what: str, value: float, limit: float, shown: str, bar: str) -> Figure:
    """Return a figure that holds if the value is no smaller than the limit."""
    return Figure(what, shown, bar, value >= limit)


def machine() -> str:
    """Return a line that says when and on what the figures were measured."""
    libraries = ("torch", "sentence-transformers", "onnxruntime", "faiss-cpu", "tantivy", "numpy")
    versions = ", ".join(f"{name} {version(name)}" for name in libraries)
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC; {_cpu()}, {os.cpu_count()} cores; "
        f"Python {platform.python_version()}; {versions}."
    )


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next(
        (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")),
        platform.machine(),
    )


def write_section(file: Path, heading: str, text: str) -> None:
    """Write a section of second rank into a Markdown file, in place of the one of that heading."""
    old = file.read_text("utf-8") if file.is_file() else f"# {file.stem.capitalize()}\n"
    top, *sections = old.split("\n## ")
    kept = [one.rstrip() for one in sections if one.split("\n", 1)[0].strip() != heading]
    whole = [top.rstrip(), *kept, f"{heading}\n\n{text.strip()}"]
    file.write_text("\n\n## ".join(whole) + "\n", encoding="utf-8")
