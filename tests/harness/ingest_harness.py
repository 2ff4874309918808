"""Documents as an admin would write them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from ingest.pipeline import IngestPipeline
from knowledge.text.language import detect_language
from knowledge.types import Passage

NOW = datetime.fromisoformat("2026-11-21T10:00+09:00")
SOURCE_LINE = "Source: https://example.org/notice (2026-01)"


def write_document(
    folder: Path, id: str, *sections: str, language: str = "en", **front: str
) -> Path:
    """Write one document; a section is "heading: text"."""
    keys = {"id": id, "language": language, **front}
    lines = ["---", *(f"{key}: {value}" for key, value in keys.items()), "---", f"# Title of {id}"]
    for section in sections or ("What is it?: It is a grant.",):
        heading, _, text = section.partition(": ")
        lines += ["", f"## {heading}", text, SOURCE_LINE]
    path = folder / f"{id}.md"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def run_ingest(ingest: IngestPipeline, *roots: Path, note: str = "test") -> int | None:
    return ingest.apply(ingest.plan(roots), note=note, now=NOW)


def list_passage_texts(ingest: IngestPipeline, edition: int | None = None) -> list[str]:
    """The texts of an edition's passages; without a number the active edition's."""
    number = edition or ingest.catalogue.get_active_edition()
    assert number is not None
    return [
        passage.text for one in ingest.catalogue.load_versions(number) for passage in one.passages
    ]


def list_document_ids(ingest: IngestPipeline, edition: int | None = None) -> list[str]:
    number = edition or ingest.catalogue.get_active_edition()
    assert number is not None
    return sorted(one.document.id for one in ingest.catalogue.load_versions(number))


def find_nearest_text(ingest: IngestPipeline, question: str) -> str:
    """The text of the passage whose vector is nearest to a question, in the active edition."""
    number = ingest.catalogue.get_active_edition()
    assert number is not None
    edition = ingest.library.open_edition(number)
    assert edition.vector_index is not None
    cosines = edition.vector_index.compare(
        ingest.embedder.embed_query(question), detect_language(question)
    )
    passage: Passage = edition.passages[edition.vector_index.positions[cosines.argmax()]]
    return passage.text
