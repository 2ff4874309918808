"""What a source may not publish by itself: another's page or document, or another identity.

What is in the library has been approved, so that only what is new to it, or changes whose words
it is, waits. See docs/decisions/0053-fetched-text-declares-no-identity.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, replace
from typing import Literal

from ingest.types import Change, Plan, SourceConfig
from ingest.web.addresses import drop_www, read_host
from ingest.web.page_names import is_stored_page
from knowledge.types import Document, Version

ApprovalReason = Literal["other_host", "issuer", "url", "takes_over", "supersedes", "translation"]
IDENTITY_FIELDS = ("issuer", "url")


@dataclass(frozen=True, slots=True)
class IdentityChange:
    """A document whose issuer or address changes: the title that it will have, the field, and its
    old and new value; "" for none."""

    id: str
    title: str
    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class HeldChange:
    """A change that waits for an admin, and why."""

    change: Change
    reasons: tuple[ApprovalReason, ...]


def list_identity_changes(plan: Plan) -> tuple[IdentityChange, ...]:
    """The changed issuers and addresses of a plan, in its order."""
    return tuple(one for change in plan.changes for one in compare_identity(change))


def hold_changes(
    plan: Plan, source: SourceConfig, present: Iterable[Version]
) -> tuple[Plan, tuple[HeldChange, ...]]:
    """The plan without the changes that `source` may not make by itself, and these.

    `present` are the versions of the edition that the plan was made against.
    """
    own = {version.document.id for version in present if version.origin == source.origin}
    created = {one.version.document.id for one in plan.changes if one.kind == "created"}
    held, kept = [], []
    for change in plan.changes:
        reasons = tuple(_find_reasons(change, source, own | created))
        if not reasons:
            kept.append(change)
            continue
        held.append(HeldChange(change, reasons))
        if change.before is not None:
            kept.append(Change("unchanged", change.before))
    ids = {one.change.version.document.id for one in held}
    records = tuple(one for one in plan.file_records if one.document not in ids)
    return replace(plan, changes=tuple(kept), file_records=records), tuple(held)


def is_own_host(url: str, source: SourceConfig) -> bool:
    """Whether an address is on the host of the source or on another one that its entry names."""
    own = {read_host(source.place), *(drop_www(host) for host in source.hosts)}
    return read_host(url) in own


def _find_reasons(change: Change, source: SourceConfig, own: Set[str]) -> Iterator[ApprovalReason]:
    """Why a change waits; `own` are the ids of the source's documents. An id that no one has may
    become that of another's document."""
    if change.kind not in ("created", "updated"):
        return
    document, before = change.version.document, change.before
    is_fetched = source.kind != "folder" and is_stored_page(change.version.file.split("/")[0])
    if is_fetched and before is None and not is_own_host(document.url, source):
        yield "other_host"
    for one in compare_identity(change):
        yield "issuer" if one.field == "issuer" else "url"
    if before is not None and before.origin != change.version.origin:
        yield "takes_over"
    known = before.document.supersedes if before else ()
    if set(document.supersedes) - set(known) - own:
        yield "supersedes"
    original = document.translation_of
    known_original = before.document.translation_of if before else None
    if original and original != known_original and original not in own:
        yield "translation"


def compare_identity(change: Change) -> Iterator[IdentityChange]:
    """The changed fields of an updated document. An issuer that was only inferred from the text,
    and now is unknown, is no change of identity: no one had declared it."""
    if change.kind != "updated" or change.before is None:
        return
    old, new = change.before.document, change.version.document
    for field in IDENTITY_FIELDS:
        before, after = str(getattr(old, field)), str(getattr(new, field))
        if before != after and not (field == "issuer" and _is_lost_guess(old, new)):
            yield IdentityChange(new.id, new.title, field, before, after)


def _is_lost_guess(old: Document, new: Document) -> bool:
    return "issuer" in old.inferred and not new.issuer
