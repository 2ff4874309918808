"""An edition's vectors, built once and never written again; the only module but its client's that imports Chroma.

Chroma holds numbers and vectors, no text. Without a server an edition is a folder that is built
under a temporary name and renamed when complete; on a server it is a collection of its own.
See docs/decisions/0036-register-vector-builds-before-creating-folders.md.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from knowledge.errors import LibraryStale, StoreUnavailable

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

Vectors = NDArray[np.float32]

COLLECTION_NAME = "passages"
MANIFEST_FILE = "manifest.json"
UPSERT_BATCH_VECTORS = 5_000  # Chroma refuses more than 5,461 at once
# With the default search width only 195 of 200 random vectors found themselves.
HNSW_SETTINGS = {"space": "cosine", "ef_construction": 200, "ef_search": 200}
REMEDY = "Run `naru reindex`."


@dataclass(frozen=True, slots=True)
class Manifest:
    """The name of the embedder that made an index, and its number of vectors."""

    embedder: str
    vectors: int


class VectorIndex:
    """An opened, read-only set of vectors."""

    def __init__(
        self, collection: Collection, manifest: Manifest, close: Callable[[], None]
    ) -> None:
        self._collection = collection
        self.manifest = manifest
        self.close = close

    def count_vectors(self) -> int:
        """Number of stored vectors; equals the manifest's count unless some were deleted."""
        return int(self._collection.count())

    def check(self) -> None:
        """Look for one of the vectors. Raises LibraryStale where they are lost or damaged,
        StoreUnavailable where the server cannot be reached."""
        with _translate_errors():
            stored = self._collection.get(limit=1, include=["embeddings"])["embeddings"]
        for vector in () if stored is None else stored:
            self.find_nearest(np.asarray(vector, np.float32), 1)

    def find_nearest(self, vector: Vectors, count: int) -> list[tuple[int, float]]:
        """The numbers of the `count` vectors nearest to `vector` (d,), each with its cosine, best
        first; fewer where fewer are stored. Raises LibraryStale where they were lost or damaged
        since they were opened, StoreUnavailable where the server cannot be reached."""
        count = min(count, self.manifest.vectors)
        if count == 0:
            return []
        with _translate_errors():
            result = self._collection.query(
                query_embeddings=[vector.tolist()], n_results=count, include=["distances"]
            )
        distances = result["distances"] or [[]]
        return [
            (int(key), 1.0 - distance)
            for key, distance in zip(result["ids"][0], distances[0], strict=True)
        ]


