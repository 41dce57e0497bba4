"""A process that embeds texts one way, for `bench.building` to time beside the other.

python -m bench.encoding compiled|sentence-transformers FOLDER-OR-MODEL
"""

import sys
from pathlib import Path

from bench.measuring import serve, timed_ms
from index.encoder import CompiledEncoder


def main(argv: list[str]) -> int:
    """Embed the texts of each task; answer with milliseconds."""
    if argv[0] == "compiled":
        encoder = CompiledEncoder(Path(argv[1]), threads=2)
        serve(None, lambda texts: timed_ms(lambda: encoder.embed_documents(texts)))
        return 0
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - eight seconds

    model = SentenceTransformer(argv[1], device="cpu")
    # Its defaults: batches of 32, PyTorch's own number of threads.
    serve(None, lambda texts: timed_ms(lambda: model.encode(texts, show_progress_bar=False)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
