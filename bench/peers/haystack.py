"""Haystack, as its tutorials on indexing and on retrieval have it, with its store in memory.

The splitter is the default one (200 words, none shared). Progress bars are off: they take time.
"""

from pathlib import Path

from haystack import Pipeline
from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersTextEmbedder,
)

from bench.peers.acting import HITS, Ask, act, within

_FILE = "documents.json"


def build(model: str, texts: Path, index: Path) -> int:
    """Read, split, embed and keep."""
    from haystack.components.converters import TextFileToDocument
    from haystack.components.preprocessors import DocumentSplitter
    from haystack.components.writers import DocumentWriter
    from haystack_integrations.components.embedders.sentence_transformers import (
        SentenceTransformersDocumentEmbedder,
    )

    files = sorted(path for path in texts.rglob("*") if path.is_file())
    store = InMemoryDocumentStore(embedding_similarity_function="cosine")
    indexing = Pipeline()
    indexing.add_component("converter", TextFileToDocument())
    indexing.add_component("splitter", DocumentSplitter())
    embedder = SentenceTransformersDocumentEmbedder(model=model, progress_bar=False)
    indexing.add_component("embedder", embedder)
    indexing.add_component("writer", DocumentWriter(store))
    indexing.connect("converter", "splitter")
    indexing.connect("splitter", "embedder")
    indexing.connect("embedder", "writer")
    articles = [{"article": within(texts, path)} for path in files]
    indexing.run({"converter": {"sources": files, "meta": articles}})
    index.mkdir(parents=True, exist_ok=True)
    store.save_to_disk(str(index / _FILE))
    return int(store.count_documents())


def open_saved(model: str, index: Path) -> Ask:
    """Load what was kept."""
    store = InMemoryDocumentStore.load_from_disk(str(index / _FILE))
    querying = Pipeline()
    embedder = SentenceTransformersTextEmbedder(model=model, progress_bar=False)
    querying.add_component("embedder", embedder)
    querying.add_component("retriever", InMemoryEmbeddingRetriever(store, top_k=HITS))
    querying.connect("embedder.embedding", "retriever.query_embedding")

    def ask(question: str) -> list[str]:
        result = querying.run({"embedder": {"text": question}})
        return [hit.meta["article"] for hit in result["retriever"]["documents"]]

    return ask


if __name__ == "__main__":
    raise SystemExit(act(build, open_saved))
