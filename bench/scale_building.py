"""One real build of the scale bench, in a process of its own.

python -m bench.scale_building KNOWLEDGE INDEX [BASE]

With BASE, an index that was really built, texts get mixtures of its vectors instead of the model's.
"""

import json
import os
import sys
import time
from pathlib import Path

from bench.measuring import peak_mb
from bench.scale_vectors import MixingEmbedder
from bench.serving import encoder_folder
from bot.settings import Settings
from index.build import BuildOptions, build_index
from index.embedding import Embedder
from index.encoder import CompiledEncoder
from index.generation_store import GenerationStore


def main(argv: list[str]) -> int:
    """Build; print what each step took."""
    knowledge, index, *base = argv
    model = Settings().embedding_model
    encoder: Embedder = CompiledEncoder(encoder_folder(), threads=os.cpu_count() or 1)
    if base:
        encoder = MixingEmbedder(encoder, GenerationStore(Path(base[0])).open())
    start = time.perf_counter()
    report = build_index(
        Path(knowledge),
        GenerationStore(Path(index)),
        lambda: (model, encoder),
        options=BuildOptions(),
    )
    seen = {
        "seconds": time.perf_counter() - start,
        "steps": report.seconds,
        "articles": report.articles,
        "changed": len(report.changed),
        "chunks": report.chunks,
        "sentences": report.sentences,
        "embedded": report.embedded,
        "peak": peak_mb(),
    }
    print(json.dumps(seen))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
