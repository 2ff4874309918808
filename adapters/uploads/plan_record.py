"""What an admin looks at before a plan is applied, kept with its upload: texts and answers, before and
after. Of founders it keeps case numbers only."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.admin.library_service import PlanSummary
from bot.errors import UnreadableRecord
from bot.store.serialisation import dump_values, load_record
from ingest.types import ChangeKind, Plan
from knowledge.evaluation.answer_diff import ChangedAnswer
from knowledge.types import Version

PLAN_RECORD_NAME = ".plan.json"  # hidden, so not a document


@dataclass(frozen=True, slots=True)
class PlannedDocument:
    """One document that a plan changes. `before` and `after` are its texts, a paragraph a line and
    headings with "#" in front; "" where there is none."""

    kind: ChangeKind
    id: str
    title: str
    issuer: str
    url: str
    published: str | None
    effective_from: date | None
    expires: date | None
    inferred: tuple[str, ...]
    replaces: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PlanRecord:
    """A plan as it was made at `made_at` against the edition `base` (None for an empty library), with
    the answers that it changes."""

    summary: PlanSummary
    base: int | None
    made_at: datetime
    documents: tuple[PlannedDocument, ...]
    answers: tuple[ChangedAnswer, ...]


def describe_plan(
    summary: PlanSummary, plan: Plan, answers: Sequence[ChangedAnswer], now: datetime
) -> PlanRecord:
    """The record of a plan with its summary."""
    changes = [one for one in plan.changes if one.kind != "unchanged"]
    documents = []
    for change, told in zip(changes, summary.changes, strict=True):
        version, gone = change.version, change.kind == "withdrawn"
        old = version if gone else change.before
        document = version.document
        documents.append(PlannedDocument(
            change.kind, document.id, document.title, document.issuer, document.url,
            document.published, document.effective_from, document.expires, document.inferred,
            told.replaces, write_text(old) if old else "", "" if gone else write_text(version),
        ))  # fmt: skip
    return PlanRecord(summary, plan.base, now, tuple(documents), tuple(answers))


def write_text(version: Version) -> str:
    """The text of a document: each heading where it begins, then its paragraphs."""
    lines: list[str] = []
    heading: tuple[str, ...] = ()
    for passage in sorted(version.passages, key=lambda one: one.ord):
        for depth, part in enumerate(passage.heading):
            if heading[: depth + 1] != passage.heading[: depth + 1]:
                lines.append(f"{'#' * (depth + 1)} {part}")
        heading = passage.heading
        lines += [line for line in passage.text.splitlines() if line.strip()]
    return "\n".join(lines)


def dump_plan(record: PlanRecord) -> bytes:
    """The record as JSON."""
    return json.dumps(dump_values(record), ensure_ascii=False).encode()


def load_plan(content: bytes) -> PlanRecord | None:
    """The record in a JSON text; None for one that an older Naru wrote otherwise."""
    try:
        return load_record(PlanRecord, json.loads(content))
    except (ValueError, UnreadableRecord):
        return None
