"""A CrossEncoder that reads a question and a passage together, to order the best hits anew.

Optional, and compiled by `compiling_rerankers`: onnxruntime and tokenizers, no torch. With w = 0.5

    score = mean + (1 - w) (hybrid - mean) + w spread z

mean and spread are those of the hybrid scores read, z is the model's score in standard deviations
of its scores for these hits. So neither the scale of a model's scores matters, which differs from
model to model, nor do the hits' scores leave the range for which sentences are chosen. A sigmoid
is left out, because it presses the scores of good passages together. Equal weights are within two
points of the best for readers of very different skill (docs/architecture.md, "An optional
reranker"), and which model it will be is not known.
"""

import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Encoding

from index.chunking import context_line
from index.embedding import Matrix
from index.encoder import batches_by_length, open_session, open_tokenizer
from index.errors import ModelError
from index.hits import Hit
from index.vectors import Scores

FORMAT = 1
# Hits that the model reads, twice as many as are answered from.
DEPTH = 20
# How far a compiled model's scores may be off, in standard deviations of a question's scores.
MAX_DEVIATION = 0.01
# Passages of one question that are read side by side, one core each.
_THREADS = min(4, os.cpu_count() or 1)
_WEIGHT = 0.5
# Scores that differ by less than this share of the usual are not spread further apart.
_LEAST_SPREAD = 0.25
CARD, WEIGHTS = "reranker.json", "reranker-fp32.onnx"


@dataclass(frozen=True, slots=True)
class RerankerCard:
    """What a compiled reranker is, as written beside it in ``reranker.json``.

    Attributes:
        model: The name the model goes by.
        fingerprint: Of the model's files and of the way they were compiled.
        max_tokens: The most word pieces of a question and a passage together.
        inputs: What the exported model takes, in order.
        prompt: What stands in front of every question.
        sigmoid: Whether the model's own scores are the sigmoid of the exported model's.
        spread: The usual standard deviation of a question's scores, before any sigmoid.
        pairs: Question and passage pairs on which it was compared with the model itself.
        deviation: The largest difference seen, in standard deviations of a question's scores.
    """

    format: int
    model: str
    fingerprint: str
    max_tokens: int
    inputs: tuple[str, ...]
    prompt: str
    sigmoid: bool
    spread: float
    pairs: int
    deviation: float

    def write(self, folder: Path) -> None:
        """Write the card into a reranker's folder."""
        (folder / CARD).write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> "RerankerCard":
        """Read the card of a reranker's folder.

        Raises:
            ModelError: if there is none, or it is not of this format.
        """
        try:
            values: dict[str, Any] = json.loads((folder / CARD).read_text("utf-8"))
            values["inputs"] = tuple(values["inputs"])
            card = cls(**values)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelError(
                f"no compiled reranker in {folder} ({error}): remove that folder and run "
                "`pmrole index build`"
            ) from error
        if card.format != FORMAT:
            raise ModelError(
                f"the reranker in {folder} has format {card.format}, this program reads {FORMAT}: "
                "remove that folder and run `pmrole index build`"
            )
        return card


class Reranker:
    """A compiled CrossEncoder. Safe between threads."""

    def __init__(self, folder: Path) -> None:
        """Open a compiled reranker.

        Raises:
            ModelError: if the folder holds no readable reranker.
        """
        self.card = RerankerCard.read(folder)
        # Its truncation is set once and never changed, so threads may share it without a lock.
        self._tokenizer = open_tokenizer(folder, self.card.max_tokens)
        self._session = open_session(folder / WEIGHTS)
        # Shared by all questions: more threads than cores would only wait for each other.
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="reranker")

    def predict(self, question: str, passages: Sequence[str]) -> Scores:
        """Return each passage's score as the model itself gives it, in their order, float32."""
        scores = self.raw_scores(question, passages)
        if self.card.sigmoid:
            scores = 1 / (1 + np.exp(-scores.clip(-80, 80)))
        return scores

    def raw_scores(self, question: str, passages: Sequence[str]) -> Scores:
        """Return each passage's score before any sigmoid, in their order, float32."""
        pairs = [(self.card.prompt + question, passage) for passage in passages]
        encoded = self._tokenizer.encode_batch(pairs)
        batches = batches_by_length([one.ids for one in encoded])
        batches.reverse()  # the longest first, that no core is left with it at the end
        scores = np.empty(len(pairs), dtype=np.float32)
        for rows, some in zip(
            batches,
            self._pool.map(lambda rows: self._run([encoded[row] for row in rows]), batches),
            strict=True,
        ):
            scores[rows] = some
        return scores

    def rerank(self, question: str, hits: Sequence[Hit]) -> tuple[Hit, ...]:
        """Return hits ordered anew, best first, their scores and ranks replaced.

        The first `DEPTH` are read, and a later one may overtake what the model thinks little of.

        Args:
            question: What was asked, as it was searched for.
            hits: Best first.
        """
        best = hits[:DEPTH]
        if not best:
            return ()
        texts = [f"{context_line(hit.title, hit.heading)}\n{hit.text}" for hit in best]
        hybrid = np.array([hit.score for hit in best])
        scores = fuse(hybrid, self.raw_scores(question, texts), _LEAST_SPREAD * self.card.spread)
        scored = [
            *(replace(hit, score=float(score)) for hit, score in zip(best, scores, strict=True)),
            *hits[DEPTH:],
        ]
        scored.sort(key=lambda hit: (-hit.score, hit.rank))
        return tuple(replace(hit, rank=rank) for rank, hit in enumerate(scored, 1))

    def _run(self, encoded: Sequence[Encoding]) -> Scores:
        width = max(len(one.ids) for one in encoded)
        shape = len(encoded), width
        feeds = {name: np.zeros(shape, dtype=np.int64) for name in self.card.inputs}
        for row, one in enumerate(encoded):
            values = {
                "input_ids": one.ids,
                "attention_mask": one.attention_mask,
                "token_type_ids": one.type_ids,
            }
            for name, array in feeds.items():
                array[row, : len(one.ids)] = values[name]
        scores: Scores = self._session.run(["score"], feeds)[0]
        return scores


def fuse(hybrid: Scores, read: Scores, least_spread: float) -> Scores:
    """Return hybrid scores moved by those of a model that read the passages.

    Args:
        hybrid: The scores of a question's hits.
        read: The model's, in the same order; only their differences matter.
        least_spread: The standard deviation from which on the model's scores count in full.
    """
    spread = max(float(read.std()), least_spread)
    moved = (read - read.mean()) / spread if spread > 0 else np.zeros_like(read)
    mean = hybrid.mean()
    fused: Scores = mean + (1 - _WEIGHT) * (hybrid - mean) + _WEIGHT * hybrid.std() * moved
    return fused


def usual_spread(scores: Matrix) -> float:
    """Return the standard deviation of a question's scores; the mean over the rows' questions."""
    return float(scores.std(axis=1).mean())


def largest_deviation(wanted: Matrix, seen: Matrix) -> float:
    """Return how far scores are off at most, in standard deviations of their question's scores.

    Args:
        wanted: The model's own scores, one row a question; they must not be all the same.
        seen: The compiled model's.
    """
    spread = wanted.std(axis=1, keepdims=True)
    least = _LEAST_SPREAD * usual_spread(wanted)
    return float(np.max(np.abs(seen - wanted) / np.maximum(spread, least)))
