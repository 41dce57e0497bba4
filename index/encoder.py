"""The compiled encoder: onnxruntime and tokenizers, no torch.

Made once by `export` from the model itself; ready in a tenth of a second where
sentence-transformers takes eight (docs/architecture.md, bench/results.md).
"""

import contextlib
import hashlib
import json
import platform
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
from tokenizers import Tokenizer

from index.embedding import Matrix, Progress
from index.errors import ModelError

FORMAT = 1
MIN_COSINE = 0.998
MIN_TOP10_OVERLAP = 0.965
# The least the stored probes may agree on a CPU whose kernels round differently.
_PROBE_MIN_COSINE = 0.997
# Batches of 1 to 4 are the fastest on a CPU and keep the peak of memory low (bench/results.md).
_BATCH_TOKENS = 256
# Questions that go through the model side by side: of like length, so that little is padded.
_BATCH_QUESTIONS = 8
_COMPACT, _EXACT = "encoder-8bit.onnx", "encoder-fp32.onnx"


@dataclass(frozen=True, slots=True)
class EncoderCard:
    """What an exported encoder is, as written beside it in ``encoder.json``.

    Attributes:
        model: The name the model goes by.
        fingerprint: Of the model's files and of the way they were compiled.
        block_size: Weights that share one 8-bit scale; 0 if the weights are still float32.
        min_cosine: The worst agreement with sentence-transformers over `passages` real passages.
        mean_cosine: The mean agreement.
        top10_overlap: The mean share of each passage's ten nearest that stayed the same.
    """

    format: int
    model: str
    fingerprint: str
    dimension: int
    max_tokens: int
    query_prompt: str
    document_prompt: str
    inputs: tuple[str, ...]
    block_size: int
    passages: int
    min_cosine: float
    mean_cosine: float
    top10_overlap: float

    def write(self, folder: Path) -> None:
        """Write the card into an encoder's folder."""
        text = json.dumps(asdict(self), indent=2)
        (folder / "encoder.json").write_text(text + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> "EncoderCard":
        """Read the card of an encoder's folder.

        Raises:
            ModelError: if there is none, or it is not of this format.
        """
        try:
            values: dict[str, Any] = json.loads((folder / "encoder.json").read_text("utf-8"))
            values["inputs"] = tuple(values["inputs"])
            card = cls(**values)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelError(
                f"no compiled encoder in {folder}: run `pmrole index build` ({error})"
            ) from error
        if card.format != FORMAT:
            raise ModelError(
                f"the encoder in {folder} has format {card.format}, this program reads {FORMAT}: "
                "run `pmrole index build`"
            )
        return card


class CompiledEncoder:
    """An `Embedder` over an exported model. Safe to share between threads."""

    def __init__(self, folder: Path, *, threads: int = 1, trust: bool = False) -> None:
        """Open an exported encoder.

        Args:
            folder: What `export` wrote.
            threads: How many batches `embed_documents` works on side by side, one core each.
            trust: Use the compact weights without comparing them with the stored probes on this
                CPU: for the export, which compares them with the model itself.

        Raises:
            ModelError: if the folder holds no readable encoder.
        """
        self.card = EncoderCard.read(folder)
        self.fingerprint = self.card.fingerprint
        self.dimension = self.card.dimension
        self._threads = threads
        self._tokenizer = open_tokenizer(folder, self.card.max_tokens)
        self._lock = threading.Lock()
        compact = self.card.block_size > 0
        if compact and not trust:
            compact = _compact_agrees(folder, self.card, self._tokenizer)
        self._session = open_session(folder / (_COMPACT if compact else _EXACT))

    def embed_queries(self, texts: Sequence[str]) -> Matrix:
        """See `Embedder.embed_queries`; those of like length go through the model together."""
        ids = self._token_ids([self.card.query_prompt + text for text in texts])
        if len(ids) <= _BATCH_QUESTIONS:
            return self._run(ids)
        out = np.empty((len(ids), self.dimension), dtype=np.float32)
        order = sorted(range(len(ids)), key=lambda row: len(ids[row]))
        for start in range(0, len(order), _BATCH_QUESTIONS):
            rows = order[start : start + _BATCH_QUESTIONS]
            out[rows] = self._run([ids[row] for row in rows])
        return out

    def embed_documents(self, texts: Sequence[str], *, progress: Progress | None = None) -> Matrix:
        """See `Embedder.embed_documents`.

        Texts are taken in order of length, so that none is padded much, in batches of a bounded
        number of tokens, so that memory is bounded too.
        """
        out = np.empty((len(texts), self.dimension), dtype=np.float32)
        ids = self._token_ids([self.card.document_prompt + text for text in texts])
        batches = batches_by_length(ids)
        done = 0

        def embed(rows: list[int]) -> list[int]:
            out[rows] = self._run([ids[row] for row in rows])
            return rows

        with ThreadPoolExecutor(self._threads, thread_name_prefix="embed") as pool:
            for rows in pool.map(embed, batches):
                done += len(rows)
                if progress is not None:
                    progress(done, len(texts))
        return out

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """See `Embedder.count_tokens`."""
        with self._lock:
            self._tokenizer.no_truncation()
            try:
                encoded = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
            finally:
                self._tokenizer.enable_truncation(self.card.max_tokens)
        return [len(one.ids) for one in encoded]

    def _token_ids(self, texts: Sequence[str]) -> list[list[int]]:
        with self._lock:
            return [one.ids for one in self._tokenizer.encode_batch(list(texts))]

    def _run(self, ids: Sequence[list[int]]) -> Matrix:
        return _run_session(self._session, self.card, ids)


def _run_session(
    session: ort.InferenceSession, card: EncoderCard, ids: Sequence[list[int]]
) -> Matrix:
    width = max((len(row) for row in ids), default=1)
    tokens = np.zeros((len(ids), width), dtype=np.int64)
    mask = np.zeros_like(tokens)
    for number, row in enumerate(ids):
        tokens[number, : len(row)] = row
        mask[number, : len(row)] = 1
    feeds = {"input_ids": tokens, "attention_mask": mask}
    vectors: Matrix = session.run(["vector"], {name: feeds[name] for name in card.inputs})[0]
    return vectors


def batches_by_length(ids: Sequence[list[int]]) -> list[list[int]]:
    """Return which texts go through a model together: of like length, of bounded tokens."""
    order = sorted(range(len(ids)), key=lambda row: len(ids[row]))
    batches: list[list[int]] = []
    for row in order:
        if batches and (len(batches[-1]) + 1) * len(ids[row]) <= _BATCH_TOKENS:
            batches[-1].append(row)
        else:
            batches.append([row])
    return batches


def open_tokenizer(folder: Path, max_tokens: int) -> Tokenizer:
    """Open a compiled model's tokenizer, which cuts texts, or pairs of them, at `max_tokens`.

    Raises:
        ModelError: if its file cannot be read.
    """
    try:
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    except Exception as error:  # tokenizers raises a bare Exception
        raise ModelError(
            f"cannot read {folder / 'tokenizer.json'}: {error}; remove that folder and run "
            "`pmrole index build`"
        ) from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_tokens)
    return tokenizer


