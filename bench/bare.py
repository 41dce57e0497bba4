"""The bare onnxruntime floor: the compiled encoder's files, NumPy and FAISS, nothing of `index`.

    python -m bench.bare ENCODER FOLDER "a question"

FOLDER is what `bench.floor` builds. This is about the least that a cold answer can cost.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import faiss
import numpy as np
import onnxruntime as ort
from tokenizers import Tokenizer

Ask = Callable[[str], list[tuple[float, str]]]


def open_bare(encoder: Path, folder: Path) -> Ask:
    """Open the encoder and the index; return what finds the ten best passages for a question."""
    tokenizer = Tokenizer.from_file(str(encoder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(256)
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    compact = encoder / "encoder-8bit.onnx"
    path = compact if compact.is_file() else encoder / "encoder-fp32.onnx"
    session = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    index = faiss.read_index(str(folder / "index.faiss"))
    texts = (folder / "passages.txt").read_text("utf-8").splitlines()

    def ask(question: str) -> list[tuple[float, str]]:
        ids = np.asarray([tokenizer.encode(question).ids], dtype=np.int64)
        feeds = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        (vector,) = session.run(["vector"], feeds)
        scores, rows = index.search(vector, 10)
        return [(float(score), texts[row]) for score, row in zip(scores[0], rows[0], strict=True)]

    return ask


def main(argv: list[str]) -> int:
    """Answer one question."""
    for score, text in open_bare(Path(argv[0]), Path(argv[1]))(argv[2]):
        print(f"{score:.3f} {text}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
