"""Uploads of admins on disk: one folder for each upload, each file complete or absent.

See docs/decisions/0034-each-upload-in-its-own-folder.md
"""

from __future__ import annotations

import json
import re
import shutil
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from adapters.telegram.limits import TELEGRAM_LIMITS
from bot.errors import DeliveryRefused, NotDelivered
from bot.messages import File
from ingest.document.sidecar import has_described_file
from ingest.errors import Unreadable
from ingest.formats.limits import FILE_MAX_BYTES, format_megabytes
from ingest.formats.sidecar_names import is_sidecar
from ingest.remarks import Remark
from ingest.sources.page_store import write_atomically
from ingest.types import FetchedIdentity, Root
from knowledge.types import Language

CHANNEL_FETCH_LIMIT_BYTES = {
    "telegram": TELEGRAM_LIMITS.file_bytes
}  # bytes that a messenger lets a bot fetch
UPLOAD_MANIFEST_NAME = (
    ".upload.json"  # hidden, so not a document; written last: without it an upload is incomplete
)
FILE_NAME_MAX_CHARS = 70  # at 3 bytes each, below the 255 bytes that file systems allow
FETCH_RETRY_DELAYS_SECONDS = (0.0, 1.0, 4.0)  # before each try

_FORBIDDEN_NAME_CHARS = re.compile(r'[\x00-\x1f\x7f<>:"|?*\ud800-\udfff]')


@dataclass(frozen=True, slots=True)
class StoredUpload:
    """An upload on disk.

    `roots` are the files to ingest and `refused` the ones that could not be stored, with the
    reason. `applied_versions` are the (origin, digest) of the documents it became once applied.
    """

    roots: tuple[Root, ...]
    refused: tuple[tuple[str, Remark], ...]
    applied_versions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class UploadStore:
    """The uploads of all admins under `root_folder`, NARU_DATA/uploads.

    `fetch_file` downloads a file from its messenger. `who` is "channel:user" in every method.
    """

    root_folder: Path
    fetch_file: Callable[[File], bytes]

    def store_files(self, who: str, token: str, files: tuple[File, ...]) -> StoredUpload:
        """Download the files not stored yet and write the manifest.

        The origin of a document is made of its file name, so that the next upload of that name
        updates it and withdraws no other document.
        """
        folder = self._upload_folder(who, token)
        folder.mkdir(parents=True, exist_ok=True)
        refused, stored = [], []
        for file, name in zip(files, _make_unique_names(files), strict=True):
            try:
                if not (folder / name).exists():
                    write_atomically(folder / name, self._fetch_content(file))
                stored.append(name)
            except Unreadable as error:
                refused.append((file.name, error.remark))
        documents = [name for name in stored if not _is_attached_sidecar(folder / name)]
        roots = tuple(
            Root(folder / name, f"uploads/{folder.parent.name}/{name}") for name in documents
        )
        return self.write_manifest(who, token, StoredUpload(roots, tuple(refused)))

    def write_manifest(self, who: str, token: str, upload: StoredUpload) -> StoredUpload:
        """Record an upload, for `find_upload`; returns it."""
        folder = self._upload_folder(who, token)
        folder.mkdir(parents=True, exist_ok=True)
        roots = [_serialise_root(root) for root in upload.roots]
        refused = [[file, why.to_json()] for file, why in upload.refused]
        listing = {"roots": roots, "refused": refused, "versions": upload.applied_versions}
        write_atomically(
            folder / UPLOAD_MANIFEST_NAME, json.dumps(listing, ensure_ascii=False).encode()
        )
        return upload

    def find_upload(self, who: str, token: str) -> StoredUpload | None:
        """A complete upload; None if it is incomplete, discarded or unknown."""
        path = self._upload_folder(who, token) / UPLOAD_MANIFEST_NAME
        if not path.exists():
            return None
        data = json.loads(path.read_text(encoding="utf-8"))
        roots = tuple(_parse_root(*entry) for entry in data["roots"])
        refused = tuple((file, Remark.from_json(why)) for file, why in data["refused"])
        versions = tuple((origin, digest) for origin, digest in data.get("versions", ()))
        return StoredUpload(roots, refused, versions)

    def write_note(self, who: str, token: str, name: str, content: bytes) -> None:
        """Keep something about an upload under a hidden name in its folder."""
        write_atomically(self._upload_folder(who, token) / name, content)

    def read_note(self, who: str, token: str, name: str) -> bytes | None:
        """What `write_note` kept; None if there is nothing."""
        path = self._upload_folder(who, token) / name
        return path.read_bytes() if path.exists() else None

    def list_uploads(self) -> list[tuple[str, str]]:
        """The owner's folder name and the token of every upload, complete or not."""
        return [(path.parent.name, path.name) for path in sorted(self.root_folder.glob("*/*"))]

    def list_tokens(self, who: str) -> list[str]:
        """The tokens of one person's uploads, complete or not."""
        return [path.name for path in sorted(self._upload_folder(who, "any").parent.glob("*"))]

    def read_modified_seconds(self, who: str, token: str) -> float:
        """When a file was last added to an upload, in seconds since 1970."""
        return self._upload_folder(who, token).stat().st_mtime

    def delete_upload(self, who: str, token: str) -> None:
        """Delete an upload, its manifest first: what a kill leaves counts as incomplete."""
        folder = self._upload_folder(who, token)
        (folder / UPLOAD_MANIFEST_NAME).unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)

    def _upload_folder(self, who: str, token: str) -> Path:
        return self.root_folder / re.sub(r"[^A-Za-z0-9_-]", "-", who) / re.sub(r"\W", "", token)

    def _fetch_content(self, file: File) -> bytes:
        """The bytes of a file. Raises Unreadable if it is too large or cannot be had."""
        most = CHANNEL_FETCH_LIMIT_BYTES.get(file.channel, FILE_MAX_BYTES)
        if file.size > most:
            raise Unreadable("too_large_for_chat", most=format_megabytes(most))
        if file.channel == "terminal":
            return _read_local_file(Path(file.ref))
        for pause in FETCH_RETRY_DELAYS_SECONDS:
            time.sleep(pause)
            try:
                content = self.fetch_file(file)
            except DeliveryRefused as error:
                raise Unreadable("not_handed_out", why=str(error)) from error
            except (NotDelivered, TimeoutError):
                continue
            if len(content) > most:
                raise Unreadable("too_large_for_chat", most=format_megabytes(most))
            return content
        raise Unreadable("handed_out_late")


