"""The checks of a library, one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from ingest.checks.dates import find_open_windows, find_stale_checks, find_undated_sources
from ingest.checks.facts import find_contradictions
from ingest.checks.readability import find_long_texts
from ingest.checks.references import find_dead_references
from ingest.checks.translations import find_missing_translations, find_translation_faults
from ingest.checks.types import LEVELS, CheckContext, CheckedDocument, CheckFinding, Level


def check_library(
    documents: Sequence[CheckedDocument], context: CheckContext
) -> list[CheckFinding]:
    """What is wrong in a library, by level, then by file and line."""
    return sort_findings(
        chain(
            find_dead_references(documents, context.known),
            find_open_windows(documents, context.today),
            find_undated_sources(documents),
            find_stale_checks(documents, context),
            find_translation_faults(documents),
            find_contradictions(documents),
            find_long_texts(documents, context),
            find_missing_translations(documents),
        )
    )


def sort_findings(findings: Iterable[CheckFinding]) -> list[CheckFinding]:
    """Findings, errors first, then by file and line."""
    return sorted(findings, key=lambda one: (LEVELS.index(one.level), one.file, one.line or 0))


def count_levels(findings: Sequence[CheckFinding]) -> dict[Level, int]:
    """How many findings there are of each level."""
    return {level: sum(one.level == level for one in findings) for level in LEVELS}
