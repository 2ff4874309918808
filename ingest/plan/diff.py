"""What becomes of each document between one edition and the next."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from ingest.types import Change
from knowledge.types import Version


def diff_versions(
    present: Sequence[Version],
    found: Sequence[Version],
    roots: set[str],
    unread: set[tuple[str, str]],
) -> list[Change]:
    """What becomes of each document; only what came under the same paths is withdrawn, and not
    because its file cannot be read today."""
    old = {version.document.id: version for version in present}
    new = {version.document.id for version in found}
    changes = [_classify_change(old.get(version.document.id), version) for version in found]
    for version in present:
        if version.document.id not in new:
            gone = version.origin in roots and not _is_unread(version, unread)
            changes.append(Change("withdrawn" if gone else "unchanged", version))
    return changes


def _is_unread(version: Version, unread: set[tuple[str, str]]) -> bool:
    """Whether its file, or the folder or archive that it is in, cannot be read today."""
    above = [str(folder) for folder in PurePosixPath(version.file).parents]
    return any((version.origin, name) in unread for name in [version.file, *above])


def _classify_change(old: Version | None, new: Version) -> Change:
    if old is None:
        return Change("created", new)
    if (old.digest, old.origin) == (new.digest, new.origin):
        return Change("unchanged", old)
    return Change("updated", new)
