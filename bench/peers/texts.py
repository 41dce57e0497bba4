"""The texts that every pipeline gets, and the questions with the article that answers each.

articles/   the shipped articles without their front matter: it holds the questions asked here
passages/   about 2,000 passages, a file each: those that PM Role makes of `many/`
many/       the same articles, and made ones (bench.corpora) beside them until there are enough
"""

import json
from dataclasses import dataclass
from pathlib import Path

from bench.corpora import Recombiner, shipped_passages
from index.articles import read_articles
from index.front_matter import split_front_matter

PASSAGES = 2_000
_KNOWLEDGE = Path("knowledge")
_OPEN_QUESTIONS = Path("tests/data/open_questions.jsonl")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and the article that answers it, by its path.

    Attributes:
        declared: Whether the article itself says so; else it is one of the open questions, which
            nobody wrote with the article in hand.
    """

    question: str
    article: str
    declared: bool


def write_articles(folder: Path) -> int:
    """Write the shipped articles with nothing but what their readers see; return how many."""
    documents = read_articles(_KNOWLEDGE).documents
    for document in documents:
        _, body = split_front_matter((_KNOWLEDGE / document.path).read_text("utf-8"))
        body = body.strip()
        if not body.startswith("# "):
            body = f"# {document.title}\n\n{body}"
        path = folder / document.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(body + "\n", encoding="utf-8")
    return len(documents)


def write_many(folder: Path, passages: int) -> None:
    """Write the articles, and made ones beside them.

    Args:
        folder: Where to.
        passages: How many PM Role makes of the articles alone.
    """
    write_articles(folder)
    Recombiner().write_articles(folder / "made", PASSAGES - passages)


def write_passages(folder: Path, generations: Path) -> int:
    """Write what PM Role embedded for each passage of `many/`, a file each; return how many."""
    folder.mkdir(parents=True, exist_ok=True)
    passages = shipped_passages(generations)
    for number, text in enumerate(passages):
        (folder / f"{number:04}.txt").write_text(text + "\n", encoding="utf-8")
    return len(passages)


def questions() -> list[Asked]:
    """Return the questions that articles declare, then the open ones that have an answer.

    Those that follow up on an earlier message are left out: peers are given no conversation.
    """
    documents = read_articles(_KNOWLEDGE).documents
    paths = {Path(one.path).stem: one.path for one in documents}
    asked = [Asked(text, one.path, declared=True) for one in documents for text in one.questions]
    for line in _OPEN_QUESTIONS.read_text("utf-8").splitlines():
        item = json.loads(line)
        if item["answerable"] and not item.get("context"):
            asked.append(Asked(item["question"], paths[item["topic"]], declared=False))
    return asked
