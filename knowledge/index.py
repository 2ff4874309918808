"""An edition's vectors, built once and never written again: the door to Chroma.

Chroma holds ids and vectors only, no text. Embedded, an edition is a folder that is built under a
temporary name and renamed when complete; on a server it is a collection of its own.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from knowledge.errors import LibraryStale

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

Vectors = NDArray[np.float32]

COLLECTION = "passages"
MANIFEST = "manifest.json"
BATCH = 5_000  # Chroma refuses more than 5,461 at once
# The default search width found 195 of 200 random vectors by themselves.
HNSW = {"space": "cosine", "ef_construction": 200, "ef_search": 200}


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index was made from and with; another embedder's vectors mean nothing to it."""

    embedder: str
    vectors: int


class VectorIndex:
    """An opened, read-only set of vectors."""

    def __init__(self, client: ClientAPI, collection: Collection, manifest: Manifest) -> None:
        self._client = client
        self._collection = collection
        self.manifest = manifest

    def nearest(self, vector: Vectors, count: int) -> list[tuple[int, float]]:
        """The keys of the `count` nearest vectors with their cosine similarity, best first."""
        count = min(count, self.manifest.vectors)
        if count == 0:
            return []
        found = self._collection.query(
            query_embeddings=[vector.tolist()], n_results=count, include=["distances"]
        )
        distances = found["distances"] or [[]]
        return [
            (int(key), 1.0 - distance)
            for key, distance in zip(found["ids"][0], distances[0], strict=True)
        ]

    def close(self) -> None:
        self._client.close()


class VectorStore:
    """Where editions' vectors live: folders under `folder`, or a Chroma server at `url`."""

    def __init__(self, folder: Path, url: str | None = None) -> None:
        self._folder = folder
        self._url = url

    def build(self, name: str, vectors: Mapping[int, Vectors], embedder: str) -> None:
        """Write the vectors of one edition under `name`, complete or not at all."""
        manifest = Manifest(embedder, len(vectors))
        if self._url:
            self._build_collection(self._server(), name, vectors, manifest)
            return
        temporary, final = self._folder / f"{name}.part", self._folder / name
        for leftover in (temporary, final):  # of an ingest that did not end
            shutil.rmtree(leftover, ignore_errors=True)
        temporary.mkdir(parents=True)
        client = _embedded(temporary)
        _fill(client, COLLECTION, vectors, manifest)
        client.close()
        (temporary / MANIFEST).write_text(json.dumps(asdict(manifest)), encoding="utf-8")
        temporary.rename(final)

    def open(self, name: str, embedder: str) -> VectorIndex:
        """The vectors of `name`. Raises LibraryStale when they are missing or another model's."""
        remedy = "Run `naru reindex`."
        try:
            if self._url:
                client = self._server()
                collection = client.get_collection(name, embedding_function=None)
                manifest = Manifest(**_kept(collection.metadata))
            else:
                folder = self._folder / name
                manifest = Manifest(**json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
                client = _embedded(folder)
                collection = client.get_collection(COLLECTION, embedding_function=None)
        except Exception as error:  # Chroma raises its own, its server's and the system's
            raise LibraryStale(
                f"The vectors of this edition cannot be opened ({error}). {remedy}"
            ) from error
        if manifest.embedder != embedder:
            raise LibraryStale(
                f"This edition's vectors were made by {manifest.embedder}, not by {embedder}. "
                f"{remedy}"
            )
        return VectorIndex(client, collection, manifest)

    def drop(self, name: str) -> None:
        """Remove the vectors of `name`, if they are there."""
        if not self._url:
            shutil.rmtree(self._folder / name, ignore_errors=True)
            return
        client = self._server()
        if name in {collection.name for collection in client.list_collections()}:
            client.delete_collection(name)

    def names(self) -> list[str]:
        """Every edition's vectors that are kept, half-built ones too."""
        if self._url:
            return [collection.name for collection in self._server().list_collections()]
        return [path.name for path in self._folder.glob("*") if path.is_dir()]

    def _build_collection(
        self, client: ClientAPI, name: str, vectors: Mapping[int, Vectors], manifest: Manifest
    ) -> None:
        if name in {collection.name for collection in client.list_collections()}:
            client.delete_collection(name)
        _fill(client, name, vectors, manifest)

    def _server(self) -> ClientAPI:
        import chromadb

        parts = urlsplit(self._url or "")
        secure = parts.scheme == "https"
        return chromadb.HttpClient(
            host=parts.hostname or "localhost",
            port=parts.port or (443 if secure else 8000),
            ssl=secure,
            settings=_settings(),
        )


def _fill(client: ClientAPI, name: str, vectors: Mapping[int, Vectors], manifest: Manifest) -> None:
    collection = client.create_collection(
        name, configuration={"hnsw": HNSW}, metadata=asdict(manifest), embedding_function=None
    )
    keys: Sequence[int] = list(vectors)
    for start in range(0, len(keys), BATCH):
        some = keys[start : start + BATCH]
        collection.upsert(
            ids=[str(key) for key in some], embeddings=np.stack([vectors[key] for key in some])
        )


def _embedded(folder: Path) -> ClientAPI:
    import chromadb

    return chromadb.PersistentClient(path=str(folder), settings=_settings())


def _settings() -> Any:
    from chromadb.config import Settings

    return Settings(anonymized_telemetry=False)


def _kept(metadata: Mapping[str, Any] | None) -> dict[str, Any]:
    return {key: (metadata or {})[key] for key in ("embedder", "vectors")}
