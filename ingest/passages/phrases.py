"""What the side file of a document's known questions says of its sections."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from ingest.errors import Unreadable
from ingest.passages.phrase_files import PhraseFile
from knowledge.errors import PhrasesBroken
from knowledge.phrases.phrase import PHRASE_ORIGINS
from knowledge.phrases.section_file import parse_sections

LIBRARY_LISTS = (*PHRASE_ORIGINS, "unanswered")


@dataclass(frozen=True, slots=True)
class SectionPhrases:
    """The known questions of a section: other ways to ask what it answers, and similar questions
    that no document answers."""

    asked: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)


PhrasesByHeading = Mapping[tuple[str, ...], SectionPhrases]  # by the path from the title down


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
