"""LangChain with Chroma and its indexing API, whose record manager skips what is unchanged."""

from __future__ import annotations

from pathlib import Path

from langchain_chroma import Chroma
from langchain_classic.indexes import SQLRecordManager, index
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings

from knowledge.embedding.embedder import Embedder
from tests.bench.corpus import read_corpus
from tests.bench.systems.system import COUNT

BATCH_PASSAGES = 1_000  # more at once than by default (100), which is slower here


class _Embeddings(Embeddings):
    def __init__(self, encoder: Embedder) -> None:
        self._encoder = encoder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self._encoder.embed_passages(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        vector: list[float] = self._encoder.embed_query(text).tolist()
        return vector


class LangChainChroma:
    """As the indexing guide has it, with cosine instead of the default distance."""

    def __init__(self, folder: Path, encoder: Embedder) -> None:
        self._store = Chroma(
            "passages",
            embedding_function=_Embeddings(encoder),
            persist_directory=str(folder / "chroma"),
            collection_configuration={"hnsw": {"space": "cosine"}},
        )
        self._records = SQLRecordManager(
            "chroma/passages", db_url=f"sqlite:///{folder / 'records.sqlite3'}"
        )
        self._records.create_schema()

    def ingest(self, corpus: Path) -> None:
        """As `System.ingest`."""
        documents = [
            Document(one.text, metadata={"source": one.document, "id": one.id})
            for one in read_corpus(corpus)
        ]
        index(
            documents, self._records, self._store, cleanup="full", source_id_key="source",
            batch_size=BATCH_PASSAGES, key_encoder="sha256",
        )  # fmt: skip

    def search(self, question: str) -> list[str]:
        """As `System.search`."""
        found = self._store.similarity_search(question, k=COUNT)
        return [one.metadata["id"] for one in found]

    def close(self) -> None:
        """As `System.close`."""
