"""LangChain with FAISS, as its tutorial on semantic search and its page on FAISS have it.

The splitter is the one of that tutorial: 1,000 characters, 200 shared.
"""

from pathlib import Path

from langchain_community.vectorstores import FAISS
from langchain_huggingface import HuggingFaceEmbeddings

from bench.peers.acting import HITS, Ask, act, within


def build(model: str, texts: Path, index: Path) -> int:
    """Read, split, embed and keep."""
    from langchain_community.document_loaders import DirectoryLoader, TextLoader
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    loader = DirectoryLoader(str(texts), glob="**/*.*", loader_cls=TextLoader)
    documents = loader.load()
    for document in documents:
        document.metadata["article"] = within(texts, document.metadata["source"])
    splitter = RecursiveCharacterTextSplitter(
        chunk_size=1000, chunk_overlap=200, add_start_index=True
    )
    pieces = splitter.split_documents(documents)
    store = FAISS.from_documents(pieces, HuggingFaceEmbeddings(model_name=model))
    store.save_local(str(index))
    return len(pieces)


def open_saved(model: str, index: Path) -> Ask:
    """Load what was kept."""
    embeddings = HuggingFaceEmbeddings(model_name=model)
    store = FAISS.load_local(str(index), embeddings, allow_dangerous_deserialization=True)
    return lambda question: [
        hit.metadata["article"] for hit in store.similarity_search(question, k=HITS)
    ]


if __name__ == "__main__":
    raise SystemExit(act(build, open_saved))
