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

from bot.errors import NotDelivered, Refused
from bot.types import LARGEST_FILE, File
from ingest.document.sidecar import describes_a_file, is_side_car
from ingest.errors import Unreadable
from ingest.formats.limits import FILE_BYTES, mb
from ingest.remarks import Remark
from ingest.sources.page_store import write
from ingest.types import Root

FETCHED = {"telegram": LARGEST_FILE}  # bytes that a messenger lets a bot fetch
LISTING = ".upload.json"  # hidden: no document; written last, so that an upload is whole or not
LONGEST = 70  # characters of a name: three bytes each stay below what file systems take
TRIES = (0.0, 1.0, 4.0)  # seconds before each try to fetch

_NO_NAME = re.compile(r'[\x00-\x1f\x7f<>:"|?*\ud800-\udfff]')


@dataclass(frozen=True, slots=True)
class Kept:
    """An upload as it lies there: what to ingest, the files that could not be had, and, once it
    was applied, the origin and digest of each document that it became."""

    roots: tuple[Root, ...]
    refused: tuple[tuple[str, Remark], ...]
    versions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Shelves:
    """The uploads of every admin. `home` is NARU_DATA/uploads; `fetch` gets a messenger's file."""

    home: Path
    fetch: Callable[[File], bytes] | None

    def keep(self, who: str, token: str, files: tuple[File, ...]) -> Kept:
        """Fetch what is not here yet. A document is remembered to have come from its name, so
        that the next file of this name updates it, and nothing else is withdrawn."""
        folder = self._folder(who, token)
        folder.mkdir(parents=True, exist_ok=True)
        refused, here = [], []
        for file, name in zip(files, _names(files), strict=True):
            try:
                if not (folder / name).exists():
                    write(folder / name, self._content(file))
                here.append(name)
            except Unreadable as error:
                refused.append((file.name, error.remark))
        documents = [name for name in here if not _describes(folder / name)]
        roots = tuple(
            Root(folder / one, f"uploads/{folder.parent.name}/{one}") for one in documents
        )
        return self.listed(who, token, Kept(roots, tuple(refused)))

    def listed(self, who: str, token: str, kept: Kept) -> Kept:
        """Note what an upload is, for `find`."""
        folder = self._folder(who, token)
        folder.mkdir(parents=True, exist_ok=True)
        roots = [[str(root.path.resolve()), root.origin] for root in kept.roots]
        refused = [[file, why.packed()] for file, why in kept.refused]
        listing = {"roots": roots, "refused": refused, "versions": kept.versions}
        write(folder / LISTING, json.dumps(listing, ensure_ascii=False).encode())
        return kept

    def find(self, who: str, token: str) -> Kept | None:
        """An upload that was kept; None for one that was discarded or never was."""
        path = self._folder(who, token) / LISTING
        if not path.exists():
            return None
        data = json.loads(path.read_text(encoding="utf-8"))
        roots = tuple(Root(Path(at), origin) for at, origin in data["roots"])
        refused = tuple((file, Remark.unpacked(why)) for file, why in data["refused"])
        versions = tuple((origin, digest) for origin, digest in data.get("versions", ()))
        return Kept(roots, refused, versions)

    def all(self) -> list[tuple[str, str]]:
        """Every upload that lies here, whole or not: whose, and its token."""
        return [(path.parent.name, path.name) for path in sorted(self.home.glob("*/*"))]

    def touched(self, who: str, token: str) -> float:
        """When something was last put into an upload, in seconds since 1970 by the disk."""
        return self._folder(who, token).stat().st_mtime

    def drop(self, who: str, token: str) -> None:
        """Remove an upload: its listing first, so that it is gone or whole."""
        folder = self._folder(who, token)
        (folder / LISTING).unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)

    def _folder(self, who: str, token: str) -> Path:
        return self.home / re.sub(r"[^A-Za-z0-9_-]", "-", who) / re.sub(r"\W", "", token)

    def _content(self, file: File) -> bytes:
        """Its bytes. Raises Unreadable with what to do."""
        most = FETCHED.get(file.channel, FILE_BYTES)
        if file.size > most:
            raise Unreadable("too_large_for_chat", most=mb(most))
        if file.channel == "terminal":
            return _local(Path(file.ref))
        for pause in TRIES:
            time.sleep(pause)
            try:
                content = self.fetch(file) if self.fetch else b""
            except Refused as error:
                raise Unreadable("not_handed_out", why=str(error)) from error
            except (NotDelivered, TimeoutError):
                continue
            if len(content) > most:
                raise Unreadable("too_large_for_chat", most=mb(most))
            return content
        raise Unreadable("handed_out_late")


def safe_name(name: str) -> str:
    """A name without folders, with composed letters, that every file system takes."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    plain = _NO_NAME.sub("", last).strip(" .") or "file"
    path = Path(plain)
    suffix = path.suffix if len(path.suffix) <= 12 else ""
    return plain.removesuffix(suffix)[: LONGEST - len(suffix)].rstrip(" .") + suffix


def _names(files: tuple[File, ...]) -> list[str]:
    """Safe names, no two alike."""
    names: list[str] = []
    for file in files:
        name = safe_name(file.name)
        same = sum(safe_name(one.name) == name for one in files[: len(names)])
        path = Path(name)
        names.append(f"{path.stem} ({same + 1}){path.suffix}" if same else name)
    return names


def _describes(path: Path) -> bool:
    """Whether it is the side-car of a file that came with it."""
    return is_side_car(path) and describes_a_file(path)


def _local(path: Path) -> bytes:
    """A file of whoever sits at the terminal. Raises Unreadable."""
    try:
        if path.is_dir():
            raise Unreadable("is_folder")
        if path.stat().st_size > FILE_BYTES:
            raise Unreadable("too_large", most=mb(FILE_BYTES))
        return path.read_bytes()
    except OSError as error:
        raise Unreadable("unread", why=error.strerror) from error
