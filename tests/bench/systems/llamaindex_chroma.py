"""LlamaIndex with Chroma and its ingestion pipeline, whose document store skips what is unchanged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import chromadb
from llama_index.core import VectorStoreIndex
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.ingestion import DocstoreStrategy, IngestionPipeline
from llama_index.core.schema import NodeRelationship, RelatedNodeInfo, TextNode
from llama_index.core.storage.docstore import SimpleDocumentStore
from llama_index.vector_stores.chroma import ChromaVectorStore
from pydantic import PrivateAttr

from knowledge.embedding.embedder import Embedder
from tests.bench.corpus import CorpusSection, read_corpus
from tests.bench.systems.system import COUNT

# Its Chroma store adds 41,665 at once, of which Chroma takes 5,461. In batches the strategy that also
# deletes would delete the other batches, so this one leaves what is gone in place.
BATCH_PASSAGES = 5_000
STRATEGY = DocstoreStrategy.UPSERTS


class _Embedding(BaseEmbedding):  # type: ignore[misc]  # without its package it is Any
    _encoder: Any = PrivateAttr()

    def __init__(self, encoder: Embedder) -> None:
        super().__init__(embed_batch_size=2_048)
        self._encoder = encoder

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self._encoder.embed_passages(texts).tolist()
        return vectors

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_query_embedding(self, query: str) -> list[float]:
        vector: list[float] = self._encoder.embed_query(query).tolist()
        return vector

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


class LlamaIndexChroma:
    """As the guides to the pipeline with a document store and to Chroma have it."""

    def __init__(self, folder: Path, encoder: Embedder) -> None:
        settings = chromadb.Settings(anonymized_telemetry=False)
        client = chromadb.PersistentClient(str(folder / "chroma"), settings=settings)
        collection = client.get_or_create_collection(
            "passages", configuration={"hnsw": {"space": "cosine"}}, embedding_function=None
        )
        self._store = ChromaVectorStore(chroma_collection=collection)
        self._embedding = _Embedding(encoder)
        self._documents = folder / "docstore.json"
        index = VectorStoreIndex.from_vector_store(self._store, embed_model=self._embedding)
        self._retriever = index.as_retriever(similarity_top_k=COUNT)

    def ingest(self, corpus: Path) -> None:
        """As `System.ingest`."""
        path = str(self._documents)
        known = SimpleDocumentStore.from_persist_path(path) if self._documents.exists() else SimpleDocumentStore()  # fmt: skip
        pipeline = IngestionPipeline(
            transformations=[self._embedding], docstore=known, vector_store=self._store,
            docstore_strategy=STRATEGY, disable_cache=True,
        )  # fmt: skip
        nodes = list(map(_build_node, read_corpus(corpus)))
        for start in range(0, len(nodes), BATCH_PASSAGES):
            pipeline.run(nodes=nodes[start : start + BATCH_PASSAGES])
        known.persist(path)

    def search(self, question: str) -> list[str]:
        """As `System.search`."""
        return [one.node.node_id for one in self._retriever.retrieve(question)]

    def close(self) -> None:
        """As `System.close`."""


def _build_node(section: CorpusSection) -> TextNode:
    """A section that is its own source document, so that a changed one replaces the old."""
    source = RelatedNodeInfo(node_id=section.id)
    return TextNode(
        id_=section.id, text=section.text, metadata={"source": section.document},
        excluded_embed_metadata_keys=["source"],
        relationships={NodeRelationship.SOURCE: source},
    )  # fmt: skip
