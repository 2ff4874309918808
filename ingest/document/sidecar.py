"""Metadata declared in YAML: in the front matter of a document or in a side-car next to its file.

The side-car of `notice.hwp` is `notice.hwp.meta.yaml` or `notice.meta.yaml`. See
docs/decisions/0014-sidecar-named-after-the-whole-file.md.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

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
    return _parse_keys(front.group(1) or "", Remark("front_matter"), DOCUMENT_FIELDS), text[
        front.end() :
    ]


def read_sidecar(path: Path) -> DeclaredMetadata:
    """The metadata in the side-car of the file at `path`; empty if there is none.

    Raises Unreadable if the side-car cannot be read or is invalid.
    """
    what = Remark("side_car", {"name": ""})
    try:
        sidecar = find_existing(path.parent, list_sidecar_names(path.name))
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
    return _parse_keys(text, what, SIDECAR_FIELDS)


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


def find_existing(folder: Path, names: list[str]) -> Path | None:
    """The first of `names` that is a file in the folder, in NFC or NFD."""
    for name in names:
        forms = (name, _normalise_name(name), unicodedata.normalize("NFD", name))
        for form in dict.fromkeys(forms):
            if (folder / form).is_file():
                return folder / form
    return None


def _normalise_name(name: str) -> str:
    return unicodedata.normalize("NFC", name)


class _NoAliasLoader(yaml.SafeLoader):
    """A YAML loader without aliases: a few lines of them expand to gigabytes."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        """The next node. Raises YAMLError for an alias."""
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("it uses an alias (*name); write the value out")
        return super().compose_node(parent, index)


def _parse_keys(block: str, what: Remark, known: frozenset[str]) -> DeclaredMetadata:
    """The keys of a YAML block; `what` names it. Raises Unreadable for anything but known keys."""
    try:
        meta = yaml.load(block, _NoAliasLoader) or {}  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, RecursionError) as error:
        problem = str(error).splitlines()[0].rstrip(".")
        raise Unreadable("not_yaml", what=what, why=problem) from error
    except ValueError as error:
        raise Unreadable("impossible_date", what=what, why=str(error)) from error
    if not isinstance(meta, dict):
        raise Unreadable("no_keys", what=what)
    if unknown := sorted(set(map(str, meta)) - known):
        raise Unreadable(
            "unknown_keys", what=what, unknown=", ".join(unknown), known=", ".join(sorted(known))
        )
    if any(re.search("[\x00\ud800-\udfff]", text) for text in _list_strings(meta)):
        raise Unreadable("odd_characters", what=what)
    return meta


def _list_strings(meta: DeclaredMetadata) -> Iterator[str]:
    for value in meta.values():
        yield from map(str, value if isinstance(value, list) else [value])