class VectorStore:
    """All editions' vectors: in folders under `folder`, or on a Chroma server at `url`."""

    def __init__(self, folder: Path, url: str | None = None) -> None:
        self._folder = folder
        self._url = url

    def build(self, name: str, vectors: Mapping[int, Vectors], embedder: str) -> None:
        """Write the vectors (d,) of one edition by number under `name`, complete or not at all.

        Replaces what an interrupted build left there. Raises StoreUnavailable where the server
        fails.
        """
        manifest = Manifest(embedder, len(vectors))
        if self._url:
            self._build_collection(name, vectors, manifest)
            return
        temporary, final = self._folder / f"{name}.part", self._folder / name
        for leftover in (temporary, final):  # of an interrupted build
            shutil.rmtree(leftover, ignore_errors=True)
        temporary.mkdir(parents=True)
        client = _open_embedded(temporary)
        _fill_collection(client, COLLECTION_NAME, vectors, manifest)
        client.close()
        (temporary / MANIFEST_FILE).write_text(json.dumps(asdict(manifest)), encoding="utf-8")
        temporary.rename(final)

    def open(self, name: str, embedder: str) -> VectorIndex:
        """The vectors of `name`, made by `embedder`; the caller closes them.

        Raises LibraryStale where they are missing, damaged or another embedder's,
        StoreUnavailable where the server cannot be reached.
        """
        with _translate_errors():
            index = self._open_index(name)
            stored = index.count_vectors()
        if (made_by := index.manifest.embedder) != embedder:
            index.close()
            raise LibraryStale(
                f"This edition's vectors were made by {made_by}, not by {embedder}. {REMEDY}"
            )
        if stored != index.manifest.vectors:
            index.close()
            raise LibraryStale(
                f"Of this edition's {index.manifest.vectors} vectors {stored} are there. {REMEDY}"
            )
        return index

    def drop(self, name: str) -> None:
        """Remove the vectors of `name`, complete or partial; does nothing where there are none.
        Raises StoreUnavailable where the server fails."""
        if not self._url:
            for folder in (f"{name}.part", name):
                shutil.rmtree(self._folder / folder, ignore_errors=True)
            return
        with self._connect_to_server() as client:
            if name in _list_collections(client):
                client.delete_collection(name)

    def list_names(self) -> list[str]:
        """The names under which vectors are stored; partial ones end with ".part". Raises
        StoreUnavailable where the server fails."""
        if self._url:
            with self._connect_to_server() as client:
                return _list_collections(client)
        return [path.name for path in self._folder.glob("*") if path.is_dir()]

    def close(self) -> None:
        """Close the connections to the server, if there are any."""
        if "_client" in vars(self):
            from knowledge.database.chroma_client import disconnect_from_chroma

            disconnect_from_chroma(self._client)
            del self._client

    def _open_index(self, name: str) -> VectorIndex:
        if self._url:
            collection = self._client.get_collection(name, embedding_function=None)
            return VectorIndex(
                collection, Manifest(**_manifest_fields(collection.metadata)), _keep_open
            )
        folder = self._folder / name
        manifest = Manifest(**json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8")))
        client = _open_embedded(folder)
        collection = client.get_collection(COLLECTION_NAME, embedding_function=None)
        return VectorIndex(collection, manifest, client.close)

    def _build_collection(
        self, name: str, vectors: Mapping[int, Vectors], manifest: Manifest
    ) -> None:
        with self._connect_to_server() as client:
            if name in _list_collections(client):
                client.delete_collection(name)
            _fill_collection(client, name, vectors, manifest)

    @contextmanager
    def _connect_to_server(self) -> Iterator[ClientAPI]:
        """The server to write to. Raises StoreUnavailable when it fails."""
        try:
            yield self._client
        except StoreUnavailable:
            raise
        except Exception as error:  # Chroma's own errors and its HTTP library's
            raise StoreUnavailable(f"The Chroma server failed: {error}. Try again.") from error

    @cached_property
    def _client(self) -> ClientAPI:
        """One client for all calls, because Chroma's client does not close its connections."""
        from knowledge.database.chroma_client import connect_to_chroma

        parts = urlsplit(self._url or "")
        secure = parts.scheme == "https"
        host, port = parts.hostname or "localhost", parts.port or (443 if secure else 8000)
        try:
            return connect_to_chroma(host, port, secure)
        except Exception as error:  # Chroma's own errors and its HTTP library's
            raise StoreUnavailable(
                f"The Chroma server at {host}:{port} cannot be reached ({error}). Start it, or "
                "correct NARU_CHROMA_URL."
            ) from error


@contextmanager
def _translate_errors() -> Iterator[None]:
    """Raises StoreUnavailable for a server that cannot be reached, LibraryStale for any other error
    of Chroma's and of the system's: the vectors are lost or damaged."""
    try:
        yield
    except StoreUnavailable:
        raise
    except Exception as error:
        if _is_connection_error(error):
            raise StoreUnavailable(
                f"The Chroma server does not answer ({type(error).__name__}). Start it again."
            ) from error
        raise LibraryStale(
            f"The vectors of this edition cannot be read ({error}). {REMEDY}"
        ) from error


def _is_connection_error(error: Exception) -> bool:
    """Whether the HTTP library under Chroma's client raised it; which one that is, is Chroma's."""
    return type(error).__module__.partition(".")[0] in ("httpx", "httpcore")


def _fill_collection(
    client: ClientAPI, name: str, vectors: Mapping[int, Vectors], manifest: Manifest
) -> None:
    collection = client.create_collection(
        name,
        configuration={"hnsw": HNSW_SETTINGS},
        metadata=asdict(manifest),
        embedding_function=None,
    )
    keys: Sequence[int] = list(vectors)
    for start in range(0, len(keys), UPSERT_BATCH_VECTORS):
        batch = keys[start : start + UPSERT_BATCH_VECTORS]
        collection.upsert(
            ids=[str(key) for key in batch], embeddings=np.stack([vectors[key] for key in batch])
        )


def _list_collections(client: ClientAPI) -> list[str]:
    return [collection.name for collection in client.list_collections()]


def _keep_open() -> None:
    """Does nothing: the connections to a server are shared by all editions."""


def _open_embedded(folder: Path) -> ClientAPI:
    import chromadb

    settings = chromadb.Settings(anonymized_telemetry=False)
    return chromadb.PersistentClient(path=str(folder), settings=settings)


def _manifest_fields(metadata: Mapping[str, Any] | None) -> dict[str, Any]:
    return {key: (metadata or {})[key] for key in ("embedder", "vectors")}
