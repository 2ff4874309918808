"""Which documents take another's place, and those that do so in a ring and cannot both be right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ingest.remarks import Remark
from knowledge.types import Version


def find_cycles(
    found: Sequence[Version], present: Sequence[Version]
) -> list[tuple[Version, Remark]]:
    """The files of an ingest that supersede each other, or themselves, and what to say of each.

    `present` is what the library holds already: a new document may close a ring with an old one.
    """
    known = {version.document.id: version for version in (*present, *found)}
    links = {id: one.document.supersedes for id, one in known.items() if one.document.supersedes}
    return [
        (version, _describe_cycle(version, known, ring))
        for version in found
        if (ring := _find_cycle(version.document.id, links))
    ]


def _find_cycle(start: str, links: Mapping[str, Sequence[str]]) -> list[str]:
    """The ids from `start` back to itself, without the last; none where no way leads back."""
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


def _describe_cycle(version: Version, known: Mapping[str, Version], ring: Sequence[str]) -> Remark:
    if len(ring) == 1:
        return Remark("supersedes_itself")
    others = ", ".join(known[id].file for id in ring[1:])
    return Remark("supersede_each_other", {"id": version.document.id, "others": others})
