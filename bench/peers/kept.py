"""The figures of each pipeline, kept as JSON, so that a run goes on where the last one ended."""

import json
import os
from pathlib import Path
from typing import Any

from bench.peers.environments import fingerprint
from bench.peers.pipelines import Pipeline


class Kept:
    """What was measured of one pipeline: by measure, then by turn."""

    def __init__(self, folder: Path, pipeline: Pipeline) -> None:
        """Read what there is; nothing counts that was measured with other versions."""
        self._file = folder / f"{pipeline.key}.json"
        pins = fingerprint(pipeline)
        self.values: dict[str, Any] = {"title": pipeline.title, "pins": pins}
        if self._file.is_file():
            stored: dict[str, Any] = json.loads(self._file.read_text("utf-8"))
            if stored.get("pins") == pins:
                self.values = stored

    def has(self, measure: str, turn: int) -> bool:
        """Return whether a turn was measured."""
        return str(turn) in self.values.get(measure, {})

    def turns(self, measure: str) -> list[dict[str, Any]]:
        """Return what the turns of a measure gave, in their order."""
        found: dict[str, dict[str, Any]] = self.values.get(measure, {})
        return [found[turn] for turn in sorted(found, key=int)]

    def keep(self, measure: str, turn: int, value: dict[str, Any]) -> None:
        """Keep what one turn gave, with the load of the machine at its end."""
        value = {**value, "load": round(os.getloadavg()[0], 2)}
        self.values.setdefault(measure, {})[str(turn)] = value
        self._write()

    def describe(self, **facts: Any) -> None:  # noqa: ANN401 - JSON
        """Keep what holds for the pipeline as a whole."""
        self.values.update(facts)
        self._write()

    def _write(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._file.with_suffix(".new")
        fresh.write_text(json.dumps(self.values), encoding="utf-8")
        fresh.replace(self._file)
