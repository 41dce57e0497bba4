"""PM Role, through its own commands: `pmrole index build` and what answers behind `pmrole ask`.

In place of a model's folder the command line names what is timed: `retrieval`, or `whole` for the
question from its text to the composed answer. The model is the one that comes with PM Role: the
runner gives its folder to the others.
"""

import shutil
from dataclasses import replace
from pathlib import Path

from bench.peers.acting import HITS, Ask, act
from bench.peers.pipelines import GENERATIONS, KNOWLEDGE, WHOLE
from bot.cli import DOUBTFUL, OK, main
from bot.cli.asking import open_answerer
from bot.domain import Answer, Comparison
from bot.index_store import live_index
from bot.settings import Settings
from index.generation_store import GenerationStore


def build(_model: str, texts: Path, index: Path) -> int:
    """Read, split, embed and publish."""
    titles, generations = index / KNOWLEDGE, index / GENERATIONS
    titles.mkdir(parents=True)
    shutil.copy(Path("knowledge") / "titles.toml", titles)
    env = {"DATABASE_URL": f"sqlite:///{index}/state.db"}
    folders = ["--knowledge", str(texts), "--index", str(generations)]
    status = main(["index", "build", "--full", *folders], env)
    if status not in {OK, DOUBTFUL}:
        raise SystemExit(f"`pmrole index build` ended with {status}")
    store = GenerationStore(generations)
    return store.manifest_of(store.current_name()).chunks


def open_saved(model: str, index: Path) -> Ask:
    """Open the published generation, and what composes answers where that is timed."""
    settings = replace(Settings(), knowledge_dir=index / KNOWLEDGE, index_dir=index / GENERATIONS)
    if model == WHOLE:
        answerer = open_answerer(settings)

        def ask(question: str) -> list[str]:
            reply = answerer.ask(question).reply
            if not isinstance(reply, Answer | Comparison):
                return []
            return [one.article for one in reply.citations]

        return ask
    retriever = live_index(settings).retriever()
    return lambda question: [hit.article for hit in retriever.search(question, HITS)]


if __name__ == "__main__":
    raise SystemExit(act(build, open_saved))
