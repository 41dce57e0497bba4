"""The floor: the same search as one would write it with sentence-transformers and FAISS alone.

    python -m bench.floor build MODEL PASSAGES.txt FOLDER
    python -m bench.floor ask MODEL FOLDER "a question"

No compiled encoder, no BM25, no sentences, no generations: what PM Role must be worth beside.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import faiss
import numpy as np
from sentence_transformers import SentenceTransformer

Ask = Callable[[str], list[tuple[float, str]]]


def build(model_name: str, passages: Path, folder: Path) -> None:
    """Embed one passage a line and write a FAISS index beside them."""
    texts = passages.read_text("utf-8").splitlines()
    model = SentenceTransformer(model_name, device="cpu")
    vectors = model.encode(texts, normalize_embeddings=True, show_progress_bar=False)
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(np.asarray(vectors, dtype=np.float32))
    folder.mkdir(parents=True, exist_ok=True)
    faiss.write_index(index, str(folder / "index.faiss"))
    (folder / "passages.txt").write_text("\n".join(texts), encoding="utf-8")


def open_floor(model_name: str, folder: Path) -> Ask:
    """Load the model and the index; return what finds the ten best passages for a question."""
    model = SentenceTransformer(model_name, device="cpu")
    index = faiss.read_index(str(folder / "index.faiss"))
    texts = (folder / "passages.txt").read_text("utf-8").splitlines()

    def ask(question: str) -> list[tuple[float, str]]:
        vector = model.encode([question], normalize_embeddings=True, show_progress_bar=False)
        scores, rows = index.search(np.asarray(vector, dtype=np.float32), 10)
        return [(float(score), texts[row]) for score, row in zip(scores[0], rows[0], strict=True)]

    return ask


def main(argv: list[str]) -> int:
    """Build, or answer one question."""
    if argv[0] == "build":
        build(argv[1], Path(argv[2]), Path(argv[3]))
        return 0
    for score, text in open_floor(argv[1], Path(argv[2]))(argv[3]):
        print(f"{score:.3f} {text}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
