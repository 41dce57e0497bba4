"""Small knowledge folders and indexes built from them with the fake model."""

from pathlib import Path

from index.build import BuildOptions, BuildReport, build_index
from index.embedding import Embedder
from index.generation_store import GenerationStore
from tests.fakes import HashingEmbedder

ARTICLES = {
    "ladder/head-of-product.md": (
        "# Head of product\n\n## Scope\n\n"
        "The head of product leads every product team of a company.\n"
        "In a startup the post is often the first one in product.\n\n"
        "## Reporting\n\nThe head of product reports to the chief executive.\n"
    ),
    "ladder/vp-of-product.md": (
        "---\nurl: https://example.org/vp\nupdated: 2024-05-01\n---\n\n# VP of product\n\n"
        "A VP of product answers for the results of several product lines.\n"
        "Directors of product report to the VP.\n"
    ),
    "roadmap.md": (
        "# Roadmap\n\nA roadmap tells which problems a team will work on, and in what order.\n"
        "It is not a list of features with dates.\n"
    ),
}


def write_articles(folder: Path, articles: dict[str, str]) -> Path:
    """Write articles into a knowledge folder, by path; return the folder."""
    for path, text in articles.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


def build(
    knowledge: Path,
    index: Path,
    embedder: Embedder | None = None,
    *,
    options: BuildOptions | None = None,
    model: str = "hashing",
) -> BuildReport:
    """Build and publish a generation."""
    chosen = embedder or HashingEmbedder()
    return build_index(knowledge, GenerationStore(index), lambda: (model, chosen), options=options)
