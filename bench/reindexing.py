"""A running bot that indexes again in its own process, for `bench.building` to weigh.

python -m bench.reindexing KNOWLEDGE INDEX
"""

import json
import sys
from dataclasses import replace
from pathlib import Path

from bench.corpora import questions
from bench.measuring import peak_mb, rss_mb
from bot.answering.answerer import Answerer
from bot.index_store import live_index
from bot.reindexing.models import RunningModels
from bot.reindexing.priority import give_way
from bot.reindexing.reindexer import Reindexer
from bot.settings import Settings


def main(argv: list[str]) -> int:
    """Answer fifty questions, reindex, answer again; print memory before, at the peak and after.

    Saved questions are asked of both generations, as in a bot.
    """
    settings = Settings()
    answerer = Answerer.open(live_index(settings))
    for question in questions():
        answerer.ask(question)
    before = rss_mb()
    give_way()
    wanted = replace(settings, knowledge_dir=Path(argv[0]), index_dir=Path(argv[1]))
    models = RunningModels(answerer, settings.embedding_model)
    outcome = Reindexer(wanted, models).run("a bench", publish_anyway=True)
    for question in questions():
        answerer.ask(question)
    seen = {"before": before, "peak": peak_mb(), "after": rss_mb(), "seconds": outcome.seconds}
    print(json.dumps({**seen, "passages": outcome.passages}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
