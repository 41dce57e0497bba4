"""Compile a CrossEncoder: sentence-transformers in, an ONNX file out, compared with the original.

The weights stay float32: in 8 bits, passages of a hundred word pieces took as long, and scores were
off by a fifth to a third of a standard deviation (docs/architecture.md).

Run once a model, by `pmrole index build` or whatever opens it first. Unlike an embedding model, a
reranker that cannot be compiled is refused: an index can be asked without one.
"""

import hashlib
import logging
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.embedding import Matrix, ModelSource, find_model
from index.errors import ModelError
from index.export import new_folder, probe_passages, write_onnx
from index.reranking import (
    CARD,
    FORMAT,
    MAX_DEVIATION,
    WEIGHTS,
    Reranker,
    RerankerCard,
    largest_deviation,
    usual_spread,
)

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

logger = logging.getLogger(__name__)

SETTING = "RERANKER_MODEL"
# The comparison: questions, the passages each is paired with, and the words of a question.
_QUESTIONS, _PASSAGES, _WORDS = 12, 12, 10

Probes = list[tuple[str, list[str]]]


def is_compiled(name: str, folder: Path) -> bool:
    """Tell whether a reranker's compiled form is there, without loading anything.

    Raises:
        ModelError: if a folder is named that holds no model.
    """
    return (_target(find_model(name, setting=SETTING), folder) / CARD).is_file()


def open_reranker(name: str, folder: Path, *, ahead: bool = False) -> Reranker:
    """Open the compiled form of a CrossEncoder, compiling it first where that was not done yet.

    Args:
        name: A sentence-transformers name or folder.
        folder: Where compiled models are kept, one subfolder a fingerprint.
        ahead: Nobody waits for an answer, so that compiling is nothing to warn of.

    Raises:
        ModelError: if it cannot be loaded, is no reranker, or cannot be compiled.
    """
    source = find_model(name, setting=SETTING)
    target = _target(source, folder)
    if not (target / CARD).is_file():
        logger.log(
            logging.INFO if ahead else logging.WARNING,
            "%s %s is compiled now, once, which takes a minute or more; after a change of the "
            "setting run `pmrole index build`, that no question waits for it",
            SETTING,
            name,
        )
        model = _load(source)
        try:
            _compile(source, model, target)
        except ModelError as error:
            raise ModelError(
                f"the reranker {name!r} cannot be used: {error}; set {SETTING} to another "
                "CrossEncoder, or to nothing, and run `pmrole index build`"
            ) from error
    return Reranker(target)


def _target(source: ModelSource, folder: Path) -> Path:
    text = f"{source.fingerprint} reranker format {FORMAT}"
    return folder / hashlib.sha256(text.encode()).hexdigest()[:16]


def _load(source: ModelSource) -> "CrossEncoder":
    import torch
    import transformers
    from sentence_transformers import CrossEncoder

    # A model is loaded beside other work; threads that wait for a core make it many times slower.
    torch.set_num_threads(1)
    transformers.utils.logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        model: CrossEncoder = CrossEncoder(
            source.location, device="cpu", model_kwargs={"attn_implementation": "eager"}
        )
    except (OSError, ValueError, KeyError, RuntimeError, ImportError, TypeError) as error:
        raise ModelError(
            f"cannot load the reranker {source.name!r}: {error}; set {SETTING} to the name or "
            "folder of a sentence-transformers CrossEncoder, or to nothing, and run "
            "`pmrole index build`"
        ) from error
    return model


def _compile(source: ModelSource, model: "CrossEncoder", target: Path) -> None:
    """Write the reranker into `target`; a folder that exists is complete."""
    _check_labels(model)
    probes = _probes()
    wanted = _read(model, probes)
    if usual_spread(wanted) < 1e-6:
        raise ModelError("it gives every passage the same score")
    with new_folder(target) as work:
        card = replace(_trace(source, model, target.name, work), spread=usual_spread(wanted))
        card.write(work)
        deviation = _deviation(work, probes, wanted)
        if deviation > MAX_DEVIATION:
            raise ModelError(
                f"its export disagrees with it: a score is off by {deviation:.3f} standard "
                f"deviations (at most {MAX_DEVIATION} wanted)"
            )
        replace(card, pairs=wanted.size, deviation=round(deviation, 6)).write(work)
    logger.info(
        "compiled %s: off by at most %.4f standard deviations over %d pairs",
        source.name,
        deviation,
        wanted.size,
    )


