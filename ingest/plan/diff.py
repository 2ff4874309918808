"""Difference between an edition and the files that were scanned: a change for each document."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from ingest.types import Change
from knowledge.types import Version


def diff_versions(
    present: Sequence[Version],
    scanned: Sequence[Version],
    origins: set[str],
    unread: set[tuple[str, str]],
) -> list[Change]:
    """What happens to each document of `present` (the old edition) and `scanned`.

    A document is withdrawn only if its origin was scanned and its file, (origin, name), is not
    among the `unread` ones, which could not be read this time.
    """
    old = {version.document.id: version for version in present}
    new = {version.document.id for version in scanned}
    changes = [_classify_change(old.get(version.document.id), version) for version in scanned]
    for version in present:
        if version.document.id not in new:
            gone = version.origin in origins and not _is_unread(version, unread)
            changes.append(Change("withdrawn" if gone else "unchanged", version))
    return changes


def add_passages(changes: Sequence[Change], stored: Sequence[Version]) -> list[Change]:
    """The changes with the `stored` versions, which have their passages, for those of the same key.
    Where all is unchanged none are needed: they take longer to load than all files to compare."""
    whole = {version.pk: version for version in stored}
    return [
        Change(
            change.kind,
            whole.get(change.version.pk, change.version),
            change.before and whole.get(change.before.pk, change.before),
        )
        for change in changes
    ]


def _is_unread(version: Version, unread: set[tuple[str, str]]) -> bool:
    """Whether its file, or a folder or archive that contains it, could not be read."""
    above = [str(folder) for folder in PurePosixPath(version.file).parents]
    return any((version.origin, name) in unread for name in [version.file, *above])


def _classify_change(old: Version | None, new: Version) -> Change:
    if old is None:
        return Change("created", new)
    if (old.digest, old.origin) == (new.digest, new.origin):
        return Change("unchanged", old)
    return Change("updated", new, old)
