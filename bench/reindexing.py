"""A running bot that indexes again in its own process, for `bench.building` to weigh.

python -m bench.reindexing KNOWLEDGE INDEX
"""

import json
import sys
import time
from pathlib import Path

from bench.corpora import questions
from bench.measuring import peak_mb, rss_mb
from bot.answering.answerer import Answerer
from bot.cli.asking import folders_of
from bot.settings import Settings
from index.build import build_index
from index.embedding import find_model
from index.export import open_embedder
from index.generation import GenerationStore
from index.opening import LiveIndex


def main(argv: list[str]) -> int:
    """Answer fifty questions, build, answer again; print memory before, at the peak and after."""
    settings = Settings()
    answerer = Answerer(LiveIndex(folders_of(settings)))
    for question in questions():
        answerer.ask(question)
    before = rss_mb()
    source = find_model(settings.embedding_model)
    start = time.perf_counter()
    report = build_index(
        Path(argv[0]),
        GenerationStore(Path(argv[1])),
        lambda: (source.name, open_embedder(source, settings.encoder_dir, threads=2)),
    )
    seconds = time.perf_counter() - start
    for question in questions():
        answerer.ask(question)
    seen = {"before": before, "peak": peak_mb(), "after": rss_mb(), "seconds": seconds}
    print(json.dumps({**seen, "passages": report.chunks}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
