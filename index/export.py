"""Compile an embedding model: sentence-transformers in, an ONNX file with 8-bit weights out.

Run once a model, at build time. The compiled encoder is compared with the original on real
passages and refused where they disagree; then coarser compression gives way to finer, and at last
to the exact weights.
"""

import contextlib
import hashlib
import json
import logging
import shutil
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.compression import quantize
from index.embedding import (
    Embedder,
    Matrix,
    ModelSource,
    SentenceTransformerEmbedder,
    load_sentence_transformer,
)
from index.encoder import FORMAT, MIN_COSINE, MIN_TOP10_OVERLAP, CompiledEncoder, EncoderCard
from index.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

logger = logging.getLogger(__name__)

# Weights that share one 8-bit scale, tried in this order; 0 leaves them float32.
# Block 64 agrees with the original to 0.9987 at 4.0 ms a question, block 32 to 0.9994 at 4.3 ms,
# float32 exactly at 5.0 ms and 30 MB more (bench/results.md).
_BLOCK_SIZES = (64, 32, 0)
_PROBES = 24
# What varies of an input: how many texts there are, and how long the longest is.
_BATCH = {0: "texts", 1: "tokens"}


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two encoders agree over the same passages."""

    passages: int
    min_cosine: float
    mean_cosine: float
    top10_overlap: float

    @property
    def acceptable(self) -> bool:
        """Whether one may stand in for the other (docs/architecture.md, decision 1)."""
        return self.min_cosine >= MIN_COSINE and self.top10_overlap >= MIN_TOP10_OVERLAP


def probe_passages() -> list[str]:
    """Return the passages on which every export is compared with its original."""
    text = resources.files("index").joinpath("probe_passages.txt").read_text("utf-8")
    return [line for line in text.splitlines() if line]


def compiled_fingerprint(source: ModelSource) -> str:
    """Return the fingerprint the compiled form of a model has, without compiling it."""
    text = f"{source.fingerprint} format {FORMAT} blocks {_BLOCK_SIZES}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def open_embedder(source: ModelSource, folder: Path, *, threads: int = 1) -> Embedder:
    """Open the compiled encoder of a model, compiling it first where that was not done yet.

    Args:
        source: The model.
        folder: Where compiled encoders are kept, one subfolder a fingerprint.
        threads: Cores that embedding many texts may use.

    Returns:
        The compiled encoder; the model itself, with a warning in the log, if it cannot be compiled.

    Raises:
        ModelError: if the model cannot be loaded at all.
    """
    target = folder / compiled_fingerprint(source)
    if not (target / "encoder.json").is_file():
        model = load_sentence_transformer(source)
        try:
            _export(source, model, target)
        except ModelError as error:
            logger.warning(
                "%s is served by sentence-transformers as it is (slower start, more memory): %s",
                source.name,
                error,
            )
            return SentenceTransformerEmbedder(source, model)
    return CompiledEncoder(target, threads=threads)


def compare(wanted: Matrix, seen: Matrix) -> Agreement:
    """Compare two encoders' unit rows for the same passages."""
    cosines = np.sum(wanted * seen, axis=1)
    depth = min(10, len(wanted) - 1)
    overlap = 1.0
    if depth > 0:
        nearest = [_nearest(rows, depth) for rows in (wanted, seen)]
        shared = [len(set(a) & set(b)) for a, b in zip(*nearest, strict=True)]
        overlap = float(np.mean(shared)) / depth
    return Agreement(
        passages=len(wanted),
        min_cosine=round(float(cosines.min()), 5),
        mean_cosine=round(float(cosines.mean()), 5),
        top10_overlap=round(overlap, 4),
    )


def _nearest(rows: Matrix, depth: int) -> list[list[int]]:
    scores = rows @ rows.T
    np.fill_diagonal(scores, -2.0)
    order: list[list[int]] = np.argsort(-scores, axis=1, kind="stable")[:, :depth].tolist()
    return order


def _export(source: ModelSource, model: "SentenceTransformer", target: Path) -> None:
    """Write the encoder into `target`; a folder that exists is complete."""
    reference = SentenceTransformerEmbedder(source, model)
    passages = probe_passages()
    wanted = reference.embed_documents(passages)
    with new_folder(target) as work:
        card = _trace(source, model, reference.dimension, work)
        card = _compress(card, work, passages, wanted)
        _write_probes(work, passages, wanted)
        card.write(work)
    logger.info(
        "compiled %s: 8-bit blocks of %d, cosine >= %.4f, top-10 overlap %.3f over %d passages",
        source.name,
        card.block_size,
        card.min_cosine,
        card.top10_overlap,
        card.passages,
    )


