"""Metadata declared in YAML: in the front matter of a document or in a side-car next to its file.

The side-car of `notice.hwp` is `notice.hwp.meta.yaml` or `notice.meta.yaml`. See
docs/decisions/0014-sidecar-named-after-the-whole-file.md.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ingest.errors import Unreadable
from ingest.formats.sidecar_names import (
    PHRASES_SUFFIX,
    SIDECAR_MAX_BYTES,
    SIDECAR_SUFFIX,
    is_sidecar,
    list_sidecar_names,
)
from ingest.remarks import Remark

DOCUMENT_FIELDS = frozenset(
    [
        "id",
        "title",
        "issuer",
        "language",
        "url",
        "published",
        "checked",
        "effective_from",
        "expires",
        "supersedes",
        "topics",
        "translation_of",
        "audience",
    ]
)
# A side-car may also assign the columns of a table and name the fields that were inferred.
SIDECAR_FIELDS = DOCUMENT_FIELDS | {"columns", "inferred"}

DeclaredMetadata = Mapping[str, Any]
_FRONT_MATTER = re.compile(r"\A\s*---[ \t]*\n(.*?\n)?---[ \t]*(?:\n|\Z)", re.DOTALL)
_UNCLOSED_FRONT_MATTER = re.compile(r"\A\s*---[ \t]*\n\s*\w+[ \t]*:")


def split_front_matter(text: str) -> tuple[DeclaredMetadata, str]:
    """The front matter of a text, empty if it has none, and the text below it.

    Raises Unreadable if the front matter is not closed or invalid.
    """
    front = _FRONT_MATTER.match(text)
    if front is None and _UNCLOSED_FRONT_MATTER.match(text):
        raise Unreadable("front_matter_open")
    if front is None:
        return {}, text
    from ingest.document.declared_keys import parse_keys  # see there

    declared = parse_keys(front.group(1) or "", Remark("front_matter"), DOCUMENT_FIELDS)
    return declared, text[front.end() :]


def read_sidecar(path: Path, folders: FolderNames | None = None) -> DeclaredMetadata:
    """The metadata in the side-car of the file at `path`; empty if there is none. `folders` know the
    names in its folder.

    Raises Unreadable if the side-car cannot be read or is invalid.
    """
    what = Remark("side_car", {"name": ""})
    try:
        sidecar = find_existing(path.parent, list_sidecar_names(path.name), folders)
        if sidecar is None:
            return {}
        what = Remark("side_car", {"name": sidecar.name})
        with sidecar.open("rb") as file:
            return parse_sidecar(file.read(SIDECAR_MAX_BYTES + 1), sidecar.name)
    except OSError as error:
        raise Unreadable("declared_unread", what=what, why=error.strerror) from error


def parse_sidecar(content: bytes, name: str) -> DeclaredMetadata:
    """The metadata in the content of a side-car. Raises Unreadable if it is invalid."""
    what = Remark("side_car", {"name": name})
    if len(content) > SIDECAR_MAX_BYTES:
        raise Unreadable("declares_too_much", what=what, most=SIDECAR_MAX_BYTES // 1000)
    try:
        text = unicodedata.normalize("NFC", content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Unreadable("declared_not_utf8", what=what) from error
    from ingest.document.declared_keys import parse_keys  # see there

    return parse_keys(text, what, SIDECAR_FIELDS)


def has_described_file(path: Path) -> bool:
    """Whether the file is there to which a side-car, or a side file of phrases, belongs."""
    if is_sidecar(path):
        folder, name = path.parent, path.name[: -len(SIDECAR_SUFFIX)]
    else:
        folder, name = path.parent.parent, path.name[: -len(PHRASES_SUFFIX)]
    if any((folder / f"{name}{ending}").exists() for ending in ("", ".md")):
        return True  # mostly, and without a listing
    return any(
        _normalise_name(name) in (_normalise_name(other.name), _normalise_name(other.stem))
        for other in folder.iterdir()
        if not is_sidecar(other)
    )


class FolderNames:
    """The names in folders, each listed once for all files of a scan: most have no side file, and
    looking for the names that one may have took longer than reading the file."""

    def __init__(self) -> None:
        self._names: dict[str, frozenset[str] | None] = {}

    def may_hold(self, folder: Path, names: Sequence[str]) -> bool:
        """Whether one of `names` may be in the folder, however its letters are written."""
        key = str(folder)
        if key not in self._names:
            try:
                self._names[key] = frozenset(_fold_name(one.name) for one in folder.iterdir())
            except FileNotFoundError:
                self._names[key] = frozenset()
            except OSError:
                self._names[key] = None
        listed = self._names[key]
        return listed is None or not listed.isdisjoint(map(_fold_name, names))


def find_existing(
    folder: Path, names: list[str], folders: FolderNames | None = None
) -> Path | None:
    """The first of `names` that is a file in the folder, in NFC or NFD."""
    if folders is not None and not folders.may_hold(folder, names):
        return None
    for name in names:
        forms = (name, _normalise_name(name), unicodedata.normalize("NFD", name))
        for form in dict.fromkeys(forms):
            if (folder / form).is_file():
                return folder / form
    return None


def _fold_name(name: str) -> str:
    """The same for all names that any file system takes for one."""
    return name.lower() if name.isascii() else _normalise_name(name).casefold()


def _normalise_name(name: str) -> str:
    return unicodedata.normalize("NFC", name)
