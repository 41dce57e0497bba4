"""Mean average precision of the sentence chooser on WikiQA or TREC QA.

    python -m bench answers FILE.jsonl.gz [--clean]

Each line: a question (`text`), the sentences of a page (`sents`), which of them answer (`labels`),
and perhaps the page's `title`. The data sets are not part of this repository.
"""

import argparse
import gzip
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bot.answering.choosing import rank_sentences
from bot.answering.evidence import Evidence, Signals
from bot.answering.question_words import content_stems
from bot.answering.reading import TitleReader
from bot.answering.titles import Vocabulary
from bot.domain import Question
from index.documents import Span
from index.embedding import DEFAULT_MODEL, Matrix, find_model
from index.evaluation import average_precision
from index.export import open_embedder
from index.hits import Hit, ScoredSentence
from index.lexical import coverage, stems

_NO_SIGNALS = Signals(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


def main(arguments: Sequence[str]) -> int:
    """Print the mean average precision, and the share of questions whose first sentence answers."""
    parser = argparse.ArgumentParser(prog="python -m bench answers", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--clean", action="store_true", help="only questions with both labels")
    options = parser.parse_args(arguments)
    with gzip.open(options.file, "rt", encoding="utf-8") as lines:
        pages = [json.loads(line) for line in lines]
    pages = [page for page in pages if any(page["labels"])]
    if options.clean:
        pages = [page for page in pages if not all(page["labels"])]
    rankings = _rank_all(pages)
    precision = float(np.mean([average_precision(one) for one in rankings]))
    first = float(np.mean([one[0] for one in rankings]))
    print(f"{options.file.name}: {len(pages)} questions, MAP {precision:.4f}, hit@1 {first:.3f}")
    return 0


def _rank_all(pages: Sequence[dict[str, Any]]) -> list[list[bool]]:
    """Return for each page whether its sentences answer, in the chooser's order."""
    embedder = open_embedder(find_model(DEFAULT_MODEL), Path("var/encoder"), threads=2)
    questions = embedder.embed_queries([page["text"] for page in pages])
    texts = [_titled(page, sentence) for page in pages for sentence in page["sents"]]
    vectors = embedder.embed_documents(texts)
    idf = _idf([sentence for page in pages for sentence in page["sents"]])
    rankings, start = [], 0
    for page, question in zip(pages, questions, strict=True):
        end = start + len(page["sents"])
        rankings.append(_rank(page, vectors[start:end] @ question, idf))
        start = end
    return rankings


def _rank(page: dict[str, Any], cosines: Matrix, idf: dict[str, float]) -> list[bool]:
    # Every sentence a hit of its own: the chooser then knows no passage that is better.
    question = Question(page["text"], page["text"])
    rare = max(idf.values())
    terms = content_stems(page["text"])
    weights = [idf.get(term, rare) for term in terms]
    sentences = tuple(
        ScoredSentence(text, Span(place, place + 1), float(cosine))
        for place, (text, cosine) in enumerate(zip(page["sents"], cosines, strict=True))
    )
    shares = tuple(coverage(terms, weights, stems(one.text)) for one in sentences)
    hit = Hit(
        rank=1, score=0.0, row=0, article="page", title=page.get("title", ""), heading=(),
        span=Span(0, len(sentences)), text="", sentences=sentences, cosine=0.0, lexical=0.0,
        url=None, updated=None,
    )  # fmt: skip
    evidence = Evidence(_NO_SIGNALS, (shares,))
    ranked = rank_sentences(question, [hit], evidence, TitleReader(Vocabulary.empty()), stems)
    order = [one.place for one in ranked]
    order += [place for place in range(len(sentences)) if place not in set(order)]
    return [bool(page["labels"][place]) for place in order]


def _titled(page: dict[str, Any], sentence: str) -> str:
    return f"{page['title']}: {sentence}" if page.get("title") else sentence


def _idf(sentences: Sequence[str]) -> dict[str, float]:
    counts: dict[str, int] = {}
    for sentence in sentences:
        for term in set(stems(sentence)):
            counts[term] = counts.get(term, 0) + 1
    total = len(sentences)
    return {term: math.log1p((total - n + 0.5) / (n + 0.5)) for term, n in counts.items()}
