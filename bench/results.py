"""What each bench found last, kept under var/bench/figures, and results.md written from it.

python -m bench results    write results.md again, from benches that ran one by one
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.printing import HERE, NOISE, Figure, Part, figures_table, machine

KEPT = Path("var/bench/figures")
# In the order of results.md; True where the part has a file of its own for its tables.
_PARTS = {
    "Serving": False,
    "Slack": False,
    "Replicas": False,
    "Memory": False,
    "Building": False,
    "Building, large": False,
    "Vectors": True,
    "Lexical": True,
    "SciFact": True,
    "Peers": True,
    "Scale": True,
}


def record(part: Part) -> int:
    """Print what a bench found and keep it; return 0, the status of a bench that ran."""
    print(f"## {part.title}\n\n{machine()}\n\n{part.text}\n")
    KEPT.mkdir(parents=True, exist_ok=True)
    values = {**asdict(part), "machine": machine()}
    (KEPT / f"{part.title}.json").write_text(json.dumps(values, indent=1), encoding="utf-8")
    return 0


def write_results() -> str:
    """Write results.md from the last figures of every bench that ran here, and return it."""
    found = [(title, _read(title)) for title in _PARTS]
    figures = [
        Figure(**one) for _, values in found if values is not None for one in values["figures"]
    ]
    sections = [
        f"## {title}\n\n" + (_section(title, values) if values else "Was not run.")
        for title, values in found
    ]
    said = (
        "`make bench` prints this; `python -m bench NAME` measures one part again and "
        f"`python -m bench results` writes it here. {NOISE}"
    )
    text = "\n\n".join(("# Results", said, figures_table(figures), *sections))
    (HERE / "results.md").write_text(text + "\n", encoding="utf-8")
    return text


def _read(title: str) -> dict[str, Any] | None:
    file = KEPT / f"{title}.json"
    if not file.is_file():
        return None
    values: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return values


def _section(title: str, values: dict[str, Any]) -> str:
    if not _PARTS[title]:
        return f"{values['machine']}\n\n{values['text']}"
    file = "quality.md" if title == "SciFact" else f"{title.lower()}.md"
    return f"{values['machine']} Tables: [{file}]({file})."


def main(argv: Sequence[str] | None = None) -> int:
    """Write and print results.md."""
    argparse.ArgumentParser(prog="bench results", description=__doc__).parse_args(argv)
    print(write_results())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
