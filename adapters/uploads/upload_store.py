"""What admins upload, on the disk: a folder an upload, each file whole or not at all."""

from __future__ import annotations

import json
import re
import shutil
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.errors import DeliveryRefused, NotDelivered
from bot.types import RELAYED_FILE_LIMIT_BYTES, File
from ingest.document.sidecar import has_described_file, is_sidecar
from ingest.errors import Unreadable
from ingest.formats.limits import FILE_MAX_BYTES, format_megabytes
from ingest.remarks import Remark
from ingest.sources.page_store import write_atomically
from ingest.types import Root

CHANNEL_FETCH_LIMIT_BYTES = {
    "telegram": RELAYED_FILE_LIMIT_BYTES
}  # bytes that a messenger lets a bot fetch
UPLOAD_MANIFEST_NAME = (
    ".upload.json"  # hidden: no document; written last, so that an upload is whole or not
)
FILE_NAME_MAX_CHARS = 70  # characters of a name: three bytes each stay below what file systems take
FETCH_RETRY_DELAYS_SECONDS = (0.0, 1.0, 4.0)  # seconds before each try to fetch

_FORBIDDEN_NAME_CHARS = re.compile(r'[\x00-\x1f\x7f<>:"|?*\ud800-\udfff]')


@dataclass(frozen=True, slots=True)
class StoredUpload:
    """An upload as it lies there: what to ingest, the files that could not be had, and, once it
    was applied, the origin and digest of each document that it became."""

    roots: tuple[Root, ...]
    refused: tuple[tuple[str, Remark], ...]
    applied_versions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class UploadStore:
    """The uploads of every admin. `home` is NARU_DATA/uploads; `fetch` gets a messenger's file."""

    root_folder: Path
    fetch_file: Callable[[File], bytes]

    def store_files(self, who: str, token: str, files: tuple[File, ...]) -> StoredUpload:
        """Fetch what is not here yet. A document is remembered to have come from its name, so
        that the next file of this name updates it, and nothing else is withdrawn."""
        folder = self._upload_folder(who, token)
        folder.mkdir(parents=True, exist_ok=True)
        refused, here = [], []
        for file, name in zip(files, _make_unique_names(files), strict=True):
            try:
                if not (folder / name).exists():
                    write_atomically(folder / name, self._fetch_content(file))
                here.append(name)
            except Unreadable as error:
                refused.append((file.name, error.remark))
        documents = [name for name in here if not _is_attached_sidecar(folder / name)]
        roots = tuple(
            Root(folder / one, f"uploads/{folder.parent.name}/{one}") for one in documents
        )
        return self.write_manifest(who, token, StoredUpload(roots, tuple(refused)))

    def write_manifest(self, who: str, token: str, kept: StoredUpload) -> StoredUpload:
        """Note what an upload is, for `find`."""
        folder = self._upload_folder(who, token)
        folder.mkdir(parents=True, exist_ok=True)
        roots = [[str(root.path.resolve()), root.origin] for root in kept.roots]
        refused = [[file, why.to_json()] for file, why in kept.refused]
        listing = {"roots": roots, "refused": refused, "versions": kept.applied_versions}
        write_atomically(
            folder / UPLOAD_MANIFEST_NAME, json.dumps(listing, ensure_ascii=False).encode()
        )
        return kept

    def find_upload(self, who: str, token: str) -> StoredUpload | None:
        """An upload that was kept; None for one that was discarded or never was."""
        path = self._upload_folder(who, token) / UPLOAD_MANIFEST_NAME
        if not path.exists():
            return None
        data = json.loads(path.read_text(encoding="utf-8"))
        roots = tuple(Root(Path(at), origin) for at, origin in data["roots"])
        refused = tuple((file, Remark.from_json(why)) for file, why in data["refused"])
        versions = tuple((origin, digest) for origin, digest in data.get("versions", ()))
        return StoredUpload(roots, refused, versions)

    def list_uploads(self) -> list[tuple[str, str]]:
        """Every upload that lies here, whole or not: whose, and its token."""
        return [(path.parent.name, path.name) for path in sorted(self.root_folder.glob("*/*"))]

    def read_modified_seconds(self, who: str, token: str) -> float:
        """When something was last put into an upload, in seconds since 1970 by the disk."""
        return self._upload_folder(who, token).stat().st_mtime

    def delete_upload(self, who: str, token: str) -> None:
        """Remove an upload: its listing first, so that it is gone or whole."""
        folder = self._upload_folder(who, token)
        (folder / UPLOAD_MANIFEST_NAME).unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)

    def _upload_folder(self, who: str, token: str) -> Path:
        return self.root_folder / re.sub(r"[^A-Za-z0-9_-]", "-", who) / re.sub(r"\W", "", token)

    def _fetch_content(self, file: File) -> bytes:
        """Its bytes. Raises Unreadable with what to do."""
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


def sanitise_name(name: str) -> str:
    """A name without folders, with composed letters, that every file system takes."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    plain = _FORBIDDEN_NAME_CHARS.sub("", last).strip(" .") or "file"
    path = Path(plain)
    suffix = path.suffix if len(path.suffix) <= 12 else ""
    return plain.removesuffix(suffix)[: FILE_NAME_MAX_CHARS - len(suffix)].rstrip(" .") + suffix


def _make_unique_names(files: tuple[File, ...]) -> list[str]:
    """Safe names, no two alike."""
    names: list[str] = []
    for file in files:
        name = sanitise_name(file.name)
        same = sum(sanitise_name(one.name) == name for one in files[: len(names)])
        path = Path(name)
        names.append(f"{path.stem} ({same + 1}){path.suffix}" if same else name)
    return names


def _is_attached_sidecar(path: Path) -> bool:
    """Whether it is the side-car of a file that came with it."""
    return is_sidecar(path) and has_described_file(path)


def _read_local_file(path: Path) -> bytes:
    """A file of whoever sits at the terminal. Raises Unreadable."""
    try:
        if path.is_dir():
            raise Unreadable("is_folder")
        if path.stat().st_size > FILE_MAX_BYTES:
            raise Unreadable("too_large", most=format_megabytes(FILE_MAX_BYTES))
        return path.read_bytes()
    except OSError as error:
        raise Unreadable("unread", why=error.strerror) from error