@contextlib.contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """Give a folder to fill, which takes the place of `target` once it is complete."""
    target.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix="export-", dir=target.parent))
    try:
        yield work
        if target.exists():
            shutil.rmtree(target)
        work.chmod(0o755)
        work.replace(target)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _trace(
    source: ModelSource, model: "SentenceTransformer", dimension: int, work: Path
) -> EncoderCard:
    """Export the whole model, pooling and normalisation included, in float32."""
    import torch

    tokenizer = model.tokenizer
    backend = getattr(tokenizer, "backend_tokenizer", None)
    limit = model.get_max_seq_length()
    if backend is None or limit is None:
        raise ModelError("its tokenizer is not of the fast kind")
    backend.save(str(work / "tokenizer.json"))
    card = EncoderCard(
        format=FORMAT,
        model=source.name,
        fingerprint=compiled_fingerprint(source),
        dimension=dimension,
        max_tokens=int(limit),
        query_prompt=model.prompts.get("query", "") or "",
        document_prompt=model.prompts.get("document", "") or "",
        inputs=("input_ids", "attention_mask"),
        block_size=0,
        passages=0,
        min_cosine=0.0,
        mean_cosine=0.0,
        top10_overlap=0.0,
    )
    wants_types = "token_type_ids" in tokenizer.model_input_names

    class Whole(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            features = {"input_ids": input_ids, "attention_mask": attention_mask}
            if wants_types:
                features["token_type_ids"] = torch.zeros_like(input_ids)
            out = self.model(features)
            vector = torch.nn.functional.normalize(out["sentence_embedding"], dim=-1)
            return vector, out["token_embeddings"]

    sample = tokenizer(["one", "one two three"], padding=True, return_tensors="pt")
    inputs = {name: sample[name] for name in card.inputs}
    outputs = {"vector": {0: "texts"}, "token_vectors": _BATCH}
    write_onnx(Whole(), inputs, outputs, work / "encoder-fp32.onnx")
    return card


def write_onnx(
    module: Any, inputs: Mapping[str, Any], outputs: Mapping[str, dict[int, str]], path: Path
) -> None:
    """Trace a torch module into an ONNX file of float32 weights.

    Args:
        module: Takes the inputs in their order.
        inputs: An example of each, one row a text and one column a token.
        outputs: Which axes of each vary.
        path: The file.

    Raises:
        ModelError: if it cannot be traced.
    """
    import torch

    try:
        with torch.no_grad(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # tracer warnings; the result is compared afterwards
            torch.onnx.export(
                module.eval(),
                tuple(inputs.values()),
                str(path),
                input_names=list(inputs),
                output_names=list(outputs),
                dynamic_axes={**dict.fromkeys(inputs, _BATCH), **outputs},
                dynamo=False,
                opset_version=17,
            )
    except Exception as error:
        raise ModelError(f"it cannot be exported to ONNX: {error}") from error


def _compress(
    card: EncoderCard, work: Path, passages: Sequence[str], wanted: Matrix
) -> EncoderCard:
    """Keep the coarsest weights that agree with the original.

    Raises:
        ModelError: if not even the float32 export agrees.
    """
    agreement = Agreement(0, 0.0, 0.0, 0.0)
    for block_size in _BLOCK_SIZES:
        if block_size:
            quantize(work / "encoder-fp32.onnx", work / "encoder-8bit.onnx", block_size)
        candidate = replace(card, block_size=block_size)
        candidate.write(work)
        encoder = CompiledEncoder(work, threads=2, trust=True)
        agreement = compare(wanted, encoder.embed_documents(passages))
        if agreement.acceptable:
            if not block_size:
                (work / "encoder-8bit.onnx").unlink(missing_ok=True)
            return replace(
                candidate,
                passages=agreement.passages,
                min_cosine=agreement.min_cosine,
                mean_cosine=agreement.mean_cosine,
                top10_overlap=agreement.top10_overlap,
            )
        logger.info("8-bit blocks of %d do not agree: %s", block_size, agreement)
    raise ModelError(
        f"its export disagrees with it: cosine {agreement.min_cosine} (at least {MIN_COSINE} "
        f"wanted), top-10 overlap {agreement.top10_overlap} (at least {MIN_TOP10_OVERLAP} wanted)"
    )


def _write_probes(work: Path, passages: Sequence[str], wanted: Matrix) -> None:
    chosen = np.linspace(0, max(0, len(passages) - 1), min(_PROBES, len(passages)), dtype=int)
    texts = [passages[row] for row in chosen]
    (work / "probes.json").write_text(json.dumps(texts), encoding="utf-8")
    np.save(work / "probes.npy", wanted[chosen] if len(chosen) else wanted, allow_pickle=False)
