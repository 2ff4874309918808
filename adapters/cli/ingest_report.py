"""The report of an ingest or a plan, as JSON and as text."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Any

from adapters.cli.output import print_text

if TYPE_CHECKING:
    from ingest.types import Plan
    from knowledge.evaluation.answer_diff import AnswerSnapshot, ChangedAnswer
    from knowledge.types import Document

ANSWER_EXCERPT_CHARS = 100  # in the text report; --json has the whole answer
SAME_WORDS_SHOWN = 4  # before the first word in which two answers differ


def serialise_report(plan: Plan, edition: int | None, *, applied: bool) -> dict[str, Any]:
    """The object of `naru ingest --json`, without the exam questions and the seconds."""
    from ingest.plan.approval import list_identity_changes

    return {
        "edition": edition,
        "applied": applied,
        "counts": plan.counts(),
        "identity": [
            {"id": one.id, "field": one.field, "old": one.old, "new": one.new}
            for one in list_identity_changes(plan)
        ],
        "changes": [
            {
                "kind": c.kind,
                "id": c.version.document.id,
                "file": c.version.file,
                **_describe_document(c.version.document),
            }
            for c in plan.changes
            if c.kind != "unchanged"
        ],
        "skipped": [{"file": one.file, "why": str(one.remark)} for one in plan.skipped],
        "notes": [{"file": one.file, "says": str(one.remark)} for one in plan.notes],
    }


def print_ingest_report(report: dict[str, Any]) -> None:
    """Print changes on stdout, those of issuers and addresses first, and skipped files and notes on stderr."""
    for one in report["identity"]:
        print_text(f"{one['field']:9} {one['id']}: {one['old'] or '-'} → {one['new'] or '-'}")
    for change in report["changes"]:
        print_text(f"{change['kind']:9} {change['id']}")
        if not report["applied"] and change["kind"] != "withdrawn":
            print_text(f"            {_format_document(change)}")
    if not report["applied"] and any(one.get("inferred") for one in report["changes"]):
        print_text(
            "            ? was read from the text or the file; front matter or a side file says it"
        )
    for one in report["skipped"]:
        print_text(f"skipped   {one['file']}: {one['why']}", error=True)
    for one in report["notes"]:
        print_text(f"note      {one['file']}: {one['says']}", error=True)
    if "golden" in report:
        _print_answer_diffs(report["golden"], report["golden_asked"])
    counts = ", ".join(f"{name} {count}" for name, count in report["counts"].items())
    done = f"edition {report['edition']}" if report["applied"] else "nothing was changed"
    print_text(f"{counts}; {done}; {report['seconds']} s")


def _describe_document(document: Document) -> dict[str, Any]:
    """What an admin has to look at before approving a plan: who issued a document and its dates."""
    begins, ends = document.effective_from, document.expires
    return {
        "issuer": document.issuer,
        "published": document.published,
        "effective_from": begins and begins.isoformat(),
        "expires": ends and ends.isoformat(),
        "inferred": list(document.inferred),
    }


def _format_document(change: dict[str, Any]) -> str:
    """Issuer and dates on one line; "?" marks what Naru read from the text itself."""
    named = (("issuer", "issuer"), ("published", "published"), ("effective_from", "from"),
             ("expires", "until"))  # fmt: skip
    return " · ".join(
        f"{label} {change[name] or '-'}{'?' if name in change['inferred'] else ''}"
        for name, label in named
    )


def _print_answer_diffs(changed: list[ChangedAnswer], asked: int) -> None:
    print_text(f"golden    {len(changed)} of {asked} questions would be answered otherwise")
    for one in changed:
        print_text(f"  {one.id}  {_shorten(one.question)}")
        old, new = _show_difference(one.old.text, one.new.text)
        print_text(f"    old  {_format_answer(one.old, old)}")
        print_text(f"    new  {_format_answer(one.new, new)}")


def _format_answer(answer: AnswerSnapshot, text: str) -> str:
    """The verdict, the first cited document and the beginning of the text."""
    first = answer.documents[0] if answer.documents else "-"
    return f"{answer.verdict} · {first} · {_shorten(text)}"


def _show_difference(old: str, new: str) -> tuple[str, str]:
    """Two texts from where they differ, if that would not be seen in their beginnings."""
    if _shorten(old) != _shorten(new) or old == new:
        return old, new
    words = old.split(), new.split()
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(*words, strict=False)))
    begin = max(same - SAME_WORDS_SHOWN, 0)
    return "… " + " ".join(words[0][begin:]), "… " + " ".join(words[1][begin:])


def _shorten(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= ANSWER_EXCERPT_CHARS else line[: ANSWER_EXCERPT_CHARS - 1] + "…"
