"""BM25 five ways behind one shape, each built and asked in a process of its own.

    python -m bench.engines build ENGINE TEXTS FOLDER
    python -m bench.engines ask ENGINE TEXTS FOLDER QUESTIONS

TEXTS and QUESTIONS hold one text a line. Libraries are imported where they are used, so that a
process holds one of them only.
"""

import json
import re
import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from bench.measuring import peak_mb, rss_mb, timed_ms

Search = Callable[[str], list[int]]

# As many as the retriever asks for.
K = 100
_WORD = re.compile(r"\w\w+")
_ROUNDS = 5
_LONGEST_S = 20.0


def build_ours(texts: list[str], folder: Path) -> None:
    """Build ours."""
    from index.posting_files import write_words  # noqa: PLC0415 - its memory is measured alone

    write_words(folder / "ours", texts)


def open_ours(_texts: Path, folder: Path) -> Search:
    """Open ours."""
    from index.posting_files import PostingFiles  # noqa: PLC0415 - its memory is measured alone

    index = PostingFiles(folder / "ours")
    return lambda question: index.search(question, K).tolist()


def build_tantivy(texts: list[str], folder: Path) -> None:
    """Build tantivy's index, with its own English stemmer."""
    import tantivy  # noqa: PLC0415 - its memory is measured alone

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("body", tokenizer_name="en_stem", index_option="freq")
    builder.add_unsigned_field("row", fast=True)
    (folder / "tantivy").mkdir(parents=True)
    index = tantivy.Index(builder.build(), path=str(folder / "tantivy"))
    writer = index.writer(heap_size=32_000_000, num_threads=1)
    for row, text in enumerate(texts):
        writer.add_document(tantivy.Document(body=text, row=row))
    writer.commit()
    writer.wait_merging_threads()


def open_tantivy(_texts: Path, folder: Path) -> Search:
    """Open tantivy's index."""
    import tantivy  # noqa: PLC0415 - its memory is measured alone

    index = tantivy.Index.open(str(folder / "tantivy"))
    searcher = index.searcher()

    def search(question: str) -> list[int]:
        query = index.parse_query(" ".join(_WORD.findall(question)), ["body"])
        hits = searcher.search(query, limit=K, count=False).hits
        rows = searcher.fast_field_values("row", [address for _, address in hits])
        return [int(row) for row in rows if row is not None]

    return search


def build_bm25s(texts: list[str], folder: Path) -> None:
    """Build bm25s, with its own tokenizer and stop words; stemming would need a further package."""
    import bm25s  # noqa: PLC0415 - its memory is measured alone

    index = bm25s.BM25()
    index.index(bm25s.tokenize(texts, show_progress=False), show_progress=False)
    index.save(str(folder / "bm25s"))


def open_bm25s(_texts: Path, folder: Path) -> Search:
    """Open bm25s with its arrays mapped."""
    import bm25s  # noqa: PLC0415 - its memory is measured alone

    index = bm25s.BM25.load(str(folder / "bm25s"), mmap=True, show_progress=False)
    count = int(index.scores["num_docs"])

    def search(question: str) -> list[int]:
        tokens = bm25s.tokenize([question], show_progress=False)
        rows, _ = index.retrieve(tokens, k=min(K, count), show_progress=False)
        return [int(row) for row in rows[0]]

    return search


def build_fts5(texts: list[str], folder: Path) -> None:
    """Build SQLite FTS5 with its Porter stemmer, contents not kept."""
    connection = sqlite3.connect(folder / "fts5.db")
    connection.execute("CREATE VIRTUAL TABLE t USING fts5(body, content='', tokenize='porter')")
    connection.executemany("INSERT INTO t(rowid, body) VALUES (?, ?)", enumerate(texts))
    connection.execute("INSERT INTO t(t) VALUES ('optimize')")
    connection.commit()
    connection.close()


def open_fts5(_texts: Path, folder: Path) -> Search:
    """Open SQLite FTS5."""
    connection = sqlite3.connect(folder / "fts5.db")

    def search(question: str) -> list[int]:
        words = " OR ".join(f'"{word}"' for word in _WORD.findall(question))
        sql = "SELECT rowid FROM t WHERE t MATCH ? ORDER BY rank LIMIT ?"
        return [row for (row,) in connection.execute(sql, (words, K))]

    return search


def build_rank_bm25(_texts: list[str], _folder: Path) -> None:
    """Do nothing: rank-bm25 has no file; it is built whenever it is opened."""


def open_rank_bm25(texts: Path, _folder: Path) -> Search:
    """Build rank-bm25 from the texts."""
    from rank_bm25 import BM25Okapi  # noqa: PLC0415 - its memory is measured alone

    lines = texts.read_text("utf-8").lower().splitlines()
    index = BM25Okapi([_WORD.findall(line) for line in lines])

    def search(question: str) -> list[int]:
        scores = index.get_scores(_WORD.findall(question.lower()))
        return [int(row) for row in np.argsort(-scores)[:K]]

    return search


OURS = "PM Role"
BUILDERS: dict[str, Callable[[list[str], Path], None]] = {
    OURS: build_ours,
    "tantivy": build_tantivy,
    "bm25s": build_bm25s,
    "SQLite FTS5": build_fts5,
    "rank-bm25": build_rank_bm25,
}
_OPENERS: dict[str, Callable[[Path, Path], Search]] = {
    OURS: open_ours,
    "tantivy": open_tantivy,
    "bm25s": open_bm25s,
    "SQLite FTS5": open_fts5,
    "rank-bm25": open_rank_bm25,
}


def _ask(engine: str, texts: Path, folder: Path, questions: list[str]) -> dict[str, object]:
    empty = rss_mb()
    start = time.perf_counter()
    search = _OPENERS[engine](texts, folder)
    first = len(search(questions[0]))
    load_ms = 1000 * (time.perf_counter() - start)
    # Again, now that the library is imported: what opening another index costs a running bot.
    again_ms = timed_ms(lambda: _OPENERS[engine](texts, folder)(questions[0]))
    began = time.perf_counter()
    times = [
        timed_ms(search, question)
        for question in questions * _ROUNDS
        if time.perf_counter() - began < _LONGEST_S
    ]
    return {
        "empty": empty,
        "rss": rss_mb(),
        "peak": peak_mb(),
        "found": first,
        "load_ms": load_ms,
        "again_ms": again_ms,
        "ms": times,
    }


def main(argv: list[str]) -> int:
    """Build or ask, and print what it cost as JSON."""
    verb, engine, texts, folder = argv[0], argv[1], Path(argv[2]), Path(argv[3])
    if verb == "build":
        lines = texts.read_text("utf-8").splitlines()
        ms = timed_ms(BUILDERS[engine], lines, folder)
        print(json.dumps({"seconds": ms / 1000}))
        return 0
    questions = Path(argv[4]).read_text("utf-8").splitlines()
    print(json.dumps(_ask(engine, texts, folder, questions)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
