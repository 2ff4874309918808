"""Approved drafts as documents in a folder of their own, and the edition that they come in with.

The table of drafts is the truth: the folder is made from it and may be deleted. See
docs/decisions/0102-an-answer-becomes-a-document.md
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from bot.admin.faq.publication import FaqDocument, describe_document
from bot.missions.missions import Missions
from ingest.formats.sidecar_names import PHRASES_FOLDER
from ingest.formats.text.markdown import collapse_whitespace, escape_text
from ingest.pipeline import IngestPipeline
from ingest.plan.files import resolve_origin
from ingest.sources.page_store import write_atomically
from knowledge.errors import LibraryChanged
from knowledge.phrases.section_file import dump_sections

if TYPE_CHECKING:
    from bot.store.desk.faq import FaqStore

EDITION_NOTE = "FAQ"
MAX_TRIES = 3  # of an edition, when another ingest ends first


@dataclass(frozen=True, slots=True)
class FaqShelf:
    """The documents of approved drafts in `folder`, and the pipeline that brings them in."""

    folder: Path
    ingest: IngestPipeline
    drafts: FaqStore
    missions: Missions
    now: Callable[[], datetime]

    def publish(self) -> int | None:
        """Make an edition of all approved drafts, without those that are no longer; its number, None
        if nothing changes. Raises LibraryChanged if other ingests ended first again and again."""
        for attempt in range(1, MAX_TRIES + 1):
            plan = (
                self.ingest.plan([self.folder])
                if self._write_documents()
                else self.ingest.plan_withdrawal(resolve_origin(self.folder))
            )
            try:
                return self.ingest.apply(plan, note=EDITION_NOTE, now=self.now())
            except LibraryChanged:
                if attempt == MAX_TRIES:
                    raise
        return None

    def _write_documents(self) -> int:
        """Write the folder as the drafts are now; how many documents it has."""
        documents = [
            describe_document(draft, self.missions) for draft in self.drafts.list_all("approved")
        ]
        wanted = {
            path: text.encode()
            for one in documents
            for path, text in (
                (self.folder / f"{one.id}.md", render_document(one)),
                (self.folder / PHRASES_FOLDER / f"{one.id}.yaml", render_phrases(one)),
            )
        }
        for path in self.folder.rglob("*"):
            if path.is_file() and path not in wanted:
                path.unlink()
        for path, content in wanted.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists() or path.read_bytes() != content:
                write_atomically(path, content)
        return len(documents)


def render_document(document: FaqDocument) -> str:
    """The Markdown of a document, with its front matter."""
    front = {
        "id": document.id,
        "title": document.title,
        "issuer": document.issuer,
        "language": document.language,
        "published": document.checked.isoformat(),
        "checked": document.checked.isoformat(),
        "topics": list(document.topics),
    }
    head = yaml.safe_dump(front, allow_unicode=True, sort_keys=False, width=1_000)
    question = collapse_whitespace(document.question)
    answer = escape_text(document.answer)
    return f"---\n{head}---\n# {document.title}\n\n## {question}\n\n{answer}\n"


def render_phrases(document: FaqDocument) -> str:
    """The side file of a document: its question and the other ways to ask it, as people asked it."""
    heading = [document.title, collapse_whitespace(document.question)]
    asked = list(dict.fromkeys((document.question, *document.paraphrases)))
    return dump_sections(document.id, [{"heading": heading, "asked": asked}])
