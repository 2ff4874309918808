"""Which documents take another's place, and those that do so in a ring and cannot both be right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from knowledge.types import Version


def rings(found: Sequence[Version], present: Sequence[Version]) -> list[tuple[Version, str]]:
    """The files of an ingest that supersede each other, or themselves, and what to say of each.

    `present` is what the library holds already: a new document may close a ring with an old one.
    """
    known = {version.document.id: version for version in (*present, *found)}
    links = {id: one.document.supersedes for id, one in known.items() if one.document.supersedes}
    return [
        (version, _sentence(version, known, ring))
        for version in found
        if (ring := _ring(version.document.id, links))
    ]


def _ring(start: str, links: Mapping[str, Sequence[str]]) -> list[str]:
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


def _sentence(version: Version, known: Mapping[str, Version], ring: Sequence[str]) -> str:
    if len(ring) == 1:
        return "it supersedes itself. Take its own id out of its `supersedes`."
    others = ", ".join(known[id].file for id in ring[1:])
    return (
        f"it ({version.document.id}) and {others} supersede each other. Take the newer one's id "
        "out of the older one's `supersedes`."
    )
