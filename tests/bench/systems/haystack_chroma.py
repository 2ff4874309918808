"""Haystack with Chroma. It skips no unchanged document before it embeds them all again, so the ids that
are stored, made of the contents, are asked for first."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from haystack import Document, Pipeline, component
from haystack.components.writers import DocumentWriter
from haystack.document_stores.types import DuplicatePolicy
from haystack_integrations.components.retrievers.chroma import ChromaEmbeddingRetriever
from haystack_integrations.document_stores.chroma import ChromaDocumentStore

from knowledge.embedding.embedder import Embedder
from tests.bench.corpus import read_corpus
from tests.bench.systems.system import COUNT


@component
class _TextEmbedder:
    def __init__(self, encoder: Embedder) -> None:
        self._encoder = encoder

    @component.output_types(embedding=list[float])  # type: ignore[untyped-decorator]
    def run(self, text: str) -> dict[str, list[float]]:
        return {"embedding": self._encoder.embed_query(text).tolist()}


@component
class _DocumentEmbedder:
    def __init__(self, encoder: Embedder) -> None:
        self._encoder = encoder

    @component.output_types(documents=list[Document])  # type: ignore[untyped-decorator]
    def run(self, documents: list[Document]) -> dict[str, list[Document]]:
        vectors = self._encoder.embed_passages([str(one.content) for one in documents])
        both = zip(documents, vectors.tolist(), strict=True)
        return {"documents": [replace(one, embedding=vector) for one, vector in both]}


class HaystackChroma:
    """As its guides have it: a pipeline that embeds and writes, and one that embeds and retrieves."""

    def __init__(self, folder: Path, encoder: Embedder) -> None:
        self._store = ChromaDocumentStore(
            "passages", persist_path=str(folder / "chroma"), distance_function="cosine",
            client_settings={"anonymized_telemetry": False},
        )  # fmt: skip
        self._indexing = Pipeline()
        self._indexing.add_component("embedder", _DocumentEmbedder(encoder))
        writer = DocumentWriter(self._store, policy=DuplicatePolicy.OVERWRITE)
        self._indexing.add_component("writer", writer)
        self._indexing.connect("embedder.documents", "writer.documents")
        self._querying = Pipeline()
        self._querying.add_component("embedder", _TextEmbedder(encoder))
        self._querying.add_component(
            "retriever", ChromaEmbeddingRetriever(self._store, top_k=COUNT)
        )
        self._querying.connect("embedder.embedding", "retriever.query_embedding")

    def ingest(self, corpus: Path) -> None:
        """As `System.ingest`."""
        documents = [
            Document(content=one.text, meta={"source": one.document, "section": one.id})
            for one in read_corpus(corpus)
        ]
        known = {one.id for one in self._store.filter_documents()}
        fresh = [one for one in documents if one.id not in known]
        if gone := known - {one.id for one in documents}:
            self._store.delete_documents(list(gone))
        if fresh:
            self._indexing.run({"embedder": {"documents": fresh}})

    def search(self, question: str) -> list[str]:
        """As `System.search`."""
        found = self._querying.run({"embedder": {"text": question}})["retriever"]["documents"]
        return [one.meta["section"] for one in found]

    def close(self) -> None:
        """As `System.close`."""
