"""Which newer notices an admin is asked about."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ingest.plan.supersession import note_newer_editions
from ingest.types import Change
from knowledge.types import Version
from tests.samples.answers import make_document


def make_change(id: str, year: int, **values: Any) -> Change:
    title = f"Trade fair support {year}"
    document = make_document(title, published=f"{year}-01-20", language="en", **values)
    return Change("created", Version(replace(document, id=id), id, "own", f"{id}.md", ()))


def test_a_translation_that_replaces_the_original_of_another_is_no_question() -> None:
    older = make_change("fair-2025-en", 2025, translation_of="fair-2025")
    silent = make_change("fair-2026-en", 2026, translation_of="fair-2026")
    saying = make_change(
        "fair-2026-en", 2026, translation_of="fair-2026", supersedes=("fair-2025",)
    )
    assert len(note_newer_editions([older, silent])) == 1
    assert note_newer_editions([older, saying]) == ()
