"""`pmrole eval`: measure retrieval, answers and refusals on questions with known answers."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, TextIO

import numpy as np

from bot.answering.answerer import Answerer
from bot.cli import FAILED, OK
from bot.cli.asking import context_of, reranker_of
from bot.domain import Answer, Comparison, Exchange
from bot.index_store import live_index
from bot.machine import shown_sentences
from bot.settings import Settings
from index.evaluation import (
    auroc,
    detection,
    ndcg,
    percentile,
    recall_at,
    reciprocal_rank,
)
from index.hits import DENSE, HYBRID, LEXICAL, Hit
from index.opening import LiveIndex

# Passages looked at for ten distinct articles.
_DEPTH = 100
# A gold point counts as covered from this cosine with a shown sentence on
# (docs/machine-interface.md).
_POINT_COSINE = 0.60


@dataclass(frozen=True, slots=True)
class Case:
    """A question with what is known of its answer; see docs/machine-interface.md."""

    item: dict[str, Any]
    question: str
    gold: tuple[str, ...]
    also_ok: tuple[str, ...]
    evidence: tuple[str, ...]
    points: tuple[str, ...]
    answerable: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """A case with what the bot did."""

    case: Case
    exchange: Exchange
    hits: tuple[Hit, ...]

    @property
    def answered(self) -> bool:
        """Whether sentences were shown."""
        return isinstance(self.exchange.reply, Answer | Comparison)

    @property
    def articles(self) -> list[str]:
        """The articles found, best first, each once."""
        return list(dict.fromkeys(hit.article for hit in self.hits))

    @property
    def cites_gold(self) -> bool:
        """Whether a shown sentence comes from an article that answers."""
        reply = self.exchange.reply
        if not isinstance(reply, Answer | Comparison):
            return False
        wanted = (*self.case.gold, *self.case.also_ok)
        return any(_is_one_of(one.article, wanted) for one in reply.citations)


def evaluate(options: argparse.Namespace, settings: Settings) -> int:
    """Answer every question of a file and print the measures."""
    weights = DENSE if options.dense else LEXICAL if options.lexical else HYBRID
    live = live_index(settings, weights=weights)
    reranker = reranker_of(settings) if weights is HYBRID else None
    answerer = Answerer.open(live, suggest=False, reranker=reranker)
    try:
        cases = read_cases(options.file)
    except (OSError, ValueError) as error:
        print(f"pmrole: {options.file}: {error}", file=sys.stderr)
        return FAILED
    outcomes = []
    for case in cases:
        thread = context_of(case.item)
        exchange = answerer.ask(case.question, thread)
        outcomes.append(Outcome(case, exchange, answerer.search(case.question, thread, _DEPTH)))
    measures = measure(outcomes, live)
    if options.json:
        print(json.dumps(measures))
    else:
        for name, value in measures.items():
            shown = "-" if value is None else f"{value:.3f}" if isinstance(value, float) else value
            print(f"{name:>34}: {shown}")
    _print_worst(outcomes, options.worst, sys.stderr if options.json else sys.stdout)
    return OK


def read_cases(file: Path) -> list[Case]:
    """Read a question set.

    Raises:
        ValueError: naming the line that is not an object with a question.
    """
    cases: list[Case] = []
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
        except ValueError as error:
            raise ValueError(f"line {number}: not JSON: {error}") from error
        if not isinstance(item, dict) or not isinstance(item.get("question"), str):
            wanted = 'an object with a "question" is wanted'
            raise ValueError(f"line {number}: {wanted}")  # noqa: TRY004 - the file's fault
        cases.append(
            Case(
                item=item,
                question=item["question"],
                gold=_several(item.get("gold_doc") or item.get("topic")),
                also_ok=_several(item.get("also_ok")),
                evidence=_several(item.get("evidence")),
                points=_several(item.get("gold_points")),
                answerable=bool(item.get("answerable", True)),
            )
        )
    return cases


def measure(outcomes: Sequence[Outcome], live: LiveIndex) -> dict[str, float | int | None]:
    """Return every measure that the question set allows, by name."""
    answerable = [one for one in outcomes if one.case.answerable]
    located = [one for one in answerable if one.case.gold]
    quoted = [one for one in answerable if one.case.evidence]
    measures: dict[str, float | int | None] = {"questions": len(outcomes)}
    measures |= _ranking("article", [(_gold_ranked(one), len(one.case.gold)) for one in located])
    measures |= _ranking("passage", [(_evidence_ranked(one), 1) for one in quoted])
    measures["answered of answerable"] = _mean([one.answered for one in answerable])
    measures["answered, citing the gold article"] = _mean([one.cites_gold for one in located])
    measures["answer sentence hit rate"] = _mean([_shows_evidence(one) for one in quoted])
    measures["gold points covered"] = _points_covered(answerable, live)
    refusal = detection(
        [not one.answered for one in outcomes], [not one.case.answerable for one in outcomes]
    )
    measures["refusal precision"] = refusal.precision
    measures["refusal recall"] = refusal.recall
    measures["refusal F1"] = refusal.f1
    measures["confidence AUROC"] = auroc(
        [_confidence(one) for one in answerable],
        [_confidence(one) for one in outcomes if not one.case.answerable],
    )
    times = [one.exchange.milliseconds.get("total", 0.0) for one in outcomes]
    measures["latency p50 ms"] = percentile(times, 50)
    measures["latency p95 ms"] = percentile(times, 95)
    return measures


def _ranking(what: str, ranked: Sequence[tuple[list[str], int]]) -> dict[str, float | None]:
    """Measure rankings in which every gold item carries a name that begins with "gold"."""
    measures: dict[str, float | None] = {}
    golds = [{f"gold{number}" for number in range(count)} for _, count in ranked]
    lists = [items for items, _ in ranked]
    for k in (1, 3, 5, 10):
        measures[f"{what} recall@{k}"] = _mean(
            [recall_at(items, gold, k) for items, gold in zip(lists, golds, strict=True)]
        )
    measures[f"{what} MRR@10"] = _mean(
        [reciprocal_rank(items, gold) for items, gold in zip(lists, golds, strict=True)]
    )
    measures[f"{what} nDCG@10"] = _mean(
        [ndcg(items, gold) for items, gold in zip(lists, golds, strict=True)]
    )
    return measures


def _gold_ranked(outcome: Outcome) -> list[str]:
    """Return the articles found, those that answer under the names gold0, gold1..."""
    names = list(outcome.case.gold)
    ranked = []
    for article in outcome.articles:
        match = next((name for name in names if _is_one_of(article, (name,))), None)
        if match is None and _is_one_of(article, outcome.case.also_ok) and names:
            match = names[0]
        if match is None:
            ranked.append(article)
        else:
            ranked.append(f"gold{outcome.case.gold.index(match)}")
            names.remove(match)
    return ranked


def _evidence_ranked(outcome: Outcome) -> list[str]:
    found = [
        any(_plain(wanted) in _plain(hit.text) for wanted in outcome.case.evidence)
        for hit in outcome.hits
    ]
    first = found.index(True) if True in found else -1
    return ["gold0" if place == first else str(place) for place in range(len(found))]


def _shows_evidence(outcome: Outcome) -> bool:
    shown = " ".join(_plain(one.text) for one in shown_sentences(outcome.exchange))
    return any(_plain(wanted) in shown for wanted in outcome.case.evidence)


def _points_covered(outcomes: Sequence[Outcome], live: LiveIndex) -> float | None:
    covered: list[bool] = []
    for one in outcomes:
        if not one.case.points:
            continue
        shown = [sentence.text for sentence in shown_sentences(one.exchange)]
        if not shown:
            covered += [False] * len(one.case.points)
            continue
        rows = np.stack([live.embed_query(text) for text in shown])
        for point in one.case.points:
            covered.append(float(np.max(rows @ live.embed_query(point))) >= _POINT_COSINE)
    return _mean(covered)


def _print_worst(outcomes: Sequence[Outcome], count: int, out: TextIO) -> None:
    """List questions that were answered wrongly, worst first, for a person to look at."""

    def badness(one: Outcome) -> tuple[bool, int]:
        wrong = one.answered != one.case.answerable or (
            one.case.answerable and bool(one.case.gold) and not one.cites_gold
        )
        ranked = _gold_ranked(one)
        rank = ranked.index("gold0") + 1 if "gold0" in ranked else 99
        return wrong, rank if one.case.answerable and one.case.gold else 0

    failing = [one for one in outcomes if badness(one)[0] or badness(one)[1] > 1]
    for one in sorted(failing, key=badness, reverse=True)[:count]:
        wrong, rank = badness(one)
        kind = type(one.exchange.reply).__name__
        print(
            f"{'WRONG' if wrong else 'rank '} {rank:2} {kind} {_confidence(one):.2f} "
            f"{one.case.question!r} wants {', '.join(one.case.gold) or 'a refusal'}; "
            f"found {', '.join(one.articles[:3])}",
            file=out,
        )


def _confidence(outcome: Outcome) -> float:
    return float(getattr(outcome.exchange.reply, "confidence", 0.0))


def _is_one_of(article: str, wanted: Sequence[str]) -> bool:
    path = PurePosixPath(article)
    names = {article, path.stem, str(path.with_suffix(""))}
    return any(one in names for one in wanted)


def _several(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    return tuple(map(str, value)) if isinstance(value, list | tuple) else (str(value),)


def _plain(text: str) -> str:
    return " ".join(text.replace("’", "'").replace("“", '"').replace("”", '"').lower().split())


def _mean(values: Sequence[float | bool]) -> float | None:
    return float(np.mean(values)) if values else None