def _check_labels(model: "CrossEncoder") -> None:
    """Refuse what gives no single score, or was never trained to.

    Raises:
        ModelError: saying what was seen and what is wanted.
    """
    if model.num_labels != 1:
        raise ModelError(
            f"it gives {model.num_labels} scores a pair, as classifiers do, and one is wanted"
        )
    # An embedding model is given a head of random weights by sentence-transformers.
    config = getattr(model.transformers_model, "config", None)
    named = getattr(config, "architectures", None) or []
    if len(model) == 1 and not any("ForSequenceClassification" in one for one in named):
        raise ModelError(f"it was not trained to score pairs (it is a {', '.join(named)})")


def _probes() -> Probes:
    """Return the first words of some passages, each with passages that hold them or not."""
    passages = probe_passages()
    starts = np.linspace(0, len(passages) - 1, _QUESTIONS, dtype=int).tolist()
    return [
        (
            " ".join(passages[start].split()[:_WORDS]),
            [passages[(start + 11 * step) % len(passages)] for step in range(_PASSAGES)],
        )
        for start in starts
    ]


def _read(model: "CrossEncoder", probes: Probes) -> Matrix:
    """Return the model's own scores, before any sigmoid; a row a question.

    Raises:
        ModelError: if the model fails at it.
    """
    import torch

    try:
        rows = [
            model.predict(
                [(question, passage) for passage in passages],
                batch_size=4,
                show_progress_bar=False,
                activation_fn=torch.nn.Identity() if _has_sigmoid(model) else None,
            )
            for question, passages in probes
        ]
    except (ValueError, RuntimeError, TypeError, KeyError, IndexError) as error:
        raise ModelError(f"it cannot read pairs of texts: {error}") from error
    return np.stack(rows).astype(np.float32)


def _has_sigmoid(model: "CrossEncoder") -> bool:
    import torch

    return isinstance(model.activation_fn, torch.nn.Sigmoid)


def _trace(
    source: ModelSource, model: "CrossEncoder", fingerprint: str, work: Path
) -> RerankerCard:
    """Export the whole model in float32, an activation other than a sigmoid included."""
    import torch

    tokenizer = model.tokenizer
    backend = getattr(tokenizer, "backend_tokenizer", None)
    limit = model.max_seq_length
    if backend is None:
        raise ModelError("its tokenizer is not of the fast kind")
    if limit is None or limit > 1_000_000:
        raise ModelError("it does not say how many word pieces it reads")
    backend.save(str(work / "tokenizer.json"))
    sample = tokenizer(
        [("one", "two"), ("one", "one two three")], padding=True, return_tensors="pt"
    )
    inputs = tuple(
        name for name in ("input_ids", "attention_mask", "token_type_ids") if name in sample
    )
    sigmoid = _has_sigmoid(model)

    class Whole(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *values: Any) -> Any:
            scores = self.model(dict(zip(inputs, values, strict=True)))["scores"]
            if not sigmoid and model.activation_fn is not None:
                scores = model.activation_fn(scores)
            return scores.reshape(-1)

    write_onnx(
        Whole(), {name: sample[name] for name in inputs}, {"score": {0: "texts"}}, work / WEIGHTS
    )
    return RerankerCard(
        format=FORMAT,
        model=source.name,
        fingerprint=fingerprint,
        max_tokens=int(limit),
        inputs=inputs,
        prompt=model.prompts.get(model.default_prompt_name or "", "") or "",
        sigmoid=sigmoid,
        spread=0.0,
        pairs=0,
        deviation=0.0,
    )


def _deviation(work: Path, probes: Probes, wanted: Matrix) -> float:
    try:
        reranker = Reranker(work)
        seen = np.stack([reranker.raw_scores(question, passages) for question, passages in probes])
    except Exception as error:  # onnxruntime's errors share no base but Exception
        raise ModelError(f"its export cannot be run: {error}") from error
    return largest_deviation(wanted, seen)
