"""Which questions are one question in other words: the cosines that gaps and pins go by.

    python -m bench paraphrases

Reads tests/data/paraphrases.jsonl: questions, each with the name of what it means. Every second
meaning is for choosing, the others for checking what was chosen.
"""

import json
import time
from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import numpy as np

from bot.answering.answerer import Answerer
from bot.domain import Intent
from bot.insights.gaps import MOST, SAME_GAP, groups_of
from bot.insights.meanings import Meaning, Meanings, Subject
from bot.insights.pinned import SAME_QUESTION
from index.embedding import DEFAULT_MODEL
from index.opening import IndexFolders, LiveIndex

_FILE = Path("tests/data/paraphrases.jsonl")
_STEPS = (0.50, 0.55, 0.60, 0.65, 0.70, 0.75, 0.80)


def main(_arguments: Sequence[str]) -> int:
    """Print, by least cosine, how many paraphrases are found and how many others are taken for."""
    live = LiveIndex(
        IndexFolders(Path("knowledge"), Path("var/index"), Path("var/encoder"), DEFAULT_MODEL)
    )
    rows = [json.loads(line) for line in _FILE.read_text("utf-8").splitlines()]
    meanings = Meanings(Answerer.open(live))
    every = list(dict.fromkeys(row["meaning"] for row in rows))
    for name, wanted in {"chosen on": every[::2], "checked on": every[1::2], "all": every}.items():
        some = [row for row in rows if row["meaning"] in wanted]
        _print_half(name, some, meanings)
    live.close()
    _print_speed()
    return 0


def _print_half(name: str, rows: Sequence[dict[str, str]], meanings: Meanings) -> None:
    texts = [row["question"] for row in rows]
    found = meanings.of(texts)
    pairs = list(combinations(range(len(rows)), 2))
    same = [rows[a]["meaning"] == rows[b]["meaning"] for a, b in pairs]
    print(f"{name}: {len(rows)} questions, {sum(same)} pairs of paraphrases of {len(pairs)} pairs")
    alone = [float(found[a].vector @ found[b].vector) for a, b in pairs]
    _print_pairs("cosine alone", alone, same)
    _print_pairs("and one subject", [found[a].cosine(found[b]) for a, b in pairs], same)
    for least in _STEPS:
        _print_gaps(rows, found, least)


def _print_pairs(name: str, cosines: Sequence[float], same: Sequence[bool]) -> None:
    for least in _STEPS:
        near = [one for cosine, one in zip(cosines, same, strict=True) if cosine >= least]
        found = sum(near) / max(1, sum(same))
        mark = " <- pins" if least == SAME_QUESTION else ""
        print(f"  {name:16} {least:.2f}: {found:.3f} found, {len(near) - sum(near)} wrong{mark}")


def _print_gaps(rows: Sequence[dict[str, str]], meanings: Sequence[Meaning], least: float) -> None:
    """Print into how many gaps questions fall, and how many stand among those of another."""
    groups = [[rows[place]["meaning"] for place in group] for group in groups_of(meanings, least)]
    strange = sum(len(group) - Counter(group).most_common(1)[0][1] for group in groups)
    wanted = len({row["meaning"] for row in rows})
    mark = " <- gaps" if least == SAME_GAP else ""
    print(
        f"  {'gaps':16} {least:.2f}: {len(groups)} for {wanted} meanings, "
        f"{strange} questions in a wrong one{mark}"
    )


def _print_speed() -> None:
    """Print how long it takes to group as many questions as are looked at, once embedded."""
    random = np.random.default_rng(5)
    vectors = np.repeat(random.normal(size=(MOST // 16, 384)), 16, axis=0)
    vectors += 0.5 * random.normal(size=vectors.shape)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    subject = Subject(frozenset(), Intent.DEFINITION)
    meanings = [Meaning(subject, row) for row in vectors.astype(np.float32)]
    started = time.process_time()
    groups = list(groups_of(meanings))
    spent = time.process_time() - started
    print(f"{len(meanings)} questions of one subject into {len(groups)} gaps: {spent:.2f} s of CPU")
