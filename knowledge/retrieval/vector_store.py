"""An edition's vectors, built once and never written again; the only module but its client's that imports Chroma.

Chroma holds positions and vectors, no text; a reader takes all of them at once. Without a server an edition is a folder that is built
under a temporary name and renamed when complete, with a flat copy that is read without Chroma; on a server it is a collection of its own.
See docs/decisions/0036-register-vector-builds-before-creating-folders.md.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, fields
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np

from knowledge.embedding.embedder import Vectors
from knowledge.errors import LibraryStale, StoreUnavailable
from knowledge.retrieval.flat_copy import (
    Manifest,
    decode_centres,
    encode_centres,
    read_flat_copy,
    read_manifest,
    write_flat_copy,
)
from knowledge.retrieval.vector_index import VectorIndex, build_index
from knowledge.types import LANGUAGES, Language

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

COLLECTION_NAME = "passages"
UPSERT_BATCH_VECTORS = 5_000  # Chroma refuses more than 5,461 at once
# With the default search width only 195 of 200 random vectors found themselves.
HNSW_SETTINGS = {"space": "cosine", "ef_construction": 200, "ef_search": 200}
REMEDY = "Run `naru reindex`."


class VectorStore:
    """All editions' vectors: in folders under `folder`, or on a Chroma server at `url`."""

    def __init__(self, folder: Path, url: str | None = None) -> None:
        self._folder = folder
        self._url = url

    def build(
        self,
        name: str,
        vectors: Mapping[int, Vectors],
        embedder: str,
        question_centres: Mapping[Language, Vectors],
    ) -> None:
        """Write the centred vectors (d,) of one edition by position, and the `question_centres`
        (d,) by language, under `name`, complete or not at all.

        Replaces what an interrupted build left there. Raises StoreUnavailable where the server
        fails.
        """
        manifest = Manifest(embedder, len(vectors), encode_centres(question_centres))
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
        write_flat_copy(temporary, vectors, manifest)
        temporary.rename(final)

    def open(self, name: str, embedder: str) -> VectorIndex:
        """The vectors of `name`, made by `embedder`. Nothing stays open.

        Raises LibraryStale where they are missing, damaged or another embedder's,
        StoreUnavailable where the server cannot be reached.
        """
        with _translate_errors():
            manifest, index = self._read(name, embedder)
        if index is None:
            raise LibraryStale(
                f"This edition's vectors were made by {manifest.embedder}, not by {embedder}. "
                f"{REMEDY}"
            )
        if (stored := len(index.positions)) != manifest.vectors:
            raise LibraryStale(
                f"Of this edition's {manifest.vectors} vectors {stored} are there. {REMEDY}"
            )
        return index

    def check(self, name: str) -> None:
        """Count the vectors of `name`. Raises LibraryStale where they are missing or not all there,
        StoreUnavailable where the server cannot be reached."""
        with _translate_errors():
            if self._read_flat(name):
                return
            with self._open_collection(name) as (collection, manifest):
                stored = collection.count()
        if stored != manifest.vectors:
            raise LibraryStale(
                f"Of this edition's {manifest.vectors} vectors {stored} are there. {REMEDY}"
            )

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

    def find_folder(self, name: str) -> Path | None:
        """The folder of `name`, which goes when its vectors go; None on a server."""
        return None if self._url else self._folder / name

    def close(self) -> None:
        """Close the connections to the server, if there are any."""
        if "_client" in vars(self):
            from knowledge.database.chroma_client import disconnect_from_chroma

            disconnect_from_chroma(self._client)
            del self._client

    def _read(self, name: str, embedder: str) -> tuple[Manifest, VectorIndex | None]:
        """The manifest of `name`, and its vectors if `embedder` made them."""
        if flat := self._read_flat(name):
            manifest, index = flat
            return manifest, index if manifest.embedder == embedder else None
        with self._open_collection(name) as (collection, manifest):
            is_same = manifest.embedder == embedder
            return manifest, _read_index(collection, manifest) if is_same else None

    def _read_flat(self, name: str) -> tuple[Manifest, VectorIndex] | None:
        """The manifest and the vectors of a folder without Chroma, whose import alone costs more
        than the reading; None where there is no sound copy, and on a server."""
        if self._url:
            return None
        manifest = read_manifest(self._folder / name)
        found = read_flat_copy(self._folder / name, manifest)
        return (manifest, build_index(manifest, *found)) if found else None

    @contextmanager
    def _open_collection(self, name: str) -> Iterator[tuple[Collection, Manifest]]:
        if self._url:
            collection = self._client.get_collection(name, embedding_function=None)
            yield collection, Manifest(**_manifest_fields(collection.metadata))
            return
        manifest = read_manifest(self._folder / name)
        client = _open_embedded(self._folder / name)
        try:
            yield client.get_collection(COLLECTION_NAME, embedding_function=None), manifest
        finally:
            client.close()

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


def _read_index(collection: Collection, manifest: Manifest) -> VectorIndex:
    """All vectors of a collection, by the positions that are their ids."""
    ids: list[str] = []
    parts: list[Vectors] = []
    while len(ids) < manifest.vectors:
        page = collection.get(include=["embeddings"], limit=UPSERT_BATCH_VECTORS, offset=len(ids))
        if not page["ids"]:
            break
        ids += page["ids"]
        parts.append(np.asarray(page["embeddings"], np.float32))
    width = len(decode_centres(manifest)[LANGUAGES[0]])
    vectors = np.concatenate(parts) if parts else np.zeros((0, width), np.float32)
    positions = np.array(ids, np.int64)
    order = np.argsort(positions)
    return build_index(manifest, positions[order], vectors[order])


def _list_collections(client: ClientAPI) -> list[str]:
    return [collection.name for collection in client.list_collections()]


def _open_embedded(folder: Path) -> ClientAPI:
    import chromadb

    settings = chromadb.Settings(anonymized_telemetry=False)
    return chromadb.PersistentClient(path=str(folder), settings=settings)


def _manifest_fields(metadata: Mapping[str, Any] | None) -> dict[str, Any]:
    names = (field.name for field in fields(Manifest))
    return {name: metadata[name] for name in names if metadata and name in metadata}
