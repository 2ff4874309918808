"""The side file of a document's known questions: `phrases/notice.yaml` in the folder of `notice.hwp`.

See docs/decisions/0085-known-questions-next-to-their-documents.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ingest.document.sidecar import find_existing
from ingest.errors import Unreadable
from ingest.formats.sidecar_names import PHRASES_FOLDER, list_phrase_file_names
from knowledge.errors import PhrasesBroken
from knowledge.phrases.phrase import PHRASE_ORIGINS
from knowledge.phrases.section_file import parse_sections

PHRASES_MAX_BYTES = 1_000_000
LIBRARY_LISTS = (*PHRASE_ORIGINS, "unanswered")


@dataclass(frozen=True, slots=True)
class PhraseFile:
    """A side file as it lies there: its name for the admin, and its content or why it has none."""

    name: str
    content: bytes = b""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class SectionPhrases:
    """The known questions of a section: other ways to ask what it answers, and similar questions
    that no document answers."""

    asked: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)


PhrasesByHeading = Mapping[tuple[str, ...], SectionPhrases]  # by the path from the title down


def find_phrase_file(path: Path) -> PhraseFile | None:
    """The side file of the file at `path`; None without one."""
    folder, names = path.parent / PHRASES_FOLDER, list_phrase_file_names(path.name)
    try:
        found = find_existing(folder, names)
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


def read_phrases(file: PhraseFile, document: str) -> PhrasesByHeading:
    """What the side file of the document with this id has for its sections. Raises Unreadable: what
    is wrong with the side file."""
    if file.problem:
        raise Unreadable("phrases_broken", name=file.name, why=file.problem)
    try:
        owner, sections = parse_sections(file.content, LIBRARY_LISTS)
    except PhrasesBroken as error:
        raise Unreadable("phrases_broken", name=file.name, why=str(error)) from error
    if owner != document:
        raise Unreadable("phrases_of_another", name=file.name, owner=owner, id=document)
    phrases = defaultdict[tuple[str, ...], SectionPhrases](SectionPhrases)
    for one in sections:
        own = phrases[tuple(one["heading"])]
        own.asked.extend(text for origin in PHRASE_ORIGINS for text in one.get(origin, ()))
        own.unanswered.extend(one.get("unanswered", ()))
    return dict(phrases)
