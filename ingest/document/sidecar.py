"""What is declared about a document in YAML: in its front matter, or in a side-car beside it.

A side-car of `notice.hwp` is `notice.hwp.meta.yaml`, or `notice.meta.yaml`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePath, PurePosixPath
from typing import Any

import yaml

from ingest.errors import Unreadable
from ingest.remarks import Remark

ENDING = ".meta.yaml"
LARGEST = 100_000  # bytes of a side-car: a page of keys, no document
FIELDS = frozenset(
    [
        "id",
        "title",
        "issuer",
        "language",
        "url",
        "published",
        "effective_from",
        "expires",
        "supersedes",
        "topics",
        "translation_of",
        "audience",
    ]
)
# A side-car also says which columns of a table are which, and what its writer worked out.
BESIDE = FIELDS | {"columns", "inferred"}

Declared = Mapping[str, Any]
_FRONT = re.compile(r"\A\s*---[ \t]*\n(.*?\n)?---[ \t]*(?:\n|\Z)", re.DOTALL)
_UNCLOSED = re.compile(r"\A\s*---[ \t]*\n\s*\w+[ \t]*:")


def front_matter(text: str) -> tuple[Declared, str]:
    """The keys above a text, and the text below them. Raises Unreadable."""
    front = _FRONT.match(text)
    if front is None and _UNCLOSED.match(text):
        raise Unreadable("front_matter_open")
    if front is None:
        return {}, text
    return _keys(front.group(1) or "", Remark("front_matter"), FIELDS), text[front.end() :]


def beside(path: Path) -> Declared:
    """What the side-car of the file at `path` says; nothing where there is none.

    Raises Unreadable where it cannot be understood: half-known is not known.
    """
    what = Remark("side_car", {"name": ""})
    try:
        found = _existing(path.parent, names_beside(path.name))
        if found is None:
            return {}
        what = Remark("side_car", {"name": found.name})
        with found.open("rb") as file:
            return declares(file.read(LARGEST + 1), found.name)
    except OSError as error:
        raise Unreadable("declared_unread", what=what, why=error.strerror) from error


def declares(content: bytes, name: str) -> Declared:
    """What a side-car of this name says. Raises Unreadable."""
    what = Remark("side_car", {"name": name})
    if len(content) > LARGEST:
        raise Unreadable("declares_too_much", what=what, most=LARGEST // 1000)
    try:
        text = unicodedata.normalize("NFC", content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Unreadable("declared_not_utf8", what=what) from error
    return _keys(text, what, BESIDE)


def names_beside(name: str) -> list[str]:
    """What the side-car of a file may be called, the surest first."""
    return [name + ENDING, PurePosixPath(name).stem + ENDING]


def is_side_car(path: PurePath) -> bool:
    return path.name.lower().endswith(ENDING)


def describes_a_file(path: Path) -> bool:
    """Whether the file that a side-car is about stands beside it."""
    name = _nfc(path.name[: -len(ENDING)])
    if (path.parent / path.name[: -len(ENDING)]).exists():  # most do, and folders are long
        return True
    return any(
        name in (_nfc(other.name), _nfc(other.stem))
        for other in path.parent.iterdir()
        if not is_side_car(other)
    )


def _existing(folder: Path, names: list[str]) -> Path | None:
    """The first of `names` in a folder, however their letters are composed."""
    for name in names:
        for form in (name, _nfc(name), unicodedata.normalize("NFD", name)):
            if (folder / form).is_file():
                return folder / form
    return None


def _nfc(name: str) -> str:
    return unicodedata.normalize("NFC", name)


class _Plain(yaml.SafeLoader):
    """YAML without aliases: a few lines of them unfold to gigabytes."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("it uses an alias (*name); write the value out")
        return super().compose_node(parent, index)


def _keys(block: str, what: Remark, known: frozenset[str]) -> Declared:
    try:
        meta = yaml.load(block, _Plain) or {}  # noqa: S506 - a SafeLoader
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
    if any(re.search("[\x00\ud800-\udfff]", text) for text in _strings(meta)):
        raise Unreadable("odd_characters", what=what)
    return meta


def _strings(meta: Declared) -> Iterator[str]:
    for value in meta.values():
        yield from map(str, value if isinstance(value, list) else [value])
