"""Cycles among documents that supersede each other, which cannot all be right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ingest.remarks import Remark
from ingest.types import Change, FileNote
from knowledge.types import Version


def find_cycles(
    scanned: Sequence[Version], present: Sequence[Version]
) -> list[tuple[Version, Remark]]:
    """The versions of `scanned` that supersede themselves or each other, and a remark about each.

    `present` are the versions in the library: a new document may close a cycle with an old one.
    """
    versions = {version.document.id: version for version in (*present, *scanned)}
    links = {id: version.document.supersedes for id, version in versions.items()}
    return [
        (version, _describe_cycle(version, versions, cycle))
        for version in scanned
        if (cycle := _find_cycle(version.document.id, links))
    ]


def note_newer_editions(changes: Sequence[Change]) -> tuple[FileNote, ...]:
    """A remark for each new or changed notice that seems to replace an older one of its programme,
    or to be older than one, and does not say so: the newest answers, and an admin may correct it."""
    documents = {
        one.version.document.id: one.version.document for one in changes if one.kind != "withdrawn"
    }
    touched = {
        one.version.document.id: one.version.file
        for one in changes
        if one.kind in ("created", "updated")
    }
    if not touched:
        return ()
    from knowledge.retrieval.series import find_newer_editions, rank_in_series  # not before

    notes = []
    for id, later in find_newer_editions(documents.values()).items():
        newest = max(later, key=rank_in_series)
        own_ids = {id, documents[id].translation_of}
        if own_ids & set(newest.supersedes) or not {id, newest.id} & touched.keys():
            continue
        older = documents[id].title
        remark = Remark("newer_notice", {"newer": newest.title, "older": older, "id": id})
        notes.append(FileNote(touched.get(newest.id) or touched[id], remark))
    return tuple(notes)


def _find_cycle(start: str, links: Mapping[str, Sequence[str]]) -> list[str]:
    """The ids from `start` back to itself, which is named once; empty if there is no cycle."""
    trails = [[start]]
    seen = set[str]()
    while trails:
        trail = trails.pop(0)
        for older in links.get(trail[-1], ()):
            if older == start:
                return trail
            if older not in seen:
                seen.add(older)
                trails.append([*trail, older])
    return []


def _describe_cycle(
    version: Version, versions: Mapping[str, Version], cycle: Sequence[str]
) -> Remark:
    if len(cycle) == 1:
        return Remark("supersedes_itself")
    others = ", ".join(versions[id].file for id in cycle[1:])
    return Remark("supersede_each_other", {"id": version.document.id, "others": others})
