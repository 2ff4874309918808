"""The side file of a document's known questions: `phrases/notice.yaml` in the folder of `notice.hwp`.

See docs/decisions/0085-known-questions-next-to-their-documents.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ingest.document.sidecar import FolderNames, find_existing
from ingest.formats.sidecar_names import PHRASES_FOLDER, list_phrase_file_names

PHRASES_MAX_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class PhraseFile:
    """A side file as it lies there: its name for the admin, and its content or why it has none."""

    name: str
    content: bytes = b""
    problem: str = ""


def find_phrase_file(path: Path, folders: FolderNames | None = None) -> PhraseFile | None:
    """The side file of the file at `path`; None without one. `folders` know the names in its folders."""
    folder, names = path.parent / PHRASES_FOLDER, list_phrase_file_names(path.name)
    try:
        found = find_existing(folder, names, folders)
        if found is None:
            return None
        with found.open("rb") as file:
            content = file.read(PHRASES_MAX_BYTES + 1)
    except OSError as error:
        return PhraseFile(
            f"{PHRASES_FOLDER}/{names[0]}", problem=f"cannot be read: {error.strerror}"
        )
    name = f"{PHRASES_FOLDER}/{found.name}"
    if len(content) > PHRASES_MAX_BYTES:
        return PhraseFile(name, problem=f"is larger than {PHRASES_MAX_BYTES // 1000} kB")
    return PhraseFile(name, content)
