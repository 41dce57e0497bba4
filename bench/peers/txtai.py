"""txtai, as its examples that index one's own files have it, with content kept in SQLite.

Texts are split into paragraphs, as those examples split them: by the class behind txtai's
Textractor, which itself would bring docling to read what is plain text already.
"""

from pathlib import Path

from txtai import Embeddings

from bench.peers.acting import HITS, Ask, act, within


def build(model: str, texts: Path, index: Path) -> int:
    """Read, split, embed and keep."""
    from txtai.pipeline import Segmentation

    split = Segmentation(paragraphs=True)
    pieces = [
        (f"{within(texts, path)}#{number}", piece)
        for path in sorted(texts.rglob("*"))
        if path.is_file()
        for number, piece in enumerate(split(path.read_text("utf-8")))
    ]
    embeddings = Embeddings(path=model, content=True)
    embeddings.index(pieces)
    embeddings.save(str(index))
    return len(pieces)


def open_saved(_model: str, index: Path) -> Ask:
    """Load what was kept; the index knows its model."""
    embeddings = Embeddings()
    embeddings.load(str(index))
    return lambda question: [hit["id"].split("#")[0] for hit in embeddings.search(question, HITS)]


if __name__ == "__main__":
    raise SystemExit(act(build, open_saved))
