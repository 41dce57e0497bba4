"""LlamaIndex, as its starter example and its page on FAISS have it.

The splitter is the default one (1,024 tokens, 200 shared). As in the starter example, the path of a
file is embedded with its text.
"""

from pathlib import Path

import faiss
from llama_index.core import Settings, StorageContext, VectorStoreIndex, load_index_from_storage
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from llama_index.vector_stores.faiss import FaissVectorStore

from bench.peers.acting import HITS, Ask, act, within

_DIMENSION = 384


def build(model: str, texts: Path, index: Path) -> int:
    """Read, split, embed and keep."""
    from llama_index.core import SimpleDirectoryReader

    Settings.embed_model = HuggingFaceEmbedding(model_name=model)
    documents = SimpleDirectoryReader(str(texts), recursive=True).load_data()
    for document in documents:
        document.metadata["article"] = within(texts, document.metadata["file_path"])
        document.excluded_embed_metadata_keys.append("article")
    store = FaissVectorStore(faiss_index=faiss.IndexFlatL2(_DIMENSION))
    storage = StorageContext.from_defaults(vector_store=store)
    built = VectorStoreIndex.from_documents(documents, storage_context=storage)
    built.storage_context.persist(persist_dir=str(index))
    return len(built.docstore.docs)


def open_saved(model: str, index: Path) -> Ask:
    """Load what was kept."""
    Settings.embed_model = HuggingFaceEmbedding(model_name=model)
    store = FaissVectorStore.from_persist_dir(str(index))
    storage = StorageContext.from_defaults(vector_store=store, persist_dir=str(index))
    retriever = load_index_from_storage(storage).as_retriever(similarity_top_k=HITS)
    return lambda question: [hit.metadata["article"] for hit in retriever.retrieve(question)]


if __name__ == "__main__":
    raise SystemExit(act(build, open_saved))
