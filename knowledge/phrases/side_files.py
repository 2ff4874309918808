"""The side files of known questions in NARU_DATA/phrases: approved, proposed by a model, settled.

See docs/decisions/0076-known-questions-grow-by-use.md
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from knowledge.errors import PhrasesBroken
from knowledge.phrases.phrase import PHRASE_ORIGINS, Phrase, SectionName, identify_phrase
from knowledge.phrases.section_file import dump_sections, read_sections
from knowledge.types import Passage

log = logging.getLogger(__name__)

GENERATED_LISTS = ("generated",)
FILE_NAME_CHARACTERS = 60  # of a document's id in the name of its file
APPROVED_HEAD = (
    "# Known questions that an admin approved: `asked` by people, `generated` by a model.\n"
    "# They help to find their section from the next question on, and are never quoted.\n"
)
PROPOSED_HEAD = (
    "# Questions that a model proposed. `naru phrases --review` approves or rejects them.\n"
)


@dataclass(frozen=True, slots=True)
class GeneratedSection:
    """What a model proposed for a section whose text has the sha256 `digest`; () for nothing."""

    section: SectionName
    digest: str
    texts: tuple[str, ...]


class PhraseFiles:
    """The side files in one folder, one for each document; the folder need not exist.

    `settled.txt` has the ids of what was rejected or changed, never the words.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._proposed = folder / "proposed"
        self._settled = folder / "settled.txt"

    def list_files(self) -> list[Path]:
        """The files of approved phrases, by name."""
        return sorted(self.folder.glob("*.yaml"))

    def describe_state(self) -> tuple[tuple[str, int, int], ...]:
        """Name, time and size of each file of approved phrases: another value after a change."""
        found = []
        for path in self.list_files():
            try:
                stat = path.stat()
            except OSError:  # replaced just now: the next look sees the new one
                continue
            found.append((path.name, stat.st_mtime_ns, stat.st_size))
        return tuple(found)

    def read_approved(self) -> list[Phrase]:
        """All approved phrases. Raises PhrasesBroken."""
        return [phrase for path in self.list_files() for phrase in read_phrase_file(path)]

    def attach_phrases(self, passages: Sequence[Passage]) -> list[Passage]:
        """The passages, with the approved phrases of a section at its first one. A file that cannot be
        read is left out and logged: founders are answered without it."""
        by_section = defaultdict[SectionName, list[str]](list)
        for path in self.list_files():
            try:
                for phrase in read_phrase_file(path):
                    by_section[phrase.section].append(phrase.text)
            except PhrasesBroken as error:
                log.error("phrases are left out: %s", error)
        attached = []
        for passage in passages:
            found = by_section.pop(SectionName(passage.document.id, passage.heading), ())
            attached.append(replace(passage, phrases=tuple(found)) if found else passage)
        return attached

    def add_approved(self, phrase: Phrase) -> None:
        """Write an approved phrase, once, and take it out of what is proposed. Raises PhrasesBroken."""
        path = self.folder / name_file(phrase.section.document)
        phrases = read_phrase_file(path) if path.exists() else []
        wanted = identify_phrase(phrase.section, phrase.text)
        if all(identify_phrase(one.section, one.text) != wanted for one in phrases):
            _replace_file(path, APPROVED_HEAD + _dump_phrases([*phrases, phrase]))

    def read_settled(self) -> frozenset[str]:
        """The ids of the proposals that are rejected, or approved in other words."""
        if not self._settled.exists():
            return frozenset()
        return frozenset(self._settled.read_text(encoding="utf-8").split())

    def add_settled(self, id: str) -> None:
        """Remember that a proposal is settled, so that it is not made again."""
        _replace_file(self._settled, "\n".join(sorted({*self.read_settled(), id})) + "\n")

    def read_generated(self) -> list[GeneratedSection]:
        """What a model proposed. Raises PhrasesBroken."""
        return [
            GeneratedSection(SectionName(document, tuple(one["heading"])), one["digest"],
                             tuple(one["generated"]))
            for path in sorted(self._proposed.glob("*.yaml"))
            for document, sections in [read_sections(path, GENERATED_LISTS)]
            for one in sections
        ]  # fmt: skip

    def add_generated(self, generated: GeneratedSection) -> None:
        """Write what a model proposed for a section, in place of what it proposed before. Raises
        PhrasesBroken."""
        path = self._proposed / name_file(generated.section.document)
        _, sections = read_sections(path, GENERATED_LISTS) if path.exists() else ("", [])
        own = list(generated.section.heading)
        sections = [one for one in sections if one["heading"] != own]
        sections.append(
            {"heading": own, "digest": generated.digest, "generated": list(generated.texts)}
        )
        _replace_file(path, PROPOSED_HEAD + dump_sections(generated.section.document, sections))


def name_file(document: str) -> str:
    """The name of a document's side file; ids that differ in any letter have different ones."""
    readable = re.sub(r"[^\w.-]", "_", document)[:FILE_NAME_CHARACTERS]
    return f"{readable}-{hashlib.sha256(document.encode()).hexdigest()[:8]}.yaml"


def read_phrase_file(path: Path) -> list[Phrase]:
    """The approved phrases of one file. Raises PhrasesBroken, naming the file."""
    document, sections = read_sections(path, PHRASE_ORIGINS)
    return [
        Phrase(SectionName(document, tuple(one["heading"])), text, origin)
        for one in sections
        for origin in PHRASE_ORIGINS
        for text in one.get(origin, ())
    ]


def _dump_phrases(phrases: Sequence[Phrase]) -> str:
    """The phrases of one document as YAML."""
    sections: dict[SectionName, dict[str, Any]] = {}
    for phrase in phrases:
        heading = list(phrase.section.heading)
        section = sections.setdefault(phrase.section, {"heading": heading})
        section.setdefault(phrase.origin, []).append(phrase.text)
    return dump_sections(phrases[0].section.document, list(sections.values()))


def _replace_file(path: Path, text: str) -> None:
    """Write a file whole or not at all: a reader, or a kill, never meets half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".phrases-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