def open_session(path: Path) -> ort.InferenceSession:
    """Open an ONNX file on one core of the CPU.

    Raises:
        ModelError: if onnxruntime cannot read it.
    """
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Memory is given back after a long batch instead of being kept for the next one.
    options.enable_cpu_mem_arena = False
    try:
        return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's errors share no base but Exception
        raise ModelError(
            f"cannot open the encoder {path}: {error}; remove {path.parent} and run "
            "`pmrole index build`"
        ) from error


def _compact_agrees(folder: Path, card: EncoderCard, tokenizer: Tokenizer) -> bool:
    """Tell whether the compact weights give the stored probes' vectors on this CPU.

    The comparison costs a quarter of a second, so its outcome is kept in the folder, by CPU and
    onnxruntime version.
    """
    verdict = folder / f"checked-{_cpu_key()}.json"
    try:
        return bool(json.loads(verdict.read_text("utf-8"))["compact"])
    except (OSError, ValueError, KeyError, TypeError):
        pass  # not compared on this CPU yet
    session = open_session(folder / _COMPACT)
    try:
        texts: list[str] = json.loads((folder / "probes.json").read_text("utf-8"))
        wanted: Matrix = np.load(folder / "probes.npy", allow_pickle=False)
    except (OSError, ValueError) as error:
        raise ModelError(
            f"the probes in {folder} cannot be read ({error}): remove that folder and run "
            "`pmrole index build`"
        ) from error
    ids = [tokenizer.encode(card.document_prompt + text).ids for text in texts]
    seen = np.stack([_run_session(session, card, [row])[0] for row in ids])
    agreement = float(np.min(np.sum(seen * wanted, axis=1)))
    compact = agreement >= _PROBE_MIN_COSINE
    with contextlib.suppress(OSError):  # a read-only folder: the next start compares again
        verdict.write_text(json.dumps({"compact": compact, "min_cosine": agreement}), "utf-8")
    return compact


def _cpu_key() -> str:
    """Name this CPU's instruction sets and this onnxruntime: what rounding depends on."""
    flags = platform.processor()
    with contextlib.suppress(OSError):  # only Linux lists them there
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
            if line.startswith(("flags", "Features")):
                flags = line
                break
    key = f"{platform.machine()} {flags} {ort.__version__}"
    return hashlib.sha256(key.encode()).hexdigest()[:12]
