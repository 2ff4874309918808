"""Translations against their originals: the same sections, the same numbers; and which are missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ingest.checks.figures import PERIODS, PHONE, SectionFigures, read_figures
from ingest.checks.types import (
    CheckedDocument,
    CheckedSection,
    CheckFinding,
    Level,
    find_at,
    index_documents,
)
from ingest.remarks import Remark
from knowledge.types import LANGUAGES

Absent = Mapping[str, Sequence[str]]  # figures by kind


def find_translation_faults(
    documents: Sequence[CheckedDocument],
) -> Iterator[CheckFinding]:
    """Numbers that a translation and its original do not share, and sections that only one has."""
    originals = index_documents(documents)
    for one in documents:
        original = originals.get(one.document.translation_of or "")
        if original is None or original is one:
            continue
        yield from _compare_front(original, one)
        if len(original.sections) != len(one.sections):
            remark = Remark(
                "sections_differ",
                {
                    "count": len(one.sections),
                    "other": original.file,
                    "expected": len(original.sections),
                },
            )
            yield find_at("warning", one, remark)
            continue
        for told, translated in zip(original.sections, one.sections, strict=True):
            yield from _compare_sections(original, told, one, translated)


def find_missing_translations(
    documents: Sequence[CheckedDocument],
) -> Iterator[CheckFinding]:
    """Originals that lack one of Naru's languages, in a library that has translations at all."""
    there: dict[str, set[str]] = {}
    for one in documents:
        there.setdefault(one.document.base_id, set()).add(one.document.language)
    if all(one.document.translation_of is None for one in documents):
        return
    for one in documents:
        absent = [name for name in LANGUAGES if name not in there[one.document.base_id]]
        if absent and one.document.translation_of is None:
            yield find_at("info", one, Remark("not_translated", {"languages": ", ".join(absent)}))


def _compare_front(original: CheckedDocument, one: CheckedDocument) -> Iterator[CheckFinding]:
    """The dates that are declared: a translation that ends later would answer when its original is over."""
    for key in ("published", "effective_from", "expires"):
        here, there = getattr(one.document, key), getattr(original.document, key)
        if here != there:
            remark = Remark(
                "front_differs",
                {"key": key, "here": here or "-", "there": there or "-", "other": original.file},
            )
            yield find_at("error", one, remark, line=one.keys.get(key))


def _compare_sections(
    original: CheckedDocument,
    told: CheckedSection,
    one: CheckedDocument,
    translated: CheckedSection,
) -> Iterator[CheckFinding]:
    """A figure on each side of one kind is a wrong number; on one side only it is left out, which a
    period may be ("within 7 days", "in a week")."""
    theirs, ours = _read_section(told), _read_section(translated)
    lost, added = theirs.list_absent(ours), ours.list_absent(theirs)
    for kind in sorted(lost.keys() & added.keys()):
        here, there = ours.render(added[kind]), theirs.render(lost[kind])
        remark = Remark("numbers_differ", {"other": original.file, "here": here, "there": there})
        yield find_at("error", one, remark, translated)
    if figures := _join_lone(theirs, lost, added):
        remark = Remark("numbers_left_out", {"other": original.file, "figures": figures})
        yield find_at(_weigh_lone(lost, added), one, remark, translated)
    if figures := _join_lone(ours, added, lost):
        remark = Remark("numbers_added", {"other": original.file, "figures": figures})
        yield find_at(_weigh_lone(added, lost), one, remark, translated)


def _list_lone_kinds(absent: Absent, other: Absent) -> set[str]:
    return absent.keys() - other.keys() - set(PERIODS)


def _join_lone(side: SectionFigures, absent: Absent, other: Absent) -> str:
    kinds = sorted(_list_lone_kinds(absent, other))
    return side.render(figure for kind in kinds for figure in absent[kind])


def _weigh_lone(absent: Absent, other: Absent) -> Level:
    """A number to call may be left to a link; an amount, a share or a day may not be left out."""
    return "warning" if _list_lone_kinds(absent, other) == {PHONE} else "error"


def _read_section(section: CheckedSection) -> SectionFigures:
    return read_figures(f"{section.heading}\n{section.text}")