def _serialise_root(root: Root) -> list[Any]:
    fetched = [root.fetched.id_prefix, root.fetched.issuer] if root.fetched else None
    return [str(root.path.resolve()), root.origin, root.language, fetched]


def _parse_root(
    path: str, origin: str, language: Language | None = None, fetched: list[str] | None = None
) -> Root:
    """A stored root. A manifest of an older Naru does not say what was fetched: what has an
    address as its origin."""
    if fetched is None and "://" in origin:
        fetched = [urlsplit(origin).hostname or "", ""]
    return Root(Path(path), origin, language, FetchedIdentity(*fetched) if fetched else None)


def sanitise_name(name: str) -> str:
    """`name` without folders, NFC-normalised and valid on every file system."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    plain = _FORBIDDEN_NAME_CHARS.sub("", last).strip(" .") or "file"
    path = Path(plain)
    suffix = path.suffix if len(path.suffix) <= 12 else ""
    return plain.removesuffix(suffix)[: FILE_NAME_MAX_CHARS - len(suffix)].rstrip(" .") + suffix


def _make_unique_names(files: tuple[File, ...]) -> list[str]:
    """A safe name for each file, numbered where two would be equal, also to a file system that
    knows no capitals; none is the manifest's."""
    names: list[str] = []
    taken = {UPLOAD_MANIFEST_NAME.casefold()}
    for file in files:
        path = Path(sanitise_name(file.name))
        name, number = path.name, 1
        while name.casefold() in taken:
            number += 1
            name = f"{path.stem} ({number}){path.suffix}"
        taken.add(name.casefold())
        names.append(name)
    return names


def _is_attached_sidecar(path: Path) -> bool:
    """Whether a file is the side-car of a file next to it."""
    return is_sidecar(path) and has_described_file(path)


def _read_local_file(path: Path) -> bytes:
    """A file of the terminal's user. Raises Unreadable if it cannot be read."""
    try:
        if path.is_dir():
            raise Unreadable("is_folder")
        if path.stat().st_size > FILE_MAX_BYTES:
            raise Unreadable("too_large", most=format_megabytes(FILE_MAX_BYTES))
        return path.read_bytes()
    except OSError as error:
        raise Unreadable("unread", why=error.strerror) from error
